//! What a request names: the instance, a permission set, an account; and whether the caller may act
//! on them. Only the management account and delegated administrators may, whatever policies say.

use std::sync::Arc;

use jetway_iam::RequestContext;

use super::shapes;
use crate::{
    identity_center::{acting_account, error::CenterError, permission_sets::Editing},
    json_service::{Input, JsonCall, JsonError},
    state::{
        Tag,
        center::{IdentityCenter, PermissionSetRecord},
    },
};

/// What an operation acts on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'a> {
    /// Its name.
    pub(super) operation: &'static str,
    /// `InstanceArn`
    pub(super) instance: &'a str,
    /// `PermissionSetArn`, if it takes one.
    pub(super) permission_set: Option<&'a str>,
    /// The account, if it takes one.
    pub(super) account: Option<&'a str>,
}

impl<'a> Ask<'a> {
    /// On the instance alone.
    pub(super) fn instance(operation: &'static str, instance: &'a str) -> Self {
        Self {
            operation,
            instance,
            permission_set: None,
            account: None,
        }
    }

    /// On a permission set of the instance.
    pub(super) fn permission_set(
        operation: &'static str,
        (instance, permission_set): (&'a str, &'a str),
    ) -> Self {
        Self {
            permission_set: Some(permission_set),
            ..Self::instance(operation, instance)
        }
    }

    /// On this account, too.
    pub(super) fn in_account(self, account: &'a str) -> Self {
        Self {
            account: Some(account),
            ..self
        }
    }
}

/// Reads `InstanceArn`.
pub(super) fn instance_arn<'a>(input: &mut Input<'a>) -> &'a str {
    input.required("InstanceArn", shapes::INSTANCE_ARN)
}

/// Reads `InstanceArn` and `PermissionSetArn`.
pub(super) fn permission_set_arns<'a>(input: &mut Input<'a>) -> (&'a str, &'a str) {
    (
        instance_arn(input),
        input.required("PermissionSetArn", shapes::PERMISSION_SET_ARN),
    )
}

/// May the caller do this; then the instance.
pub(super) fn center(call: &JsonCall<'_>, ask: Ask<'_>) -> Result<Arc<IdentityCenter>, JsonError> {
    center_with(call, ask, &RequestContext::default())
}

/// Like [`center`], with keys of the operation.
pub(super) fn center_with(
    call: &JsonCall<'_>,
    ask: Ask<'_>,
    context: &RequestContext,
) -> Result<Arc<IdentityCenter>, JsonError> {
    let center = call.state.identity_center.clone();
    let owner = center.as_ref().map_or(&call.principal.account, |center| {
        &center.instance.owner_account
    });
    let caller = &call.principal.account;
    let action = format!("sso:{}", ask.operation);
    let allow = |arn: &str, owner: &str, tags: &[Tag]| {
        let mut context = context.clone();
        for tag in tags {
            context.set(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
        }
        call.allow_with(&action, arn, owner, context)
    };
    let acting = acting_account(&call.state, caller, owner);
    let record = center.as_ref().map(|center| &center.instance);
    allow(
        ask.instance,
        acting,
        record.map_or(&[][..], |record| &record.tags),
    )?;
    if let Some(arn) = ask.permission_set {
        let set = center.as_ref().and_then(|center| find(center, arn));
        allow(
            arn,
            acting,
            set.as_ref().map_or(&[][..], |record| &record.tags),
        )?;
    }
    if let Some(account) = ask.account {
        // A delegated administrator has no say in the management account.
        let acting = if account == owner { owner } else { acting };
        allow(&format!("arn:aws:sso:::account/{account}"), acting, &[])?;
    }
    center
        .filter(|center| {
            center.instance.arn() == ask.instance && center.instance.region == call.region
        })
        .ok_or_else(|| {
            let id = ask.instance.rsplit('/').next().unwrap_or_default();
            JsonError::not_found(format!("Could not find Instance with id {id}"))
        })
}

/// May the caller do this; then the permission set.
pub(super) fn permission_set(
    call: &JsonCall<'_>,
    ask: Ask<'_>,
) -> Result<(Arc<IdentityCenter>, Arc<PermissionSetRecord>), JsonError> {
    let center = center(call, ask)?;
    let arn = ask.permission_set.unwrap_or_default();
    let set = find(&center, arn).ok_or_else(|| {
        let id = arn.rsplit('/').next().unwrap_or_default();
        CenterError::no_permission_set(id)
    })?;
    Ok((center, set))
}

/// The permission set with this ARN.
pub(super) fn find(center: &IdentityCenter, arn: &str) -> Option<Arc<PermissionSetRecord>> {
    let (_, id) = arn.rsplit_once('/')?;
    let set = center.permission_sets.get(id)?;
    (center.instance.permission_set_arn(id) == arn).then(|| Arc::clone(set))
}

/// The permission set with this id, to be changed on behalf of the caller.
pub(super) fn editing<'a>(call: &JsonCall<'_>, id: &'a str) -> Editing<'a> {
    match call.state.identity_center.as_deref() {
        Some(center) => Editing::by(&call.principal.account, center, id),
        None => id.into(),
    }
}

/// Refuses delegated administrators: this is for the account that owns the instance.
pub(super) fn owner_only(
    call: &JsonCall<'_>,
    ask: Ask<'_>,
    center: &IdentityCenter,
) -> Result<(), JsonError> {
    let action = format!("sso:{}", ask.operation);
    call.allow(&action, ask.instance, &center.instance.owner_account)
}
