//! What became of asynchronous requests.

use crate::{
    identity_center::{error::CenterError, provisioning::random_id},
    op::Op,
    state::{
        Change,
        center::{AssignmentKey, Principal, RequestKind, RequestRecord},
    },
};

/// How many requests are remembered: the newest.
const MAX_REQUESTS: usize = 1000;

/// A request that was just carried out.
pub(super) struct NewRequest {
    pub(super) kind: RequestKind,
    pub(super) permission_set: String,
    pub(super) account: Option<String>,
    pub(super) principal: Option<Principal>,
}

impl NewRequest {
    pub(super) fn of_assignment(kind: RequestKind, key: &AssignmentKey) -> Self {
        Self {
            kind,
            permission_set: key.permission_set.clone(),
            account: Some(key.account.clone()),
            principal: Some(key.principal),
        }
    }
}

/// Remembers a request, and forgets the oldest one when there are too many.
pub(super) fn record(
    change: &mut Change,
    op: &mut Op,
    new: NewRequest,
    failure: Option<String>,
) -> Result<RequestRecord, CenterError> {
    let request = RequestRecord {
        id: random_id(op),
        kind: new.kind,
        permission_set: new.permission_set,
        account: new.account,
        principal: new.principal,
        created_at: op.unix(),
        failure,
    };
    change.put_request(request.clone())?;
    if let Some(oldest) = superfluous(change, &request) {
        change.remove_request(&oldest);
    }
    Ok(request)
}

/// The oldest request, when one too many is remembered. Never the new one, whatever the clock says.
fn superfluous(change: &Change, new: &RequestRecord) -> Option<uuid::Uuid> {
    let requests = &change.state().identity_center.as_deref()?.requests;
    if requests.len() <= MAX_REQUESTS {
        return None;
    }
    requests
        .values()
        .filter(|request| request.id != new.id)
        .min_by_key(|request| request.created_at)
        .map(|request| request.id)
}
