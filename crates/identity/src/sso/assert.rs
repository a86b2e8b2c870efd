//! May this session reach this application, and what is the application told?
//!
//! Deny by default (requirement K01): without a group of the person that is assigned to the
//! application there is no assertion. What decides is read in one question, as of one instant, so
//! a membership or a session that ended is noticed at once.

use aws_lc_rs::digest::{SHA256, digest};
use jetway_saml::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, Assertion, NameId, Response, SignWhat, SigningKey,
};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use time::Duration;

use crate::applications::{Application, NameIdFormat, NameIdRule, SamlSignOn, Signing};
use crate::events::EventKind;
use crate::groups::Group;
use crate::key_ring::{KeyRing, KeyRingError};
use crate::op::{Actor, Op};
use crate::sessions::{self, Session, TokenHash};
use crate::sso::attributes::{self, Unusable};
use crate::store::{Read, SsoSubject, Store, StoreError};
use crate::users::User;

/// An assertion may be presented for this long after it was made (security.md item 17; AWS STS
/// takes none that is older).
const LIFETIME: Duration = Duration::minutes(5);
/// It is valid from this long before, for service providers whose clock is slow.
const BACKDATED: Duration = Duration::minutes(1);

/// What a browser or command line asks for.
#[derive(Debug)]
pub struct AssertRequest<'a> {
    /// The session cookie.
    pub session_token: &'a str,
    /// Which application, by its name in the URL.
    pub slug: &'a str,
    /// The id of the service provider's AuthnRequest; `None` when the person started here.
    pub in_response_to: Option<String>,
}

/// A response that is ready to be signed, and with what.
#[derive(Debug)]
pub struct Grant {
    pub response: Response,
    pub key: SigningKey,
    pub sign: SignWhat,
    /// Where the browser must post it.
    pub acs_url: String,
    pub application_label: String,
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
    let facts = if assigned && application.active {
        gather(read.as_mut(), keys, application, saml, user).await?
    } else {
        Err(refusal(application, assigned))
    };
    drop(read);
    sessions::touch(op, store, session).await?;

    let decided = facts.and_then(|facts| {
        grant(
            op,
            application,
            session,
            user,
            facts,
            request.in_response_to.clone(),
        )
    });
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

fn refusal(application: &Application, assigned: bool) -> AssertError {
    let label = application.label.clone();
    if assigned {
        AssertError::Inactive { label }
    } else {
        AssertError::NotAssigned { label }
    }
}

/// What is needed beside the decision itself.
struct Facts<'a> {
    saml: &'a SamlSignOn,
    groups: Vec<Group>,
    key: SigningKey,
}

/// The inner error is a refusal that belongs in the activity log.
async fn gather<'a>(
    read: &mut dyn Read,
    keys: &KeyRing,
    application: &Application,
    saml: &'a SamlSignOn,
    user: &User,
) -> Result<Result<Facts<'a>, AssertError>, StoreError> {
    let groups = if attributes::needs_groups(&saml.settings, user) {
        read.groups_of(user.id).await?
    } else {
        Vec::new()
    };
    match keys.signing_key(read, saml.key).await {
        Ok(key) => Ok(Ok(Facts { saml, groups, key })),
        Err(KeyRingError::Store(error)) => Err(error),
        Err(error) => Ok(Err(misconfigured(application, error.to_string()))),
    }
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
    in_response_to: Option<String>,
) -> Result<Grant, AssertError> {
    let unusable = |error: Unusable| misconfigured(application, error.to_string());
    let attributes = attributes::resolve(facts.saml, user, &facts.groups).map_err(unusable)?;
    let saml = &facts.saml.settings;
    let name_id = name_id(op, &saml.name_id, user, &facts.groups).map_err(unusable)?;
    let assertion = Assertion {
        id: new_id(&mut op.rng),
        issue_instant: op.now,
        issuer: saml.idp_entity_id.clone(),
        name_id,
        recipient: saml.acs_url.clone(),
        in_response_to: in_response_to.clone(),
        confirmation_not_on_or_after: op.now + LIFETIME,
        not_before: op.now - BACKDATED,
        not_on_or_after: op.now + LIFETIME,
        audience: saml.audience.clone(),
        authn_instant: session.created_at,
        session_index: session_index(session, application),
        // AWS would cut its own session short by it; the attribute SessionDuration is for that.
        session_not_on_or_after: None,
        authn_context_class: AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT.to_owned(),
        attributes,
    };
    Ok(Grant {
        response: Response {
            id: new_id(&mut op.rng),
            in_response_to,
            issue_instant: op.now,
            destination: saml.acs_url.clone(),
            issuer: saml.idp_entity_id.clone(),
            assertion,
        },
        key: facts.key,
        sign: match saml.signing {
            Signing::Assertion => SignWhat::Assertion,
            Signing::AssertionAndResponse => SignWhat::AssertionAndResponse,
        },
        acs_url: saml.acs_url.clone(),
        application_label: application.label.clone(),
    })
}

fn name_id(
    op: &mut Op,
    rule: &NameIdRule,
    user: &User,
    groups: &[Group],
) -> Result<NameId, Unusable> {
    let value = match rule.format {
        NameIdFormat::Transient => new_id(&mut op.rng),
        NameIdFormat::Email | NameIdFormat::Persistent | NameIdFormat::Unspecified => {
            let value = attributes::value(&rule.source, user, groups);
            let value = value.ok_or_else(|| Unusable::NoNameId {
                source_name: rule.source.to_string(),
                whose: user.email.clone(),
            })?;
            value.into_owned()
        }
    };
    Ok(NameId {
        format: rule.format.uri().to_owned(),
        value,
    })
}

/// An identifier of 128 random bits that is an XML NCName (SAML core §1.3.4).
fn new_id(rng: &mut StdRng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    format!("_{}", hex::encode(bytes))
}

/// The same for every assertion of one session to one application, and unlike that of any other
/// application, so that two of them cannot tell that they see the same session.
fn session_index(session: &Session, application: &Application) -> String {
    let text = format!("{} {}", session.id, application.id);
    let hash = digest(&SHA256, text.as_bytes());
    format!(
        "_{}",
        hex::encode(hash.as_ref().get(..16).unwrap_or_default())
    )
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
        "idp_initiated": request.in_response_to.is_none(),
        "session": session.id.to_string(),
    });
    if let (Some(error), Some(detail)) = (refused, detail.as_object_mut()) {
        let (reason, message) = match error {
            AssertError::NotAssigned { .. } => ("not_assigned", error.to_string()),
            AssertError::Inactive { .. } => ("inactive", error.to_string()),
            AssertError::Misconfigured { admin, .. } => ("misconfigured", admin.clone()),
            AssertError::NotSignedIn | AssertError::NoSuchApplication | AssertError::Store(_) => {
                ("unavailable", error.to_string())
            }
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
