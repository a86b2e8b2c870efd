//! One request of a JSON service on its way: who asks, what for, and what they may do.

use std::sync::Arc;

use jetway_iam::{RequestContext, ResourceText};

use super::{Input, JsonError};
use crate::{
    LocalAws,
    authorize::{Ask, authorize},
    op::Op,
    principal::Principal,
    state::State,
};

/// One authenticated request.
#[derive(Debug)]
pub(crate) struct JsonCall<'a> {
    pub(crate) aws: &'a LocalAws,
    pub(crate) op: &'a mut Op,
    pub(crate) principal: &'a Principal,
    /// The region that the request was signed for.
    pub(crate) region: &'a str,
    /// The state when the request came.
    pub(crate) state: Arc<State>,
    pub(crate) input: Input<'a>,
}

impl JsonCall<'_> {
    /// May the caller do this on this ARN, which belongs to `account`?
    pub(crate) fn allow(
        &self,
        action: &str,
        resource: &str,
        account: &str,
    ) -> Result<(), JsonError> {
        self.allow_with(action, resource, account, RequestContext::default())
    }

    /// Like [`Self::allow`], with keys of the operation.
    pub(crate) fn allow_with(
        &self,
        action: &str,
        resource: &str,
        account: &str,
        context: RequestContext,
    ) -> Result<(), JsonError> {
        let ask = Ask {
            action,
            resource,
            text: Some(ResourceText::Plain(resource)),
            resource_account: account,
            region: self.region,
            context,
        };
        Ok(authorize(&self.state, self.op, self.principal, ask)?)
    }
}
