//! AWS's service provider metadata, with this endpoint's address beside AWS's own.

use axum::{body::Body, http::Response};
use jetway_aws_wire::xml::XmlWriter;

use crate::{LocalAws, Op, body};

const POST_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const NAME_ID_FORMATS: [&str; 4] = [
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
];
/// Friendly name and name of the attributes that AWS asks for; the first two are required.
const ATTRIBUTES: [(&str, &str, bool); 5] = [
    (
        "RoleEntitlement",
        "https://aws.amazon.com/SAML/Attributes/Role",
        true,
    ),
    (
        "RoleSessionName",
        "https://aws.amazon.com/SAML/Attributes/RoleSessionName",
        true,
    ),
    (
        "SessionDuration",
        "https://aws.amazon.com/SAML/Attributes/SessionDuration",
        false,
    ),
    (
        "eduPersonAffiliation",
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.1",
        false,
    ),
    (
        "eduPersonPrincipalName",
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",
        false,
    ),
];

pub(super) fn answer(aws: &LocalAws, op: &Op) -> Response<Body> {
    body::answer(
        200,
        &op.request_id,
        "application/samlmetadata+xml",
        document(aws.settings().public_url.as_str()),
    )
}

fn document(public_url: &str) -> String {
    let own = format!("{}/saml", public_url.trim_end_matches('/'));
    let mut xml = XmlWriter::with_declaration();
    let root = [
        ("xmlns", "urn:oasis:names:tc:SAML:2.0:metadata"),
        ("entityID", "urn:amazon:webservices"),
    ];
    xml.element_with("EntityDescriptor", &root, |xml| {
        let descriptor = [
            ("WantAssertionsSigned", "true"),
            (
                "protocolSupportEnumeration",
                "urn:oasis:names:tc:SAML:2.0:protocol",
            ),
        ];
        xml.element_with("SPSSODescriptor", &descriptor, |xml| {
            for format in NAME_ID_FORMATS {
                xml.text("NameIDFormat", format);
            }
            endpoint(xml, &own, "1", true);
            endpoint(xml, "https://signin.aws.amazon.com/saml", "2", false);
            attributes(xml);
        });
    });
    xml.finish()
}

fn endpoint(xml: &mut XmlWriter, location: &str, index: &str, is_default: bool) {
    let members = [
        ("Binding", POST_BINDING),
        ("Location", location),
        ("index", index),
        ("isDefault", if is_default { "true" } else { "false" }),
    ];
    xml.element_with("AssertionConsumerService", &members, |_| {});
}

fn attributes(xml: &mut XmlWriter) {
    xml.element_with("AttributeConsumingService", &[("index", "1")], |xml| {
        xml.element_with("ServiceName", &[("xml:lang", "en")], |xml| {
            xml.characters("AWS Management Console Single Sign-On");
        });
        for (friendly, name, required) in ATTRIBUTES {
            let members = [
                ("FriendlyName", friendly),
                ("Name", name),
                (
                    "NameFormat",
                    "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                ),
                ("isRequired", if required { "true" } else { "false" }),
            ];
            xml.element_with("RequestedAttribute", &members, |_| {});
        }
    });
}
