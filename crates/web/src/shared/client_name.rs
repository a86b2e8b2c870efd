//! What people call the program behind a session.

use jetway_identity::{Session, Via, sessions};

/// `Firefox on Linux`, `Command line`.
pub(crate) fn client_name(session: &Session) -> String {
    program_name(session.user_agent.as_deref(), session.via)
}

/// The same from its parts.
pub(crate) fn program_name(user_agent: Option<&str>, via: Via) -> String {
    sessions::client_name(user_agent, via)
}
