//! RegisterDelegatedAdministrator, DeregisterDelegatedAdministrator, ListDelegatedAdministrators,
//! ListDelegatedServicesForAccount.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit, everything},
    input::{self, ACCOUNT_ID, SERVICE_PRINCIPAL},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{
        OrganizationError, deregister_delegated_administrator, membership::existing,
        register_delegated_administrator, trusted_access::recognised,
    },
};

pub(super) fn register(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let account = input::required(call, "AccountId", ACCOUNT_ID)?;
    let service = input::required(call, "ServicePrincipal", SERVICE_PRINCIPAL)?;
    let action = "organizations:RegisterDelegatedAdministrator";
    admit(call, action, Audience::Management, |own| {
        own.arn_of(account)
    })?;
    register_delegated_administrator(call.aws, call.op, account, service)?;
    Ok(json!({}))
}

pub(super) fn deregister(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let account = input::required(call, "AccountId", ACCOUNT_ID)?;
    let service = input::required(call, "ServicePrincipal", SERVICE_PRINCIPAL)?;
    let action = "organizations:DeregisterDelegatedAdministrator";
    admit(call, action, Audience::Management, |own| {
        own.arn_of(account)
    })?;
    deregister_delegated_administrator(call.aws, account, service)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let service = input::optional(call, "ServicePrincipal", SERVICE_PRINCIPAL)?;
    if let Some(service) = service {
        recognised(service)?;
    }
    let page = input::page(
        call,
        &format!("delegated administrators {}", service.unwrap_or_default()),
    )?;
    let action = "organizations:ListDelegatedAdministrators";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let rest = organization
        .delegated_administrators
        .iter()
        .filter(|(_, services)| service.is_none_or(|service| services.contains_key(service)))
        .filter(|(account, _)| page.after().is_none_or(|after| account.as_str() > after));
    let (found, next) = page.cut(rest, |(account, _)| (*account).clone());
    let administrators = found
        .into_iter()
        .filter_map(|(account, services)| {
            let member = organization.members.get(account)?;
            let mut administrator = render::account(&call.state, &organization, member);
            administrator.remove("Paths");
            let since = match service {
                Some(service) => services.get(service).copied(),
                None => services.values().min().copied(),
            };
            administrator.insert("DelegationEnabledDate".to_owned(), json!(since));
            Some(administrator.into())
        })
        .collect();
    Ok(render::list(
        "DelegatedAdministrators",
        administrators,
        next,
    ))
}

pub(super) fn list_services(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let account = input::required(call, "AccountId", ACCOUNT_ID)?;
    let page = input::page(call, &format!("services of {account}"))?;
    let action = "organizations:ListDelegatedServicesForAccount";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(account))?;
    existing(&organization, account)?;
    let rest = organization
        .delegated_administrators
        .get(account)
        .ok_or(OrganizationError::NotRegistered)?
        .iter()
        .filter(|(service, _)| page.after().is_none_or(|after| service.as_str() > after));
    let (services, next) = page.cut(rest, |(service, _)| (*service).clone());
    let services = services
        .into_iter()
        .map(|(service, since)| json!({ "ServicePrincipal": service, "DelegationEnabledDate": since }))
        .collect();
    Ok(render::list("DelegatedServices", services, next))
}
