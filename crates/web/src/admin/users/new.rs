//! `/admin/users/new`: one new person (requirements A13, B03, D02, D05).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::applications::DIRECTORY_ATTRIBUTES;
use jetway_identity::credentials::invite_user;
use jetway_identity::passwords::HashError;
use jetway_identity::{
    CreateUserError, CreationMethod, CustomAttributes, NewUser, Permission, StoreError, Unique,
    UserState, create_user,
};
use jetway_pages::admin::parts::{Choice, Select};
use jetway_pages::admin::people::{NewUser as NewUserPage, USER_FIELDS, UserFields};
use secrecy::SecretString;

use super::header::{go_on, page};
use crate::admin::custom_attributes::sentence;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, typeable};

const MARKED: &str = "Some values cannot be used; they are marked below.";

/// The form.
pub(crate) async fn new_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let state = CreationMethod::Manual.default_state(&visit.settings.sections);
    let fields = UserFields::from_values(|_| String::new());
    let body = form(&visit, fields, state, "invite");
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Adds the person and, if asked, writes the mail with the activation link.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let default = CreationMethod::Manual.default_state(&visit.settings.sections);
    let state = fields.get("state")?.and_then(UserState::from_name);
    let state = state.unwrap_or(default);
    let access = fields.get("access")?.unwrap_or("later").to_owned();
    if access == "invite" && !visit.may(Permission::ManageCredentials) {
        return Err(Failure::forbidden());
    }
    let new = typed(&fields, state, &access)?;
    let store = site.store.as_ref();
    let outcome = create_user(&mut visit.op, store, &site.hashers, new).await;
    let id = match outcome {
        Ok(id) => id,
        Err(CreateUserError::Store(StoreError::Unavailable(error))) => {
            return Err(StoreError::Unavailable(error).into());
        }
        Err(error) => {
            let again = again(&visit, &fields, state, &access, error)?;
            return page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, again);
        }
    };
    if access == "invite" {
        let (sealing, url) = (site.keys.sealing(), site.settings.public_url());
        if invite_user(&mut visit.op, store, sealing, url, id)
            .await
            .is_ok()
        {
            return go_on(id, "highlights", "created-invited");
        }
    }
    go_on(id, "highlights", "created")
}

fn typed(fields: &Fields<'_>, state: UserState, access: &str) -> Result<NewUser, Failure> {
    let text = |name: &str| Ok::<_, Failure>(fields.get(name)?.unwrap_or_default().to_owned());
    let mut attributes = std::collections::BTreeMap::new();
    for name in DIRECTORY_ATTRIBUTES {
        attributes.insert(name.to_owned(), text(name)?);
    }
    let password = match access {
        "password" => Some(SecretString::from(text("password")?)),
        _ => None,
    };
    Ok(NewUser {
        email: text("email")?,
        username: text("username")?,
        first_name: text("firstname")?,
        last_name: text("lastname")?,
        display_name: text("displayname")?,
        password,
        state,
        attributes,
        custom_attributes: CustomAttributes::new(),
        password_never_expires: false,
        created_by: CreationMethod::Manual,
    })
}

/// The form again, with everything typed but the password.
fn again(
    visit: &AdminVisit,
    fields: &Fields<'_>,
    state: UserState,
    access: &str,
    error: CreateUserError,
) -> Result<NewUserPage, Failure> {
    let mut values = Vec::new();
    for name in USER_FIELDS {
        let value = fields.get(name)?.unwrap_or_default();
        values.push((name, typeable(value)));
    }
    let mut marked = UserFields::from_values(|name| {
        let found = values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    });
    let mut problem = Some(MARKED.to_owned());
    let mut password_error = None;
    let mut mark = |field: &str, reason: &str| {
        if !marked.mark(field, sentence(reason)) {
            problem = Some(sentence(reason));
        }
    };
    match error {
        CreateUserError::Invalid(problems) => {
            for wrong in problems {
                mark(&wrong.field, &wrong.reason);
            }
        }
        CreateUserError::Store(StoreError::Taken(Unique::Email)) => {
            mark("email", "another user has this e-mail address");
        }
        CreateUserError::Store(StoreError::Taken(Unique::Username)) => {
            mark("username", "another user has this username");
        }
        CreateUserError::Password(HashError::Password(reason)) => {
            password_error = Some(sentence(&reason.to_string()));
        }
        other => problem = Some(sentence(&other.to_string())),
    }
    Ok(NewUserPage {
        password_error,
        problem,
        ..form(visit, marked, state, access)
    })
}

fn form(visit: &AdminVisit, fields: UserFields, state: UserState, access: &str) -> NewUserPage {
    let policy = &visit.settings.sections.passwords;
    let choices = |offered: &[(&str, &str)], chosen: &str| Select {
        choices: offered
            .iter()
            .map(|(value, text)| Choice::new(*value, *text, *value == chosen))
            .collect(),
        error: None,
    };
    let states = [("staged", "Staged"), ("active", "Active")];
    let ways = [
        ("invite", "Send an activation mail"),
        ("password", "Set a password now"),
        ("later", "Decide later"),
    ];
    let may_invite = visit.may(Permission::ManageCredentials);
    let offered = if may_invite { &ways[..] } else { &ways[1..] };
    let chosen = if may_invite || access != "invite" {
        access
    } else {
        "later"
    };
    NewUserPage {
        csrf: visit.csrf.clone(),
        fields,
        state: choices(&states, state.as_str()),
        access: choices(offered, chosen),
        password_error: None,
        password_rules: format!("At least {} characters", policy.min_characters),
        problem: None,
    }
}
