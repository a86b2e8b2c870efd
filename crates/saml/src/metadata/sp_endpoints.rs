//! Addresses and wishes in the metadata of a service provider.

use roxmltree::Node;

use super::sp::{
    AssertionConsumerService, RequestedAttribute, SingleLogoutService, SpMetadataError,
    SpMetadataWarning, flag,
};
use crate::{
    names::{BINDING_HTTP_POST, NS_METADATA},
    xml::read::{is, trim},
};

/// Every AssertionConsumerService, with the default marked.
pub(super) fn assertion_consumer_services(
    descriptor: Node<'_, '_>,
) -> Result<Vec<AssertionConsumerService>, SpMetadataError> {
    let mut services = Vec::new();
    let mut wishes = Vec::new();
    for node in named(descriptor, "AssertionConsumerService") {
        let what = "AssertionConsumerService/@index";
        let index = node
            .attribute("index")
            .map(|index| trim(index).parse())
            .transpose()
            .map_err(|_| SpMetadataError::Invalid { what })?;
        let binding = required(node, "Binding", "AssertionConsumerService/@Binding")?;
        let location = required(node, "Location", "AssertionConsumerService/@Location")?;
        let usable = binding == BINDING_HTTP_POST && is_postable(&location);
        services.push(AssertionConsumerService {
            index,
            binding,
            location,
            is_default: false,
            usable,
        });
        wishes.push(flag(node, "isDefault")?);
    }
    let default = default_of(&services, &wishes).ok_or(SpMetadataError::NoPostEndpoint)?;
    services[default].is_default = true;
    Ok(services)
}

/// The first that says so, else the first that does not say no, else the first (SAML metadata
/// 2.2.3), among those that can be used at all.
fn default_of(services: &[AssertionConsumerService], wishes: &[Option<bool>]) -> Option<usize> {
    let usable = || (0..services.len()).filter(|&at| services[at].usable);
    usable()
        .find(|&at| wishes[at] == Some(true))
        .or_else(|| usable().find(|&at| wishes[at].is_none()))
        .or_else(|| usable().next())
}

/// Usable addresses that a response reaches unencrypted.
pub(super) fn insecure(services: &[AssertionConsumerService]) -> Vec<SpMetadataWarning> {
    services
        .iter()
        .filter(|service| service.usable && !has_scheme(&service.location, "https://"))
        .map(|service| SpMetadataWarning::NotHttps {
            location: service.location.clone(),
        })
        .collect()
}

pub(super) fn single_logout_services(
    descriptor: Node<'_, '_>,
) -> Result<Vec<SingleLogoutService>, SpMetadataError> {
    named(descriptor, "SingleLogoutService")
        .map(|node| {
            Ok(SingleLogoutService {
                binding: required(node, "Binding", "SingleLogoutService/@Binding")?,
                location: required(node, "Location", "SingleLogoutService/@Location")?,
                response_location: node
                    .attribute("ResponseLocation")
                    .map(|location| trim(location).to_owned())
                    .filter(|location| !location.is_empty()),
            })
        })
        .collect()
}

/// Those of every AttributeConsumingService; the first of a name and format counts.
pub(super) fn requested_attributes(
    descriptor: Node<'_, '_>,
) -> Result<Vec<RequestedAttribute>, SpMetadataError> {
    let mut found: Vec<RequestedAttribute> = Vec::new();
    let nodes = named(descriptor, "AttributeConsumingService")
        .flat_map(|service| named(service, "RequestedAttribute"));
    for node in nodes {
        let attribute = RequestedAttribute {
            name: required(node, "Name", "RequestedAttribute/@Name")?,
            name_format: node.attribute("NameFormat").map(str::to_owned),
            friendly_name: node.attribute("FriendlyName").map(str::to_owned),
            required: flag(node, "isRequired")?.unwrap_or(false),
        };
        let known = found.iter().any(|other| {
            (&other.name, &other.name_format) == (&attribute.name, &attribute.name_format)
        });
        if !known {
            found.push(attribute);
        }
    }
    Ok(found)
}

/// The children called `name`.
pub(super) fn named<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |child| is(*child, NS_METADATA, name))
}

fn required(node: Node<'_, '_>, name: &str, what: &'static str) -> Result<String, SpMetadataError> {
    node.attribute(name)
        .map(trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .ok_or(SpMetadataError::Invalid { what })
}

/// May a form of ours name this address? Above all no `javascript:`, and nothing a browser would
/// repair into another address.
fn is_postable(location: &str) -> bool {
    let host = ["https://", "http://"]
        .iter()
        .find(|scheme| has_scheme(location, scheme))
        .map(|scheme| &location[scheme.len()..]);
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#', ':']))
        && !location.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\')
}

fn has_scheme(location: &str, scheme: &str) -> bool {
    location
        .get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}
