//! What the activity log says about a change of policies.

use serde_json::{Value, json};

use super::policy::SavedSignInPolicy;
use crate::events::{Change, EventKind, Target, TargetKind, changes_between};
use crate::op::Op;
use crate::store::{StoreError, Write};

/// Writes the event of a change; `None` is a policy that does not exist.
pub(super) async fn record(
    op: &mut Op,
    write: &mut dyn Write,
    before: Option<&SavedSignInPolicy>,
    after: Option<&SavedSignInPolicy>,
) -> Result<(), StoreError> {
    let kind = match (before, after) {
        (None, _) => EventKind::SignInPolicyCreate,
        (Some(_), Some(_)) => EventKind::SignInPolicyUpdate,
        (Some(_), None) => EventKind::SignInPolicyDelete,
    };
    let fields = |saved: Option<&SavedSignInPolicy>| -> Value {
        saved.map_or_else(|| json!({}), |saved| json!(saved.policy.rule))
    };
    let changes = changes_between(&fields(before), &fields(after));
    let detail = json!({"changes": Change::list(&changes)});
    let target = after.or(before).map(|saved| Target {
        kind: TargetKind::SignInPolicy,
        id: saved.policy.id.to_string(),
        label: saved.policy.rule.name.clone(),
    });
    let event = op.event(kind, true, target, detail);
    write.insert_event(&event).await
}
