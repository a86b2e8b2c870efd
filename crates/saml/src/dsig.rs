//! Enveloped XML signatures, in the one shape SAML allows (SAML core 5.4).
//!
//! In two steps. [`PreparedSignature::read`] needs no key: it accepts exactly
//! `SignedInfo, SignatureValue, [KeyInfo]`, one Reference to the parent's ID, the transforms
//! enveloped + exclusive c14n, and algorithms from a list; it canonicalises, and it hashes nothing.
//! [`PreparedSignature::verify`] checks SignatureValue first and only then the digest. `KeyInfo`
//! is never read: trust comes from the keys the caller pinned.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use roxmltree::Node;
use thiserror::Error;

use crate::{
    keys::{SignatureAlgorithm, VerifyingKey},
    names::{ENVELOPED, EXC_C14N, NS_DSIG, NS_DSIG11},
    xml::{
        c14n,
        read::{elements, is, is_white_space, sole_text},
    },
};

/// Prefixes accepted in one InclusiveNamespaces list.
const MAX_PREFIXES: usize = 32;

/// What is wrong with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureFault {
    /// A Signature element where none belongs, or a second one in the same place.
    #[error("a Signature is not where SAML puts it: once, directly in the element it signs")]
    Misplaced,
    /// Signature is not exactly SignedInfo, SignatureValue and perhaps KeyInfo, each once.
    #[error("the Signature has an unexpected structure")]
    Structure,
    /// Canonicalisation other than exclusive c14n without comments.
    #[error("only exclusive canonicalisation without comments is accepted")]
    Canonicalization,
    /// A signature algorithm outside the list.
    #[error("only RSA and ECDSA signatures with SHA-256, SHA-384 or SHA-512 are accepted")]
    SignatureAlgorithm,
    /// A digest algorithm outside the list.
    #[error("only the digests SHA-256, SHA-384 and SHA-512 are accepted")]
    DigestAlgorithm,
    /// Not exactly one Reference, to the element that holds the Signature.
    #[error("the Signature must have one Reference, to the ID of the element that holds it")]
    Reference,
    /// Transforms other than enveloped-signature followed by exclusive c14n.
    #[error("the Reference must be transformed by enveloped-signature and exclusive c14n only")]
    Transforms,
    /// SignatureValue or DigestValue is not base64.
    #[error("SignatureValue or DigestValue is not base64")]
    Encoding,
    /// The signed element does not canonicalise within bounds.
    #[error("the signed element cannot be canonicalised within bounds")]
    NotCanonical,
    /// No trusted key made this signature.
    #[error("the signature does not verify with any trusted key")]
    Value,
    /// The signature is genuine but the signed element was changed.
    #[error("the signed element was changed after it was signed")]
    Digest,
}

/// A signature of acceptable shape, with the bytes to check.
#[derive(Clone)]
pub(crate) struct PreparedSignature {
    algorithm: SignatureAlgorithm,
    signed_info: Vec<u8>,
    value: Vec<u8>,
    digest_algorithm: &'static digest::Algorithm,
    digest: Vec<u8>,
    content: Vec<u8>,
}

impl PreparedSignature {
    /// Reads `signature`, a child of `parent` whose ID is `id`.
    pub(crate) fn read(
        signature: Node<'_, '_>,
        parent: Node<'_, '_>,
        id: &str,
    ) -> Result<Self, SignatureFault> {
        check_foreign_content(signature)?;
        only_attributes(signature, &["Id"])?;
        let children = dsig_children(signature)?;
        let (signed_info, value) = match children.as_slice() {
            [signed_info, value] => (*signed_info, *value),
            [signed_info, value, key_info] if is(*key_info, NS_DSIG, "KeyInfo") => {
                (*signed_info, *value)
            }
            _ => return Err(SignatureFault::Structure),
        };
        if !is(signed_info, NS_DSIG, "SignedInfo") || !is(value, NS_DSIG, "SignatureValue") {
            return Err(SignatureFault::Structure);
        }
        only_attributes(signed_info, &["Id"])?;
        only_attributes(value, &["Id"])?;
        let info = SignedInfo::read(signed_info, id)?;
        let canonical = |node, without, prefixes: &[&str]| {
            c14n::exclusive(node, without, prefixes).map_err(|_| SignatureFault::NotCanonical)
        };
        Ok(Self {
            algorithm: info.algorithm,
            signed_info: canonical(signed_info, None, &info.own_prefixes)?,
            value: base64_content(value)?,
            digest_algorithm: info.digest_algorithm,
            digest: info.digest,
            content: canonical(parent, Some(signature), &info.content_prefixes)?,
        })
    }

