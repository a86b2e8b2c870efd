//! Condition keys of the trust decision (aws-iam-sts.md §1.8).

use jetway_iam::{RequestContext, is_multivalued_key};
use jetway_saml::ReceivedAssertion;

use super::assertion::{Claims, name_qualifier, subject_type};
use crate::{authorize::fill_global_keys, op::Op, state::SamlProvider};

/// Attribute names and the condition key that each becomes. Of several sources of one key only the
/// first in this order is mapped.
const ATTRIBUTE_KEYS: &[(&str, &str)] = &[
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.1",
        "saml:edupersonaffiliation",
    ),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "saml:edupersonnickname"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "saml:edupersonorgdn"),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.4",
        "saml:edupersonorgunitdn",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.5",
        "saml:edupersonprimaryaffiliation",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",
        "saml:edupersonprincipalname",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.7",
        "saml:edupersonentitlement",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.8",
        "saml:edupersonprimaryorgunitdn",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.9",
        "saml:edupersonscopedaffiliation",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.10",
        "saml:edupersontargetedid",
    ),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.11",
        "saml:edupersonassurance",
    ),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.2", "saml:eduorghomepageuri"),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.2.1.3",
        "saml:eduorgidentityauthnpolicyuri",
    ),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "saml:eduorglegalname"),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.5", "saml:eduorgsuperioruri"),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.2.1.6",
        "saml:eduorgwhitepagesuri",
    ),
    ("urn:oid:2.5.4.3", "saml:cn"),
    (
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "saml:name",
    ),
    (
        "http://schemas.xmlsoap.org/claims/CommonName",
        "saml:commonName",
    ),
    (
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "saml:givenName",
    ),
    (
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        "saml:surname",
    ),
    (
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "saml:mail",
    ),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
        "saml:uid",
    ),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
        "saml:primaryGroupSID",
    ),
    ("2.5.4.3", "saml:commonName"),
    ("2.5.4.4", "saml:surname"),
    // AWS prints it so; 2.5.4.42 is the real one.
    ("2.4.5.42", "saml:givenName"),
    ("2.5.4.42", "saml:givenName"),
    ("2.5.4.45", "saml:x500UniqueIdentifier"),
    // AWS prints the first two without the dot.
    ("0.9.2342.19200300100.1.1", "saml:uid"),
    ("0.9.2342.19200300.100.1.1", "saml:uid"),
    ("0.9.2342.19200300100.1.3", "saml:mail"),
    ("0.9.2342.19200300.100.1.3", "saml:mail"),
    ("0.9.2342.19200300.100.1.45", "saml:organizationStatus"),
];

/// Everything that a trust policy may ask about. `aws:PrincipalArn` is absent, as on AWS.
pub(super) fn of_trust_decision(
    op: &Op,
    region: &str,
    assertion: &ReceivedAssertion,
    provider: &SamlProvider,
    claims: &Claims,
) -> RequestContext {
    let account = &provider.record.account;
    let name = &provider.record.name;
    let mut context = RequestContext::new();
    fill_global_keys(&mut context, op, region, account);
    context.set("aws:PrincipalAccount", account.as_str());
    context.set("aws:PrincipalType", "User");
    context.set("aws:userid", provider.arn());
    context.set("aws:FederatedProvider", provider.arn());
    context.set("saml:aud", assertion.recipient.as_str());
    context.set("saml:iss", assertion.issuer.as_str());
    context.set("saml:sub", assertion.name_id.value.as_str());
    context.set("saml:sub_type", subject_type(assertion));
    context.set(
        "saml:namequalifier",
        name_qualifier(&assertion.issuer, account, name),
    );
    context.set("saml:doc", format!("{account}/{name}"));
    context.set("sts:RoleSessionName", claims.session_name.as_str());
    if let Some(identity) = &claims.source_identity {
        context.set("sts:SourceIdentity", identity.as_str());
    }
    context.set_many(
        "sts:TransitiveTagKeys",
        claims.transitive.iter().map(String::as_str),
    );
    for tag in &claims.tags {
        context.set(format!("aws:RequestTag/{}", tag.key), tag.value.as_str());
    }
    context.set_many(
        "aws:TagKeys",
        claims.tags.iter().map(|tag| tag.key.as_str()),
    );
    directory_attributes(&mut context, assertion);
    context
}

fn directory_attributes(context: &mut RequestContext, assertion: &ReceivedAssertion) {
    let mut mapped: Vec<&str> = Vec::new();
    for (name, key) in ATTRIBUTE_KEYS {
        let Some(attribute) = assertion
            .attributes
            .iter()
            .find(|attribute| attribute.name == *name)
        else {
            continue;
        };
        if mapped.contains(key) {
            continue;
        }
        mapped.push(key);
        match attribute.values.as_slice() {
            [] => {}
            [value] if !is_multivalued_key(key) => context.set(key, value.as_str()),
            values => context.set_many(*key, values.iter().map(String::as_str)),
        }
    }
}
