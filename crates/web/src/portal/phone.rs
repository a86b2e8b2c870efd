//! `/phone`: a person's phone is connected, waits for questions, and answers them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, REFRESH, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::factors::{
    Phone, PhoneError, finish_phone, phone_link_owner, phone_of_secret,
};
use jetway_identity::sessions::push::{
    AnswerPushError, PhoneSays, PushChallenge, answer_push, waiting_push,
};
use jetway_identity::{Op, PushId, User, Via};
use jetway_pages::{Body, Message, PhoneConnect, PhoneQuestion, PhoneWaiting};
use secrecy::ExposeSecret;

use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, PHONE_CONTENT_POLICY, Site, Visit, VisitorForm, form_fields, html, is_from_visitor,
    program_name, see_other, typeable,
};

const EVERY: HeaderValue = HeaderValue::from_static("3");

/// The form behind the QR code. Looking at it connects nothing.
pub(crate) async fn connect_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let Some(user) = phone_link_owner(&op, site.store.as_ref(), &token).await? else {
        return gone(&site);
    };
    let name = program_name(op.client.user_agent.as_deref(), Via::Browser);
    let form = VisitorForm::of(&site, &mut op, &headers);
    let page = PhoneConnect {
        csrf: form.csrf(Purpose::Phone),
        token,
        email: user.email,
        name,
        problem: None,
    };
    form.page(&site, StatusCode::OK, page)
}

/// Connects it: the browser gets a secret of its own.
pub(crate) async fn connect_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    if !is_from_visitor(&site, &headers, &fields, Purpose::Phone)? {
        return Err(Failure::cross_site());
    }
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    let name = fields.get("name")?.unwrap_or_default();
    let sealing = site.keys.sealing();
    match finish_phone(&mut op, store, sealing, (&token, name)).await {
        Ok((secret, _)) => {
            let cookie = site
                .cookies
                .keep_secret(site.cookies.phone, secret.expose_secret())
                .ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
            let mut response = see_other("/phone")?;
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(PhoneError::Store(error)) => Err(error.into()),
        Err(PhoneError::Name) => {
            let Some(user) = phone_link_owner(&op, store, &token).await? else {
                return gone(&site);
            };
            let form = VisitorForm::of(&site, &mut op, &headers);
            let page = PhoneConnect {
                csrf: form.csrf(Purpose::Phone),
                token,
                email: user.email,
                name: typeable(name),
                problem: Some("Give the phone a name of at most 64 characters.".to_owned()),
            };
            form.page(&site, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(_) => gone(&site),
    }
}

fn gone(site: &Site) -> Result<Response, Failure> {
    html(StatusCode::GONE, site.chrome(), Message::phone_link_gone())
}

/// What waits for this phone.
pub(crate) async fn phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let op = visit.into_op();
    let Some(own) = Own::of(&site, &headers).await? else {
        return html(
            StatusCode::OK,
            site.chrome(),
            Message::phone_not_connected(),
        );
    };
    match waiting_push(&op, site.store.as_ref(), &own.phone).await? {
        Some(asked) => page(&site, own.question(&asked)),
        None => own.waiting(&site, None),
    }
}

/// The person's answer.
pub(crate) async fn answer_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let Some(own) = Own::of(&site, &headers).await? else {
        return Err(Failure::cross_site());
    };
    let token = fields.get("csrf")?.unwrap_or_default();
    if !csrf::is_valid(own.secret, Purpose::Phone, token) {
        return Err(Failure::cross_site());
    }
    let id = fields.get("id")?.unwrap_or_default();
    let id: PushId = id.parse().map_err(|_| Failure::bad_request())?;
    let says = match fields.get("answer")? {
        Some("not-me") => PhoneSays::NotMe,
        Some(number) => PhoneSays::Yes {
            number: number.parse().map_err(|_| Failure::bad_request())?,
        },
        None => return Err(Failure::bad_request()),
    };
    let mut op: Op = visit.into_op();
    match answer_push(&mut op, site.store.as_ref(), &own.phone, (id, says)).await {
        Ok(()) if says == PhoneSays::NotMe => {
            html(StatusCode::OK, site.chrome(), Message::phone_denied())
        }
        Ok(()) => own.waiting(&site, Some("Approved. The sign-in goes on by itself.")),
        Err(AnswerPushError::WrongNumber) => own.waiting(
            &site,
            Some("That was not the number that the sign-in shows, so it was refused."),
        ),
        Err(AnswerPushError::Over) => own.waiting(
            &site,
            Some("That came too late: nothing waits for it any more."),
        ),
        Err(AnswerPushError::Store(error)) => Err(error.into()),
    }
}

/// A connected phone.
struct Own<'a> {
    secret: &'a str,
    phone: Phone,
    user: User,
}

impl<'a> Own<'a> {
    async fn of(site: &Site, headers: &'a HeaderMap) -> Result<Option<Self>, Failure> {
        let Some(secret) = cookie(headers, site.cookies.phone) else {
            return Ok(None);
        };
        let found = phone_of_secret(site.store.as_ref(), secret).await?;
        Ok(found.map(|(phone, user)| Self {
            secret,
            phone,
            user,
        }))
    }

    fn question(&self, asked: &PushChallenge) -> PhoneQuestion {
        PhoneQuestion {
            csrf: csrf::token(self.secret, Purpose::Phone),
            id: asked.id.to_string(),
            email: self.user.email.clone(),
            choices: asked.choices,
            application: asked.application.clone(),
            client: program_name(asked.user_agent.as_deref(), asked.via),
            address: asked.ip.map(|ip| ip.to_string()),
        }
    }

    fn waiting(&self, site: &Site, done: Option<&str>) -> Result<Response, Failure> {
        let waiting = PhoneWaiting {
            email: self.user.email.clone(),
            name: self.phone.name.clone(),
            done: done.map(str::to_owned),
        };
        let mut response = page(site, waiting)?;
        response.headers_mut().insert(
            REFRESH,
            match done {
                // After an answer the address of the form is not one to load again.
                Some(_) => HeaderValue::from_static("3; url=/phone"),
                None => EVERY,
            },
        );
        Ok(response)
    }
}

fn page(site: &Site, page: impl Body) -> Result<Response, Failure> {
    let mut response = html(StatusCode::OK, site.chrome(), page)?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, PHONE_CONTENT_POLICY);
    Ok(response)
}
