//! What the mails to administrators say.

use url::Url;

use crate::administrators::Administrator;
use crate::links::LinkToken;
use crate::mail::{isolated, letter};

/// Subject and text.
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) text: String,
}

pub(super) fn invitation(
    organisation: &str,
    invited: &Administrator,
    public_url: &Url,
    link: &LinkToken,
) -> Letter {
    let asked = format!(
        "you are to be an administrator of {}. Open this address within 3 days and choose a \
         password:",
        isolated(organisation)
    );
    let address = link.url(public_url, "/admin/invitations");
    let unexpected = "The address works once. If you did not expect this mail, do nothing.";
    Letter {
        subject: format!("Become an administrator of {organisation}"),
        text: letter(organisation, &invited.name, &[&asked, &address, unexpected]),
    }
}

pub(super) fn reset(
    organisation: &str,
    administrator: &Administrator,
    public_url: &Url,
    link: &LinkToken,
) -> Letter {
    let asked = format!(
        "somebody asked for a new password for the administrator {} of {}. If it was you, open \
         this address within an hour and choose one:",
        isolated(&administrator.email),
        isolated(organisation)
    );
    let address = link.url(public_url, "/admin/login/reset");
    let unexpected = "The address works once. If it was not you, do nothing: the password stays \
                      as it is.";
    Letter {
        subject: format!("Choose a new administrator password at {organisation}"),
        text: letter(
            organisation,
            &administrator.name,
            &[&asked, &address, unexpected],
        ),
    }
}

/// Sent after every change, so that no password changes without its owner's knowledge.
pub(super) fn changed(organisation: &str, administrator: &Administrator) -> Letter {
    let changed = format!(
        "the password of the administrator {} of {} was changed just now.",
        isolated(&administrator.email),
        isolated(organisation)
    );
    let unexpected = "If it was you, there is nothing to do. If it was not, ask another \
                      administrator to suspend you, and choose another password.";
    Letter {
        subject: format!("Your administrator password at {organisation} was changed"),
        text: letter(organisation, &administrator.name, &[&changed, unexpected]),
    }
}
