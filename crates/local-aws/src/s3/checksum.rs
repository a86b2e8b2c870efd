//! The additional checksums of S3 (CRC32, CRC32C, CRC64NVME, SHA-1, SHA-256).

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use s3s::{
    S3Error,
    checksum::ChecksumHasher,
    crypto::{self, Checksum as _},
    dto,
};
use serde::{Deserialize, Serialize};

use super::error;

/// Which checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Algorithm {
    #[serde(rename = "CRC32")]
    Crc32,
    #[serde(rename = "CRC32C")]
    Crc32c,
    #[serde(rename = "CRC64NVME")]
    Crc64Nvme,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA256")]
    Sha256,
}

impl Algorithm {
    const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
    ];

    /// The name in `x-amz-checksum-algorithm`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The algorithm of this name.
    pub(super) fn from_name(name: &str) -> Result<Self, S3Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name).ok_or_else(|| {
            error::invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        })
    }

    /// The algorithm of a header or trailer `x-amz-checksum-…`.
    pub(super) fn from_header(header: &str) -> Option<Self> {
        let name = header.trim().to_ascii_lowercase();
        let name = name.strip_prefix("x-amz-checksum-")?.to_ascii_uppercase();
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The header or trailer that carries it.
    pub(super) fn header(self) -> String {
        format!("x-amz-checksum-{}", self.name().to_ascii_lowercase())
    }

    /// Whether a checksum of the whole object is possible for uploads in parts.
    pub(super) const fn may_be_full_object(self) -> bool {
        matches!(self, Self::Crc32 | Self::Crc32c | Self::Crc64Nvme)
    }

    /// Whether a checksum of the parts' checksums is possible.
    pub(super) const fn may_be_composite(self) -> bool {
        !matches!(self, Self::Crc64Nvme)
    }
}

/// A checksum of an object or part, as it is stored and returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checksum {
    #[serde(rename = "a")]
    pub(super) algorithm: Algorithm,
    /// Base64; for a composite one followed by a hyphen and the number of parts.
    #[serde(rename = "v")]
    pub(super) value: String,
    #[serde(rename = "c", default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) composite: bool,
}

impl Checksum {
    /// The one checksum of a request, if it carries one. Two are refused, as by S3.
    pub(super) fn given(fields: Given) -> Result<Option<Self>, S3Error> {
        let [crc32, crc32c, crc64nvme, sha1, sha256] = fields.0;
        let values = [
            (Algorithm::Crc32, crc32),
            (Algorithm::Crc32c, crc32c),
            (Algorithm::Crc64Nvme, crc64nvme),
            (Algorithm::Sha1, sha1),
            (Algorithm::Sha256, sha256),
        ];
        let mut found = None;
        for (algorithm, value) in values {
            let Some(value) = value else { continue };
            if found.is_some() {
                return Err(error::invalid_request(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not \
                     allowed.",
                ));
            }
            found = Some(Self {
                algorithm,
                value,
                composite: false,
            });
        }
        Ok(found)
    }

    /// As the members of an answer.
    pub(super) fn to_dto(&self) -> dto::Checksum {
        let mut all = dto::Checksum {
            checksum_type: Some(dto::ChecksumType::from_static(self.type_name())),
            ..dto::Checksum::default()
        };
        let value = Some(self.value.clone());
        match self.algorithm {
            Algorithm::Crc32 => all.checksum_crc32 = value,
            Algorithm::Crc32c => all.checksum_crc32c = value,
            Algorithm::Crc64Nvme => all.checksum_crc64nvme = value,
            Algorithm::Sha1 => all.checksum_sha1 = value,
            Algorithm::Sha256 => all.checksum_sha256 = value,
        }
        all
    }

    /// `COMPOSITE` or `FULL_OBJECT`.
    pub(super) const fn type_name(&self) -> &'static str {
        if self.composite {
            dto::ChecksumType::COMPOSITE
        } else {
            dto::ChecksumType::FULL_OBJECT
        }
    }

    /// Whether a checksum that a client gave is this one; the number of parts may be left out.
    pub(super) fn agrees_with(&self, computed: &Self) -> bool {
        let bare = |value: &str| value.split('-').next().unwrap_or_default().to_owned();
        self.algorithm == computed.algorithm && bare(&self.value) == bare(&computed.value)
    }

    /// The checksum of the parts' checksums, with their number. `None` when a part's checksum is
    /// not of this algorithm.
    pub(super) fn composite(algorithm: Algorithm, parts: &[&Self]) -> Option<Self> {
        let mut hasher = Hasher::new(algorithm);
        for part in parts {
            if part.algorithm != algorithm {
                return None;
            }
            hasher.update(&BASE64.decode(&part.value).ok()?);
        }
        let value = format!("{}-{}", hasher.finish().value, parts.len());
        Some(Self {
            algorithm,
            value,
            composite: true,
        })
    }
}

/// The five checksum members of a request: CRC32, CRC32C, CRC64NVME, SHA-1, SHA-256.
pub(super) struct Given(pub(super) [Option<String>; 5]);

/// Computes one checksum.
pub(super) struct Hasher {
    algorithm: Algorithm,
    inner: ChecksumHasher,
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        let mut inner = ChecksumHasher::default();
        match algorithm {
            Algorithm::Crc32 => inner.crc32 = Some(crypto::Crc32::new()),
            Algorithm::Crc32c => inner.crc32c = Some(crypto::Crc32c::new()),
            Algorithm::Crc64Nvme => inner.crc64nvme = Some(crypto::Crc64Nvme::new()),
            Algorithm::Sha1 => inner.sha1 = Some(crypto::Sha1::new()),
            Algorithm::Sha256 => inner.sha256 = Some(crypto::Sha256::new()),
        }
        Self { algorithm, inner }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    pub(super) fn finish(self) -> Checksum {
        let all = self.inner.finalize();
        let value = match self.algorithm {
            Algorithm::Crc32 => all.checksum_crc32,
            Algorithm::Crc32c => all.checksum_crc32c,
            Algorithm::Crc64Nvme => all.checksum_crc64nvme,
            Algorithm::Sha1 => all.checksum_sha1,
            Algorithm::Sha256 => all.checksum_sha256,
        };
        // Exactly the algorithm that was enabled in `new` has a value.
        Checksum {
            algorithm: self.algorithm,
            value: value.unwrap_or_default(),
            composite: false,
        }
    }
}
