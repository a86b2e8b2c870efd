//! A security key in software, together with the browser that it is plugged into. It does what it is
//! told, also what no honest one would do.

#![expect(
    clippy::unwrap_used,
    reason = "tests alone use it, and fail where it fails"
)]

pub mod cbor;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Flags of authenticator data (WebAuthn §6.1).
pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const BACKUP_ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
pub const ATTESTED: u8 = 0x40;
pub const EXTENSIONS: u8 = 0x80;

/// The AAGUID.
pub const MODEL: [u8; 16] = *b"model-of-the-key";

/// The site that is taken for granted.
pub const HOST: &str = "id.acme.example";
/// Where its pages are.
pub const ORIGIN: &str = "https://id.acme.example";

/// What keys sign with.
#[derive(Debug)]
pub enum Algorithm {
    Es256(EcdsaKeyPair),
    Es384(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

/// A key for one site.
#[derive(Debug)]
pub struct SecurityKey {
    pub credential_id: Vec<u8>,
    pub algorithm: Algorithm,
    /// What the key says that it signs with, when that is not so.
    pub pretended: Option<i64>,
}

/// What the browser and the key say about a ceremony, before anything is signed.
#[derive(Debug, Clone)]
pub struct Said {
    pub client_data: Value,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    /// After the end of the authenticator data.
    pub trailing: Vec<u8>,
    pub user_handle: Option<Vec<u8>>,
    pub format: &'static str,
    pub statement: Option<Vec<u8>>,
}

impl Said {
    fn new(kind: &str, challenge: &Value) -> Self {
        Self {
            client_data: json!({
                "type": kind,
                "challenge": challenge,
                "origin": ORIGIN,
                "crossOrigin": false,
                "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
            }),
            rp_id: HOST.to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 0,
            trailing: Vec::new(),
            user_handle: None,
            format: "none",
            statement: None,
        }
    }

    /// What an honest key says to options of `create()`.
    pub fn to_create(options: &Value) -> Self {
        let mut said = Self::new("webauthn.create", &options["publicKey"]["challenge"]);
        said.flags |= ATTESTED;
        said
    }

    /// What an honest key says to options of `get()`, at its `counter`th signature.
    pub fn to_get(options: &Value, counter: u32) -> Self {
        let mut said = Self::new("webauthn.get", &options["publicKey"]["challenge"]);
        said.counter = counter;
        said
    }

    /// The same in a browser that is at another address.
    #[must_use]
    pub fn at(mut self, origin: &str, host: &str) -> Self {
        self.client_data["origin"] = json!(origin);
        host.clone_into(&mut self.rp_id);
        self
    }

    fn client_data_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.client_data).unwrap()
    }

    fn authenticator_data(&self, attested: &[u8]) -> Vec<u8> {
        [
            digest(&SHA256, self.rp_id.as_bytes()).as_ref(),
            &[self.flags],
            &self.counter.to_be_bytes(),
            attested,
            &self.trailing,
        ]
        .concat()
    }
}

