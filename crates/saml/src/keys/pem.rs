//! The textual encoding of keys and certificates (RFC 7468), as tolerantly as OpenSSL writes it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// One block between BEGIN and END.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Zeroizing<Vec<u8>>,
    /// With the headers of an encrypted key (RFC 1421 4.6.1.1).
    pub(super) has_headers: bool,
}

/// A block that ends early or is not base64.
#[derive(Debug)]
pub(super) struct Damaged;

impl Block {
    pub(super) fn is_certificate(&self) -> bool {
        matches!(
            self.label.as_str(),
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE"
        )
    }

    pub(super) fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }
}

/// How many blocks there are of each kind.
pub(super) struct Labels {
    pub(super) certificates: usize,
    pub(super) requests: usize,
    pub(super) keys: usize,
    pub(super) encrypted: usize,
    pub(super) public_keys: usize,
}

impl Labels {
    pub(super) fn of(blocks: &[Block]) -> Self {
        let count = |is: fn(&Block) -> bool| blocks.iter().filter(|block| is(block)).count();
        Self {
            certificates: count(Block::is_certificate),
            requests: count(|block| block.label.ends_with("CERTIFICATE REQUEST")),
            keys: count(Block::is_private_key),
            encrypted: count(|block| {
                block.is_private_key() && (block.has_headers || block.label.contains("ENCRYPTED"))
            }),
            public_keys: count(|block| block.label.ends_with("PUBLIC KEY")),
        }
    }
}

/// All blocks of a file, or `None` if there is no sign of PEM in it.
pub(super) fn blocks(file: &[u8]) -> Result<Option<Vec<Block>>, Damaged> {
    let Ok(text) = std::str::from_utf8(file) else {
        return Ok(None);
    };
    if !text.contains("-----BEGIN ") {
        return Ok(None);
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or(Damaged)?;
        let end = format!("-----END {label}-----");
        let (body, after) = after.split_once(end.as_str()).ok_or(Damaged)?;
        found.push(block(label, body)?);
        rest = after;
    }
    Ok(Some(found))
}

fn block(label: &str, body: &str) -> Result<Block, Damaged> {
    let has_headers = body.contains(':');
    let mut compact = Zeroizing::new(String::with_capacity(body.len()));
    compact.extend(body.chars().filter(|c| !c.is_whitespace()));
    let der = if has_headers {
        // What follows the headers is not DER, and is refused as encrypted.
        Vec::new()
    } else {
        STANDARD.decode(compact.as_bytes()).map_err(|_| Damaged)?
    };
    Ok(Block {
        label: label.to_owned(),
        der: Zeroizing::new(der),
        has_headers,
    })
}
