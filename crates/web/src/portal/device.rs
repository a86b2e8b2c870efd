//! `/device`: a person types the code of a command line and says whether it may sign in as them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::sessions::device::{
    DeviceCodeError, DeviceSignIn, UserCode, answer_device_sign_in, claim_device_sign_in,
};
use jetway_identity::{Op, SignedInUser};
use jetway_pages::{Body, DeviceCode, DeviceConsent, DeviceProblem, Message};

use crate::portal::profile::act_as;
use crate::portal::whole_seconds;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Fields, Site, Visit, form_fields, html, moment, query_fields, see_other,
    sign_in_again_path, sign_in_path, signed_in,
};

const PATH: &str = "/device";

/// The form, with the code of the address filled in. Looking at it does nothing.
pub(crate) async fn device_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let code = query.get("code")?.and_then(UserCode::parse);
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path(&back_to(code.as_ref())));
    };
    let own = Own {
        token: present.token,
        person: present.person,
    };
    let typed = code.map_or_else(String::new, |code| code.to_string());
    own.form(&site, StatusCode::OK, typed, None)
}

/// What asks with this code.
pub(crate) async fn find_device(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some((own, fields)) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PATH));
    };
    let typed = fields.get("code")?.unwrap_or_default();
    let store = site.store.as_ref();
    match claim_device_sign_in(&mut op, store, &own.person, typed).await {
        Ok(found) => own.consent(&site, &op, &found, typed),
        Err(error) => own.refuse(&site, error, typed),
    }
}

/// The person's yes or no.
pub(crate) async fn answer_device(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some((own, fields)) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PATH));
    };
    let approve = match fields.get("answer")? {
        Some("approve") => true,
        Some("deny") => false,
        _ => return Err(Failure::bad_request()),
    };
    let typed = fields.get("code")?.unwrap_or_default();
    let store = site.store.as_ref();
    match answer_device_sign_in(&mut op, store, &own.person, typed, approve).await {
        Ok(()) if approve => own.page(&site, StatusCode::OK, Message::device_approved()),
        Ok(()) => own.page(&site, StatusCode::OK, Message::device_denied()),
        Err(error) => own.refuse(&site, error, typed),
    }
}

fn back_to(code: Option<&UserCode>) -> String {
    code.map_or_else(|| PATH.to_owned(), |code| format!("{PATH}?code={code}"))
}

/// Whose browser it is.
struct Own<'a> {
    token: &'a str,
    person: SignedInUser,
}

impl<'a> Own<'a> {
    async fn of<'b>(
        site: &Site,
        op: &mut Op,
        headers: &'a HeaderMap,
        body: &'b [u8],
    ) -> Result<Option<(Self, Fields<'b>)>, Failure> {
        let Some(present) = signed_in(site, op, headers).await? else {
            return Ok(None);
        };
        let fields = form_fields(headers, body)?;
        let given = fields.get("csrf")?.unwrap_or_default();
        if !csrf::is_valid(present.token, Purpose::Device, given) {
            return Err(Failure::cross_site());
        }
        act_as(op, &present.person);
        let own = Self {
            token: present.token,
            person: present.person,
        };
        Ok(Some((own, fields)))
    }

    fn form(
        &self,
        site: &Site,
        status: StatusCode,
        code: String,
        problem: Option<DeviceProblem>,
    ) -> Result<Response, Failure> {
        let page = DeviceCode {
            csrf: csrf::token(self.token, Purpose::Device),
            code,
            problem,
        };
        self.page(site, status, page)
    }

    fn consent(
        &self,
        site: &Site,
        op: &Op,
        found: &DeviceSignIn,
        typed: &str,
    ) -> Result<Response, Failure> {
        let code = UserCode::parse(typed).map_or_else(String::new, |code| code.to_string());
        let page = DeviceConsent {
            csrf: csrf::token(self.token, Purpose::Device),
            code,
            email: self.person.user.email.clone(),
            machine: found.machine.clone(),
            program: found.user_agent.clone().unwrap_or_default(),
            address: found.ip.map(|ip| ip.to_string()),
            elsewhere: found.ip != op.client.ip,
            asked: moment(found.created_at, op.now),
        };
        self.page(site, StatusCode::OK, page)
    }

    fn refuse(
        &self,
        site: &Site,
        error: DeviceCodeError,
        typed: &str,
    ) -> Result<Response, Failure> {
        // What no keyboard types would make the page invalid.
        let typed: String = typed.chars().filter(|c| !c.is_control()).take(64).collect();
        match error {
            DeviceCodeError::Unknown => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                self.form(site, status, typed, Some(DeviceProblem::Unknown))
            }
            DeviceCodeError::TooMany { retry_after } => {
                let seconds = whole_seconds(retry_after);
                let problem = Some(DeviceProblem::Wait { seconds });
                let status = StatusCode::TOO_MANY_REQUESTS;
                let mut response = self.form(site, status, typed, problem)?;
                let headers = response.headers_mut();
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
                Ok(response)
            }
            DeviceCodeError::Refused(text) => {
                self.page(site, StatusCode::FORBIDDEN, Message::denied(&text))
            }
            // With everything that is asked for this time; then the code is still there.
            DeviceCodeError::NotEnough => {
                let code = UserCode::parse(&typed);
                see_other(&sign_in_again_path(&back_to(code.as_ref())))
            }
            DeviceCodeError::Store(error) => Err(error.into()),
        }
    }

    fn page(&self, site: &Site, status: StatusCode, page: impl Body) -> Result<Response, Failure> {
        let csrf = csrf::token(self.token, Purpose::SignOut);
        html(status, site.chrome_for(&self.person.user, csrf), page)
    }
}
