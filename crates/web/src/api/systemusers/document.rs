//! A person as JumpCloud's `systemuser`.

use jetway_identity::credentials::{lockout_of, password_expires_at};
use jetway_identity::factors::owned_factors;
use jetway_identity::settings::PasswordPolicy;
use jetway_identity::users::{PublicKey, list_public_keys};
use jetway_identity::{Op, OrganisationId, Store, StoreError, User, UserState};
use serde_json::{Map, Value, json};

use crate::api::instant::instant;

/// Fields that are text attributes under the same name.
pub(super) const PLAIN: [&str; 9] = [
    "company",
    "costCenter",
    "department",
    "description",
    "employeeIdentifier",
    "employeeType",
    "jobTitle",
    "location",
    "manager",
];

/// The members of an address.
pub(super) const ADDRESS: [&str; 5] = [
    "country",
    "locality",
    "postalCode",
    "region",
    "streetAddress",
];

/// What all documents of one answer share.
pub(super) struct Surroundings {
    pub(super) organisation: OrganisationId,
    pub(super) passwords: PasswordPolicy,
}

impl Surroundings {
    pub(super) async fn read(store: &dyn Store) -> Result<Self, StoreError> {
        let settings = store.read().await?.settings().await?;
        Ok(Self {
            organisation: settings.organisation,
            passwords: settings.sections.passwords,
        })
    }

    /// Everything that the person's own record says: enough to filter by.
    pub(super) fn known(&self, op: &Op, user: &User) -> Map<String, Value> {
        let expires = password_expires_at(&self.passwords, user);
        let active = user.state == UserState::Active;
        let document = json!({
            "_id": user.id.to_string(),
            "id": user.id.to_string(),
            "username": user.username,
            "email": user.email,
            "firstname": user.first_name,
            "lastname": user.last_name,
            "displayname": user.display_name,
            "state": state_word(user.state),
            "activated": active,
            "suspended": user.state == UserState::Suspended,
            "password_date": user.password_changed_at.map(instant),
            "password_expiration_date": expires.map(instant),
            "password_expired": expires.is_some_and(|end| end <= op.now),
            "password_never_expires": user.password_never_expires,
            "enable_user_portal_multifactor": false,
            "attributes": attributes(user),
            "addresses": addresses(user),
            "phoneNumbers": phone_numbers(user),
            "external_dn": "",
            "external_source_type": "",
            "externally_managed": false,
            "ldap_binding_user": false,
            "created": instant(user.created_at),
            "creationSource": format!("jetway:{}", user.created_by.as_str()),
            "organization": self.organisation.to_string(),
        });
        let mut document = match document {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        for name in PLAIN {
            let value = user.attributes.get(name).cloned().unwrap_or_default();
            document.insert(name.to_owned(), value.into());
        }
        document
    }

    /// With what is kept apart: the lock-out, second factors and the public keys.
    pub(super) async fn whole(
        &self,
        op: &Op,
        store: &dyn Store,
        user: &User,
    ) -> Result<Map<String, Value>, StoreError> {
        let mut document = self.known(op, user);
        let lockout = lockout_of(op, store, user).await?;
        document.insert("account_locked".to_owned(), lockout.is_some().into());
        let factors = owned_factors(store, user.id.into()).await?;
        let (totp, keys) = (factors.totp.is_some(), factors.passkeys > 0);
        let push = factors.phones > 0;
        let any = totp || keys || push;
        let status = |has| if has { "ENROLLED" } else { "NOT_ENROLLED" };
        document.insert("totp_enabled".to_owned(), totp.into());
        let mfa = json!({"configured": any, "exclusion": false});
        document.insert("mfa".to_owned(), mfa);
        let enrolment = json!({
            "overallStatus": status(any), "totpStatus": status(totp),
            "pushStatus": status(push), "webAuthnStatus": status(keys),
            "jcGoStatus": status(false),
        });
        document.insert("mfaEnrollment".to_owned(), enrolment);
        let keys = list_public_keys(store, user.id).await?;
        let keys: Vec<_> = keys.iter().map(ssh_key).collect();
        document.insert("ssh_keys".to_owned(), keys.into());
        Ok(document)
    }
}

pub(super) fn ssh_key(key: &PublicKey) -> Value {
    json!({
        "_id": key.id.to_string(),
        "name": key.name,
        "public_key": key.public_key,
        "create_date": instant(key.created_at),
    })
}

pub(super) fn state_word(state: UserState) -> &'static str {
    match state {
        UserState::Staged => "STAGED",
        UserState::Active => "ACTIVATED",
        UserState::Suspended => "SUSPENDED",
    }
}

fn attributes(user: &User) -> Vec<Value> {
    user.custom_attributes
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value.to_text()}))
        .collect()
}

fn addresses(user: &User) -> Vec<Value> {
    let address = |kind: &str| {
        let mut members = Map::new();
        for name in ADDRESS {
            let attribute = format!("addresses.{kind}.{name}");
            if let Some(value) = user.attributes.get(&attribute) {
                members.insert(name.to_owned(), value.clone().into());
            }
        }
        if members.is_empty() {
            return None;
        }
        members.insert("type".to_owned(), kind.into());
        Some(Value::Object(members))
    };
    ["work", "home"].into_iter().filter_map(address).collect()
}

fn phone_numbers(user: &User) -> Vec<Value> {
    let number = |kind: &str| {
        let number = user.attributes.get(&format!("phoneNumbers.{kind}"))?;
        Some(json!({"type": kind, "number": number}))
    };
    ["work", "mobile"].into_iter().filter_map(number).collect()
}

/// The document with only these fields, and its id; with all of them when none is named.
pub(crate) fn narrowed(mut document: Map<String, Value>, fields: &[String]) -> Value {
    if !fields.is_empty() {
        document.retain(|name, _| name == "_id" || fields.iter().any(|field| field == name));
    }
    Value::Object(document)
}
