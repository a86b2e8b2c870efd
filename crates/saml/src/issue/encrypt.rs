//! Assertions for the eyes of one service provider (XML Encryption 1.1, SAML core 6).

use std::fmt;

use aws_lc_rs::{
    aead::{self, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    error::Unspecified,
    iv::FixedLength,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{IssueError, Writer};
use crate::{
    keys::EncryptionKey,
    names::{DIGEST_SHA1, NS_ASSERTION, NS_DSIG, NS_XENC, RSA_OAEP_MGF1P},
};

/// Algorithms that carry a key, of which ours must be among those a service provider lists.
const KEY_TRANSPORTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
    "http://www.w3.org/2009/xmlenc11#rsa-oaep",
    RSA_OAEP_MGF1P,
];

/// How the content is encrypted. The key travels with RSA-OAEP-MGF1P in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentCipher {
    /// AES-256-GCM.
    #[default]
    Aes256Gcm,
    /// AES-128-GCM.
    Aes128Gcm,
    /// AES-256-CBC, for service providers that know nothing newer. It does not protect what it
    /// hides against change; the signature inside does.
    Aes256Cbc,
}

impl ContentCipher {
    const BY_STRENGTH: [Self; 3] = [Self::Aes256Gcm, Self::Aes128Gcm, Self::Aes256Cbc];

    /// The best one among the `EncryptionMethod` algorithms a service provider lists
    /// ([`SpMetadata::encryption_methods`](crate::SpMetadata::encryption_methods)). Without a list
    /// of ciphers, AES-256-GCM. `None` when it lists only what we do not offer.
    pub fn among(methods: &[String]) -> Option<Self> {
        let lists = |uri: &str| methods.iter().any(|method| method == uri);
        let names_transports = KEY_TRANSPORTS.iter().any(|uri| lists(uri));
        if names_transports && !lists(RSA_OAEP_MGF1P) {
            return None;
        }
        let names_ciphers = methods
            .iter()
            .any(|method| !KEY_TRANSPORTS.contains(&method.as_str()));
        if !names_ciphers {
            return Some(Self::default());
        }
        Self::BY_STRENGTH
            .into_iter()
            .find(|cipher| lists(cipher.uri()))
    }

    /// The URI that names it.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    fn key_length(self) -> usize {
        match self {
            Self::Aes256Gcm | Self::Aes256Cbc => 32,
            Self::Aes128Gcm => 16,
        }
    }

    /// Initialisation vector, ciphertext and, with GCM, the tag (XML Encryption 5.2).
    fn encrypt(
        self,
        key: &[u8],
        iv: [u8; 16],
        mut content: Vec<u8>,
    ) -> Result<Vec<u8>, Unspecified> {
        let algorithm = match self {
            Self::Aes256Gcm => &aead::AES_256_GCM,
            Self::Aes128Gcm => &aead::AES_128_GCM,
            Self::Aes256Cbc => {
                let key = UnboundCipherKey::new(&AES_256, key)?;
                let vector = EncryptionContext::Iv128(FixedLength::from(iv));
                PaddedBlockEncryptingKey::cbc_pkcs7(key)?
                    .less_safe_encrypt(&mut content, vector)?;
                return Ok([iv.as_slice(), &content].concat());
            }
        };
        let nonce = &iv[..12];
        LessSafeKey::new(UnboundKey::new(algorithm, key)?).seal_in_place_append_tag(
            Nonce::try_assume_unique_for_key(nonce)?,
            Aad::empty(),
            &mut content,
        )?;
        Ok([nonce, &content].concat())
    }
}

/// To whom and how one assertion is encrypted. Used up by that, since its random bytes may serve
/// only once.
pub struct Encryption<'a> {
    /// The key of the service provider.
    pub key: &'a EncryptionKey,
    /// The cipher for the content.
    pub cipher: ContentCipher,
    /// Content key and initialisation vector: fresh random bytes for each assertion, never used
    /// again. (RSA-OAEP adds its own, drawn by the cryptographic library.)
    pub random: Zeroizing<[u8; 48]>,
}

impl Encryption<'_> {
    /// `saml:EncryptedAssertion` around `assertion`, itself in canonical form.
    pub(super) fn encrypted_assertion(self, assertion: String) -> Result<String, IssueError> {
        let (secret, rest) = self.random.split_at(32);
        let secret = &secret[..self.cipher.key_length()];
        let iv = <[u8; 16]>::try_from(rest).map_err(|_| IssueError::Encrypting)?;
        let wrapped = self.key.wrap(secret).ok_or(IssueError::Encrypting)?;
        let content = self
            .cipher
            .encrypt(secret, iv, assertion.into_bytes())
            .map_err(|_| IssueError::Encrypting)?;
        let mut w = Writer::with_capacity(content.len() * 2 + 4096);
        w.open("saml:EncryptedAssertion", &[("xmlns:saml", NS_ASSERTION)])?;
        w.open(
            "xenc:EncryptedData",
            &[
                ("xmlns:xenc", NS_XENC),
                ("Type", "http://www.w3.org/2001/04/xmlenc#Element"),
            ],
        )?;
        w.empty("xenc:EncryptionMethod", &[("Algorithm", self.cipher.uri())])?;
        w.open("ds:KeyInfo", &[("xmlns:ds", NS_DSIG)])?;
        self.write_key(&mut w, &wrapped)?;
        w.close("ds:KeyInfo");
        write_cipher(&mut w, &content)?;
        w.close("xenc:EncryptedData");
        w.close("saml:EncryptedAssertion");
        Ok(w.into_string())
    }

    fn write_key(&self, w: &mut Writer, wrapped: &[u8]) -> Result<(), IssueError> {
        w.open("xenc:EncryptedKey", &[])?;
        w.open("xenc:EncryptionMethod", &[("Algorithm", RSA_OAEP_MGF1P)])?;
        w.empty("ds:DigestMethod", &[("Algorithm", DIGEST_SHA1)])?;
        w.close("xenc:EncryptionMethod");
        w.open("ds:KeyInfo", &[])?;
        w.open("ds:X509Data", &[])?;
        w.leaf("ds:X509Certificate", &[], self.key.certificate_base64())?;
        w.close("ds:X509Data");
        w.close("ds:KeyInfo");
        write_cipher(w, wrapped)?;
        w.close("xenc:EncryptedKey");
        Ok(())
    }
}

impl fmt::Debug for Encryption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption")
            .field("key", self.key)
            .field("cipher", &self.cipher)
            .finish_non_exhaustive()
    }
}

fn write_cipher(w: &mut Writer, bytes: &[u8]) -> Result<(), IssueError> {
    w.open("xenc:CipherData", &[])?;
    w.leaf("xenc:CipherValue", &[], &STANDARD.encode(bytes))?;
    w.close("xenc:CipherData");
    Ok(())
}
