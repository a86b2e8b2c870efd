//! `/admin/login/reset` and `/admin/invitations/{token}`: an administrator's password by a mailed
//! link (requirement A05). Opening a link uses nothing up; sending its form does.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::credentials::{RequestResetError, UseLinkError};
use jetway_identity::passwords::{HashError, PasswordError};
use jetway_identity::{
    Administrator, AdministratorPasswordByLink, LinkPurpose, administrator_of_link,
    request_administrator_reset, set_administrator_password_by_link,
};
use jetway_pages::Message;
use jetway_pages::account::{AskForReset, NewPassword, NewPasswordErrors, NewPasswordReason};
use jetway_pages::admin::door::AcceptInvitation;
use jetway_pages::admin::parts::Field;

use crate::portal::{typed_password, whole_seconds};
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, VisitorForm, form_fields, html, is_from_visitor, password_rules, refused,
    role_words, typeable,
};

/// Longest address that is shown again.
const MAX_EMAIL: usize = 254;

pub(crate) async fn ask_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let form = VisitorForm::of(&site, &mut op, &headers);
    form.page(&site, StatusCode::OK, ask_page(&form, "", None))
}

/// The same answer whoever has the address, or nobody.
pub(crate) async fn ask(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    if !is_from_visitor(&site, &headers, &fields, Purpose::AdminDoor)? {
        return Err(Failure::cross_site());
    }
    let mut op = visit.into_op();
    let form = VisitorForm::of(&site, &mut op, &headers);
    let typed = typeable(fields.get("email")?.unwrap_or_default());
    let email: String = typed.trim().chars().take(MAX_EMAIL).collect();
    if jetway_identity::email::check(&email).is_err() {
        let mut page = ask_page(&form, &email, None);
        page.email = Field::new(email).with_error("Write the whole address: name@example.com.");
        return form.page(&site, StatusCode::UNPROCESSABLE_ENTITY, page);
    }
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    match request_administrator_reset(&mut op, store, sealing, public_url, &email).await {
        Ok(()) => {
            let done = Message::reset_requested(&email, site.sends_mail(), true);
            html(StatusCode::OK, site.chrome(), done)
        }
        Err(RequestResetError::TooMany { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let minutes = seconds.div_ceil(60);
            let problem = format!("Too many links were asked for. Try again in {minutes} minutes.");
            let page = ask_page(&form, &email, Some(problem));
            let mut response = form.page(&site, StatusCode::TOO_MANY_REQUESTS, page)?;
            let wait = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, wait);
            Ok(response)
        }
        Err(RequestResetError::Store(error)) => Err(error.into()),
    }
}

fn ask_page(form: &VisitorForm, email: &str, problem: Option<String>) -> AskForReset {
    AskForReset {
        csrf: form.csrf(Purpose::AdminDoor),
        email: Field::new(email),
        administrator: true,
        problem,
    }
}

pub(crate) async fn reset_form(
    state: State<Arc<Site>>,
    token: Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let purpose = LinkPurpose::ResetAdministratorPassword;
    show(&state, purpose, &token, visit, &headers).await
}

pub(crate) async fn reset(
    state: State<Arc<Site>>,
    token: Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let purpose = LinkPurpose::ResetAdministratorPassword;
    take(&state, purpose, &token, visit, (&headers, &body)).await
}

pub(crate) async fn invitation_form(
    state: State<Arc<Site>>,
    token: Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    show(
        &state,
        LinkPurpose::InviteAdministrator,
        &token,
        visit,
        &headers,
    )
    .await
}

pub(crate) async fn accept_invitation(
    state: State<Arc<Site>>,
    token: Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let purpose = LinkPurpose::InviteAdministrator;
    take(&state, purpose, &token, visit, (&headers, &body)).await
}

