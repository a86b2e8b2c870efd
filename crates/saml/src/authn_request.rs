//! Authentication requests from service providers (SAML core 3.4.1).

use roxmltree::Node;
use thiserror::Error;
use time::OffsetDateTime;

use crate::{
    IssueError, MessageParameter, ParseError, SignedMessage, SigningKey, XmlFault,
    inbound::{InboundError, readable::Readable},
    instant,
    issue::{Unsigned, Writer, checked_id, time},
    names::{NS_ASSERTION, NS_DSIG, NS_PROTOCOL},
    xml::{
        MESSAGE, parse,
        read::{elements, is, is_white_space, sole_text, trim},
    },
};

/// A request to authenticate whoever sits at the browser.
///
/// Nothing in it is trustworthy: a response goes only to an address registered for the service
/// provider, never to one that merely stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthnRequest {
    /// `ID`, repeated as `InResponseTo` in the response.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Destination`.
    pub destination: Option<String>,
    /// Entity id of the service provider.
    pub issuer: String,
    /// `AssertionConsumerServiceURL`: where the service provider would like the response.
    pub assertion_consumer_service_url: Option<String>,
    /// `AssertionConsumerServiceIndex`: the same by number of its metadata.
    pub assertion_consumer_service_index: Option<u16>,
    /// `ProtocolBinding` wished for the response.
    pub protocol_binding: Option<String>,
    /// `ForceAuthn`: authenticate even if there is a session.
    pub force_authn: bool,
    /// `IsPassive`: fail rather than show anything.
    pub is_passive: bool,
    /// `NameIDPolicy`.
    pub name_id_policy: Option<NameIdPolicy>,
    /// `RequestedAuthnContext`; one without any references asks for nothing.
    pub authn_context: Option<RequestedAuthnContext>,
    /// The request carries an enveloped signature. It has NOT been verified.
    pub has_signature: bool,
}

/// What kind of name the service provider wants (SAML core 3.4.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameIdPolicy {
    /// `Format`; one of the `NAMEID_…` URIs.
    pub format: Option<String>,
    /// `AllowCreate`.
    pub allow_create: bool,
}

/// How the person shall have been authenticated (SAML core 3.3.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// `Comparison`; exact when it is absent.
    pub comparison: AuthnContextComparison,
    /// The references, the most wanted first; not empty. To classes; one to a declaration is like
    /// one to a class that nobody knows.
    pub classes: Vec<String>,
}

/// How what is stated is compared with what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthnContextComparison {
    /// One of them.
    #[default]
    Exact,
    /// At least as strong as one of them.
    Minimum,
    /// As strong as possible, but not stronger than one of them.
    Maximum,
    /// Stronger than each of them.
    Better,
}

impl AuthnContextComparison {
    const ALL: [Self; 4] = [Self::Exact, Self::Minimum, Self::Maximum, Self::Better];

    /// The value of the attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Better => "better",
        }
    }
}

