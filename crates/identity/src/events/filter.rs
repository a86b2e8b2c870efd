//! Which events are asked for.

use time::OffsetDateTime;

use crate::events::EventKind;
use crate::ids::EventId;

/// All conditions must hold; what is empty or `None` lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// At or after.
    pub from: Option<OffsetDateTime>,
    /// Before.
    pub to: Option<OffsetDateTime>,
    /// Any of these.
    pub kinds: Vec<EventKind>,
    /// The id of who acted.
    pub actor: Option<String>,
    /// The id of what the event is about.
    pub target: Option<String>,
    /// The id of somebody who acted or whom the event is about: the log of one person.
    pub subject: Option<String>,
    pub success: Option<bool>,
    /// Part of a name of who acted or what it is about, or of the client's address. Letter case
    /// does not count in ASCII.
    pub text: String,
}

/// Longest text that is searched for, in characters.
const MAX_TEXT: usize = 200;

impl EventFilter {
    /// Whether the log can be asked for this: what no event can have is answered without asking.
    pub(crate) fn is_answerable(&self) -> bool {
        let usable = |text: &str| text.chars().count() <= MAX_TEXT && !text.contains('\0');
        let ids = [&self.actor, &self.target, &self.subject];
        usable(&self.text)
            && ids
                .into_iter()
                .flatten()
                .all(|id| usable(id) && !id.is_empty())
    }
}

/// Which part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPage {
    /// Behind this event, in the order of the list.
    pub after: Option<EventId>,
    pub oldest_first: bool,
    pub limit: u32,
}
