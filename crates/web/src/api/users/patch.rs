//! `PATCH /api/v1/users/{id}`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{UpdateUserError, UserChange, UserId, update_user};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::api::custom_attributes::CustomAttributesChange;
use crate::api::users::document::{User, UserState, versioned};
use crate::api::users::refusal::{invalid, nobody, not_stored};
use crate::api::{JsonBody, PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// What to change (RFC 7396). A field that is absent stays as it is; `null` empties it where it may be empty.
#[expect(
    clippy::option_option,
    reason = "absent and null mean different things"
)]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserChange)]
pub(crate) struct Body {
    #[serde(default, deserialize_with = "filled")]
    #[schema(value_type = String, required = false)]
    email: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 128)]
    username: Option<String>,
    #[serde(default, deserialize_with = "emptied")]
    #[schema(max_length = 256)]
    first_name: Option<String>,
    #[serde(default, deserialize_with = "emptied")]
    #[schema(max_length = 256)]
    last_name: Option<String>,
    #[serde(default, deserialize_with = "emptied")]
    #[schema(max_length = 512)]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    #[schema(value_type = UserState, required = false)]
    state: Option<UserState>,
    #[serde(default, deserialize_with = "filled")]
    #[schema(value_type = bool, required = false)]
    password_never_expires: Option<bool>,
    /// Those not named stay; `null` takes one away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<BTreeMap<String, Option<String>>>)]
    attributes: Option<Option<BTreeMap<String, Option<String>>>>,
    /// A list takes the place of all there are; an object changes those it names.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<CustomAttributesChange>)]
    custom_attributes: Option<Option<CustomAttributesChange>>,
}

/// `null` is refused: there is no person without it.
fn filled<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// `null` is a value too.
#[expect(
    clippy::option_option,
    reason = "absent and null mean different things"
)]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// `null` is the empty text.
fn emptied<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = Option::deserialize(field)?;
    Ok(Some(text.unwrap_or_default()))
}

/// Change a user
///
/// Leaving the state `active` ends all sessions at once.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{id}",
    tag = "Users",
    operation_id = "change_user",
    request_body(content((Body = "application/json"), (Body = "application/merge-patch+json"))),
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "The user as they are now.", body = User,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<UserId>,
    condition: Precondition,
    JsonBody(body): JsonBody<Body>,
) -> Result<Versioned<User>, Problem> {
    let sent = body.custom_attributes.clone().flatten();
    let change = body.into_change()?;
    let store = site.store.as_ref();
    let (sealing, expected) = (site.keys.sealing(), condition.expected());
    update_user(&mut caller.op, store, sealing, id, expected, change)
        .await
        .map(versioned)
        .map_err(|error| match error {
            UpdateUserError::NoSuchUser => nobody(),
            UpdateUserError::Stale(present) => Problem::stale(present.version),
            UpdateUserError::Invalid(problems) => invalid(problems, sent.as_ref()),
            UpdateUserError::Store(error) => not_stored(error),
        })
}

impl Body {
    fn into_change(self) -> Result<UserChange, Problem> {
        let (attributes, replace_attributes) = match self.attributes {
            None => (BTreeMap::new(), false),
            Some(None) => (BTreeMap::new(), true),
            Some(Some(some)) => (some, false),
        };
        let (custom_attributes, replace_custom_attributes) = match self.custom_attributes {
            None => (BTreeMap::new(), false),
            Some(None) => (BTreeMap::new(), true),
            Some(Some(sent)) => sent.named()?,
        };
        Ok(UserChange {
            email: self.email,
            username: self.username,
            first_name: self.first_name,
            last_name: self.last_name,
            display_name: self.display_name,
            password_never_expires: self.password_never_expires,
            state: self.state.map(Into::into),
            attributes,
            replace_attributes,
            custom_attributes,
            replace_custom_attributes,
        })
    }
}
