//! May this session reach this application, and what is the application told?
//!
//! Deny by default (requirement K01): without a group of the person that is assigned to the
//! application there is no assertion. What decides is read in one question, as of one instant, so
//! a membership or a session that ended is noticed at once.

use aws_lc_rs::digest::{SHA256, digest};
use jetway_saml::{
    ContentCipher, Encryption, EncryptionKey, IssueError, ProtocolPrefix, Response, SignWhat,
    SignedMessage, SigningKey,
};
use rand::Rng;
use serde_json::json;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::applications::{Application, SamlKind, SamlSignOn, Signing};
use crate::events::EventKind;
use crate::groups::Group;
use crate::ids::ApplicationId;
use crate::key_ring::{KeyRing, KeyRingError};
use crate::op::{Actor, Op};
use crate::sessions::{self, Session, TokenHash};
use crate::sign_in_policies::{
    AuthnContext, Circumstances, Decision, Proving, Subject, Target, decide, facts_about,
};
use crate::sso::attributes;
use crate::sso::request::Wish;
use crate::sso::response::{About, response, session_index};
use crate::store::{Read, SsoSubject, Store, StoreError, Write};
use crate::users::User;

/// What a browser or command line asks for.
#[derive(Debug)]
pub struct AssertRequest<'a> {
    /// The session cookie.
    pub session_token: &'a str,
    /// Which application, by its name in the URL.
    pub slug: &'a str,
    /// What the service provider asked for; `None` when the person started here.
    pub wish: Option<&'a Wish>,
}

/// A response that is ready to be signed, and with what.
#[derive(Debug)]
pub struct Grant {
    pub response: Response,
    pub key: SigningKey,
    pub signed: SignWhat,
    encryption: Option<Sealed>,
    /// Where the browser must post it.
    pub acs_url: String,
    /// What goes with it.
    pub relay_state: Option<String>,
    pub application_label: String,
    pub(super) kind: SamlKind,
}

/// To whom an assertion is encrypted, with what is random about it.
#[derive(Debug)]
struct Sealed {
    key: EncryptionKey,
    cipher: ContentCipher,
    random: Zeroizing<[u8; 48]>,
}

impl Grant {
    /// Signs, and encrypts where that is set. May only be called once: what is random about the
    /// encryption must not serve twice.
    pub fn sign(self) -> Result<SignedMessage, IssueError> {
        self.sign_with_prefix(ProtocolPrefix::default())
    }

    /// The same response, as if nobody had asked for it.
    pub(super) fn unsolicited(mut self) -> Self {
        self.response.in_response_to = None;
        self.response.assertion.in_response_to = None;
        self
    }

    /// The same for clients that look for the elements of the protocol under this prefix.
    pub fn sign_with_prefix(self, prefix: ProtocolPrefix) -> Result<SignedMessage, IssueError> {
        let encryption = self.encryption.as_ref().map(|sealed| Encryption {
            key: &sealed.key,
            cipher: sealed.cipher,
            random: sealed.random.clone(),
        });
        let (key, what) = (&self.key, self.signed);
        self.response
            .sign_with_prefix(key, what, encryption, prefix)
    }
}

