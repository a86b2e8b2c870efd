//! What the mails about passwords say.

use url::Url;

use crate::links::LinkToken;
use crate::mail::{isolated, letter};
use crate::users::User;

/// Subject and text.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
}

pub(super) fn invitation(
    organisation: &str,
    user: &User,
    public_url: &Url,
    link: &LinkToken,
) -> Words {
    let invited = format!(
        "you have an account at {}. Open this address within 7 days and choose a password:",
        isolated(organisation)
    );
    let sign_in = format!(
        "After that you sign in with your e-mail address {} at {}",
        isolated(&user.email),
        public_url.as_str().trim_end_matches('/'),
    );
    let unexpected = "The address works once. If you did not expect this mail, do nothing: \
                      without a password the account cannot be used.";
    Words {
        subject: format!("Activate your account at {organisation}"),
        text: letter(
            organisation,
            &user.label(),
            &[
                &invited,
                &link.url(public_url, "/activate"),
                &sign_in,
                unexpected,
            ],
        ),
    }
}

pub(super) fn reset(organisation: &str, user: &User, public_url: &Url, link: &LinkToken) -> Words {
    let asked = format!(
        "somebody asked for a new password for your account {} at {}. If it was you, open this \
         address within an hour and choose one:",
        isolated(&user.email),
        isolated(organisation)
    );
    let unexpected = "The address works once. If it was not you, do nothing: your password stays \
                      as it is.";
    Words {
        subject: format!("Choose a new password at {organisation}"),
        text: letter(
            organisation,
            &user.label(),
            &[&asked, &link.url(public_url, "/login/reset"), unexpected],
        ),
    }
}

/// Sent after every change, so that nobody's password changes without their knowledge.
pub(super) fn changed(organisation: &str, user: &User) -> Words {
    let changed = format!(
        "the password of your account {} at {} was changed just now.",
        isolated(&user.email),
        isolated(organisation)
    );
    let unexpected = "If it was you, there is nothing to do. If it was not, ask your \
                      administrator to suspend the account, and choose another password.";
    Words {
        subject: format!("Your password at {organisation} was changed"),
        text: letter(organisation, &user.label(), &[&changed, unexpected]),
    }
}

/// Sent to the former address. The new one is not named: the mailbox may be somebody else's.
pub(super) fn moved(organisation: &str, former: &User) -> Words {
    let moved = format!(
        "the e-mail address of your account {} at {} was changed just now. From now on you sign in \
         with the new one.",
        isolated(&former.email),
        isolated(organisation)
    );
    let unexpected = "If you know of it, there is nothing to do. If you do not, tell your \
                      administrator.";
    Words {
        subject: format!("Your e-mail address at {organisation} was changed"),
        text: letter(organisation, &former.label(), &[&moved, unexpected]),
    }
}
