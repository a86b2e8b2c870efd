//! The way in: the signature, then the operation.
//!
//! The signature is verified here, and once more by `s3s`. Here, because the time must be the
//! server's clock, the errors AWS's, and the session token checked before anything else; there,
//! because the signatures of the chunks and the hash of the body hang on it.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, header, request::Parts};
use jetway_aws_wire::{
    AwsError,
    sigv4::{self, Authorization, BodyHash, Placement, RequestParts},
};
use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    auth::{S3Auth, SecretKey},
    config::{S3Config, StaticConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};
use secrecy::ExposeSecret;

use super::{
    backend::Backend,
    call::{Call, Signature},
    error,
    finish::{self, Ids},
    hosts::Hosts,
};
use crate::{
    LocalAws, Op,
    credentials::{self, CredentialError},
};

/// The most bytes of a request in XML: a completed upload of 10 000 parts with checksums.
const MAX_XML: usize = 4 * 1024 * 1024;

/// S3 of a local AWS.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    aws: LocalAws,
    inner: S3Service,
}

impl Service {
    pub(super) fn new(aws: &LocalAws) -> Self {
        let mut config = S3Config::default();
        config.xml_max_body_size = MAX_XML;
        // The time was checked against the server's clock before `s3s` sees the request.
        config.presigned_url_max_skew_time_secs = u32::MAX;
        let mut builder = S3ServiceBuilder::new(Backend::new(aws));
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        builder.set_auth(Secrets(aws.clone()));
        builder.set_access(OnlyVerified);
        builder.set_host(Hosts::new(
            aws.settings().public_url.host_str().unwrap_or_default(),
        ));
        Self {
            aws: aws.clone(),
            inner: builder.build(),
        }
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, mut op: Op, request: Request<Body>) -> Response<Body> {
        let ids = Ids::new(&mut op);
        let is_head = request.method() == Method::HEAD;
        let (mut parts, body) = request.into_parts();
        let answer = match self.verify(op, &parts) {
            Ok(call) => {
                parts.extensions.insert(Arc::new(call));
                hide_secrets(&mut parts.headers);
                let body = s3s::Body::http_body_unsync(body);
                match self.inner.call(Request::from_parts(parts, body)).await {
                    Ok(response) => response.map(Body::new),
                    Err(error) => {
                        let error: s3s::StdError = error.into();
                        tracing::error!("s3: no answer could be written: {error}");
                        finish::refusal(&AwsError::internal(), &ids)
                    }
                }
            }
            Err(refused) => finish::refusal(&refused, &ids),
        };
        finish::finish(answer, &ids, is_head).await
    }

    /// Who signed the request. Every fault is an answer.
    fn verify(&self, mut op: Op, parts: &Parts) -> Result<Call, AwsError> {
        refuse_form_upload(parts)?;
        let headers = headers_of(&parts.headers);
        let content_sha256 = content_sha256(&headers)?;
        let signed = RequestParts {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &headers,
            body_sha256: content_sha256.map_or(BodyHash::UNSIGNED_PAYLOAD, BodyHash::verbatim),
        };
        let authorization = sigv4::parse(&signed)
            .and_then(|found| match found {
                Some(found) => found.check_scope("s3", op.now).map(|()| Some(found)),
                None => Ok(None),
            })
            .map_err(sigv4::SigV4Error::into_s3_error)?
            .ok_or_else(error::anonymous)?;
        if content_sha256.is_none() && authorization.placement == Placement::Header {
            return Err(AwsError::bad_request(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            ));
        }
        let state = self.aws.state();
        let principal = self.principal(&state, &authorization, &op)?;
        let secret = self.aws.vault().secret_of(&authorization.access_key_id);
        sigv4::verify(&signed, &authorization, secret.expose_secret(), op.now)
            .map_err(sigv4::SigV4Error::into_s3_error)?;
        let nonce = op.random();
        Ok(Call {
            signature: Signature {
                presigned_age: match authorization.placement {
                    Placement::Header => None,
                    Placement::Query { .. } => {
                        Some((op.now - authorization.signed_at).whole_milliseconds())
                    }
                },
                access_key_id: authorization.access_key_id,
                region: authorization.region,
                content_sha256: signed.body_sha256.as_str().to_owned(),
            },
            op,
            principal,
            state,
            nonce,
        })
    }

    fn principal(
        &self,
        state: &crate::state::State,
        authorization: &Authorization,
        op: &Op,
    ) -> Result<crate::Principal, AwsError> {
        let token = authorization.security_token.as_deref();
        let key = &authorization.access_key_id;
        credentials::resolve(self.aws.vault(), state, key, token, op.now).map_err(|fault| {
            match fault {
                CredentialError::UnknownKey => error::invalid_access_key_id(),
                // A temporary key without its token is, to S3, just an unknown key.
                CredentialError::InvalidToken if token.is_none() => error::invalid_access_key_id(),
                CredentialError::InvalidToken => error::invalid_token(),
                CredentialError::Expired => error::expired_token(),
            }
        })
    }
}

/// The secrets for the second look of `s3s`. The front has resolved the key before.
struct Secrets(LocalAws);

#[async_trait::async_trait]
impl S3Auth for Secrets {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        Ok(SecretKey::from(
            self.0.vault().secret_of(access_key).expose_secret(),
        ))
    }
}

/// Lets a request through to its operation only when the front and `s3s` agree on who signed it.
/// What the caller may do is asked by each operation, about the input that it acts on.
struct OnlyVerified;

#[async_trait::async_trait]
impl S3Access for OnlyVerified {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let signer = context.credentials().map(|found| found.access_key.clone());
        let call = context.extensions_mut().get::<Arc<Call>>();
        match (call, signer) {
            (Some(call), Some(signer)) if call.signature.access_key_id == signer => Ok(()),
            _ => Err(s3s::s3_error!(AccessDenied, "Access Denied")),
        }
    }
}

/// Browser uploads carry their signature in the form; they are not built.
fn refuse_form_upload(parts: &Parts) -> Result<(), AwsError> {
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .map(header::HeaderValue::as_bytes);
    let form = b"multipart/form-data";
    let is_form = kind.is_some_and(|kind| {
        kind.get(..form.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(form))
    });
    if parts.method == Method::POST && is_form {
        return Err(AwsError::sender(
            501,
            "NotImplemented",
            "Uploads by an HTML form are not implemented",
        ));
    }
    Ok(())
}

fn content_sha256(headers: &[(String, String)]) -> Result<Option<&str>, AwsError> {
    let Some((_, value)) = headers
        .iter()
        .find(|(name, _)| name == "x-amz-content-sha256")
    else {
        return Ok(None);
    };
    let is_hash = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_word = value == "UNSIGNED-PAYLOAD" || value.starts_with("STREAMING-");
    if is_hash || is_word {
        return Ok(Some(value));
    }
    Err(AwsError::bad_request(
        "InvalidArgument",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
         STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid \
         sha256 value.",
    ))
}

fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

/// `s3s` logs requests at debug level; a sensitive header prints as "Sensitive".
fn hide_secrets(headers: &mut HeaderMap) {
    for name in ["authorization", "x-amz-security-token"] {
        if let Some(value) = headers.get_mut(name) {
            value.set_sensitive(true);
        }
    }
}
