//! EnableAWSServiceAccess, DisableAWSServiceAccess, ListAWSServiceAccessForOrganization.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit, everything},
    input::{self, SERVICE_PRINCIPAL},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{disable_service_access, enable_service_access},
};

pub(super) fn enable(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let service = input::required(call, "ServicePrincipal", SERVICE_PRINCIPAL)?;
    let action = "organizations:EnableAWSServiceAccess";
    admit(call, action, Audience::Management, everything)?;
    enable_service_access(call.aws, call.op, service)?;
    Ok(json!({}))
}

pub(super) fn disable(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let service = input::required(call, "ServicePrincipal", SERVICE_PRINCIPAL)?;
    let action = "organizations:DisableAWSServiceAccess";
    admit(call, action, Audience::Management, everything)?;
    disable_service_access(call.aws, service)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let page = input::page(call, "trusted services")?;
    let action = "organizations:ListAWSServiceAccessForOrganization";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let rest = organization
        .trusted_services
        .iter()
        .filter(|(service, _)| page.after().is_none_or(|after| service.as_str() > after));
    let (services, next) = page.cut(rest, |(service, _)| (*service).clone());
    let services = services
        .into_iter()
        .map(|(service, since)| json!({ "ServicePrincipal": service, "DateEnabled": since }))
        .collect();
    Ok(render::list("EnabledServicePrincipals", services, next))
}
