//! Checking the signature.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use time::{Duration, OffsetDateTime, macros::format_description};
use zeroize::Zeroizing;

use super::error::ScopeFault;
use super::{ALGORITHM, Authorization, MAX_SKEW, Placement, RequestParts, SigV4Error, canonical};

/// Checks time, scope and signature. The secret is that of `authorization.access_key_id`; the
/// session token is the caller's to check.
pub fn verify(
    parts: &RequestParts<'_>,
    authorization: &Authorization,
    secret_access_key: &str,
    now: OffsetDateTime,
) -> Result<(), SigV4Error> {
    authorization.check_scope(&authorization.service, now)?;
    let given = authorization.signature.as_bytes();
    for path in canonical::canonical_paths(parts.path, authorization.is_s3()) {
        let request = canonical::canonical_request(parts, authorization, &path);
        let computed = signature(&request, authorization, secret_access_key);
        if verify_slices_are_equal(computed.as_bytes(), given).is_ok() {
            return Ok(());
        }
    }
    Err(SigV4Error::Mismatch)
}

/// The signature of a canonical request, in lower-case hexadecimal.
fn signature(
    canonical_request: &str,
    authorization: &Authorization,
    secret_access_key: &str,
) -> String {
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{}\n{}",
        authorization.timestamp,
        authorization.scope(),
        hex::encode(digest(&SHA256, canonical_request.as_bytes()))
    );
    let secret = Zeroizing::new([b"AWS4", secret_access_key.as_bytes()].concat());
    let mut key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    for part in [
        &authorization.date,
        &authorization.region,
        &authorization.service,
        &authorization.terminator,
    ] {
        let derived = hmac::sign(&key, part.as_bytes());
        key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
    }
    hex::encode(hmac::sign(&key, string_to_sign.as_bytes()))
}

impl Authorization {
    /// The checks that need no secret, in AWS's order: the time, then the scope. To be made
    /// before the access key is looked up, so that a stale or misdirected request says so.
    pub fn check_scope(&self, service: &str, now: OffsetDateTime) -> Result<(), SigV4Error> {
        self.check_time(now)?;
        let mut faults = Vec::new();
        if self.service != service {
            faults.push(ScopeFault::Service {
                given: self.service.clone(),
                expected: service.to_owned(),
            });
        }
        if self.terminator != "aws4_request" {
            faults.push(ScopeFault::Terminator(self.terminator.clone()));
        }
        if self.timestamp.get(..8) != Some(self.date.as_str()) {
            faults.push(ScopeFault::Date {
                given: self.date.clone(),
                expected: self.timestamp.chars().take(8).collect(),
                timestamp: self.timestamp.clone(),
            });
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(SigV4Error::WrongScope(faults))
        }
    }

    fn check_time(&self, now: OffsetDateTime) -> Result<(), SigV4Error> {
        // A presigned S3 address says itself how long it lives.
        if let Placement::Query {
            expires: Some(seconds),
        } = self.placement
        {
            if now - self.signed_at > Duration::seconds(i64::from(seconds)) {
                return Err(SigV4Error::PresignedExpired);
            }
        } else if self.signed_at < now - MAX_SKEW {
            return Err(SigV4Error::Expired {
                signed_at: self.timestamp.clone(),
                earliest: basic_format(now - MAX_SKEW),
                now: basic_format(now),
            });
        }
        if self.signed_at > now + MAX_SKEW {
            return Err(SigV4Error::NotYetCurrent {
                signed_at: self.timestamp.clone(),
                latest: basic_format(now + MAX_SKEW),
                now: basic_format(now),
            });
        }
        Ok(())
    }
}

fn basic_format(at: OffsetDateTime) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    // Formatting a time with a constant format into a String has no way to fail.
    at.to_offset(time::UtcOffset::UTC)
        .format(format)
        .unwrap_or_default()
}
