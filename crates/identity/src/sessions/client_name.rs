//! What people call the program behind a user agent.

use crate::sessions::Via;

/// Name by a word of the user agent; the first match counts, since browsers name each other.
const PROGRAMS: [(&str, &str); 9] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// `Firefox on Linux`, `Command line`: what a person recognises of a session.
pub fn client_name(user_agent: Option<&str>, via: Via) -> String {
    let agent = user_agent.unwrap_or_default();
    let find = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(word, _)| agent.contains(word));
        found.map(|(_, name)| *name)
    };
    let program = match via {
        Via::CommandLine => Some("Command line"),
        Via::Browser => find(&PROGRAMS),
    };
    match (program, find(&SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser".to_owned(),
    }
}
