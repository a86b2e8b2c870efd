//! `POST /saml2/{application}/ecp`: single sign-on for clients that are no browser (SAML profiles
//! 4.2.3, HTTP Basic as RFC 7617 has it). A request in a SOAP envelope comes with e-mail address and
//! password; the signed response goes back in another envelope.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::sso::{
    EnhancedAnswer, EnhancedClient, EnhancedClientError, ReceiveError, RefuseError,
    answer_enhanced_client,
};
use jetway_identity::{AssertError, Op, SignInError, idp_url};
use jetway_saml::{
    AuthnRequest, Inbound, InboundError, ProtocolPrefix, SignedMessage, SoapError, SoapFaultCode,
    ecp_response, soap_fault,
};
use secrecy::SecretString;

use crate::portal::{BUSY_WAIT, whole_seconds};
use crate::saml::is_slug;
use crate::shared::{Failure, Site, Visit, is_media_type};

const XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");
const CHALLENGE: HeaderValue =
    HeaderValue::from_static("Basic realm=\"Jetway\", charset=\"UTF-8\"");
/// Under which its clients look for the elements of the protocol, whatever the answer is.
const PREFIX: ProtocolPrefix = ProtocolPrefix::Saml2p;
/// What clients call the body: SOAP 1.1 section 6, SAML bindings 3.3.5.1.
const MEDIA_TYPES: [&str; 2] = ["text/xml", "application/vnd.paos+xml"];

/// 200 with the response; 401 without the right password; a SOAP fault with the reason for
/// everything else.
pub(crate) async fn enhanced_client(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    if !is_slug(&slug) {
        return Err(Failure::not_found());
    }
    // No form of another site can send one of these.
    if !MEDIA_TYPES
        .iter()
        .any(|expected| is_media_type(&headers, expected))
    {
        return Err(Failure::bad_request());
    }
    let Some((email, password)) = credentials(&headers) else {
        return unauthorized("Send your e-mail address and password by HTTP Basic.");
    };
    let envelope = std::str::from_utf8(&body).map_err(|_| InboundError::NotUtf8);
    let request = match envelope.and_then(Inbound::<AuthnRequest>::from_soap) {
        Ok(request) => request,
        Err(error) => return fault(code_of(&error), &error.to_string()),
    };
    let address = format!("{}/ecp", idp_url(site.settings.public_url(), &slug));
    let client = EnhancedClient {
        slug: &slug,
        address: &address,
        request: &request,
        email,
        password,
    };
    let mut op = visit.into_op();
    let (store, keys) = (site.store.as_ref(), &site.keys);
    let answer = answer_enhanced_client(&mut op, store, keys, &site.hashers, client).await;
    match answer {
        Ok(EnhancedAnswer::Granted(grant)) => {
            let acs_url = grant.acs_url.clone();
            let signed = grant.sign_with_prefix(PREFIX);
            enveloped(&signed.map_err(Failure::internal)?, &acs_url)
        }
        Ok(EnhancedAnswer::Refused(refusal)) => {
            let signed = refusal.sign_with_prefix(PREFIX);
            enveloped(&signed.map_err(Failure::internal)?, &refusal.acs_url)
        }
        Err(error) => refused(&op, error),
    }
}

/// E-mail address and password by HTTP Basic, if they came once and can be read.
fn credentials(headers: &HeaderMap) -> Option<(String, SecretString)> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
    let (email, password) = pair.split_once(':')?;
    Some((email.to_owned(), SecretString::from(password)))
}

fn enveloped(signed: &SignedMessage, acs_url: &str) -> Result<Response, Failure> {
    let envelope = ecp_response(signed, acs_url).map_err(Failure::internal)?;
    Ok(([(CONTENT_TYPE, XML)], envelope).into_response())
}

fn code_of(error: &InboundError) -> SoapFaultCode {
    match error {
        InboundError::Soap(SoapError::NotAnEnvelope) => SoapFaultCode::VersionMismatch,
        InboundError::Soap(SoapError::MustUnderstand { .. }) => SoapFaultCode::MustUnderstand,
        _ => SoapFaultCode::Client,
    }
}

