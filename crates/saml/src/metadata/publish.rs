//! Metadata that an identity provider publishes (SAML metadata 2.4.3).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    IssueError,
    issue::Writer,
    names::{
        BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP, NS_DSIG, NS_METADATA, NS_PROTOCOL,
    },
};

/// What an identity provider says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdpMetadata {
    /// Entity id; equals the `Issuer` of its assertions.
    pub entity_id: String,
    /// Signing certificates, DER. Several during a rollover.
    pub certificates: Vec<Vec<u8>>,
    /// Single sign-on URL of the HTTP-Redirect binding.
    pub sso_redirect: Option<String>,
    /// Single sign-on URL of the HTTP-POST binding.
    pub sso_post: Option<String>,
    /// Single sign-on URL of the SOAP binding, for enhanced clients (SAML profiles 4.2).
    pub sso_soap: Option<String>,
    /// Single logout URL of the HTTP-Redirect binding.
    pub slo_redirect: Option<String>,
    /// Single logout URL of the HTTP-POST binding.
    pub slo_post: Option<String>,
    /// `WantAuthnRequestsSigned`: unsigned requests are refused.
    pub want_authn_requests_signed: bool,
    /// NameID formats on offer, preferred first.
    pub name_id_formats: Vec<String>,
}

impl IdpMetadata {
    /// Writes the `EntityDescriptor` document, indented for people.
    ///
    /// # Errors
    /// When there is no single sign-on URL, or a value cannot be written as XML.
    pub fn to_xml(&self) -> Result<String, IssueError> {
        if self.entity_id.trim().is_empty() {
            return Err(IssueError::Empty {
                place: "EntityDescriptor/@entityID",
            });
        }
        let endpoints = [
            (BINDING_HTTP_REDIRECT, &self.sso_redirect),
            (BINDING_HTTP_POST, &self.sso_post),
            (BINDING_SOAP, &self.sso_soap),
        ];
        let logout = [
            (BINDING_HTTP_REDIRECT, &self.slo_redirect),
            (BINDING_HTTP_POST, &self.slo_post),
        ];
        if endpoints.iter().all(|(_, location)| location.is_none()) {
            return Err(IssueError::NoSingleSignOnService);
        }
        let mut w = Writer::with_capacity(4096);
        w.open(
            "md:EntityDescriptor",
            &[("xmlns:md", NS_METADATA), ("entityID", &self.entity_id)],
        )?;
        w.new_line(1);
        let wants = if self.want_authn_requests_signed {
            "true"
        } else {
            "false"
        };
        w.open(
            "md:IDPSSODescriptor",
            &[
                ("WantAuthnRequestsSigned", wants),
                ("protocolSupportEnumeration", NS_PROTOCOL),
            ],
        )?;
        for certificate in &self.certificates {
            write_key(&mut w, certificate)?;
        }
        write_endpoints(&mut w, "md:SingleLogoutService", &logout)?;
        for format in &self.name_id_formats {
            w.new_line(2);
            w.leaf("md:NameIDFormat", &[], format)?;
        }
        write_endpoints(&mut w, "md:SingleSignOnService", &endpoints)?;
        w.new_line(1);
        w.close("md:IDPSSODescriptor");
        w.new_line(0);
        w.close("md:EntityDescriptor");
        w.new_line(0);
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
            w.into_string()
        ))
    }
}

fn write_endpoints(
    w: &mut Writer,
    name: &'static str,
    endpoints: &[(&str, &Option<String>)],
) -> Result<(), IssueError> {
    for (binding, location) in endpoints {
        if let Some(location) = location {
            w.new_line(2);
            w.empty(name, &[("Binding", binding), ("Location", location)])?;
        }
    }
    Ok(())
}

fn write_key(w: &mut Writer, certificate: &[u8]) -> Result<(), IssueError> {
    w.new_line(2);
    w.open("md:KeyDescriptor", &[("use", "signing")])?;
    w.new_line(3);
    w.open("ds:KeyInfo", &[("xmlns:ds", NS_DSIG)])?;
    w.new_line(4);
    w.open("ds:X509Data", &[])?;
    w.new_line(5);
    w.leaf("ds:X509Certificate", &[], &STANDARD.encode(certificate))?;
    w.new_line(4);
    w.close("ds:X509Data");
    w.new_line(3);
    w.close("ds:KeyInfo");
    w.new_line(2);
    w.close("md:KeyDescriptor");
    Ok(())
}
