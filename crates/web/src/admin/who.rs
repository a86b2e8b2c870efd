//! Who acted, as people read it.

use jetway_identity::Actor;

/// An e-mail address, the name of an API key, or which part of Jetway it was.
pub(crate) fn who(actor: &Actor) -> String {
    match actor {
        Actor::Anonymous => "nobody signed in".to_owned(),
        Actor::System(what) => format!("Jetway ({what})"),
        Actor::User { label, .. } | Actor::Administrator { label, .. } => label.clone(),
        Actor::ApiKey { label, .. } => format!("API key {label}"),
    }
}
