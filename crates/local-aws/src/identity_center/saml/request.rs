//! Sending somebody to the identity provider, and the requests that wait for an answer
//! (identity-center.md §4.3).

use axum::http::{Method, StatusCode};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD as BASE64, URL_SAFE_NO_PAD},
};
use jetway_pages::local::identity_center::ToIdentityProvider;
use jetway_saml::{
    AuthnRequest, BINDING_HTTP_POST, MessageParameter, NAMEID_EMAIL, NameIdPolicy, redirect_query,
};
use serde::{Deserialize, Serialize};

use crate::{
    LocalAws, Op, StoreError,
    identity_center::{
        acs_url,
        browser::{Answer, Failure, Visit},
        enabled,
        portal_session::hash,
    },
    sign_in::page,
    state::{
        center::{ExternalIdentityProvider, IdentitySource, InstanceRecord},
        store::{Batch, Table},
    },
};

/// Seconds that somebody may take at the identity provider.
const LIFETIME: i64 = 30 * 60;
/// Longest way back that is remembered.
const MAX_RETURN: usize = 2 * 1024;

/// A request that waits for its answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Outstanding {
    /// Hash of the RelayState that went with it.
    pub(super) relay_state: String,
    /// The page of ours where it goes on.
    pub(super) return_to: String,
    /// Unix seconds.
    pub(super) expires_at: i64,
}

/// Sends the browser to the identity provider; afterwards it comes back to `return_to`, a path of
/// ours.
pub(crate) fn begin(visit: &mut Visit, return_to: &str) -> Answer {
    let state = visit.aws.state();
    let Some(center) = enabled(&state) else {
        return Err(not_enabled());
    };
    let IdentitySource::External(provider) = &center.instance.identity_source else {
        return Err(no_identity_provider());
    };
    if return_to.len() > MAX_RETURN {
        return Err(Failure::told(
            StatusCode::URI_TOO_LONG,
            "The address is too long",
            &["Begin again where you came from."],
        ));
    }
    let id = format!("aws_{}", hex::encode(visit.op.random::<20>()));
    let relay_state = URL_SAFE_NO_PAD.encode(visit.op.random::<24>());
    // A look at the head of the page is nobody's sign-in.
    if visit.parts.method != Method::HEAD {
        remember(visit, &id, &relay_state, return_to)?;
    }
    let xml = document(visit, &center.instance, provider, id);
    let xml = xml.map_err(|_| unusable(provider))?;
    send(visit, provider, &xml, &relay_state)
}

/// Anybody can begin a sign-in, so there is an end to how many wait.
fn remember(visit: &Visit, id: &str, relay_state: &str, return_to: &str) -> Result<(), Failure> {
    let now = visit.op.unix();
    let outstanding = Outstanding {
        relay_state: hash(relay_state),
        return_to: return_to.to_owned(),
        expires_at: now + LIFETIME,
    };
    let store = visit.aws.store();
    store.prune_expired(Table::SignInRequests, now)?;
    if store.is_full(Table::SignInRequests)? {
        tracing::warn!("too many sign-ins wait for an answer of the identity provider");
        return Err(Failure::told(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many people are signing in",
            &["Try again in a few minutes."],
        ));
    }
    let mut batch = Batch::default();
    batch.put(Table::SignInRequests, id, &outstanding)?;
    Ok(store.commit(&batch)?)
}

fn document(
    visit: &Visit,
    instance: &InstanceRecord,
    provider: &ExternalIdentityProvider,
    id: String,
) -> Result<String, jetway_saml::IssueError> {
    AuthnRequest {
        id,
        issue_instant: visit.op.now,
        destination: Some(provider.sign_in_url.clone()),
        issuer: instance.issuer_url(),
        assertion_consumer_service_url: Some(acs_url(&visit.aws, instance)),
        assertion_consumer_service_index: None,
        protocol_binding: Some(BINDING_HTTP_POST.to_owned()),
        force_authn: false,
        is_passive: false,
        name_id_policy: Some(NameIdPolicy {
            format: Some(NAMEID_EMAIL.to_owned()),
            allow_create: false,
        }),
        authn_context: None,
        has_signature: false,
    }
    .to_xml()
}

fn send(
    visit: &Visit,
    provider: &ExternalIdentityProvider,
    xml: &str,
    relay_state: &str,
) -> Answer {
    let address = &provider.sign_in_url;
    if provider.sign_in_by_post {
        let form = ToIdentityProvider {
            action: address.clone(),
            saml_request: BASE64.encode(xml),
            relay_state: relay_state.to_owned(),
        };
        let mut response = visit.page(StatusCode::OK, form);
        // The identity provider may send the form on to any page of its own.
        page::allow_forms_to(&mut response, "http: https:");
        return Ok(response);
    }
    let query = redirect_query(xml, MessageParameter::Request, Some(relay_state), None)
        .map_err(|_| unusable(provider))?;
    let joint = if address.contains('?') { '&' } else { '?' };
    visit.redirect(&format!("{address}{joint}{query}"))
}

/// The request with this id that still waits.
pub(super) fn find(aws: &LocalAws, op: &Op, id: &str) -> Result<Option<Outstanding>, StoreError> {
    let found: Option<Outstanding> = aws.store().read(Table::SignInRequests, id)?;
    Ok(found.filter(|request| request.expires_at > op.unix()))
}

/// Answers a request: whether it still waited. Only the first answer counts.
pub(super) fn take(aws: &LocalAws, id: &str) -> Result<bool, StoreError> {
    aws.store().read_then_commit(
        Table::SignInRequests,
        id,
        |waiting: Option<Outstanding>, batch| {
            batch.remove(Table::SignInRequests, id);
            Ok::<_, StoreError>(waiting.is_some())
        },
    )
}

pub(super) fn not_enabled() -> Failure {
    Failure::told(
        StatusCode::NOT_FOUND,
        "IAM Identity Center is not enabled here",
        &[
            "An administrator of the management account enables it in the console of the local AWS, under IAM Identity Center.",
        ],
    )
}

pub(super) fn no_identity_provider() -> Failure {
    Failure::told(
        StatusCode::CONFLICT,
        "Nobody can sign in here yet",
        &[
            "The identity source of this IAM Identity Center is its own directory, and the local AWS keeps no passwords: people sign in through an external identity provider.",
            "An administrator connects one in the console of the local AWS: IAM Identity Center, Settings, Identity source, Change identity source, External identity provider.",
        ],
    )
}

fn unusable(provider: &ExternalIdentityProvider) -> Failure {
    tracing::error!(
        address = provider.sign_in_url,
        "no request can be written to the identity provider's sign-in URL"
    );
    Failure::told(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The identity provider cannot be reached this way",
        &[
            "Its sign-in URL cannot be used. An administrator corrects it: IAM Identity Center, Settings, Identity source.",
        ],
    )
}
