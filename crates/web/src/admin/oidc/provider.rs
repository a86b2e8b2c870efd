//! What is known of the provider, and what it says of somebody (OpenID Connect Core 1.0, authorization
//! code flow with PKCE).

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration as Wait;

use chrono::{DateTime, Utc};
use jetway_identity::settings::OidcProvider;
use openidconnect::core::{
    CoreClient, CoreGenderClaim, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType,
};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyAdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse, UserInfoClaims,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;
use tokio::time::timeout;
use url::Url;

use crate::admin::oidc::attempt::Attempt;
use crate::outbound::OutboundError;
use crate::settings::is_loopback;
use crate::shared::Site;

/// How long what the provider publishes is used before it is asked for again.
const FRESH_FOR: Duration = Duration::minutes(5);
/// How long nobody asks again after the provider did not answer.
const PAUSE: Duration = Duration::seconds(10);
/// For all that is asked until the provider is known: less than a page may take.
const PATIENCE: Wait = Wait::from_secs(7);

/// Signatures by private keys only: no HMAC, no "none".
const ALGORITHMS: [CoreJwsSigningAlgorithm; 7] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody was signed in, for the activity log.
pub(super) type Reason = String;

/// What the provider publishes, as last read.
#[derive(Debug, Default)]
pub(crate) struct KnownProvider {
    last: RwLock<Option<Known>>,
    /// Held while it is asked, so that a hundred sign-ins at once ask a slow provider once.
    asking: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Known {
    issuer: Url,
    asked_at: OffsetDateTime,
    /// `Err`: it did not answer.
    metadata: Result<Arc<CoreProviderMetadata>, Reason>,
}

impl KnownProvider {
    fn get(&self, issuer: &Url, now: OffsetDateTime) -> Option<Known> {
        let known = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref().filter(|known| known.issuer == *issuer)?;
        let age = now - known.asked_at;
        let lasts = if known.metadata.is_ok() {
            FRESH_FOR
        } else {
            PAUSE
        };
        (!age.is_negative() && age < lasts).then(|| known.clone())
    }

    fn keep(&self, known: Known) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// Asks again next time: its keys may have changed.
    fn forget(&self) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The provider of the settings, ready to be spoken with.
pub(super) struct Provider<'a> {
    site: &'a Site,
    now: OffsetDateTime,
    /// Whether the configured issuer is on this machine.
    local: bool,
    client: Client,
    pub(super) issuer: String,
}

impl<'a> Provider<'a> {
    /// Reads what the provider publishes, unless that is known.
    pub(super) async fn of(
        site: &'a Site,
        settings: &OidcProvider,
        now: OffsetDateTime,
    ) -> Result<Self, Reason> {
        let known = known(site, &settings.issuer, now).await;
        let metadata = known.metadata?;
        let issuer = metadata.issuer().as_str().to_owned();
        let public = site.settings.public_url().as_str().trim_end_matches('/');
        let redirect = RedirectUrl::new(format!("{public}/admin/oidc/callback"));
        let secret = settings.client_secret(site.keys.sealing());
        let client = CoreClient::from_provider_metadata(
            metadata.as_ref().clone(),
            ClientId::new(settings.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.to_string())),
        )
        .set_redirect_uri(redirect.map_err(|error| error.to_string())?);
        Ok(Self {
            site,
            now,
            local: is_loopback(&settings.issuer),
            client,
            issuer,
        })
    }

    /// Where the browser goes to sign in.
    pub(super) fn authorization_url(&self, attempt: &Attempt) -> Url {
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (url, _, _) = self
            .client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        url
    }

