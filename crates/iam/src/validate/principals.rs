//! `Principal` and `NotPrincipal`.

use super::shape;
use crate::document::{DocumentKind, Effect, Scope};
use crate::json::{Json, member};
use crate::malformed::MalformedPolicy;
use crate::principal::{Named, is_account_id};

type Checked<T> = Result<T, MalformedPolicy>;

fn refused<T>(message: impl Into<String>) -> Checked<T> {
    Err(MalformedPolicy::new(message))
}

/// Reads `Principal` or `NotPrincipal` of a statement.
pub(super) fn read(
    members: &[(String, Json)],
    effect: Effect,
    kind: DocumentKind,
) -> Checked<Scope<Named>> {
    match (
        member(members, "Principal"),
        member(members, "NotPrincipal"),
    ) {
        (None, None) => refused("Missing required field Principal"),
        (Some(principal), None) => Ok(Scope::Listed(named(principal, kind)?)),
        (None, Some(_)) if effect == Effect::Allow => {
            refused("Allow with NotPrincipal is not allowed.")
        }
        (None, Some(principal)) => Ok(Scope::Except(named(principal, kind)?)),
        (Some(_), Some(_)) => Err(MalformedPolicy::syntax()),
    }
}

fn named(principal: &Json, kind: DocumentKind) -> Checked<Vec<Named>> {
    let types = match principal {
        Json::Text(text) if text == "*" && kind == DocumentKind::Resource => {
            return Ok(vec![Named::Everyone]);
        }
        Json::Text(text) if text == "*" => {
            return Err(MalformedPolicy::new(
                "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".",
            )
            .with_hint("Write {\"AWS\": \"*\"}, or better, name the trusted principals."));
        }
        Json::Text(_) if kind == DocumentKind::Resource => {
            return refused("Invalid principal in policy");
        }
        Json::Text(_) => return refused("Principal must be a JSON object."),
        Json::Object(types) => types,
        _ => return Err(MalformedPolicy::syntax()),
    };
    let mut named = Vec::new();
    for (name, values) in types {
        for value in shape::texts(values).ok_or_else(MalformedPolicy::syntax)? {
            named.push(one(name, value, kind)?);
        }
    }
    if named.is_empty() {
        return refused("Missing required field Principal cannot be empty!");
    }
    Ok(named)
}

fn one(name: &str, value: &str, kind: DocumentKind) -> Checked<Named> {
    let (sound, named) = match name {
        "AWS" => (is_aws(value), Named::aws(value)),
        "Federated" => (is_federated(value), Named::Federated(value.to_owned())),
        "Service" => (is_domain(value), Named::Service),
        "CanonicalUser" => (is_canonical_user(value), Named::CanonicalUser),
        _ if kind == DocumentKind::Trust => {
            return refused(format!("Invalid principal in policy: \"{name}\""));
        }
        _ => return refused("Invalid principal in policy"),
    };
    match (sound, kind, name) {
        (true, ..) => Ok(named),
        (false, DocumentKind::Trust, "Federated") => {
            refused("Federated principals must be valid domain names or SAML metadata ARNs")
        }
        (false, DocumentKind::Trust, _) => {
            let name = name.to_uppercase();
            refused(format!(
                "Invalid principal in policy: \"{name}\":\"{value}\""
            ))
        }
        _ => refused("Invalid principal in policy"),
    }
}

/// `*`, an account, or the ARN or unique id of a user, role or session. No wildcards inside.
fn is_aws(value: &str) -> bool {
    if value == "*" || is_account_id(value) || is_unique_id(value) {
        return true;
    }
    let Some([_, _, service, region, account, path]) = crate::arn::split(value) else {
        return false;
    };
    let starts = |starts: &[&str]| {
        starts
            .iter()
            .any(|start| path.len() > start.len() && path.starts_with(start))
    };
    let path = match service {
        "iam" => path == "root" || starts(&["user/", "role/"]),
        "sts" => starts(&["assumed-role/", "federated-user/"]),
        _ => false,
    };
    // CloudFront's origin access identities are users of an account of that name.
    let account = is_account_id(account) || account == "cloudfront";
    path && account && region.is_empty() && !value.contains(['*', '?'])
}

fn is_unique_id(value: &str) -> bool {
    let rest = value
        .strip_prefix("AIDA")
        .or_else(|| value.strip_prefix("AROA"));
    let id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    rest.is_some_and(|rest| (12..=124).contains(&rest.len()) && rest.bytes().all(id))
}

/// A domain name, or the ARN of a SAML or OIDC provider.
fn is_federated(value: &str) -> bool {
    if !value.starts_with("arn:") {
        return is_domain(value);
    }
    let Some([_, _, "iam", "", account, path]) = crate::arn::split(value) else {
        return false;
    };
    let name = path
        .strip_prefix("saml-provider/")
        .or_else(|| path.strip_prefix("oidc-provider/"));
    let name = name.is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']));
    name && is_account_id(account)
}

fn is_domain(value: &str) -> bool {
    let label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(allowed)
    };
    value.contains('.') && value.split('.').all(label)
}

fn is_canonical_user(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}
