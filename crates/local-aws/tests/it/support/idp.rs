//! An identity provider of its own, independent of the one that we build: it writes assertions as
//! text, so that a test can also write wrong ones, and signs them.

use std::sync::OnceLock;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeyPair,
    signature::RSA_PKCS1_SHA256,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_saml::generate_signing_key;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

use super::{ACCOUNT, SIGN_IN, START, World, provider_arn, role_arn};

/// A key pair with its certificate. Making one takes long, so the tests share three.
struct Pair {
    key: KeyPair,
    certificate: Vec<u8>,
}

fn pair(index: usize) -> &'static Pair {
    static PAIRS: [OnceLock<Pair>; 3] = [const { OnceLock::new() }; 3];
    PAIRS[index].get_or_init(|| {
        // The certificate of the first expired long ago: only its key counts.
        let (from, until) = match index {
            0 => (
                datetime!(2015-01-01 00:00 UTC),
                datetime!(2016-01-01 00:00 UTC),
            ),
            _ => (
                datetime!(2026-01-01 00:00 UTC),
                datetime!(2031-01-01 00:00 UTC),
            ),
        };
        let serial = [u8::try_from(index).unwrap() + 1; 16];
        let generated = generate_signing_key("test", from, until, serial).unwrap();
        Pair {
            key: KeyPair::from_pkcs8(&generated.pkcs8_der).unwrap(),
            certificate: generated.certificate_der.clone(),
        }
    })
}

pub(crate) struct Idp {
    entity_id: String,
    pair: usize,
}

/// Which element carries a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    Assertion,
    Response,
    Both,
    Neither,
}

/// An assertion to be written.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) response_issuer: String,
    pub(crate) issue_instant: OffsetDateTime,
    pub(crate) recipient: String,
    pub(crate) destination: String,
    pub(crate) audience: Option<String>,
    pub(crate) name_id_format: String,
    pub(crate) name_id: String,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_on_or_after: OffsetDateTime,
    pub(crate) session_not_on_or_after: Option<OffsetDateTime>,
    pub(crate) attributes: Vec<(String, Vec<String>)>,
    pub(crate) signed: Signed,
    /// Replacements in the text of the assertion before it is signed.
    pub(crate) edits: Vec<(String, String)>,
    /// Replacements in the whole document after it was signed.
    pub(crate) tampering: Vec<(String, String)>,
}

impl Idp {
    pub(crate) fn new(entity_id: &str) -> Self {
        Self {
            entity_id: entity_id.into(),
            pair: 0,
        }
    }

    /// Of the same name, with another key.
    pub(crate) fn impostor(&self) -> Self {
        Self {
            entity_id: self.entity_id.clone(),
            pair: 1,
        }
    }

    /// Of the same name, with the key that comes after the impostor's.
    pub(crate) fn successor(&self) -> Self {
        Self {
            entity_id: self.entity_id.clone(),
            pair: 2,
        }
    }

    /// The certificate in PEM.
    pub(crate) fn certificate(&self) -> String {
        let base64 = BASE64.encode(&pair(self.pair).certificate);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    }

    pub(crate) fn metadata(&self) -> String {
        let certificate = BASE64.encode(&pair(self.pair).certificate);
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>"#,
            self.entity_id
        )
    }

    /// A good assertion for the role `Engineer`.
    pub(crate) fn draft(&self) -> Draft {
        let now = OffsetDateTime::from_unix_timestamp(START).unwrap();
        Draft {
            id: "_4d65822107fcfd52aabbccdd00112233".into(),
            issuer: self.entity_id.clone(),
            response_issuer: self.entity_id.clone(),
            issue_instant: now - Duration::seconds(5),
            recipient: SIGN_IN.into(),
            destination: SIGN_IN.into(),
            audience: Some("urn:amazon:webservices".into()),
            name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
            name_id: "road.runner@the-acme-corporation.com".into(),
            not_before: now - Duration::minutes(1),
            not_on_or_after: now + Duration::minutes(5),
            session_not_on_or_after: None,
            attributes: vec![
                (
                    aws("Role"),
                    vec![format!("{},{}", role_arn("Engineer"), provider_arn("Idp"))],
                ),
                (aws("RoleSessionName"), vec!["road.runner".into()]),
            ],
            signed: Signed::Assertion,
            edits: vec![],
            tampering: vec![],
        }
    }

    /// Base64 of the good response.
    pub(crate) fn response(&self) -> String {
        self.sign(&self.draft())
    }

    /// Base64 of a response as drafted.
    pub(crate) fn sign(&self, draft: &Draft) -> String {
        BASE64.encode(self.xml(draft))
    }

    pub(crate) fn xml(&self, draft: &Draft) -> String {
        let mut assertion = draft.assertion();
        for (from, to) in &draft.edits {
            assert!(assertion.contains(from), "{from} not in {assertion}");
            assertion = assertion.replacen(from, to, 1);
        }
        if matches!(draft.signed, Signed::Assertion | Signed::Both) {
            assertion = self.enveloped(&assertion, &draft.id);
        }
        let mut response = format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="{}" ID="_response0011223344556677889900" IssueInstant="{}" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>{assertion}</samlp:Response>"#,
            draft.destination,
            text(draft.issue_instant),
            draft.response_issuer,
        );
        if matches!(draft.signed, Signed::Response | Signed::Both) {
            response = self.enveloped(&response, "_response0011223344556677889900");
        }
        for (from, to) in &draft.tampering {
            assert!(response.contains(from), "{from} not in {response}");
            response = response.replacen(from, to, 1);
        }
        response
    }

    /// Signs canonical XML and puts the signature after its first Issuer.
    fn enveloped(&self, canonical: &str, id: &str) -> String {
        let hash = BASE64.encode(digest(&SHA256, canonical.as_bytes()));
        let info = format!(
            r##"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{hash}</ds:DigestValue></ds:Reference></ds:SignedInfo>"##
        );
        let signed =
            format!(r#"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"{info}"#);
        let key = &pair(self.pair).key;
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .unwrap();
        let element = format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo{info}<ds:SignatureValue>{}</ds:SignatureValue></ds:Signature>"#,
            BASE64.encode(signature)
        );
        canonical.replacen("</saml:Issuer>", &format!("</saml:Issuer>{element}"), 1)
    }
}

