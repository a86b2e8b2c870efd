//! The texts of the refusals and errors of the identity provider.

use crate::{Link, Message, Severity};

impl Message {
    fn refused(badge: &str, heading: impl Into<String>, paragraphs: &[&str]) -> Self {
        Self {
            severity: Severity::Refused,
            badge: badge.to_owned(),
            heading: heading.into(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            link: Some(Link {
                href: "/".to_owned(),
                text: "To your applications".to_owned(),
            }),
            reference: None,
        }
    }

    fn broken(badge: &str, heading: &str, paragraphs: &[&str], reference: &str) -> Self {
        Self {
            severity: Severity::Broken,
            link: None,
            reference: Some(reference.to_owned()),
            ..Self::refused(badge, heading, paragraphs)
        }
    }

    /// Single sign-on was refused: nobody has given this person the application (requirement K01).
    /// Only for the signed-in person; `label` is the application that they asked for.
    pub fn not_assigned(label: &str, email: &str) -> Self {
        let mut message = Self::refused(
            "No access",
            format!("You do not have access to {label}"),
            &["Access is given to groups, and none of yours has this application."],
        );
        message.paragraphs.push(format!(
            "Ask your administrator to give you access to {label}. You are signed in as {email}; \
             if that is the wrong account, sign out and use the other one."
        ));
        message
    }

    /// A policy refuses the sign-in; `text` says so to the person.
    pub fn denied(text: &str) -> Self {
        Self::refused("Refused", "You cannot go on".to_owned(), &[text])
    }

    /// Single sign-on reached an application that is switched off.
    pub fn application_inactive(label: &str) -> Self {
        Self::refused(
            "Switched off",
            format!("Sign-in to {label} is switched off"),
            &[
                "An administrator has switched it off for everyone. Ask your administrator when it \
               comes back.",
            ],
        )
    }

    /// The application cannot get a correct response until an administrator repairs something.
    pub fn application_misconfigured(explanation: &str, reference: &str) -> Self {
        Self {
            severity: Severity::Broken,
            reference: Some(reference.to_owned()),
            ..Self::refused(
                "Not working",
                "You could not be signed in to this application",
                &[
                    explanation,
                    "Your administrator can see the cause in the activity log.",
                ],
            )
        }
    }

    /// A request of a service provider that is not answered. `reason` is a clause that begins in
    /// lower case; it may quote the request.
    pub fn request_not_accepted(reason: &str) -> Self {
        let mut message = Self::refused(
            "400 Not accepted",
            "The application's request was not accepted",
            &[
                "The application sent you here with a request that this identity provider does not \
               answer, so nothing was told to anybody.",
            ],
        );
        message.paragraphs.push(format!("The reason: {reason}."));
        let advice = "Open the application from your portal. If that does not help, tell your \
                      administrator this reason; the activity log has it too.";
        message.paragraphs.push(advice.to_owned());
        message
    }

    /// A request of a service provider that waited too long for its sign-in, or was tampered with.
    pub fn request_expired() -> Self {
        Self::refused(
            "400 Not accepted",
            "This sign-in took too long",
            &[
                "The application's request is older than ten minutes and is answered no more. Go \
               back to the application and sign in again, or open it from your portal.",
            ],
        )
    }

    /// A request of a service provider that has its answer.
    pub fn request_answered(label: &str) -> Self {
        let mut message =
            Self::refused("400 Not accepted", "This request was answered already", &[]);
        message.paragraphs.push(format!(
            "Each request of {label} gets one answer. Go back to {label} and sign in again, or \
             open it from your portal."
        ));
        message
    }

    /// The `RelayState` breaks SAML bindings 3.5.3.
    pub fn relay_state_too_long() -> Self {
        Self::refused(
            "400 Not accepted",
            "The link is too long",
            &[
                "Its RelayState has more than 80 bytes, the most that SAML allows. Open the \
               application without it, or ask whoever made the link for a shorter one.",
            ],
        )
    }

    /// 400 for anything that no page of ours sends.
    pub fn bad_request() -> Self {
        Self::refused(
            "400 Bad request",
            "The request could not be read",
            &["Something in it is missing, repeated or malformed. Go back and try again."],
        )
    }

    /// 403 for a form that was not sent from a page of ours.
    pub fn cross_site() -> Self {
        Self::refused(
            "403 Refused",
            "This form did not come from here",
            &[
                "It was sent from another site, was open for too long, or your browser keeps no \
               cookies for this site. Nothing was changed.",
                "Open the page again and repeat what you did.",
            ],
        )
    }

    /// 403 for an administrator whose role is not enough.
    pub fn not_permitted() -> Self {
        Self {
            link: Some(Link {
                href: "/admin".to_owned(),
                text: "To the admin portal".to_owned(),
            }),
            ..Self::refused(
                "403 Not permitted",
                "Your role does not allow this",
                &[
                    "Nothing was changed, and the attempt is in the activity log.",
                    "A full administrator can do it, or give you another role.",
                ],
            )
        }
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::refused(
            "404 Not found",
            "There is no such page",
            &[
                "The address may be mistyped, or what it named may be gone. Links to an application \
               look like /saml2/name.",
            ],
        )
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        Self::refused(
            "405 Not allowed",
            "This address cannot be used that way",
            &["It exists, but does not take this kind of request. Open it from your portal."],
        )
    }

    /// 408.
    pub fn too_slow() -> Self {
        Self::refused(
            "408 Too slow",
            "The request did not arrive in time",
            &["The connection was too slow or broke off. Go back and try again."],
        )
    }

    /// 413.
    pub fn too_large() -> Self {
        Self::refused(
            "413 Too large",
            "The request is too large",
            &["No form of this site sends that much. Go back and try again with less."],
        )
    }

    /// 421: the Host header names a site that this server is not.
    pub fn wrong_host(public_url: &str) -> Self {
        Self {
            link: Some(Link {
                href: public_url.to_owned(),
                text: "Open the right address".into(),
            }),
            ..Self::refused(
                "421 Wrong address",
                "This server answers under another name",
                &[
                    "The address you used is not the one that this server was set up with. If you \
                   run it, set the public URL to the name that people use.",
                ],
            )
        }
    }

    /// 500.
    pub fn internal(reference: &str) -> Self {
        Self::broken(
            "500 Error",
            "Something went wrong here",
            &[
                "The fault is on this side, and it has been recorded. Try again; if it stays, tell \
               your administrator.",
            ],
            reference,
        )
    }

    /// 503: the store does not answer, or the request took too long.
    pub fn unavailable(reference: &str) -> Self {
        Self::broken(
            "503 Unavailable",
            "This cannot be answered right now",
            &[
                "A part that this page needs does not answer in time. Try again in a minute; if it \
               stays, tell your administrator.",
            ],
            reference,
        )
    }
}
