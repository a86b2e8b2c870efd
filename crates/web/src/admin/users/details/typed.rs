//! What the form of a person holds, as stored or as typed.

use jetway_identity::{InvalidField, User, UserChange};
use jetway_pages::admin::people::{USER_FIELDS, UserFields};

use crate::admin::custom_attributes::{TypedAttributes, rows_of, sentence};
use crate::admin::typed_version;
use crate::shared::{Failure, Fields, typeable};

/// The fields of the form.
pub(in crate::admin::users) struct TypedUser {
    pub(super) version: i64,
    pub(super) fields: UserFields,
    pub(super) values: Vec<(&'static str, String)>,
    pub(super) password_never_expires: bool,
    pub(super) custom: TypedAttributes,
    pub(super) problem: Option<String>,
}

/// The value of one of [`USER_FIELDS`] of a person.
fn field_value(user: &User, name: &str) -> String {
    match name {
        "username" => user.username.clone(),
        "email" => user.email.clone(),
        "firstname" => user.first_name.clone(),
        "lastname" => user.last_name.clone(),
        "displayname" => user.display_name.clone(),
        name => user.attributes.get(name).cloned().unwrap_or_default(),
    }
}

impl TypedUser {
    pub(in crate::admin::users) fn stored(user: &User) -> Self {
        Self {
            version: user.version,
            fields: UserFields::from_values(|name| field_value(user, name)),
            values: Vec::new(),
            password_never_expires: user.password_never_expires,
            custom: TypedAttributes {
                rows: rows_of(&user.custom_attributes),
                attributes: Some(user.custom_attributes.clone()),
            },
            problem: None,
        }
    }

    pub(super) fn of(fields: &Fields<'_>) -> Result<Self, Failure> {
        let mut values = Vec::new();
        for name in USER_FIELDS {
            // What is not in the form stays as it is.
            if let Some(value) = fields.get(name)? {
                values.push((name, value.to_owned()));
            }
        }
        let typed = |name: &str| {
            let found = values.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| typeable(value)).unwrap_or_default()
        };
        Ok(Self {
            version: typed_version(fields)?,
            fields: UserFields::from_values(typed),
            values,
            password_never_expires: fields.has("passwordNeverExpires"),
            custom: TypedAttributes::of(fields),
            problem: None,
        })
    }

    /// What the form asks to change of `user`; in a conflict, fields for which theirs was chosen
    /// stay as they are. `None` if a custom attribute cannot be read; its row says why.
    pub(super) fn change(
        &self,
        user: &User,
        fields: &Fields<'_>,
    ) -> Result<Option<UserChange>, Failure> {
        let Some(custom) = &self.custom.attributes else {
            return Ok(None);
        };
        let mut change = UserChange::default();
        for (name, value) in &self.values {
            if fields.get(&format!("keep.{name}"))? == Some("theirs") {
                continue;
            }
            match *name {
                "username" => change.username = Some(value.clone()),
                "email" => change.email = Some(value.clone()),
                "firstname" => change.first_name = Some(value.clone()),
                "lastname" => change.last_name = Some(value.clone()),
                "displayname" => change.display_name = Some(value.clone()),
                name => {
                    let value = Some(value.clone());
                    change.attributes.insert(name.to_owned(), value);
                }
            }
        }
        if fields.get("keep.password_never_expires")? != Some("theirs") {
            change.password_never_expires = Some(self.password_never_expires);
        }
        let before = user.custom_attributes.keys();
        for name in before.chain(custom.keys()) {
            if fields.get(&format!("keep.custom:{name}"))? != Some("theirs") {
                let value = custom.get(name).cloned();
                change.custom_attributes.insert(name.clone(), value);
            }
        }
        Ok(Some(change))
    }

    pub(super) fn mark(&mut self, problems: &[InvalidField]) {
        for problem in problems {
            self.mark_field(&problem.field, &problem.reason);
        }
    }

    pub(super) fn mark_field(&mut self, field: &str, reason: &str) {
        let custom = field.strip_prefix("custom:");
        let marked = match custom {
            Some(name) => self.custom.mark(name, reason),
            None => self.fields.mark(field, sentence(reason)),
        };
        if marked {
            let text = "Some values cannot be used; they are marked below.";
            self.problem.get_or_insert_with(|| text.to_owned());
        } else {
            self.problem = Some(sentence(reason));
        }
    }
}