impl SecurityKey {
    /// One that signs with ES256, as most do.
    pub fn new(credential_id: &[u8]) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self::with(credential_id, Algorithm::Es256(pair))
    }

    /// One that signs with something else.
    pub fn with(credential_id: &[u8], algorithm: Algorithm) -> Self {
        Self {
            credential_id: credential_id.to_vec(),
            algorithm,
            pretended: None,
        }
    }

    /// The answer of `navigator.credentials.create()`, as `toJSON()` gives it.
    pub fn create(&self, said: &Said) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        let mut attested = Vec::new();
        if said.flags & ATTESTED != 0 {
            attested.extend_from_slice(&MODEL);
            let length = u16::try_from(self.credential_id.len()).unwrap();
            attested.extend_from_slice(&length.to_be_bytes());
            attested.extend_from_slice(&self.credential_id);
            attested.extend_from_slice(&self.cose_key());
        }
        let object = cbor::map(&[
            (cbor::text("fmt"), cbor::text(said.format)),
            (
                cbor::text("attStmt"),
                said.statement.clone().unwrap_or_else(|| cbor::map(&[])),
            ),
            (
                cbor::text("authData"),
                cbor::bytes(&said.authenticator_data(&attested)),
            ),
        ]);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(said.client_data_bytes()),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": ["usb", "nfc", "carrier-pigeon"],
            },
        })
    }

    /// What a key signs that attests itself: the same bytes as in `create`, and the client data.
    pub fn self_attestation(&self, said: &Said) -> Vec<u8> {
        let length = u16::try_from(self.credential_id.len()).unwrap();
        let attested = [
            &MODEL[..],
            &length.to_be_bytes(),
            &self.credential_id,
            &self.cose_key(),
        ];
        let data = said.authenticator_data(&attested.concat());
        cbor::map(&[
            (cbor::text("alg"), cbor::int(self.algorithm_number())),
            (cbor::text("sig"), cbor::bytes(&self.sign(said, &data))),
        ])
    }

    /// The answer of `navigator.credentials.get()`, as `toJSON()` gives it.
    pub fn get(&self, said: &Said) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        let data = said.authenticator_data(&[]);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(said.client_data_bytes()),
                "authenticatorData": URL_SAFE_NO_PAD.encode(&data),
                "signature": URL_SAFE_NO_PAD.encode(self.sign(said, &data)),
                "userHandle": said.user_handle.as_ref().map(|it| URL_SAFE_NO_PAD.encode(it)),
            },
        })
    }

    fn sign(&self, said: &Said, authenticator_data: &[u8]) -> Vec<u8> {
        let hash = digest(&SHA256, &said.client_data_bytes());
        let message = [authenticator_data, hash.as_ref()].concat();
        let random = SystemRandom::new();
        match &self.algorithm {
            Algorithm::Es256(pair) | Algorithm::Es384(pair) => {
                pair.sign(&random, &message).unwrap().as_ref().to_vec()
            }
            Algorithm::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature)
                    .unwrap();
                signature
            }
            Algorithm::EdDsa(pair) => pair.sign(&message).as_ref().to_vec(),
        }
    }

    /// RFC 9053 §2.
    pub fn algorithm_number(&self) -> i64 {
        match self.algorithm {
            Algorithm::Es256(_) => -7,
            Algorithm::Es384(_) => -35,
            Algorithm::Rs256(_) => -257,
            Algorithm::EdDsa(_) => -8,
        }
    }

    /// The public key as RFC 9053 §7 writes it.
    fn cose_key(&self) -> Vec<u8> {
        let number = self.pretended.unwrap_or(self.algorithm_number());
        let algorithm = (cbor::int(3), cbor::int(number));
        match &self.algorithm {
            Algorithm::Es256(pair) => ec2(algorithm, 1, pair),
            Algorithm::Es384(pair) => ec2(algorithm, 2, pair),
            Algorithm::Rs256(pair) => {
                let public = pair.public_key().as_ref();
                // RFC 8017 appendix A.1.1, with 2048 bits: two headers and a sign byte before the
                // modulus, one header before the exponent.
                cbor::map(&[
                    (cbor::int(1), cbor::int(3)),
                    algorithm,
                    (cbor::int(-1), cbor::bytes(&public[9..265])),
                    (cbor::int(-2), cbor::bytes(&public[267..])),
                ])
            }
            Algorithm::EdDsa(pair) => cbor::map(&[
                (cbor::int(1), cbor::int(1)),
                algorithm,
                (cbor::int(-1), cbor::int(6)),
                (cbor::int(-2), cbor::bytes(pair.public_key().as_ref())),
            ]),
        }
    }
}

fn ec2(algorithm: (Vec<u8>, Vec<u8>), curve: i64, pair: &EcdsaKeyPair) -> Vec<u8> {
    let point = &pair.public_key().as_ref()[1..];
    let (x, y) = point.split_at(point.len() / 2);
    cbor::map(&[
        (cbor::int(1), cbor::int(2)),
        algorithm,
        (cbor::int(-1), cbor::int(curve)),
        (cbor::int(-2), cbor::bytes(x)),
        (cbor::int(-3), cbor::bytes(y)),
    ])
}

/// A key that signs with ES384.
pub fn es384() -> Algorithm {
    Algorithm::Es384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap())
}

/// One that signs with RS256.
pub fn rs256() -> Algorithm {
    Algorithm::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
}

/// One that signs with EdDSA.
pub fn ed_dsa() -> Algorithm {
    Algorithm::EdDsa(Ed25519KeyPair::generate().unwrap())
}
