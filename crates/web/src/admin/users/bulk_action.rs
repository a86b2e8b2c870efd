//! What can be done to many people at once, and what is said about it.

use jetway_identity::{Permission, UserState};
use jetway_pages::admin::Toast;
use jetway_pages::admin::parts::Tone;

use crate::admin::counts::counted;
use crate::shared::{Failure, Fields};

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    State(UserState),
    AddToGroup,
    RemoveFromGroup,
    Invite,
    RemindToEnrol,
    RequireChange,
    SignOut,
    Delete,
}

impl Action {
    const ALL: [(&'static str, Self); 9] = [
        ("activate", Self::State(UserState::Active)),
        ("suspend", Self::State(UserState::Suspended)),
        ("add-to-group", Self::AddToGroup),
        ("remove-from-group", Self::RemoveFromGroup),
        ("invite", Self::Invite),
        ("remind-to-enrol", Self::RemindToEnrol),
        ("require-password-change", Self::RequireChange),
        ("sign-out-everywhere", Self::SignOut),
        ("delete", Self::Delete),
    ];

    pub(super) fn of(fields: &Fields<'_>) -> Result<(&'static str, Self), Failure> {
        let name = fields.get("action")?;
        let found = Self::ALL
            .into_iter()
            .find(|(known, _)| Some(*known) == name);
        found.ok_or_else(Failure::bad_request)
    }

    /// Beyond what the route asks for.
    pub(super) fn permission(self) -> Permission {
        match self {
            Self::State(_) => Permission::WriteUsers,
            Self::AddToGroup | Self::RemoveFromGroup => Permission::WriteGroups,
            Self::Invite | Self::RemindToEnrol | Self::RequireChange | Self::SignOut => {
                Permission::ManageCredentials
            }
            Self::Delete => Permission::DeleteUsers,
        }
    }

    /// What the button says: `Suspend 12 users`.
    pub(super) fn words(self, people: &str) -> String {
        match self {
            Self::State(UserState::Active) => format!("Activate {people}"),
            Self::State(UserState::Suspended) => format!("Suspend {people}"),
            Self::State(UserState::Staged) => format!("Stage {people}"),
            Self::AddToGroup => format!("Add {people} to a group"),
            Self::RemoveFromGroup => format!("Remove {people} from a group"),
            Self::Invite => format!("Send {people} an activation mail"),
            Self::RemindToEnrol => format!("Remind {people} of a second factor"),
            Self::RequireChange => format!("Require {people} to change the password"),
            Self::SignOut => format!("Sign {people} out everywhere"),
            Self::Delete => format!("Delete {people}"),
        }
    }

    pub(super) fn consequence(self) -> &'static str {
        match self {
            Self::State(UserState::Active) => "They can sign in at once.",
            Self::State(_) => "Their sessions end at once and they cannot sign in.",
            Self::AddToGroup => "They get the applications of the group.",
            Self::RemoveFromGroup => "They lose the applications that only this group gave them.",
            Self::Invite => "Those who have a password already, and those suspended, are left out.",
            Self::RemindToEnrol => {
                "Each gets a mail. Those who have a second factor, and those who are not active, are \
                 left out."
            }
            Self::RequireChange => {
                "Their sessions end at once, and the next sign-in asks for a new password. Those \
                 without a password are left out."
            }
            Self::SignOut => "They have to sign in again.",
            Self::Delete => {
                "They are removed with their memberships, keys and sessions. Events stay. This \
                 cannot be taken back."
            }
        }
    }

    /// The code of the sentence that the list then shows. `sent`: there is a mail server.
    pub(super) fn done(self, sent: bool) -> &'static str {
        match self {
            Self::State(state) => state.as_str(),
            Self::AddToGroup => "added-to-group",
            Self::RemoveFromGroup => "removed-from-group",
            Self::Invite if sent => "mails-written",
            Self::Invite => "links-wait",
            Self::RemindToEnrol if sent => "reminded",
            Self::RemindToEnrol => "reminders-wait",
            Self::RequireChange => "changes-required",
            Self::SignOut => "all-signed-out",
            Self::Delete => "deleted",
        }
    }
}

/// What the list says of a code of [`Action::done`] and for how many it is: what was done, and why
/// nothing was when that is nobody.
const DONE: [(&str, &str, &str); 12] = [
    (
        "active",
        "Activated.",
        "Nobody was changed: all of them are active already.",
    ),
    (
        "suspended",
        "Suspended. All sessions ended.",
        "Nobody was changed: all of them are suspended already.",
    ),
    (
        "staged",
        "Staged. All sessions ended.",
        "Nobody was changed: all of them are staged already.",
    ),
    (
        "added-to-group",
        "Added to the group.",
        "Nobody was added: all of them are members already.",
    ),
    (
        "removed-from-group",
        "Removed from the group.",
        "Nobody was removed: none of them was a member.",
    ),
    (
        "mails-written",
        "The activation mails are on their way.",
        "Nobody was invited: all of them have a password already, or are suspended.",
    ),
    (
        "links-wait",
        "The activation links are made. There is no mail server: a full administrator finds them \
         in the outbox.",
        "Nobody was invited: all of them have a password already, or are suspended.",
    ),
    (
        "reminded",
        "The reminders are on their way.",
        "Nobody was reminded: all of them have a second factor, or are not active.",
    ),
    (
        "reminders-wait",
        "The reminders are written. There is no mail server: they wait in the outbox.",
        "Nobody was reminded: all of them have a second factor, or are not active.",
    ),
    (
        "changes-required",
        "Signed out everywhere. The next sign-in asks for a new password.",
        "Nobody has to change it: none of them has a password yet.",
    ),
    (
        "all-signed-out",
        "Signed out everywhere.",
        "Nobody was signed in anywhere.",
    ),
    (
        "deleted",
        "Deleted.",
        "Nobody was deleted: they are gone already.",
    ),
];

/// The confirmation of what was done to so many people.
pub(super) fn toast(code: &str, people: u64) -> Option<Toast> {
    let (_, done, nobody) = DONE.iter().find(|(known, ..)| *known == code)?;
    Some(match people {
        0 => Toast {
            tone: Tone::Waiting,
            text: (*nobody).to_owned(),
        },
        _ => Toast {
            tone: match code {
                "links-wait" | "reminders-wait" => Tone::Waiting,
                _ => Tone::Good,
            },
            text: format!("{}: {done}", counted(people, "user")),
        },
    })
}