/// Why there is no assertion.
#[derive(Debug, thiserror::Error)]
pub enum AssertError {
    #[error("nobody is signed in")]
    NotSignedIn,
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("you do not have access to {label}")]
    NotAssigned { label: String },
    #[error("{label} is switched off")]
    Inactive { label: String },
    /// The request asks for a sign-in of its own: the session began before it.
    #[error("the application asks you to sign in again")]
    SignInAgain,
    /// The request was answered before.
    #[error("this request was answered already")]
    Replayed { label: String },
    /// A policy, or the request, asks for more than the session has proved: see
    /// [`crate::sessions::step_up`].
    #[error("{label} asks for more than this session has proved")]
    StepUp { id: ApplicationId, label: String },
    /// A policy refuses, or the request asks for what nobody can state here.
    #[error("{text}")]
    Denied { text: String, rule: String },
    /// `person` is for the page, `admin` says what to correct.
    #[error("{person}")]
    Misconfigured { admin: String, person: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Decides, and writes the `sso_auth` event, for success and for refusal. The event is durable
/// before the assertion leaves.
pub async fn assert(
    op: &mut Op,
    store: &dyn Store,
    keys: &KeyRing,
    request: AssertRequest<'_>,
) -> Result<Grant, AssertError> {
    let hash = TokenHash::of(request.session_token).ok_or(AssertError::NotSignedIn)?;
    let mut read = store.read().await?;
    let subject = read
        .sso_subject(&hash, request.slug)
        .await?
        .ok_or(AssertError::NotSignedIn)?;
    let SsoSubject {
        session,
        user,
        application,
    } = subject.as_ref();
    if !session.admits(user, op.now) {
        drop(read);
        sessions::end_if_over(op, store, session).await?;
        return Err(AssertError::NotSignedIn);
    }
    let Some(application) = application else {
        return Err(AssertError::NoSuchApplication);
    };
    let (application, assigned) = (&application.application, application.assigned);
    let Some(saml) = application.sign_on.saml() else {
        return Err(AssertError::NoSuchApplication);
    };
    if let Some(wish) = request.wish
        && wish.force_authn
        && session.proved_at < wish.received_at()
    {
        return Err(AssertError::SignInAgain);
    }
    let facts = if assigned && application.active {
        let asked = (application.as_ref(), request.wish);
        match authn_context(op, read.as_mut(), (session, user), asked).await? {
            Ok(stated) => gather(read.as_mut(), keys, (application, saml, user), stated).await?,
            Err(refusal) => Err(refusal),
        }
    } else {
        Err(refusal(application, assigned))
    };
    if matches!(facts, Err(AssertError::SignInAgain)) {
        return Err(AssertError::SignInAgain);
    }
    drop(read);
    sessions::touch(op, store, session).await?;

    let mut decided =
        facts.and_then(|facts| grant(op, application, session, user, facts, request.wish));
    if let (Ok(_), Some(wish)) = (&decided, request.wish)
        && !use_request(op, store, application, wish).await?
    {
        let label = application.label.clone();
        decided = Err(AssertError::Replayed { label });
    }
    let event = event(
        op,
        application,
        session,
        user,
        &request,
        decided.as_ref().err(),
    );
    store.record(event).await?;
    decided
}

/// Whether the request had not been answered yet.
async fn use_request(
    op: &Op,
    store: &dyn Store,
    application: &Application,
    wish: &Wish,
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let request = (wish.id.as_str(), wish.remembered_until());
    let first = remember(write.as_mut(), op, application, request).await?;
    write.commit().await?;
    Ok(first)
}

/// Notes that a request is answered now, until it could not come again. Whether it had not been
/// answered yet (security.md: a request is good for one answer).
pub(super) async fn remember(
    write: &mut dyn Write,
    op: &Op,
    application: &Application,
    (request, until): (&str, OffsetDateTime),
) -> Result<bool, StoreError> {
    let hash = hex::encode(digest(&SHA256, request.as_bytes()));
    write.prune_sso_requests(op.now).await?;
    write.use_sso_request(application.id, &hash, until).await
}

fn refusal(application: &Application, assigned: bool) -> AssertError {
    let label = application.label.clone();
    if assigned {
        AssertError::Inactive { label }
    } else {
        AssertError::NotAssigned { label }
    }
}

/// What the assertion says about the sign-in, by the policies and by what the request asks for; the
/// inner error is why there is none.
async fn authn_context(
    op: &Op,
    read: &mut dyn Read,
    (session, user): (&Session, &User),
    (application, wish): (&Application, Option<&Wish>),
) -> Result<Result<AuthnContext, AssertError>, StoreError> {
    let (id, label) = (application.id, application.label.clone());
    let circumstances = Circumstances {
        target: Target::Application {
            id,
            label: label.clone(),
        },
        address: op.client.ip,
        now: op.now,
        device_known: session.device_known,
        proofs: session.proofs(),
        requested: wish.and_then(|wish| wish.requested.clone()),
        dev: false,
    };
    let policies = read.sign_in_policies().await?;
    let facts = facts_about(read, Subject::User(user), circumstances).await?;
    Ok(match decide(&policies, &facts) {
        Decision::Allow { authn_context, .. } => Ok(authn_context),
        Decision::NeedFactor { .. }
        | Decision::MustEnrol { .. }
        | Decision::Reauthenticate {
            with: Proving::Factor(_),
        } => Err(AssertError::StepUp { id, label }),
        Decision::Reauthenticate { .. } => Err(AssertError::SignInAgain),
        Decision::Deny { by, text } => Err(AssertError::Denied {
            text,
            rule: by.to_string(),
        }),
    })
}

/// What is needed beside the decision itself.
struct Facts<'a> {
    saml: &'a SamlSignOn,
    stated: AuthnContext,
    groups: Vec<Group>,
    key: SigningKey,
    encryption: Option<(EncryptionKey, ContentCipher)>,
}

/// The inner error is a refusal that belongs in the activity log.
async fn gather<'a>(
    read: &mut dyn Read,
    keys: &KeyRing,
    (application, saml, user): (&Application, &'a SamlSignOn, &User),
    stated: AuthnContext,
) -> Result<Result<Facts<'a>, AssertError>, StoreError> {
    let groups = if attributes::needs_groups(&saml.settings, user) {
        read.groups_of(user.id).await?
    } else {
        Vec::new()
    };
    let encryption = match encryption(saml) {
        Ok(encryption) => encryption,
        Err(admin) => return Ok(Err(misconfigured(application, admin))),
    };
    match application_key(read, keys, saml).await {
        Ok(key) => Ok(Ok(Facts {
            saml,
            stated,
            groups,
            key,
            encryption,
        })),
        Err(KeyRingError::Store(error)) => Err(error),
        Err(error) => Ok(Err(misconfigured(application, error.to_string()))),
    }
}

