//! A policy as a document.

use jetway_identity::sign_in_policies::{Applications, Conditions, Effect, SavedSignInPolicy, Who};
use serde::Serialize;
use utoipa::ToSchema;

use super::described;
use crate::api::Versioned;
use crate::api::instant::Instant;

/// A policy about sign-ins. Where several hold, the strictest of each demand wins.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInPolicy)]
pub(crate) struct Document {
    #[schema(format = "uuid")]
    id: String,
    /// People read it when they are refused.
    name: String,
    /// A policy that is off is kept and does nothing.
    enabled: bool,
    /// Its place in the list. It decides nothing but which policy is named when several refuse.
    order: u16,
    #[schema(value_type = described::Who)]
    who: Who,
    #[schema(value_type = described::Applications)]
    application: Applications,
    #[schema(value_type = described::Conditions)]
    conditions: Conditions,
    #[schema(value_type = described::Effect)]
    effect: Effect,
    /// All of its groups, or all of its applications, were deleted: it is about nobody or nothing.
    about_nothing: bool,
    created_at: Instant,
    changed_at: Instant,
}

pub(super) fn document(saved: SavedSignInPolicy) -> Document {
    let about_nothing = saved.policy.is_about_nothing();
    let rule = saved.policy.rule;
    Document {
        id: saved.policy.id.to_string(),
        name: rule.name,
        enabled: rule.enabled,
        order: rule.order,
        who: rule.who,
        application: rule.application,
        conditions: rule.conditions,
        effect: rule.effect,
        about_nothing,
        created_at: Instant::new(saved.created_at),
        changed_at: Instant::new(saved.changed_at),
    }
}

pub(super) fn versioned(saved: SavedSignInPolicy) -> Versioned<Document> {
    Versioned {
        version: saved.version,
        body: document(saved),
    }
}
