//! The answer to a request that gets no assertion (SAML core 3.2.2): people are not left on a page
//! of ours when the service provider could tell them more.

use jetway_saml::{IssueError, ProtocolPrefix, SignedMessage, SigningKey, Status, StatusResponse};
use serde_json::json;

use crate::events::EventKind;
use crate::key_ring::{KeyRing, KeyRingError};
use crate::op::Op;
use crate::sso::assert::application_key;
use crate::sso::request::{Unmet, Wish};
use crate::sso::response::new_id;
use crate::store::{Store, StoreError};

/// A response that says why there is no assertion, ready to be signed.
#[derive(Debug)]
pub struct Refusal {
    response: StatusResponse,
    key: SigningKey,
    /// Where the browser must post it.
    pub acs_url: String,
    /// What goes with it.
    pub relay_state: Option<String>,
    pub application_label: String,
}

impl Refusal {
    /// Signs it.
    pub fn sign(&self) -> Result<SignedMessage, IssueError> {
        self.sign_with_prefix(ProtocolPrefix::default())
    }

    /// The same for clients that look for the elements of the protocol under this prefix.
    pub fn sign_with_prefix(&self, prefix: ProtocolPrefix) -> Result<SignedMessage, IssueError> {
        self.response.sign_with_prefix(&self.key, prefix)
    }
}

/// Why there is no answer at all.
#[derive(Debug, thiserror::Error)]
pub enum RefuseError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error(transparent)]
    Key(KeyRingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers a request that cannot be met, and writes the event.
pub async fn refuse_request(
    op: &mut Op,
    store: &dyn Store,
    keys: &KeyRing,
    slug: &str,
    (wish, unmet): (&Wish, Unmet),
) -> Result<Refusal, RefuseError> {
    let mut read = store.read().await?;
    let application = read.application_by_slug(slug).await?;
    let application = application.ok_or(RefuseError::NoSuchApplication)?;
    let Some(saml) = application.sign_on.saml() else {
        return Err(RefuseError::NoSuchApplication);
    };
    let key = match application_key(read.as_mut(), keys, saml).await {
        Ok(key) => key,
        Err(KeyRingError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(RefuseError::Key(error)),
    };
    drop(read);
    let detail = json!({
        "application": {
            "id": application.id.to_string(),
            "slug": application.slug,
            "display_label": application.label,
        },
        "idp_initiated": false,
        "reason": "request_unmet",
        "error_message": unmet.text(),
    });
    let target = Some(application.target());
    let event = op.event(EventKind::SsoAuth, false, target, detail);
    store.record(event).await?;
    let (code, subcode) = unmet.status();
    Ok(Refusal {
        response: StatusResponse {
            id: new_id(&mut op.rng),
            in_response_to: Some(wish.id.clone()),
            issue_instant: op.now,
            destination: wish.acs_url.clone(),
            issuer: saml.settings.idp_entity_id.clone(),
            status: Status::failure(code, subcode).with_message(unmet.text()),
        },
        key,
        acs_url: wish.acs_url.clone(),
        relay_state: wish.relay_state.clone(),
        application_label: application.label.clone(),
    })
}