/// The key that signs, with the digest that is set.
pub(super) async fn application_key(
    read: &mut dyn Read,
    keys: &KeyRing,
    saml: &SamlSignOn,
) -> Result<SigningKey, KeyRingError> {
    let key = keys.signing_key(read, saml.key).await?;
    // Other keys than RSA bring their own digest.
    let with_digest = key.with_algorithm(saml.settings.digest.with_rsa());
    Ok(with_digest.unwrap_or(key))
}

fn encryption(saml: &SamlSignOn) -> Result<Option<(EncryptionKey, ContentCipher)>, String> {
    let Some(settings) = &saml.settings.encryption else {
        return Ok(None);
    };
    let key = EncryptionKey::from_certificate_der(&settings.certificate)
        .map_err(|error| format!("assertions cannot be encrypted: {error}"))?;
    let cipher = settings.content_cipher();
    let cipher = cipher.ok_or("assertions cannot be encrypted: the cipher is not known")?;
    Ok(Some((key, cipher)))
}

fn misconfigured(application: &Application, admin: String) -> AssertError {
    let person = format!(
        "{} is not set up correctly for your account. Please tell your administrator; the activity log says what to correct.",
        application.label
    );
    AssertError::Misconfigured { admin, person }
}

fn grant(
    op: &mut Op,
    application: &Application,
    session: &Session,
    user: &User,
    facts: Facts<'_>,
    wish: Option<&Wish>,
) -> Result<Grant, AssertError> {
    let settings = &facts.saml.settings;
    let about = About {
        saml: facts.saml,
        user,
        groups: &facts.groups,
        authn_instant: session.authenticated_at(),
        authn_context: facts.stated,
        session_index: session_index(session, application),
        acs_url: wish.map_or(settings.acs_url.as_str(), |wish| wish.acs_url.as_str()),
        in_response_to: wish.map(|wish| wish.id.clone()),
    };
    let response = response(op, &about);
    let response = response.map_err(|error| misconfigured(application, error.to_string()))?;
    Ok(Grant {
        acs_url: response.destination.clone(),
        response,
        key: facts.key,
        signed: match settings.signing {
            Signing::Assertion => SignWhat::Assertion,
            Signing::Response => SignWhat::Response,
            Signing::AssertionAndResponse => SignWhat::AssertionAndResponse,
        },
        encryption: facts.encryption.map(|(key, cipher)| {
            let mut random = Zeroizing::new([0; 48]);
            op.rng.fill_bytes(random.as_mut_slice());
            Sealed {
                key,
                cipher,
                random,
            }
        }),
        relay_state: match wish {
            Some(wish) => wish.relay_state.clone(),
            None => Some(settings.relay_state.clone()).filter(|text| !text.is_empty()),
        },
        application_label: application.label.clone(),
        kind: facts.saml.kind,
    })
}

fn event(
    op: &mut Op,
    application: &Application,
    session: &Session,
    user: &User,
    request: &AssertRequest<'_>,
    refused: Option<&AssertError>,
) -> crate::events::Event {
    let mut detail = json!({
        "application": {
            "id": application.id.to_string(),
            "slug": application.slug,
            "display_label": application.label,
        },
        "idp_initiated": request.wish.is_none(),
        "session": session.id.to_string(),
    });
    if let (Some(error), Some(detail)) = (refused, detail.as_object_mut()) {
        let (reason, message) = match error {
            AssertError::NotAssigned { .. } => ("not_assigned", error.to_string()),
            AssertError::Inactive { .. } => ("inactive", error.to_string()),
            AssertError::Misconfigured { admin, .. } => ("misconfigured", admin.clone()),
            AssertError::StepUp { .. } => ("step_up", error.to_string()),
            AssertError::Denied { rule, .. } => ("denied_by_policy", format!("refused by {rule}")),
            AssertError::Replayed { .. } => ("replayed", error.to_string()),
            AssertError::NotSignedIn
            | AssertError::SignInAgain
            | AssertError::NoSuchApplication
            | AssertError::Store(_) => ("unavailable", error.to_string()),
        };
        detail.insert("reason".to_owned(), reason.into());
        detail.insert("error_message".to_owned(), message.into());
    }
    let mut event = op.event(
        EventKind::SsoAuth,
        refused.is_none(),
        Some(application.target()),
        detail,
    );
    event.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    event
}
