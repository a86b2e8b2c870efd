//! Taking in the bytes of an object or part: hashed, counted and checked on the way to the file.

use std::fmt::Display;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use s3s::{
    S3Error, S3ErrorCode, S3Result, TrailingHeaders,
    crypto::{Checksum as _, Md5},
};

use super::{
    checksum::{Algorithm, Checksum, Hasher},
    error,
    files::Files,
};

/// The most bytes of an object or part: 5 GiB.
pub(super) const MAX_SIZE: u64 = 5 * 1024 * 1024 * 1024;

/// What the client said about the bytes.
#[derive(Default)]
pub(super) struct Promise {
    /// A checksum in a header.
    pub(super) checksum: Option<Checksum>,
    /// The algorithm of a checksum that comes in a trailer, or that is only to be computed.
    pub(super) algorithm: Option<Algorithm>,
    /// The trailer.
    pub(super) trailer: Option<TrailingHeaders>,
    /// `Content-MD5`.
    pub(super) md5: Option<[u8; 16]>,
    /// The number of bytes.
    pub(super) length: Option<u64>,
}

/// Bytes that arrived complete and as promised.
#[derive(Debug)]
pub(super) struct Received {
    /// The file with the bytes.
    pub(super) file: String,
    pub(super) size: u64,
    pub(super) md5: [u8; 16],
    pub(super) checksum: Checksum,
}

/// Writes `bytes` to a new file named `name`. Nothing is left behind when a promise is broken.
pub(super) async fn receive<E: Display>(
    files: &Files,
    name: String,
    bytes: impl Stream<Item = Result<Bytes, E>>,
    promise: Promise,
) -> S3Result<Received> {
    if promise.length.is_some_and(|length| length > MAX_SIZE) {
        return Err(error::plain(S3ErrorCode::EntityTooLarge));
    }
    let mut bytes = std::pin::pin!(bytes);
    let mut draft = files.begin(name).await.map_err(|fault| error::io(&fault))?;
    let mut hasher = Hasher::new(promise.wanted());
    let mut md5 = Md5::new();
    let mut size = 0_u64;
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|fault| broken_body(&fault))?;
        size += chunk.len() as u64;
        if size > MAX_SIZE {
            return Err(error::plain(S3ErrorCode::EntityTooLarge));
        }
        md5.update(&chunk);
        hasher.update(&chunk);
        draft
            .write(&chunk)
            .await
            .map_err(|fault| error::io(&fault))?;
    }
    let (md5, checksum) = (md5.finalize(), hasher.finish());
    promise.check(size, &md5, &checksum)?;
    let file = draft.keep().await.map_err(|fault| error::io(&fault))?;
    Ok(Received {
        file,
        size,
        md5,
        checksum,
    })
}

impl Promise {
    /// The checksum to compute: the one that was promised, or S3's default.
    fn wanted(&self) -> Algorithm {
        self.checksum
            .as_ref()
            .map(|checksum| checksum.algorithm)
            .or(self.algorithm)
            .unwrap_or(Algorithm::Crc64Nvme)
    }

    fn check(&self, size: u64, md5: &[u8; 16], checksum: &Checksum) -> S3Result<()> {
        if self.length.is_some_and(|length| length != size) {
            return Err(error::plain(S3ErrorCode::IncompleteBody));
        }
        if self.md5.is_some_and(|expected| expected != *md5) {
            return Err(error::plain(S3ErrorCode::BadDigest));
        }
        let in_header = self
            .checksum
            .as_ref()
            .map(|checksum| checksum.value.clone());
        let in_trailer = self.trailer.as_ref().and_then(|trailer| {
            trailer.read(|headers| {
                let value = headers.get(checksum.algorithm.header())?;
                value.to_str().ok().map(|value| value.trim().to_owned())
            })?
        });
        for expected in in_header.iter().chain(&in_trailer) {
            if *expected != checksum.value {
                return Err(S3Error::with_message(
                    S3ErrorCode::BadDigest,
                    format!(
                        "The {} you specified did not match the calculated checksum.",
                        checksum.algorithm.name()
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// Reads `Content-MD5`.
pub(super) fn content_md5(header: Option<&str>) -> S3Result<Option<[u8; 16]>> {
    use base64::Engine;
    let Some(header) = header else {
        return Ok(None);
    };
    base64::engine::general_purpose::STANDARD
        .decode(header)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(Some)
        .ok_or_else(|| error::plain(S3ErrorCode::InvalidDigest))
}

/// A body that ended wrongly. The kinds of `s3s` are private; their texts are not, and the version
/// of `s3s` is pinned.
fn broken_body(fault: &impl Display) -> S3Error {
    let text = fault.to_string();
    tracing::debug!("s3: the body of a request is broken: {text}");
    if text.contains("Sha256Mismatch") {
        return error::custom(
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
    }
    if text.contains("SignatureMismatch") {
        return error::plain(S3ErrorCode::SignatureDoesNotMatch);
    }
    error::plain(S3ErrorCode::IncompleteBody)
}
