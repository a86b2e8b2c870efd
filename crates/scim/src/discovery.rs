//! `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` (RFC 7644 section 4).

use serde_json::{Value, json};

use crate::profile::{ErrorShape, Profile};
use crate::schema::{
    Attribute, AttributeType, ENTERPRISE_URN, GROUP_URN, Mutability, ResourceKind, USER_URN,
    Uniqueness, enterprise_attributes,
};

const CONFIG_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
/// What AWS says since the pages had 50 results, and says still.
const AWS_MAX_RESULTS: usize = 50;

/// What the server can do. `base` is its address without a slash at the end.
pub fn service_provider_config(profile: &Profile, base: &str) -> Value {
    let mut scheme = json!({
        "type": "oauthbearertoken",
        "name": "OAuth Bearer Token",
        "description": "Authentication scheme using the OAuth Bearer Token Standard",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
    });
    let aws = profile.errors == ErrorShape::Aws;
    let mut config = json!({ "schemas": [CONFIG_URN] });
    if aws {
        scheme["documentationUri"] =
            "https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html"
                .into();
        config["documentationUri"] =
            "https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html"
                .into();
    }
    scheme["primary"] = true.into();
    let most = if aws {
        AWS_MAX_RESULTS
    } else {
        profile.max_page
    };
    config["authenticationSchemes"] = json!([scheme]);
    config["patch"] = json!({ "supported": true });
    config["bulk"] = json!({
        "supported": false,
        "maxOperations": 1,
        "maxPayloadSize": crate::json::MAX_BODY_BYTES,
    });
    config["filter"] = json!({ "supported": true, "maxResults": most });
    config["changePassword"] = json!({ "supported": false });
    config["sort"] = json!({ "supported": false });
    config["etag"] = json!({ "supported": false });
    if !aws {
        config["meta"] = json!({
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        });
    }
    config
}

/// Users and groups, as `/ResourceTypes` lists them.
pub fn resource_types(profile: &Profile, base: &str) -> Vec<Value> {
    let entry = |kind: ResourceKind, endpoint: &str, description: &str| {
        json!({
            "schemas": [RESOURCE_TYPE_URN],
            "id": kind.name(),
            "name": kind.name(),
            "endpoint": endpoint,
            "description": description,
            "schema": kind.urn(),
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}/ResourceTypes/{}", kind.name()),
            },
        })
    };
    let mut user = entry(ResourceKind::User, "/Users", "User Account");
    user["schemaExtensions"] = json!([{
        "schema": ENTERPRISE_URN,
        "required": profile.errors == ErrorShape::Aws,
    }]);
    vec![user, entry(ResourceKind::Group, "/Groups", "Group")]
}

/// The schemas, as `/Schemas` lists them; what the dialect refuses is left out.
pub fn schemas(profile: &Profile, base: &str) -> Vec<Value> {
    let entry = |urn: &str, name: &str, description: &str, attributes: &[Attribute]| {
        json!({
            "schemas": [SCHEMA_URN],
            "id": urn,
            "name": name,
            "description": description,
            "attributes": describe_all(attributes, "", urn, profile),
            "meta": {
                "resourceType": "Schema",
                "location": format!("{base}/Schemas/{urn}"),
            },
        })
    };
    vec![
        entry(
            USER_URN,
            "User",
            "User Account",
            ResourceKind::User.attributes(),
        ),
        entry(
            ENTERPRISE_URN,
            "EnterpriseUser",
            "Enterprise User",
            enterprise_attributes(),
        ),
        entry(
            GROUP_URN,
            "Group",
            "Group",
            ResourceKind::Group.attributes(),
        ),
    ]
}

fn describe_all(
    attributes: &[Attribute],
    parent: &str,
    urn: &str,
    profile: &Profile,
) -> Vec<Value> {
    attributes
        .iter()
        .map(|attribute| (format!("{parent}{}", attribute.name), attribute))
        .filter(|(path, _)| {
            urn == GROUP_URN || !profile.refused_user_attributes.contains(&path.as_str())
        })
        .map(|(path, attribute)| describe(attribute, &path, urn, profile))
        .collect()
}

fn describe(attribute: &Attribute, path: &str, urn: &str, profile: &Profile) -> Value {
    let required = attribute.required
        || (urn == USER_URN
            && profile.required_user_attributes.iter().any(|name| {
                *name == path || name.split_once('.').is_some_and(|(name, _)| name == path)
            }));
    let mut described = json!({
        "name": attribute.name,
        "type": type_name(attribute.kind),
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": required,
    });
    if !attribute.canonical.is_empty() {
        described["canonicalValues"] = json!(attribute.canonical);
    }
    described["caseExact"] = attribute.case_exact.into();
    described["mutability"] = match attribute.mutability {
        Mutability::ReadWrite => "readWrite",
        Mutability::ReadOnly => "readOnly",
        Mutability::Immutable => "immutable",
        Mutability::WriteOnly => "writeOnly",
    }
    .into();
    described["returned"] = match attribute.mutability {
        Mutability::WriteOnly => "never",
        _ => "default",
    }
    .into();
    described["uniqueness"] = match attribute.uniqueness {
        Uniqueness::None => "none",
        Uniqueness::Server => "server",
    }
    .into();
    match attribute.kind {
        AttributeType::Reference(to) => described["referenceTypes"] = json!(to),
        AttributeType::Complex(subs) => {
            described["subAttributes"] =
                describe_all(subs, &format!("{path}."), urn, profile).into();
        }
        _ => {}
    }
    described
}

fn type_name(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Text => "string",
        AttributeType::Boolean => "boolean",
        AttributeType::DateTime => "dateTime",
        AttributeType::Binary => "binary",
        AttributeType::Reference(_) => "reference",
        AttributeType::Complex(_) => "complex",
    }
}
