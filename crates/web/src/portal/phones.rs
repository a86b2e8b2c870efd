//! `/profile/phones…`: a person connects a phone, and takes it away.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::PhoneId;
use jetway_identity::factors::PhoneError;
use jetway_pages::{ConnectPhone, Link, Message, QrPicture, Severity};

use crate::portal::profile::{act_as, own_form};
use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Site, Visit, html, see_other, sign_in_path, signed_in};

/// The QR code.
pub(crate) async fn begin_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    own_form(&headers, &body, present.token)?;
    act_as(&mut op, &present.person);
    let store = site.store.as_ref();
    let session = &present.person.session;
    let csrf = csrf::token(present.token, Purpose::SignOut);
    let chrome = site.chrome_for(&present.person.user, csrf);
    match jetway_identity::factors::begin_phone(&mut op, store, session).await {
        Ok(link) => {
            let address = format!("{origin}/phone/connect/{}", link.expose());
            let page = ConnectPhone {
                picture: QrPicture::of(&address),
                address,
            };
            html(StatusCode::OK, chrome, page)
        }
        Err(PhoneError::NotFresh) => see_other("/login?again&next=%2Fprofile"),
        Err(PhoneError::Store(error)) => Err(error.into()),
        Err(error) => html(StatusCode::CONFLICT, chrome, refused(&error)),
    }
}

fn refused(error: &PhoneError) -> Message {
    Message {
        severity: Severity::Refused,
        badge: "Not now".to_owned(),
        heading: "No phone can be connected".to_owned(),
        paragraphs: vec![format!("The reason: {error}.")],
        link: Some(Link {
            href: "/profile".to_owned(),
            text: "To your profile".to_owned(),
        }),
        reference: None,
    }
}

/// Takes one away.
pub(crate) async fn remove_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let fields = own_form(&headers, &body, present.token)?;
    let id = fields.get("id")?.unwrap_or_default();
    let id: PhoneId = id.parse().map_err(|_| Failure::bad_request())?;
    act_as(&mut op, &present.person);
    let session = &present.person.session;
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match jetway_identity::factors::remove_phone(&mut op, store, sealing, session, id).await {
        Ok(()) => see_other("/profile?done=phone-removed"),
        Err(PhoneError::Store(error)) => Err(error.into()),
        Err(_) => see_other("/login?again&next=%2Fprofile"),
    }
}