    /// SignatureValue under one of `keys`, then the digest.
    pub(crate) fn verify(&self, keys: &[VerifyingKey]) -> Result<(), SignatureFault> {
        if !keys
            .iter()
            .any(|key| key.verifies(self.algorithm, &self.signed_info, &self.value))
        {
            return Err(SignatureFault::Value);
        }
        let actual = digest::digest(self.digest_algorithm, &self.content);
        verify_slices_are_equal(actual.as_ref(), &self.digest).map_err(|_| SignatureFault::Digest)
    }
}

struct SignedInfo<'a> {
    algorithm: SignatureAlgorithm,
    /// InclusiveNamespaces of SignedInfo itself.
    own_prefixes: Vec<&'a str>,
    /// InclusiveNamespaces of the signed element.
    content_prefixes: Vec<&'a str>,
    digest_algorithm: &'static digest::Algorithm,
    digest: Vec<u8>,
}

impl<'a> SignedInfo<'a> {
    fn read(signed_info: Node<'a, '_>, id: &str) -> Result<Self, SignatureFault> {
        let children = dsig_children(signed_info)?;
        let [canonicalization, method, reference] = children.as_slice() else {
            return Err(SignatureFault::Reference);
        };
        if !is(*canonicalization, NS_DSIG, "CanonicalizationMethod")
            || !is(*method, NS_DSIG, "SignatureMethod")
            || !is(*reference, NS_DSIG, "Reference")
        {
            return Err(SignatureFault::Structure);
        }
        if algorithm(*canonicalization)? != EXC_C14N {
            return Err(SignatureFault::Canonicalization);
        }
        let own_prefixes =
            inclusive_prefixes(*canonicalization).ok_or(SignatureFault::Canonicalization)?;
        let algorithm = SignatureAlgorithm::from_uri(algorithm(*method)?)
            .filter(|_| is_empty(*method))
            .ok_or(SignatureFault::SignatureAlgorithm)?;
        let reference = Reference::read(*reference, id)?;
        Ok(Self {
            algorithm,
            own_prefixes,
            content_prefixes: reference.prefixes,
            digest_algorithm: reference.digest_algorithm,
            digest: reference.digest,
        })
    }
}

struct Reference<'a> {
    prefixes: Vec<&'a str>,
    digest_algorithm: &'static digest::Algorithm,
    digest: Vec<u8>,
}

impl<'a> Reference<'a> {
    fn read(reference: Node<'a, '_>, id: &str) -> Result<Self, SignatureFault> {
        only_attributes(reference, &["Id", "URI"])?;
        let target = reference.attribute("URI").unwrap_or_default();
        if target.strip_prefix('#') != Some(id) {
            return Err(SignatureFault::Reference);
        }
        let children = dsig_children(reference)?;
        let [transforms, method, value] = children.as_slice() else {
            return Err(SignatureFault::Structure);
        };
        if !is(*transforms, NS_DSIG, "Transforms")
            || !is(*method, NS_DSIG, "DigestMethod")
            || !is(*value, NS_DSIG, "DigestValue")
        {
            return Err(SignatureFault::Structure);
        }
        only_attributes(*transforms, &[])?;
        only_attributes(*value, &[])?;
        let prefixes = read_transforms(*transforms)?;
        let digest_algorithm = digest_algorithm(algorithm(*method)?)
            .filter(|_| is_empty(*method))
            .ok_or(SignatureFault::DigestAlgorithm)?;
        let digest = base64_content(*value)?;
        if digest.len() != digest_algorithm.output_len() {
            return Err(SignatureFault::Encoding);
        }
        Ok(Self {
            prefixes,
            digest_algorithm,
            digest,
        })
    }
}

