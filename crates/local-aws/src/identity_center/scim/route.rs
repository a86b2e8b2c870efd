//! Addresses: `/<tenant>/scim/v2/…`.

use axum::http::{Method, header, request::Parts};
use jetway_scim::{Filters, Profile, ResourceKind};
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;
use crate::body;

/// Lengths of the groups of a tenant id after the first, which has 8 to 11 characters.
const TENANT_GROUPS: [usize; 4] = [4, 4, 4, 12];

/// Whether an unsigned request is for the SCIM endpoint.
pub(crate) fn serves(parts: &Parts) -> bool {
    let is_scim_host = || {
        body::header_text(&parts.headers, header::HOST).is_some_and(|host| {
            let name = host.split_once(':').map_or(host, |(name, _)| name);
            name.starts_with("scim.")
                && (name.ends_with(".amazonaws.com") || name.ends_with(".api.aws"))
        })
    };
    tenant(parts.uri.path()).is_some() || is_scim_host()
}

/// The tenant in an address of the endpoint.
pub(super) fn tenant(path: &str) -> Option<&str> {
    let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
    let is_scim = rest == "scim" || rest.starts_with("scim/");
    (is_scim && is_tenant(tenant)).then_some(tenant)
}

fn is_tenant(text: &str) -> bool {
    let mut groups = text.split('-');
    let first = groups.next().unwrap_or_default();
    (8..=11).contains(&first.len())
        && groups.map(str::len).eq(TENANT_GROUPS)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The server leaves the body of an answer to HEAD out.
fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    ServiceProviderConfig,
    Schemas,
    Schema(String),
    ResourceTypes,
    ResourceType(String),
    List(ResourceKind),
    Create(ResourceKind),
    Get(ResourceKind, String),
    Replace(ResourceKind, String),
    Patch(ResourceKind, String),
    Delete(ResourceKind, String),
}

impl Action {
    /// By method and path; a slash at the end does not matter.
    pub(super) fn of(method: &Method, path: &str) -> Result<Self, Refusal> {
        let inner = path.splitn(4, '/').nth(3).unwrap_or_default();
        let decoded: Vec<String> = inner
            .strip_suffix('/')
            .unwrap_or(inner)
            .split('/')
            .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect();
        let mut segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        // Clients put a slash between a base that ends with one and a path that begins with one.
        if segments.len() > 2 && segments.get(1) == Some(&"") {
            segments.remove(1);
        }
        let get = reads(method);
        let only_get = |action: Self| {
            if get {
                Ok(action)
            } else {
                Err(Refusal::Method {
                    allowed: "GET, HEAD",
                })
            }
        };
        match segments.as_slice() {
            ["v2", "ServiceProviderConfig"] => only_get(Self::ServiceProviderConfig),
            ["v2", "Schemas"] => only_get(Self::Schemas),
            ["v2", "Schemas", id] => only_get(Self::Schema((*id).to_owned())),
            ["v2", "ResourceTypes"] => only_get(Self::ResourceTypes),
            ["v2", "ResourceTypes", id] => only_get(Self::ResourceType((*id).to_owned())),
            ["v2", "Users"] => Self::of_collection(ResourceKind::User, method),
            ["v2", "Groups"] => Self::of_collection(ResourceKind::Group, method),
            ["v2", "Me" | "Bulk" | ".search"] | ["v2", "Users" | "Groups", ".search"] => {
                Err(Refusal::Unsupported)
            }
            ["v2", "Users", id] => Self::of_resource(ResourceKind::User, id, method),
            ["v2", "Groups", id] => Self::of_resource(ResourceKind::Group, id, method),
            _ => Err(Refusal::NoSuchAddress),
        }
    }

    fn of_collection(kind: ResourceKind, method: &Method) -> Result<Self, Refusal> {
        match *method {
            Method::POST => Ok(Self::Create(kind)),
            _ if reads(method) => Ok(Self::List(kind)),
            _ => Err(Refusal::Method {
                allowed: "GET, HEAD, POST",
            }),
        }
    }

    fn of_resource(kind: ResourceKind, id: &str, method: &Method) -> Result<Self, Refusal> {
        let id = id.to_owned();
        match *method {
            _ if reads(method) => Ok(Self::Get(kind, id)),
            Method::PUT => Ok(Self::Replace(kind, id)),
            Method::PATCH => Ok(Self::Patch(kind, id)),
            Method::DELETE => Ok(Self::Delete(kind, id)),
            _ => Err(Refusal::Method {
                allowed: "GET, HEAD, PUT, PATCH, DELETE",
            }),
        }
    }

    /// The operation, as CloudTrail names it.
    pub(super) fn event_name(&self) -> &'static str {
        use ResourceKind::{Group, User};
        match self {
            Self::ServiceProviderConfig => "ServiceProviderConfig",
            Self::Schemas => "ListSchemas",
            Self::Schema(_) => "GetSchema",
            Self::ResourceTypes => "ListResourceTypes",
            Self::ResourceType(_) => "GetResourceType",
            Self::List(User) => "ListUsers",
            Self::List(Group) => "ListGroups",
            Self::Create(User) => "CreateUser",
            Self::Create(Group) => "CreateGroup",
            Self::Get(User, _) => "GetUser",
            Self::Get(Group, _) => "GetGroup",
            Self::Replace(User, _) => "PutUser",
            Self::Replace(Group, _) => "PutGroup",
            Self::Patch(User, _) => "PatchUser",
            Self::Patch(Group, _) => "PatchGroup",
            Self::Delete(User, _) => "DeleteUser",
            Self::Delete(Group, _) => "DeleteGroup",
        }
    }

    /// Whether it neither writes to the disk nor looks at more than one page of resources.
    pub(super) fn is_quick(&self, profile: &Profile, query: &[(String, String)]) -> bool {
        let uses_indices = matches!(profile.filters, Filters::Only { .. });
        match self {
            Self::Create(_) | Self::Replace(..) | Self::Patch(..) | Self::Delete(..) => false,
            Self::List(ResourceKind::User) => {
                uses_indices
                    || !query
                        .iter()
                        .any(|(name, _)| name.eq_ignore_ascii_case("filter"))
            }
            Self::List(ResourceKind::Group) | Self::Get(ResourceKind::Group, _) => uses_indices,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "f3v1a2b3c4d-1111-2222-3333-444455556666";

    #[test]
    fn only_the_shape_of_a_tenant_makes_an_address_of_the_endpoint() {
        for path in ["scim/v2/Users", "scim/v2", "scim/", "scim", "scim/v2Groups"] {
            assert_eq!(tenant(&format!("/{TENANT}/{path}")), Some(TENANT));
        }
        for path in [
            "/my-bucket/scim/v2/Users",
            "/scim/v2/Users",
            "/f3v1a2b-1111-2222-3333-444455556666/scim/v2/Users",
            "/f3v1a2b3c4d5-1111-2222-3333-444455556666/scim/v2/Users",
            "/f3v1a2b3c4d-1111-2222-3333-444455556666/scimitar",
            "/f3v1a2b3c4d-1111-2222-3333-444455556666-7/scim/v2",
            "/f3v1a2b3c4d-1111-2222-3333-44445555666_/scim/v2",
        ] {
            assert_eq!(tenant(path), None, "{path}");
        }
    }
}
