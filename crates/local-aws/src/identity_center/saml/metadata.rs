//! The service provider's metadata document (identity-center.md §4.1).

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use jetway_aws_wire::xml::XmlWriter;
use jetway_saml::{BINDING_HTTP_POST, NAMEID_EMAIL};

use crate::{
    LocalAws, Op, body,
    identity_center::{acs_url, addresses::METADATA_PATH, enabled},
    sign_in::page,
};

pub(super) fn answer(aws: &LocalAws, op: &Op, path: &str) -> Response<Body> {
    let state = aws.state();
    let instance = enabled(&state).map(|center| &center.instance);
    let asked = path.strip_prefix(METADATA_PATH);
    let Some(instance) =
        instance.filter(|instance| asked == Some(instance.identity_store_id.as_str()))
    else {
        return page::not_here(aws, op);
    };
    let mut response = body::answer(
        200,
        &op.request_id,
        "application/samlmetadata+xml",
        document(&instance.issuer_url(), &acs_url(aws, instance)),
    );
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"saml-metadata.xml\""),
    );
    response
}

/// Requests are not signed, as AWS's are not, and there is no certificate to encrypt to.
fn document(entity_id: &str, acs_url: &str) -> String {
    let mut xml = XmlWriter::with_declaration();
    let root = [
        ("xmlns", "urn:oasis:names:tc:SAML:2.0:metadata"),
        ("entityID", entity_id),
    ];
    xml.element_with("EntityDescriptor", &root, |xml| {
        let descriptor = [
            ("AuthnRequestsSigned", "false"),
            ("WantAssertionsSigned", "true"),
            (
                "protocolSupportEnumeration",
                "urn:oasis:names:tc:SAML:2.0:protocol",
            ),
        ];
        xml.element_with("SPSSODescriptor", &descriptor, |xml| {
            xml.text("NameIDFormat", NAMEID_EMAIL);
            let service = [
                ("Binding", BINDING_HTTP_POST),
                ("Location", acs_url),
                ("index", "0"),
                ("isDefault", "true"),
            ];
            xml.element_with("AssertionConsumerService", &service, |_| {});
        });
    });
    xml.finish()
}
