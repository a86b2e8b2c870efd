//! Who may use the identity store: the account that the instance belongs to, and the delegated
//! administrator of IAM Identity Center.

use std::sync::Arc;

use super::refusal::not_found;
use crate::{
    identity_center,
    json_service::{JsonCall, JsonError},
    state::center::InstanceRecord,
};

/// Lets the caller do `identitystore:<action>` in the store with this id, and on these resources of
/// it (`user/…`, `group/…`, `membership/…`); gives the instance of the store.
pub(super) fn admit(
    call: &JsonCall<'_>,
    action: &str,
    store: &str,
    resources: &[String],
) -> Result<Arc<InstanceRecord>, JsonError> {
    let instance = identity_center::enabled(&call.state)
        .map(|center| &center.instance)
        .filter(|instance| instance.identity_store_id == store && instance.region == call.region);
    let caller = &call.principal.account;
    let owner = instance.map_or(caller, |instance| &instance.owner_account);
    let account = identity_center::acting_account(&call.state, caller, owner);
    let action = format!("identitystore:{action}");
    let arn = format!("arn:aws:identitystore::{owner}:identitystore/{store}");
    call.allow(&action, &arn, account)?;
    for resource in resources {
        let arn = format!("arn:aws:identitystore:::{resource}");
        call.allow(&action, &arn, account)?;
    }
    instance
        .cloned()
        .ok_or_else(|| not_found("IDENTITY_STORE", store))
}