    /// The e-mail address that the provider vouches for.
    pub(super) async fn verified_email(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<String, Reason> {
        let http = |request| send(self.site, self.local, request);
        let answer = self
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| error.to_string())?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&http)
            .await
            .map_err(|error| format!("the code was not redeemed: {}", chain(&error)))?;
        let token = answer
            .id_token()
            .ok_or("the provider gave no ID token".to_owned())?;
        let (subject, email) = self.claims(token, attempt)?;
        let email = if let Some(email) = email {
            email
        } else {
            let claims: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = self
                .client
                .user_info(answer.access_token().clone(), Some(subject))
                .map_err(|_| "the provider tells no e-mail address".to_owned())?
                .request_async(&http)
                .await
                .map_err(|error| format!("no user info: {}", chain(&error)))?;
            address(
                claims.email().map(|email| email.as_str()),
                claims.email_verified(),
            )?
            .ok_or("the provider tells no e-mail address".to_owned())?
        };
        Ok(email)
    }

    /// Who the verified ID token is about, and the address if it has one.
    fn claims(
        &self,
        token: &CoreIdToken,
        attempt: &Attempt,
    ) -> Result<(openidconnect::SubjectIdentifier, Option<String>), Reason> {
        let now = DateTime::<Utc>::from_timestamp(self.now.unix_timestamp(), 0).unwrap_or_default();
        let verifier = self
            .client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now);
        let claims = token
            .claims(&verifier, &Nonce::new(attempt.nonce.clone()))
            .map_err(|error| {
                self.site.provider.forget();
                format!("the ID token is not valid: {}", chain(&error))
            })?;
        let email = address(
            claims.email().map(|email| email.as_str()),
            claims.email_verified(),
        )?;
        Ok((claims.subject().clone(), email))
    }
}

/// The address, if there is one; only one that the provider has verified is good for anything.
fn address(email: Option<&str>, verified: Option<bool>) -> Result<Option<String>, Reason> {
    match (email, verified) {
        (None, _) => Ok(None),
        (Some(email), Some(true)) => Ok(Some(email.to_owned())),
        (Some(_), _) => Err("the provider has not verified the e-mail address".to_owned()),
    }
}

/// What the provider publishes. It is asked by one sign-in at a time, and silence is remembered.
async fn known(site: &Site, issuer: &Url, now: OffsetDateTime) -> Known {
    if let Some(known) = site.provider.get(issuer, now) {
        return known;
    }
    let _asking = site.provider.asking.lock().await;
    if let Some(known) = site.provider.get(issuer, now) {
        return known;
    }
    let metadata = match timeout(PATIENCE, discover(site, issuer)).await {
        Ok(metadata) => metadata.map(Arc::new),
        Err(_) => Err("discovery failed: the provider is too slow".to_owned()),
    };
    let known = Known {
        issuer: issuer.clone(),
        asked_at: now,
        metadata,
    };
    site.provider.keep(known.clone());
    known
}

/// OpenID Connect Discovery 1.0. A URL without a path is written with and without a slash at its
/// end, and issuers are compared by the letter; so both are tried.
async fn discover(site: &Site, issuer: &Url) -> Result<CoreProviderMetadata, Reason> {
    let text = issuer.as_str();
    let bare = text.trim_end_matches('/');
    let spellings = if issuer.path() == "/" {
        vec![bare, text]
    } else {
        vec![text]
    };
    let http = |request| send(site, is_loopback(issuer), request);
    let failed =
        |error: &DiscoveryError<OutboundError>| format!("discovery failed: {}", chain(error));
    let mut reason = String::new();
    for spelling in spellings {
        let issuer = IssuerUrl::new(spelling.to_owned()).map_err(|error| error.to_string())?;
        match CoreProviderMetadata::discover_async(issuer, &http).await {
            Ok(metadata) => return Ok(metadata),
            Err(error @ DiscoveryError::Validation(_)) => reason = failed(&error),
            // The other spelling would ask the same address.
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(reason)
}

/// Sends, over TLS to other machines, or inside this one. A provider on another machine names no
/// addresses on this one: whoever writes its documents would speak with what listens here.
fn send(
    site: &Site,
    local: bool,
    request: HttpRequest,
) -> impl Future<Output = Result<HttpResponse, OutboundError>> + Send + 'static {
    let outbound = Arc::clone(&site.outbound);
    async move {
        let url = Url::parse(&request.uri().to_string())
            .map_err(|error| OutboundError(error.to_string()))?;
        let host = url.host_str().unwrap_or_default();
        match (is_loopback(&url), url.scheme()) {
            (true, _) if local => {}
            (true, _) => {
                let text = format!("{host} is this machine, and the provider is another");
                return Err(OutboundError(text));
            }
            (false, "https") => {}
            (false, _) => {
                let text = format!("{host} is not protected by TLS");
                return Err(OutboundError(text));
            }
        }
        outbound.send(request).await
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
