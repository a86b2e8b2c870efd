//! The end of a session at the wish of a service provider (SAML profiles 4.4): the person signed out
//! there, and is signed out here too. Other applications are not told.

use jetway_saml::{
    Authenticity, Inbound, IssueError, LogoutRequest, LogoutResponse, MessageParameter,
    SignedMessage, SigningKey, Status, StatusCode, StatusSubcode, VerifyingKey, redirect_query,
};
use serde_json::json;
use time::OffsetDateTime;

use crate::applications::{
    Application, AttributeSource, LogoutBinding, NameIdFormat, SamlSettings, SingleLogout,
};
use crate::events::EventKind;
use crate::key_ring::{KeyRing, KeyRingError};
use crate::op::{Actor, Op};
use crate::sessions::{Session, TokenHash};
use crate::sso::assert::{application_key, remember};
use crate::sso::request::{AHEAD, LIFETIME, MAX_RELAY_STATE};
use crate::sso::response::{name_id, new_id, session_index};
use crate::store::{Store, StoreError, Write};
use crate::users::User;

/// What a browser brings.
#[derive(Debug)]
pub struct LogoutCall<'a> {
    /// Which application, by its name in the URL.
    pub slug: &'a str,
    /// Where the request arrived, for its Destination.
    pub address: &'a str,
    pub request: &'a Inbound<LogoutRequest>,
    /// The session cookie, if it came.
    pub session_token: Option<&'a str>,
}

/// The answer, ready to be signed.
#[derive(Debug)]
pub struct LogoutAnswer {
    response: LogoutResponse,
    key: SigningKey,
    relay_state: Option<String>,
    /// Where it goes.
    url: String,
    binding: LogoutBinding,
    pub application_label: String,
}

/// How the answer travels.
#[derive(Debug)]
pub enum LogoutDelivery {
    /// The browser goes to this address, which carries everything.
    Redirect(String),
    /// The browser posts a form.
    Post {
        message: SignedMessage,
        url: String,
        relay_state: Option<String>,
    },
}

impl LogoutAnswer {
    /// Signs it, for the binding that is registered.
    pub fn sign(self) -> Result<LogoutDelivery, IssueError> {
        let relay_state = self.relay_state;
        match self.binding {
            LogoutBinding::Post => Ok(LogoutDelivery::Post {
                message: self.response.sign(&self.key)?,
                url: self.url,
                relay_state,
            }),
            LogoutBinding::Redirect => {
                let xml = self.response.to_xml()?;
                let (what, state) = (MessageParameter::Response, relay_state.as_deref());
                let query = redirect_query(&xml, what, state, Some(&self.key))?;
                let joint = if self.url.contains('?') { '&' } else { '?' };
                Ok(LogoutDelivery::Redirect(format!(
                    "{}{joint}{query}",
                    self.url
                )))
            }
        }
    }
}