/// Why a text is not a usable authentication request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuthnRequestError {
    /// Not acceptable as XML.
    #[error(transparent)]
    Xml(#[from] XmlFault),
    /// The root is not `samlp:AuthnRequest`.
    #[error("the document is not a SAML 2.0 AuthnRequest")]
    NotAnAuthnRequest,
    /// Something in it is missing, repeated or unreadable.
    #[error(transparent)]
    Content(#[from] ParseError),
    /// It asks for a given person, which an answer could not honour silently (SAML core 3.4.1).
    #[error("requests about a given Subject are not supported")]
    Subject,
}

impl AuthnRequest {
    /// Reads a request that has been decoded from its binding.
    ///
    /// # Errors
    /// See [`AuthnRequestError`].
    pub fn parse(xml: &str) -> Result<Self, AuthnRequestError> {
        Self::from_root(parse(xml, &MESSAGE)?.root_element())
    }

    fn from_root(root: Node<'_, '_>) -> Result<Self, AuthnRequestError> {
        if !is(root, NS_PROTOCOL, "AuthnRequest") {
            return Err(AuthnRequestError::NotAnAuthnRequest);
        }
        if root.attribute("Version") != Some("2.0") {
            let element = "AuthnRequest";
            return Err(ParseError::Version { element }.into());
        }
        let children = RequestChildren::read(root)?;
        let owned = |name: &str| root.attribute(name).map(str::to_owned);
        Ok(Self {
            id: id(root)?,
            issue_instant: root
                .attribute("IssueInstant")
                .and_then(instant::parse_anywhere)
                .ok_or(invalid("AuthnRequest/@IssueInstant"))?,
            destination: owned("Destination"),
            issuer: issuer(children.issuer)?,
            assertion_consumer_service_url: owned("AssertionConsumerServiceURL"),
            assertion_consumer_service_index: root
                .attribute("AssertionConsumerServiceIndex")
                .map(str::parse)
                .transpose()
                .map_err(|_| invalid("AuthnRequest/@AssertionConsumerServiceIndex"))?,
            protocol_binding: owned("ProtocolBinding"),
            force_authn: boolean(root, "ForceAuthn")?,
            is_passive: boolean(root, "IsPassive")?,
            name_id_policy: children.name_id_policy.map(name_id_policy).transpose()?,
            authn_context: children.authn_context.map_or(Ok(None), requested_context)?,
            has_signature: children.signed,
        })
    }

    /// Writes the request, unsigned. `has_signature` is not looked at.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn to_xml(&self) -> Result<String, IssueError> {
        Ok(self.write()?.into_xml())
    }

    /// Writes the request with a signature inside: for the HTTP-POST binding.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn sign(&self, key: &SigningKey) -> Result<SignedMessage, IssueError> {
        self.write()?.sign(&self.id, key)
    }

    fn write(&self) -> Result<Unsigned, IssueError> {
        let issue_instant = time(self.issue_instant, "AuthnRequest/@IssueInstant")?;
        let index = self
            .assertion_consumer_service_index
            .map(|index| index.to_string());
        let mut w = Writer::with_capacity(1024);
        // In the order of their names, as the canonical writer wants them.
        w.open_with(
            "samlp:AuthnRequest",
            &[("xmlns:samlp", NS_PROTOCOL)],
            &[
                ("AssertionConsumerServiceIndex", index.as_deref()),
                (
                    "AssertionConsumerServiceURL",
                    self.assertion_consumer_service_url.as_deref(),
                ),
                ("Destination", self.destination.as_deref()),
                ("ForceAuthn", self.force_authn.then_some("true")),
                ("ID", Some(checked_id(&self.id, "AuthnRequest/@ID")?)),
                ("IsPassive", self.is_passive.then_some("true")),
                ("IssueInstant", Some(issue_instant.as_str())),
                ("ProtocolBinding", self.protocol_binding.as_deref()),
                ("Version", Some("2.0")),
            ],
        )?;
        w.leaf("saml:Issuer", &[("xmlns:saml", NS_ASSERTION)], &self.issuer)?;
        let signature_at = w.len();
        self.write_wishes(&mut w)?;
        w.close("samlp:AuthnRequest");
        Ok(Unsigned {
            writer: w,
            signature_at,
        })
    }

    fn write_wishes(&self, w: &mut Writer) -> Result<(), IssueError> {
        if let Some(policy) = &self.name_id_policy {
            let mut attributes = Vec::with_capacity(2);
            if policy.allow_create {
                attributes.push(("AllowCreate", "true"));
            }
            if let Some(format) = &policy.format {
                attributes.push(("Format", format));
            }
            w.empty("samlp:NameIDPolicy", &attributes)?;
        }
        let Some(context) = &self.authn_context else {
            return Ok(());
        };
        let comparison = [("Comparison", context.comparison.as_str())];
        let attributes: &[_] = match context.comparison {
            AuthnContextComparison::Exact => &[],
            _ => &comparison,
        };
        w.open("samlp:RequestedAuthnContext", attributes)?;
        for class in &context.classes {
            w.leaf(
                "saml:AuthnContextClassRef",
                &[("xmlns:saml", NS_ASSERTION)],
                class,
            )?;
        }
        w.close("samlp:RequestedAuthnContext");
        Ok(())
    }
}

impl Readable for AuthnRequest {
    const PARAMETER: MessageParameter = MessageParameter::Request;

