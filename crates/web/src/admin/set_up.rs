//! `/admin/setup/{token}`: the first start (requirement A12). The page closes itself with the
//! first administrator.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::passwords::{HashError, PasswordError};
use jetway_identity::{SetUp, SetUpError, set_up_is_open};
use jetway_pages::Message;
use jetway_pages::account::NewPasswordErrors;
use jetway_pages::admin::door::FirstRun;
use jetway_pages::admin::parts::Field;

use crate::portal::typed_password;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, VisitorForm, form_fields, html, is_from_visitor, password_rules, refused,
    see_other, typeable,
};

pub(crate) async fn set_up_form(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    if !set_up_is_open(&op, site.store.as_ref(), &token).await? {
        return gone(&site);
    }
    let form = VisitorForm::of(&site, &mut op, &headers);
    let page = Typed::default().page(&site, &form, &token, None);
    form.page(&site, StatusCode::OK, page)
}

pub(crate) async fn set_up(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
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
    let field =
        |name| Ok::<_, Failure>(Field::new(typeable(fields.get(name)?.unwrap_or_default())));
    let mut typed = Typed {
        organisation: field("organisation")?,
        name: field("name")?,
        email: field("email")?,
        errors: NewPasswordErrors::default(),
    };
    let form = VisitorForm::of(&site, &mut op, &headers);
    let password = match typed_password(&fields)? {
        Ok(password) => password,
        Err(errors) => {
            typed.errors = errors;
            let page = typed.page(&site, &form, &token, None);
            return form.page(&site, StatusCode::UNPROCESSABLE_ENTITY, page);
        }
    };
    let new = SetUp {
        organisation: typed.organisation.value.clone(),
        name: typed.name.value.clone(),
        email: typed.email.value.clone(),
        password,
    };
    let (store, hashers) = (site.store.as_ref(), &site.hashers);
    let error = match jetway_identity::set_up(&mut op, store, hashers, &token, new).await {
        Ok(_) => return see_other("/admin/login"),
        Err(SetUpError::LinkGone) => return gone(&site),
        Err(SetUpError::Store(error)) => return Err(error.into()),
        Err(error) => error,
    };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut broken = None;
    match error {
        SetUpError::Organisation(problem) => {
            typed.organisation.error = Some(sentence(&problem.reason));
        }
        SetUpError::Text(problem) => {
            let field = if jetway_identity::email::check(typed.email.value.trim()).is_err() {
                &mut typed.email
            } else {
                &mut typed.name
            };
            field.error = Some(sentence(&problem.to_string()));
        }
        SetUpError::Password(problem) => {
            if matches!(problem, HashError::Busy(_)) {
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
            (broken, typed.errors) = refused(problem);
        }
        SetUpError::LinkGone | SetUpError::Store(_) => {}
    }
    let page = typed.page(&site, &form, &token, broken);
    form.page(&site, status, page)
}

/// What was typed, with what is wrong with it.
#[derive(Default)]
struct Typed {
    organisation: Field,
    name: Field,
    email: Field,
    errors: NewPasswordErrors,
}

impl Typed {
    fn page(
        self,
        site: &Site,
        form: &VisitorForm,
        token: &str,
        broken: Option<PasswordError>,
    ) -> FirstRun {
        FirstRun {
            action: format!("/admin/setup/{token}"),
            csrf: form.csrf(Purpose::AdminDoor),
            organisation: self.organisation,
            name: self.name,
            email: self.email,
            rules: password_rules(&site.password_policy(), broken),
            errors: self.errors,
        }
    }
}

fn gone(site: &Site) -> Result<Response, Failure> {
    let message = Message::administrator_link_expired();
    html(StatusCode::GONE, site.chrome(), message)
}

/// A reason as a sentence of its own.
pub(super) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