/// Why there is no answer, in words. Over HTTP it goes with status 500 (SOAP 1.1 section 6.2).
fn fault(code: SoapFaultCode, text: &str) -> Result<Response, Failure> {
    fault_with(StatusCode::INTERNAL_SERVER_ERROR, code, text)
}

fn fault_with(status: StatusCode, code: SoapFaultCode, text: &str) -> Result<Response, Failure> {
    let envelope = soap_fault(code, text).map_err(Failure::internal)?;
    Ok((status, [(CONTENT_TYPE, XML)], envelope).into_response())
}

fn unauthorized(text: &str) -> Result<Response, Failure> {
    let mut response = fault_with(StatusCode::UNAUTHORIZED, SoapFaultCode::Client, text)?;
    response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    Ok(response)
}

fn refused(op: &Op, error: EnhancedClientError) -> Result<Response, Failure> {
    match error {
        EnhancedClientError::Receive(ReceiveError::Refused(reason)) => {
            fault(SoapFaultCode::Client, &reason.to_string())
        }
        EnhancedClientError::SignIn(error) => not_signed_in(error),
        EnhancedClientError::Assert(AssertError::Misconfigured { admin, person }) => {
            tracing::warn!(
                request.id = op.request_id,
                error = admin,
                "an application cannot be signed in to"
            );
            fault(SoapFaultCode::Server, &person)
        }
        EnhancedClientError::Assert(
            refusal @ (AssertError::NotAssigned { .. }
            | AssertError::Inactive { .. }
            | AssertError::Replayed { .. }
            // It ended while the answer was made.
            | AssertError::NotSignedIn
            | AssertError::SignInAgain
            | AssertError::Denied { .. }),
        ) => fault(SoapFaultCode::Client, &refusal.to_string()),
        EnhancedClientError::Assert(AssertError::StepUp { .. }) => more_needed(),
        EnhancedClientError::Receive(ReceiveError::NoSuchApplication)
        | EnhancedClientError::Assert(AssertError::NoSuchApplication)
        | EnhancedClientError::Refuse(RefuseError::NoSuchApplication) => Err(Failure::not_found()),
        EnhancedClientError::Refuse(RefuseError::Key(error)) => Err(Failure::internal(error)),
        EnhancedClientError::Receive(ReceiveError::Store(error))
        | EnhancedClientError::Assert(AssertError::Store(error))
        | EnhancedClientError::Refuse(RefuseError::Store(error))
        | EnhancedClientError::Store(error) => Err(error.into()),
    }
}

fn more_needed() -> Result<Response, Failure> {
    fault_with(
        StatusCode::FORBIDDEN,
        SoapFaultCode::Client,
        "A second factor is asked for, which this way in cannot carry. Sign in with a browser or with jetway login.",
    )
}

fn not_signed_in(error: SignInError) -> Result<Response, Failure> {
    match error {
        SignInError::Refused => unauthorized("The e-mail address or the password is wrong."),
        SignInError::MustChange { .. } => fault_with(
            StatusCode::FORBIDDEN,
            SoapFaultCode::Client,
            "Your password has expired. Sign in with a browser and choose a new one.",
        ),
        SignInError::FactorNeeded(_) | SignInError::MustEnrol(_) => more_needed(),
        SignInError::Denied { text } => {
            fault_with(StatusCode::FORBIDDEN, SoapFaultCode::Client, &text)
        }
        SignInError::LockedOut { retry_after } => {
            let seconds = whole_seconds(retry_after);
            let text = format!("Too many failed sign-ins. Wait {seconds} seconds, then try again.");
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = fault_with(status, SoapFaultCode::Client, &text)?;
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        SignInError::Busy(busy) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let mut response = fault_with(status, SoapFaultCode::Server, &format!("{busy}."))?;
            response.headers_mut().insert(RETRY_AFTER, BUSY_WAIT);
            Ok(response)
        }
        SignInError::Store(error) => Err(error.into()),
    }
}
