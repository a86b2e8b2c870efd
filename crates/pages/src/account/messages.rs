//! What is said after a link was asked for or used.

use crate::{Link, Message, Severity};

fn link(href: &str, text: &str) -> Link {
    Link {
        href: href.to_owned(),
        text: text.to_owned(),
    }
}

impl Message {
    fn account(badge: &str, heading: &str, paragraphs: Vec<String>, link: Link) -> Self {
        Self {
            severity: Severity::Done,
            badge: badge.to_owned(),
            heading: heading.to_owned(),
            paragraphs,
            link: Some(link),
            reference: None,
        }
    }

    /// A link was asked for. The same text whether or not anybody has this address.
    ///
    /// `mailed` is false when no mail server is set up: then an administrator finds the link in
    /// the outbox and hands it over.
    pub fn reset_requested(email: &str, mailed: bool, administrator: bool) -> Self {
        let way = if mailed {
            "a message with a link is on its way. It can be used once, and only for a while."
        } else {
            "your administrator can now see a link for you. Ask for it: this organisation sends \
             no e-mail."
        };
        let back = if administrator {
            "/admin/login"
        } else {
            "/login"
        };
        Self::account(
            "Requested",
            "Look into your mail",
            vec![
                format!("If {email} belongs to an account that may set a password, {way}"),
                "Nothing came? Check the address and the spam folder, then ask again.".to_owned(),
            ],
            link(back, "Back to the sign-in"),
        )
    }

    /// A mailed link was used already, is too old, or was replaced by a newer one.
    pub fn link_expired(administrator: bool) -> Self {
        let again = if administrator {
            link("/admin/login/reset", "Ask for a new link")
        } else {
            link("/login/forgot", "Ask for a new link")
        };
        Self {
            severity: Severity::Refused,
            ..Self::account(
                "Link not valid",
                "This link cannot be used any more",
                vec![
                    "Each link works once and only for a while, and a newer one replaces it. \
                     Nothing was changed."
                        .to_owned(),
                    "Ask for a new one. If you were invited and have no password yet, ask your \
                     administrator to invite you again."
                        .to_owned(),
                ],
                again,
            )
        }
    }

    /// An invitation or set-up link of an administrator cannot be used; only another one helps.
    pub fn administrator_link_expired() -> Self {
        Self {
            severity: Severity::Refused,
            ..Self::account(
                "Link not valid",
                "This link cannot be used any more",
                vec![
                    "Each link works once and only for a while. Nothing was changed.".to_owned(),
                    "Ask another administrator to invite you again. On the server itself, \
                     jetwayd prints a new link."
                        .to_owned(),
                ],
                link("/admin/login", "To the administrator login"),
            )
        }
    }

    /// A new password was set; everybody who used the old one is signed out.
    pub fn password_changed(administrator: bool) -> Self {
        let sign_in = if administrator {
            link("/admin/login", "Administrator Login")
        } else {
            link("/login", "Sign in")
        };
        Self::account(
            "Done",
            "Your new password is set",
            vec![
                "Every browser that was signed in with the old one is signed out. Sign in with \
                 the new one."
                    .to_owned(),
            ],
            sign_in,
        )
    }

    /// An invited person chose a password and can sign in.
    pub fn account_activated() -> Self {
        Self::account(
            "Done",
            "Your account is active",
            vec![
                "Sign in with your e-mail address and the password that you just chose.".to_owned(),
            ],
            link("/login", "Sign in"),
        )
    }
}