/// Why a request is refused with a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoutRefused {
    #[error("single logout is not set up for the application")]
    NotSetUp,
    #[error("the request is from {0:?}, which is not the service provider of this application")]
    UnknownIssuer(String),
    #[error("a logout request has to be signed, and this one is not")]
    Unsigned,
    #[error("{0}")]
    Signature(String),
    #[error("the request is for {0:?}, which is another address than this one")]
    Destination(String),
    #[error(
        "the request was made at {0}, which is too long ago or in the future; compare the clocks"
    )]
    Time(OffsetDateTime),
    #[error("the RelayState is longer than {MAX_RELAY_STATE} bytes, or has control characters")]
    RelayState,
    #[error("this request was answered already")]
    Replayed,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    #[error("there is no such application")]
    NoSuchApplication,
    /// In the activity log too.
    #[error(transparent)]
    Refused(#[from] LogoutRefused),
    #[error(transparent)]
    Key(KeyRingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the sessions that the request means, with an event for each, and answers. They are those of
/// the person whom it names, or of the browser that brought it; of them only those whose index it
/// gives, if it gives any.
pub async fn answer_logout(
    op: &mut Op,
    store: &dyn Store,
    keys: &KeyRing,
    call: LogoutCall<'_>,
) -> Result<LogoutAnswer, LogoutError> {
    let mut read = store.read().await?;
    let application = read.application_by_slug(call.slug).await?;
    let application = application.ok_or(LogoutError::NoSuchApplication)?;
    let saml = application.sign_on.saml();
    let saml = saml.ok_or(LogoutError::NoSuchApplication)?;
    let known = match judge(&saml.settings, call.address, call.request, op.now) {
        Ok(known) => known,
        Err(refused) => {
            drop(read);
            return Err(refuse(op, store, &application, refused).await?);
        }
    };
    let key = match application_key(read.as_mut(), keys, saml).await {
        Ok(key) => key,
        Err(KeyRingError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(LogoutError::Key(error)),
    };
    drop(read);

    let claims = call.request.claims();
    let mut write = store.write().await?;
    let until = op.now + LIFETIME + AHEAD;
    if !remember(write.as_mut(), op, &application, (&claims.id, until)).await? {
        drop(write);
        return Err(refuse(op, store, &application, LogoutRefused::Replayed).await?);
    }
    let person = person(op, write.as_mut(), &application, &call).await?;
    if let Some((user, sessions)) = &person {
        for session in sessions {
            write.delete_session(session.id).await?;
            let event = event(op, &application, user, session);
            write.insert_event(&event).await?;
        }
    }
    write.commit().await?;
    let (code, subcode) = (StatusCode::Requester, StatusSubcode::UnknownPrincipal);
    Ok(LogoutAnswer {
        response: LogoutResponse {
            id: new_id(&mut op.rng),
            in_response_to: Some(claims.id.clone()),
            issue_instant: op.now,
            destination: Some(known.answer_to().to_owned()),
            issuer: saml.settings.idp_entity_id.clone(),
            // Whose sessions are over already is signed out, as asked.
            status: if person.is_none() {
                Status::failure(code, subcode)
            } else {
                Status::success()
            },
        },
        key,
        relay_state: call.request.relay_state().map(str::to_owned),
        url: known.answer_to().to_owned(),
        binding: known.binding,
        application_label: application.label.clone(),
    })
}

/// The person whom the request means, with those of their sessions that it means.
async fn person(
    op: &mut Op,
    write: &mut dyn Write,
    application: &Application,
    call: &LogoutCall<'_>,
) -> Result<Option<(User, Vec<Session>)>, StoreError> {
    let claims = call.request.claims();
    let Some(saml) = application.sign_on.saml() else {
        return Ok(None);
    };
    let means = |session: &Session| {
        let indexes = &claims.session_indexes;
        indexes.is_empty() || indexes.contains(&session_index(session, application))
    };
    let value = claims.name_id.value.as_str();
    let rule = &saml.settings.name_id;
    let named = match rule.source {
        _ if rule.format == NameIdFormat::Transient => None,
        AttributeSource::Email => write.user_by_email(value).await?,
        AttributeSource::Username => write.user_by_username(value).await?,
        _ => None,
    };
    if let Some(user) = named {
        let mut sessions = write.sessions_of(user.id).await?;
        sessions.retain(means);
        return Ok(Some((user, sessions)));
    }
    // Nobody can be looked up by this name: what is left is who sits at the browser.
    let hash = call.session_token.and_then(TokenHash::of);
    let present = match hash {
        Some(hash) => write.session(&hash).await?,
        None => None,
    };
    let Some((session, user)) = present else {
        return Ok(None);
    };
    let indexed = !claims.session_indexes.is_empty() && means(&session);
    let groups = write.groups_of(user.id).await?;
    let is_name = rule.format != NameIdFormat::Transient
        && name_id(op, saml, &user, &groups).is_ok_and(|name| name.value == value);
    if indexed || (is_name && means(&session)) {
        Ok(Some((user, vec![session])))
    } else {
        Ok(None)
    }
}

fn judge<'a>(
    settings: &'a SamlSettings,
    address: &str,
    request: &Inbound<LogoutRequest>,
    now: OffsetDateTime,
) -> Result<&'a SingleLogout, LogoutRefused> {
    let claims = request.claims();
    let Some(known) = settings.answered_logout() else {
        return Err(LogoutRefused::NotSetUp);
    };
    if claims.issuer != settings.audience {
        return Err(LogoutRefused::UnknownIssuer(claims.issuer.clone()));
    }
    let keys: Vec<VerifyingKey> = settings
        .request_certificates
        .iter()
        .filter_map(|der| VerifyingKey::from_certificate_der(der).ok())
        .collect();
    match request.verify(&keys) {
        Ok(Authenticity::Signed) => {}
        Ok(Authenticity::Unsigned) => return Err(LogoutRefused::Unsigned),
        Err(error) => return Err(LogoutRefused::Signature(error.to_string())),
    }
    if let Some(destination) = &claims.destination
        && destination != address
    {
        return Err(LogoutRefused::Destination(destination.clone()));
    }
    let at = claims.issue_instant;
    let over = claims.not_on_or_after.is_some_and(|until| until <= now);
    if at > now + AHEAD || at < now - LIFETIME || over {
        return Err(LogoutRefused::Time(at));
    }
    let relay_state = request.relay_state().unwrap_or_default();
    if relay_state.len() > MAX_RELAY_STATE || relay_state.contains(char::is_control) {
        return Err(LogoutRefused::RelayState);
    }
    Ok(known)
}

async fn refuse(
    op: &mut Op,
    store: &dyn Store,
    application: &Application,
    refused: LogoutRefused,
) -> Result<LogoutError, StoreError> {
    let detail = json!({
        "application": {
            "id": application.id.to_string(),
            "slug": application.slug,
            "display_label": application.label,
        },
        "reason": "request_refused",
        "error_message": refused.to_string(),
    });
    let target = Some(application.target());
    let event = op.event(EventKind::UserLogout, false, target, detail);
    store.record(event).await?;
    Ok(refused.into())
}

fn event(
    op: &mut Op,
    application: &Application,
    user: &User,
    session: &Session,
) -> crate::events::Event {
    let detail = json!({
        "session": session.id.to_string(),
        "via": session.via.as_str(),
        "application": {
            "id": application.id.to_string(),
            "slug": application.slug,
            "display_label": application.label,
        },
    });
    let mut event = op.event(EventKind::UserLogout, true, Some(user.target()), detail);
    event.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    event
}
