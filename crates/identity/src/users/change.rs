//! What may be changed of a person, and how a change reads in the activity log.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::custom_attributes::CustomValue;
use crate::users::{User, UserState};

/// New values; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserChange {
    pub email: Option<String>,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub display_name: Option<String>,
    pub password_never_expires: Option<bool>,
    /// As [`set_user_state`](crate::users::set_user_state) would.
    pub state: Option<UserState>,
    /// Directory attributes; `None` or nothing takes one away, those not named stay.
    pub attributes: BTreeMap<String, Option<String>>,
    /// Directory attributes that are not named go away instead.
    pub replace_attributes: bool,
    /// Custom attributes; `None` takes one away, those not named stay.
    pub custom_attributes: BTreeMap<String, Option<CustomValue>>,
    /// Custom attributes that are not named go away instead.
    pub replace_custom_attributes: bool,
}

impl UserChange {
    /// All but the state, which is changed on its own.
    pub(crate) fn apply(self, user: &mut User) {
        let set = |field: &mut String, value: Option<String>| {
            if let Some(value) = value {
                *field = value;
            }
        };
        set(
            &mut user.email,
            self.email.map(|email| email.trim().to_owned()),
        );
        set(
            &mut user.username,
            self.username.map(|name| name.trim().to_owned()),
        );
        set(&mut user.first_name, self.first_name);
        set(&mut user.last_name, self.last_name);
        set(&mut user.display_name, self.display_name);
        if let Some(never) = self.password_never_expires {
            user.password_never_expires = never;
        }
        if self.replace_attributes {
            user.attributes.clear();
        }
        if self.replace_custom_attributes {
            user.custom_attributes.clear();
        }
        for (name, value) in self.attributes {
            match value.filter(|value| !value.is_empty()) {
                Some(value) => user.attributes.insert(name, value),
                None => user.attributes.remove(&name),
            };
        }
        for (name, value) in self.custom_attributes {
            match value {
                Some(value) => user.custom_attributes.insert(name, value),
                None => user.custom_attributes.remove(&name),
            };
        }
    }
}

/// Everything that administrators can change, by the names of the API and of CSV headers.
pub(crate) fn editable(user: &User) -> Value {
    let mut fields = json!({
        "email": user.email,
        "username": user.username,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "displayname": user.display_name,
        "password_never_expires": user.password_never_expires,
    });
    if let Some(object) = fields.as_object_mut() {
        for (name, value) in &user.attributes {
            object.insert(name.clone(), value.clone().into());
        }
        for (name, value) in &user.custom_attributes {
            object.insert(format!("custom:{name}"), value.to_text().into());
        }
    }
    fields
}
