//! Batches as HTTP requests.
//!
//! The receiver checks `Jetway-Signature: t=<seconds>,v1=<hex>`: v1 is the HMAC-SHA-256, under the
//! secret that was shown when the destination was made, of the seconds, a full stop and the body.
//! It should refuse what is older than five minutes, and tell events that come again by their id.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use jetway_identity::events::event_json;
use jetway_identity::log_destinations::Claim;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::OffsetDateTime;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("jetwayd/", env!("CARGO_PKG_VERSION"));

pub(crate) fn deliver(claim: &Claim, url: &Url, now: OffsetDateTime) -> Result<(), String> {
    let Some(secret) = &claim.secret else {
        return Err("its signing secret cannot be opened; give it a new one".to_owned());
    };
    let body = body(claim).to_string();
    let seconds = now.unix_timestamp();
    let signature = sign(secret.expose_secret(), seconds, &body);
    let answer = agent()
        .post(url.as_str())
        .header("Content-Type", "application/json")
        .header("Jetway-Signature", format!("t={seconds},v1={signature}"))
        .send(&body);
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) if answer.status().is_redirection() => Err(format!(
            "the receiver answered {} and redirects are not followed; correct the address.",
            answer.status().as_u16()
        )),
        Ok(answer) => Err(format!(
            "the receiver answered {}.",
            answer.status().as_u16()
        )),
        Err(error) => Err(format!("{}.", one_line(&error.to_string()))),
    }
}

fn body(claim: &Claim) -> Value {
    let batch = &claim.batch;
    let events: Vec<_> = batch
        .events
        .iter()
        .map(|event| event_json(event, batch.organisation))
        .collect();
    json!({
        "destination": {"id": claim.id.to_string(), "name": claim.name},
        "organization": batch.organisation.to_string(),
        "head": batch.head.map(|head| head.to_string()),
        "events": events,
    })
}

fn sign(secret: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(seconds.to_string().as_bytes());
    context.update(b".");
    context.update(body.as_bytes());
    hex::encode(context.sign())
}

fn agent() -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(TIMEOUT))
        .user_agent(USER_AGENT)
        .tls_config(tls)
        .build()
        .into()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value is that of `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_signature_is_what_openssl_makes_of_the_same() {
        assert_eq!(
            sign("secret", 1_700_000_000, r#"{"a":1}"#),
            "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
        );
    }
}