/// Exactly enveloped-signature, then exclusive c14n, whose PrefixList is returned.
fn read_transforms<'a>(transforms: Node<'a, '_>) -> Result<Vec<&'a str>, SignatureFault> {
    let children = dsig_children(transforms)?;
    let [enveloped, exclusive] = children.as_slice() else {
        return Err(SignatureFault::Transforms);
    };
    let both_transforms =
        is(*enveloped, NS_DSIG, "Transform") && is(*exclusive, NS_DSIG, "Transform");
    if !both_transforms
        || algorithm(*enveloped)? != ENVELOPED
        || algorithm(*exclusive)? != EXC_C14N
        || !is_plain_enveloped(*enveloped)
    {
        return Err(SignatureFault::Transforms);
    }
    inclusive_prefixes(*exclusive).ok_or(SignatureFault::Transforms)
}

/// The enveloped transform takes no parameters. The npm package xml-crypto writes its
/// InclusiveNamespaces there too, under the transform's own URI as namespace. It has no meaning
/// and is itself signed, so that one child is tolerated and ignored.
fn is_plain_enveloped(transform: Node<'_, '_>) -> bool {
    match elements(transform).as_deref() {
        Some([]) => true,
        Some([child]) => {
            is_empty(*child)
                && child.tag_name().name() == "InclusiveNamespaces"
                && matches!(child.tag_name().namespace(), Some(ENVELOPED | EXC_C14N))
        }
        _ => false,
    }
}

/// The PrefixList of the only child InclusiveNamespaces, `""` for `#default`; empty without child.
fn inclusive_prefixes<'a>(method: Node<'a, '_>) -> Option<Vec<&'a str>> {
    let children = elements(method)?;
    let list = match children.as_slice() {
        [] => return Some(Vec::new()),
        [child] if is(*child, EXC_C14N, "InclusiveNamespaces") && is_empty(*child) => {
            child.attribute("PrefixList")?
        }
        _ => return None,
    };
    let prefixes: Vec<_> = list
        .split([' ', '\t', '\r', '\n'])
        .filter(|prefix| !prefix.is_empty())
        .map(|prefix| if prefix == "#default" { "" } else { prefix })
        .collect();
    (prefixes.len() <= MAX_PREFIXES).then_some(prefixes)
}

fn digest_algorithm(uri: &str) -> Option<&'static digest::Algorithm> {
    match uri {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Some(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(&digest::SHA512),
        _ => None,
    }
}

/// The Signature is cut out of what it signs, so nothing in it is protected except SignedInfo.
/// Only signature vocabulary may be there: no SAML, no second Signature, no ds:Object.
fn check_foreign_content(signature: Node<'_, '_>) -> Result<(), SignatureFault> {
    for node in signature.descendants().filter(Node::is_element).skip(1) {
        let tag = node.tag_name();
        let known = match tag.namespace() {
            Some(NS_DSIG) => !matches!(tag.name(), "Signature" | "Object" | "Manifest"),
            Some(NS_DSIG11) => true,
            Some(EXC_C14N | ENVELOPED) => tag.name() == "InclusiveNamespaces",
            _ => false,
        };
        if !known {
            return Err(SignatureFault::Structure);
        }
    }
    Ok(())
}

fn dsig_children<'a, 'input>(
    parent: Node<'a, 'input>,
) -> Result<Vec<Node<'a, 'input>>, SignatureFault> {
    elements(parent).ok_or(SignatureFault::Structure)
}

fn algorithm<'a>(method: Node<'a, '_>) -> Result<&'a str, SignatureFault> {
    only_attributes(method, &["Algorithm"])?;
    method
        .attribute("Algorithm")
        .ok_or(SignatureFault::Structure)
}

fn only_attributes(node: Node<'_, '_>, allowed: &[&str]) -> Result<(), SignatureFault> {
    let expected = node
        .attributes()
        .all(|attribute| attribute.namespace().is_none() && allowed.contains(&attribute.name()));
    if expected {
        Ok(())
    } else {
        Err(SignatureFault::Structure)
    }
}

fn is_empty(node: Node<'_, '_>) -> bool {
    sole_text(node).is_some_and(is_white_space)
}

/// Base64 in which XML white space may stand anywhere.
fn base64_content(element: Node<'_, '_>) -> Result<Vec<u8>, SignatureFault> {
    let text = sole_text(element).ok_or(SignatureFault::Structure)?;
    STANDARD
        .decode(text)
        .or_else(|_| STANDARD.decode(without_white_space(text)))
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .ok_or(SignatureFault::Encoding)
}

fn without_white_space(text: &str) -> Vec<u8> {
    text.bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .collect()
}