impl Draft {
    pub(crate) fn with(mut self, name: &str, values: &[&str]) -> Self {
        self.attributes.push((
            aws(name),
            values.iter().map(|value| (*value).into()).collect(),
        ));
        self
    }

    /// Without the AWS attribute of this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.attributes
            .retain(|(existing, _)| *existing != aws(name));
        self
    }

    pub(crate) fn edit(mut self, from: &str, to: &str) -> Self {
        self.edits.push((from.into(), to.into()));
        self
    }

    pub(crate) fn tamper(mut self, from: &str, to: &str) -> Self {
        self.tampering.push((from.into(), to.into()));
        self
    }

    /// With these roles instead, each with the provider `Idp`.
    pub(crate) fn roles(self, roles: &[&str]) -> Self {
        let pairs: Vec<String> = roles
            .iter()
            .map(|role| format!("{},{}", role_arn(role), provider_arn("Idp")))
            .collect();
        let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
        self.without("Role").with("Role", &pairs)
    }

    /// Issued now, by the world's clock.
    pub(crate) fn issued_at(mut self, now: OffsetDateTime) -> Self {
        self.issue_instant = now;
        self.not_before = now - Duration::minutes(1);
        self.not_on_or_after = now + Duration::minutes(5);
        self
    }

    fn assertion(&self) -> String {
        let audience = self.audience.as_ref().map_or_else(String::new, |audience| {
            format!("<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>")
        });
        let session = self
            .session_not_on_or_after
            .map_or_else(String::new, |end| {
                format!(" SessionNotOnOrAfter=\"{}\"", text(end))
            });
        let value = |value: &String| format!("<saml:AttributeValue>{value}</saml:AttributeValue>");
        let attribute = |(name, values): &(String, Vec<String>)| {
            let values: Vec<String> = values.iter().map(value).collect();
            format!(
                "<saml:Attribute Name=\"{name}\">{}</saml:Attribute>",
                values.concat()
            )
        };
        let attributes = self
            .attributes
            .iter()
            .map(attribute)
            .collect::<Vec<_>>()
            .concat();
        format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" IssueInstant="{issued}" Version="2.0"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{format}">{name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{from}" NotOnOrAfter="{until}">{audience}</saml:Conditions><saml:AuthnStatement AuthnInstant="{issued}" SessionIndex="_session1"{session}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"#,
            id = self.id,
            issued = text(self.issue_instant),
            issuer = self.issuer,
            format = self.name_id_format,
            name = self.name_id,
            until = text(self.not_on_or_after),
            from = text(self.not_before),
            recipient = self.recipient,
        )
    }
}

/// An instant as SAML writes it.
pub(crate) fn text(instant: OffsetDateTime) -> String {
    instant.format(&Rfc3339).unwrap()
}

/// The full name of an AWS attribute.
pub(crate) fn aws(name: &str) -> String {
    format!("https://aws.amazon.com/SAML/Attributes/{name}")
}

/// A session of the role `Engineer`, with a policy that allows what `policy` says.
pub(crate) async fn session_with(world: &World, idp: &Idp, policy: &str) -> super::Keys {
    jetway_local_aws::iam::put_role_policy(&world.aws, ACCOUNT, "Engineer", "inline", policy)
        .unwrap();
    let response = idp.sign(&idp.draft().issued_at(world.now()));
    world.redeem("Engineer", &response).await.assert_ok().keys()
}
