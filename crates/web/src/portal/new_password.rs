//! `/activate/{token}`, `/login/reset/{token}` and `/login/expired/{token}`: choosing a password by
//! a one-time link. Opening the page uses nothing up; sending the form does.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::credentials::{
    NewPasswordByLink, UseLinkError, activate_user, link_owner, reset_password,
};
use jetway_identity::passwords::{HashError, PasswordError};
use jetway_identity::{LinkPurpose, Op, User};
use jetway_pages::Message;
use jetway_pages::account::{NewPassword, NewPasswordErrors, NewPasswordReason};
use secrecy::SecretString;

use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Fields, Site, Visit, VisitorForm, form_fields, html, is_from_visitor, password_rules,
    refused,
};

/// One of the three addresses.
#[derive(Debug, Clone, Copy)]
struct Way {
    purpose: LinkPurpose,
    reason: NewPasswordReason,
    path: &'static str,
}

const ACTIVATE: Way = Way {
    purpose: LinkPurpose::ActivateUser,
    reason: NewPasswordReason::Activate,
    path: "/activate",
};
const RESET: Way = Way {
    purpose: LinkPurpose::ResetUserPassword,
    reason: NewPasswordReason::Reset,
    path: "/login/reset",
};
const EXPIRED: Way = Way {
    purpose: LinkPurpose::ChangeUserPassword,
    reason: NewPasswordReason::Expired,
    path: "/login/expired",
};

pub(crate) async fn activate_form(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    ACTIVATE.show(&site, visit, &headers, &token).await
}

pub(crate) async fn activate(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    ACTIVATE.take(&site, visit, &headers, &token, &body).await
}

pub(crate) async fn reset_form(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    RESET.show(&site, visit, &headers, &token).await
}

pub(crate) async fn reset(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    RESET.take(&site, visit, &headers, &token, &body).await
}

pub(crate) async fn expired_form(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    EXPIRED.show(&site, visit, &headers, &token).await
}

pub(crate) async fn expired(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    EXPIRED.take(&site, visit, &headers, &token, &body).await
}

/// Where somebody whose password may not be used any longer chooses another.
pub(super) fn expired_path(token: &str) -> String {
    format!("{}/{token}", EXPIRED.path)
}

impl Way {
    /// The form, or why there is none.
    async fn show(
        self,
        site: &Site,
        visit: Visit,
        headers: &HeaderMap,
        token: &str,
    ) -> Result<Response, Failure> {
        let mut op = visit.into_op();
        let owner = link_owner(&op, site.store.as_ref(), self.purpose, token).await?;
        let Some(owner) = owner else {
            return gone(site);
        };
        let form = VisitorForm::of(site, &mut op, headers);
        let page = self.page(site, &form, token, &owner, None);
        form.page(site, StatusCode::OK, page)
    }

    /// Sets the password.
    async fn take(
        self,
        site: &Site,
        visit: Visit,
        headers: &HeaderMap,
        token: &str,
        body: &[u8],
    ) -> Result<Response, Failure> {
        csrf::check_origin(headers, &visit.origin)?;
        let fields = form_fields(headers, body)?;
        if !is_from_visitor(site, headers, &fields, Purpose::Account)? {
            return Err(Failure::cross_site());
        }
        let mut op = visit.into_op();
        let owner = link_owner(&op, site.store.as_ref(), self.purpose, token).await?;
        let Some(owner) = owner else {
            return gone(site);
        };
        let form = VisitorForm::of(site, &mut op, headers);
        let password = match typed_password(&fields)? {
            Ok(password) => password,
            Err(errors) => {
                let page = NewPassword {
                    errors,
                    ..self.page(site, &form, token, &owner, None)
                };
                return form.page(site, StatusCode::UNPROCESSABLE_ENTITY, page);
            }
        };
        match self.redeem(site, &mut op, token, password).await {
            Ok(_) => html(StatusCode::OK, site.chrome(), self.done()),
            Err(UseLinkError::LinkGone) => gone(site),
            Err(UseLinkError::Password(error)) => {
                let status = match error {
                    HashError::Password(_) => StatusCode::UNPROCESSABLE_ENTITY,
                    HashError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
                };
                let (broken, errors) = refused(error);
                let page = NewPassword {
                    errors,
                    ..self.page(site, &form, token, &owner, broken)
                };
                form.page(site, status, page)
            }
            Err(UseLinkError::Store(error)) => Err(error.into()),
        }
    }

    async fn redeem(
        self,
        site: &Site,
        op: &mut Op,
        token: &str,
        password: SecretString,
    ) -> Result<User, UseLinkError> {
        let (store, hashers) = (site.store.as_ref(), &site.hashers);
        if self.purpose == LinkPurpose::ActivateUser {
            return activate_user(op, store, hashers, token, password).await;
        }
        let new = NewPasswordByLink {
            purpose: self.purpose,
            token,
            password,
        };
        reset_password(op, store, hashers, site.keys.sealing(), new).await
    }

    fn page(
        self,
        site: &Site,
        form: &VisitorForm,
        token: &str,
        owner: &User,
        broken: Option<PasswordError>,
    ) -> NewPassword {
        NewPassword {
            reason: self.reason,
            action: format!("{}/{token}", self.path),
            csrf: form.csrf(Purpose::Account),
            email: owner.email.clone(),
            rules: password_rules(&site.password_policy(), broken),
            errors: NewPasswordErrors::default(),
        }
    }

    fn done(self) -> Message {
        match self.reason {
            NewPasswordReason::Activate => Message::account_activated(),
            _ => Message::password_changed(false),
        }
    }
}

/// The password that was typed twice.
pub(crate) fn typed_password(
    fields: &Fields<'_>,
) -> Result<Result<SecretString, NewPasswordErrors>, Failure> {
    let password = fields.get("password")?.unwrap_or_default();
    let again = fields.get("again")?.unwrap_or_default();
    if password.is_empty() {
        return Ok(Err(NewPasswordErrors {
            password: Some("Type a password.".to_owned()),
            ..NewPasswordErrors::default()
        }));
    }
    if password != again {
        return Ok(Err(NewPasswordErrors {
            again: Some("The two are not the same. Type both again.".to_owned()),
            ..NewPasswordErrors::default()
        }));
    }
    Ok(Ok(SecretString::from(password)))
}

/// The same page for every link that cannot be used.
fn gone(site: &Site) -> Result<Response, Failure> {
    let body = Message::link_expired(false);
    html(StatusCode::GONE, site.chrome(), body)
}