async fn show(
    site: &Site,
    purpose: LinkPurpose,
    token: &str,
    visit: Visit,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let owner = administrator_of_link(&op, site.store.as_ref(), purpose, token).await?;
    let Some(owner) = owner else {
        return gone(site, purpose);
    };
    let form = VisitorForm::of(site, &mut op, headers);
    let door = Door {
        site,
        form,
        purpose,
        token,
        name: owner.name.clone(),
        owner,
    };
    door.page(StatusCode::OK, None, NewPasswordErrors::default())
}

async fn take(
    site: &Site,
    purpose: LinkPurpose,
    token: &str,
    visit: Visit,
    (headers, body): (&HeaderMap, &[u8]),
) -> Result<Response, Failure> {
    csrf::check_origin(headers, &visit.origin)?;
    let fields = form_fields(headers, body)?;
    if !is_from_visitor(site, headers, &fields, Purpose::AdminDoor)? {
        return Err(Failure::cross_site());
    }
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    let Some(owner) = administrator_of_link(&op, store, purpose, token).await? else {
        return gone(site, purpose);
    };
    let form = VisitorForm::of(site, &mut op, headers);
    let invited = purpose == LinkPurpose::InviteAdministrator;
    let name = fields.get("name")?.filter(|_| invited).map(typeable);
    let door = Door {
        site,
        form,
        purpose,
        token,
        name: name.clone().unwrap_or_else(|| owner.name.clone()),
        owner,
    };
    let unusable = StatusCode::UNPROCESSABLE_ENTITY;
    if door.name.chars().count() > 256 {
        return door.page(unusable, None, NewPasswordErrors::default());
    }
    let password = match typed_password(&fields)? {
        Ok(password) => password,
        Err(errors) => return door.page(unusable, None, errors),
    };
    let new = AdministratorPasswordByLink {
        purpose,
        token,
        name: name.as_deref(),
        password,
    };
    let sealing = site.keys.sealing();
    let hashers = &site.hashers;
    match set_administrator_password_by_link(&mut op, store, hashers, sealing, new).await {
        Ok(_) => html(
            StatusCode::OK,
            site.chrome(),
            Message::password_changed(true),
        ),
        Err(UseLinkError::LinkGone) => gone(site, purpose),
        Err(UseLinkError::Password(error)) => {
            let status = match error {
                HashError::Password(_) => unusable,
                HashError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            };
            let (broken, errors) = refused(error);
            door.page(status, broken, errors)
        }
        Err(UseLinkError::Store(error)) => Err(error.into()),
    }
}

/// The form behind a link.
struct Door<'a> {
    site: &'a Site,
    form: VisitorForm,
    purpose: LinkPurpose,
    token: &'a str,
    owner: Administrator,
    /// As typed, when it was.
    name: String,
}

impl Door<'_> {
    fn page(
        &self,
        status: StatusCode,
        broken: Option<PasswordError>,
        errors: NewPasswordErrors,
    ) -> Result<Response, Failure> {
        let csrf = self.form.csrf(Purpose::AdminDoor);
        let rules = password_rules(&self.site.password_policy(), broken);
        let email = self.owner.email.clone();
        if self.purpose == LinkPurpose::InviteAdministrator {
            let mut name = Field::new(self.name.clone());
            if self.name.chars().count() > 256 {
                name = name.with_error("Use at most 256 characters.");
            }
            let page = AcceptInvitation {
                action: format!("/admin/invitations/{}", self.token),
                csrf,
                email,
                role: role_words(self.owner.role).to_owned(),
                invited_by: None,
                name,
                rules,
                errors,
            };
            return self.form.page(self.site, status, page);
        }
        let page = NewPassword {
            reason: NewPasswordReason::AdministratorReset,
            action: format!("/admin/login/reset/{}", self.token),
            csrf,
            email,
            rules,
            errors,
        };
        self.form.page(self.site, status, page)
    }
}

/// The same page for every link that cannot be used.
fn gone(site: &Site, purpose: LinkPurpose) -> Result<Response, Failure> {
    let message = match purpose {
        LinkPurpose::ResetAdministratorPassword => Message::link_expired(true),
        _ => Message::administrator_link_expired(),
    };
    html(StatusCode::GONE, site.chrome(), message)
}