    fn read(root: Node<'_, '_>) -> Result<Self, InboundError> {
        Ok(Self::from_root(root)?)
    }

    fn claimed_issuer(&self) -> &str {
        &self.issuer
    }
}

/// The children an identity provider acts on. Extensions, Conditions and Scoping are for others.
#[derive(Default)]
struct RequestChildren<'a, 'input> {
    issuer: Option<Node<'a, 'input>>,
    name_id_policy: Option<Node<'a, 'input>>,
    authn_context: Option<Node<'a, 'input>>,
    signed: bool,
}

impl<'a, 'input> RequestChildren<'a, 'input> {
    fn read(root: Node<'a, 'input>) -> Result<Self, AuthnRequestError> {
        let place = "AuthnRequest";
        let mut found = Self::default();
        for child in elements(root).ok_or(ParseError::Unexpected { place })? {
            let tag = child.tag_name();
            let before = match (tag.namespace(), tag.name()) {
                (Some(NS_ASSERTION), "Issuer") => found.issuer.replace(child),
                (Some(NS_PROTOCOL), "NameIDPolicy") => found.name_id_policy.replace(child),
                (Some(NS_PROTOCOL), "RequestedAuthnContext") => found.authn_context.replace(child),
                (Some(NS_DSIG), "Signature") => {
                    std::mem::replace(&mut found.signed, true).then_some(child)
                }
                (Some(NS_PROTOCOL), "Extensions" | "Scoping")
                | (Some(NS_ASSERTION), "Conditions") => None,
                (Some(NS_ASSERTION), "Subject") => return Err(AuthnRequestError::Subject),
                _ => return Err(ParseError::Unexpected { place }.into()),
            };
            if before.is_some() {
                let what = "a child of AuthnRequest";
                return Err(ParseError::Duplicate { what }.into());
            }
        }
        Ok(found)
    }
}

fn id(root: Node<'_, '_>) -> Result<String, ParseError> {
    let what = "AuthnRequest/@ID";
    let id = root.attribute("ID").ok_or(ParseError::Missing { what })?;
    // It comes back in our own XML and in logs; the specification's own length is about 40.
    if id.len() > 256 {
        return Err(invalid(what));
    }
    Ok(id.to_owned())
}

fn issuer(node: Option<Node<'_, '_>>) -> Result<String, ParseError> {
    let what = "Issuer";
    let node = node.ok_or(ParseError::Missing { what })?;
    sole_text(node)
        .filter(|text| !is_white_space(text))
        .map(|text| trim(text).to_owned())
        .ok_or(invalid(what))
}

fn name_id_policy(node: Node<'_, '_>) -> Result<NameIdPolicy, ParseError> {
    Ok(NameIdPolicy {
        format: node.attribute("Format").map(str::to_owned),
        allow_create: boolean(node, "AllowCreate")?,
    })
}

fn requested_context(context: Node<'_, '_>) -> Result<Option<RequestedAuthnContext>, ParseError> {
    let place = "RequestedAuthnContext";
    let comparison = match context.attribute("Comparison") {
        None => AuthnContextComparison::default(),
        Some(name) => AuthnContextComparison::ALL
            .into_iter()
            .find(|comparison| comparison.as_str() == name)
            .ok_or(invalid("RequestedAuthnContext/@Comparison"))?,
    };
    let mut classes = Vec::new();
    for child in elements(context).ok_or(ParseError::Unexpected { place })? {
        let is_reference = ["AuthnContextClassRef", "AuthnContextDeclRef"]
            .iter()
            .any(|name| is(child, NS_ASSERTION, name));
        let text = sole_text(child).filter(|_| is_reference);
        let text = text.ok_or(ParseError::Unexpected { place })?;
        classes.push(trim(text).to_owned());
    }
    Ok((!classes.is_empty()).then_some(RequestedAuthnContext {
        comparison,
        classes,
    }))
}

/// `xs:boolean`, false when absent.
fn boolean(node: Node<'_, '_>, name: &'static str) -> Result<bool, ParseError> {
    match node.attribute(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(invalid(name)),
    }
}

fn invalid(what: &'static str) -> ParseError {
    ParseError::InvalidValue { what }
}
