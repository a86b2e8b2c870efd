//! The physical limits: raw RSA-2048 of aws-lc-rs, with the key parsed once, and raw Argon2id, with
//! its memory used again.

use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};

/// An RSA-2048 key and a message of the size that an assertion's SignedInfo has.
pub(crate) struct RawRsa {
    pair: KeyPair,
    public: ParsedPublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
    random: SystemRandom,
}

impl RawRsa {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no key"))?;
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())
            .map_err(|_| anyhow!("no public key"))?;
        let signature = vec![0; pair.public_modulus_len()];
        let mut raw = Self {
            pair,
            public,
            message: vec![b'm'; 640],
            signature,
            random: SystemRandom::new(),
        };
        raw.sign();
        Ok(raw)
    }

    pub(crate) fn sign(&mut self) {
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &self.random,
                &self.message,
                &mut self.signature,
            )
            .expect("a fresh RSA-2048 key signs");
    }

    pub(crate) fn verify(&self) {
        self.public
            .verify_sig(&self.message, &self.signature)
            .expect("its own signature verifies");
    }
}

/// Argon2id with the parameters that OWASP recommends first: 19 MiB, two passes, one lane.
pub(crate) struct RawArgon2id {
    argon2: Argon2<'static>,
    memory: Vec<Block>,
}

impl RawArgon2id {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let params = Params::new(19_456, 2, 1, Some(32)).map_err(|error| anyhow!("{error}"))?;
        let memory = vec![Block::default(); params.block_count()];
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            memory,
        })
    }

    pub(crate) fn hash(&mut self) {
        let mut output = [0; 32];
        self.argon2
            .hash_password_into_with_memory(
                b"that-is-all-folks",
                b"sixteen byte sal",
                &mut output,
                &mut self.memory,
            )
            .expect("the parameters are good");
        std::hint::black_box(output);
    }
}
