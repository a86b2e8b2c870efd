//! The settings as the API shows and takes them. Secrets are taken and never shown.

use jetway_identity::settings::{MailServer, OidcProvider};
use jetway_identity::{Op, SealingKey, Sections};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::api::{Problem, json_body};
use crate::shared::Failure;

/// The organisation's settings. Each part and each field has a default.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    profile: Profile,
    appearance: Appearance,
    default_states: DefaultStates,
    sessions: SessionLimits,
    passwords: PasswordPolicy,
    lockout: LockoutPolicy,
    /// `null`: mails stay in the outbox, where administrators read their links.
    mail: Option<Mail>,
    alerting: Alerting,
    /// "Sign in with …" for administrators. `null`: none.
    administrator_oidc: Option<AdministratorOidc>,
}

/// Who the organisation is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Profile {
    /// Shown on every page.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    #[schema(max_length = 256)]
    contact_name: String,
    /// Empty: none.
    contact_email: String,
}

/// How the pages look.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Appearance {
    /// `#rrggbb`. `null`: Jetway's own.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$")]
    accent_color: Option<String>,
    logo: Option<Logo>,
}

/// A picture of at most 780 kB.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Logo {
    /// `image/png` or `image/jpeg`.
    media_type: String,
    /// Standard base64.
    data: String,
}

/// The state that a new person starts in, by how they were made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct DefaultStates {
    /// In the admin portal, or alone by the API.
    manual: State,
    /// From a CSV file, or many at once by the API.
    bulk: State,
    /// From another directory or application.
    import: State,
}

/// Whether a person may do anything.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Staged,
    Active,
    Suspended,
}

/// How long sessions last. Counts for sessions that begin later.
#[expect(
    clippy::struct_field_names,
    reason = "the names of the API say their unit"
)]
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct SessionLimits {
    #[schema(minimum = 1, maximum = 1440)]
    idle_minutes: u32,
    #[schema(minimum = 1, maximum = 43200)]
    absolute_minutes: u32,
    #[schema(minimum = 1, maximum = 1440)]
    administrator_idle_minutes: u32,
    #[schema(minimum = 1, maximum = 1440)]
    administrator_absolute_minutes: u32,
}

/// What a new password must be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct PasswordPolicy {
    #[schema(minimum = 15, maximum = 64)]
    min_characters: u32,
    /// How many former passwords may not come again.
    #[schema(minimum = 0, maximum = 24)]
    history: u32,
    /// Days after which a password must be changed. `null`: never.
    #[schema(minimum = 1, maximum = 3650)]
    expires_after_days: Option<u32>,
    /// Refuses common and breached passwords.
    refuse_common: bool,
    /// Words of the organisation that a password must not be made of.
    banned_words: Vec<String>,
}

/// What happens after wrong passwords.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct LockoutPolicy {
    /// Wrong passwords before the first wait.
    #[schema(minimum = 3, maximum = 20)]
    attempts: u32,
    #[schema(minimum = 1, maximum = 90)]
    longest_wait_minutes: u32,
    /// Wrong passwords from one network, for any accounts, before that network waits. The count
    /// falls by one each five minutes.
    #[schema(minimum = 20, maximum = 10000)]
    network_attempts: u32,
}

/// Where mails are handed over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Mail {
    host: String,
    #[schema(minimum = 1)]
    port: u16,
    security: MailSecurity,
    /// Empty: no sign-in.
    #[serde(default)]
    username: String,
    /// Sets the password, `null` removes it. Never shown.
    #[serde(default, skip_serializing)]
    #[schema(write_only)]
    password: Option<String>,
    /// Whether there is a password.
    #[serde(default)]
    #[schema(read_only)]
    has_password: bool,
    /// The address that mails come from.
    from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, required.
    StartTls,
    /// For a server on this machine only.
    None,
}

/// Who is told when something needs attention.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Alerting {
    /// Addresses that get a mail for each alert.
    recipients: Vec<String>,
}

/// An OpenID Connect provider that administrators may sign in with.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdministratorOidc {
    /// What the button says: "Sign in with <name>".
    name: String,
    #[schema(format = "uri")]
    issuer: String,
    client_id: String,
    /// Sets the client secret, `null` removes it. Never shown.
    #[serde(default, skip_serializing)]
    #[schema(write_only)]
    client_secret: Option<String>,
    /// Whether there is a client secret.
    #[serde(default)]
    #[schema(read_only)]
    has_client_secret: bool,
}

/// The defaults are those of the settings themselves.
macro_rules! default_from_settings {
    ($($name:ident $section:ident { $($field:ident),+ });+ $(;)?) => {
        $(impl Default for $name {
            fn default() -> Self {
                let $section = Sections::default().$section;
                Self { $($field: $section.$field.into()),+ }
            }
        })+
    };
}

impl From<jetway_identity::UserState> for State {
    fn from(state: jetway_identity::UserState) -> Self {
        match state {
            jetway_identity::UserState::Staged => Self::Staged,
            jetway_identity::UserState::Active => Self::Active,
            jetway_identity::UserState::Suspended => Self::Suspended,
        }
    }
}

default_from_settings! {
    Profile profile { name, contact_name, contact_email };
    DefaultStates default_states { manual, bulk, import };
    SessionLimits sessions {
        idle_minutes,
        absolute_minutes,
        administrator_idle_minutes,
        administrator_absolute_minutes
    };
    PasswordPolicy passwords {
        min_characters,
        history,
        expires_after_days,
        refuse_common,
        banned_words
    };
    LockoutPolicy lockout { attempts, longest_wait_minutes, network_attempts };
}

/// The settings as they are shown.
pub(super) fn shown(sections: &Sections) -> Result<Value, Failure> {
    let mut document = serde_json::to_value(sections).map_err(Failure::internal)?;
    for (section, sealed, has) in [
        ("mail", "sealed_password", "has_password"),
        (
            "administrator_oidc",
            "sealed_client_secret",
            "has_client_secret",
        ),
    ] {
        if let Some(Value::Object(members)) = document.get_mut(section) {
            let there = members
                .remove(sealed)
                .is_some_and(|secret| !secret.is_null());
            members.insert(has.to_owned(), json!(there));
        }
    }
    Ok(document)
}

/// The settings after `patch` (JSON merge patch, RFC 7396): what it does not name stays, `null`
/// goes back to the default.
pub(super) fn patched(
    present: &Sections,
    patch: &Value,
    sealing: &SealingKey,
    op: &mut Op,
) -> Result<Sections, Problem> {
    let mut document = shown(present)?;
    merge(&mut document, patch);
    let text = serde_json::to_vec(&document).map_err(Failure::internal)?;
    let asked: Settings = json_body::parse(&text)?;
    let mut document = serde_json::to_value(&asked).map_err(Failure::internal)?;
    for section in ["mail", "administrator_oidc"] {
        if let Some(Value::Object(members)) = document.get_mut(section) {
            members.remove("has_password");
            members.remove("has_client_secret");
        }
    }
    let mut sections: Sections = serde_path_to_error::deserialize(&document).map_err(|error| {
        let field = error.path().to_string();
        Problem::field(field, error.into_inner().to_string())
    })?;
    if let (Some(mail), Some(asked)) = (&mut sections.mail, &asked.mail) {
        mail.sealed_password = secret(
            patch.pointer("/mail/password"),
            asked.password.as_deref(),
            present
                .mail
                .as_ref()
                .and_then(|mail| mail.sealed_password.clone()),
            |text| MailServer::seal_password(sealing, &mut op.rng, text),
        );
    }
    if let (Some(oidc), Some(asked)) = (&mut sections.administrator_oidc, &asked.administrator_oidc)
    {
        let kept = present.administrator_oidc.as_ref();
        oidc.sealed_client_secret = secret(
            patch.pointer("/administrator_oidc/client_secret"),
            asked.client_secret.as_deref(),
            kept.and_then(|oidc| oidc.sealed_client_secret.clone()),
            |text| OidcProvider::seal_client_secret(sealing, &mut op.rng, text),
        );
    }
    Ok(sections)
}

/// A secret that was not named stays; `null` and the empty text remove it.
fn secret(
    named: Option<&Value>,
    text: Option<&str>,
    present: Option<String>,
    seal: impl FnOnce(&str) -> String,
) -> Option<String> {
    match (named, text) {
        (None, _) => present,
        (Some(_), None | Some("")) => None,
        (Some(_), Some(text)) => Some(seal(text)),
    }
}

/// RFC 7396 §2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(members) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            members.shift_remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7396, Appendix A.
    #[test]
    fn a_merge_patch_does_what_its_specification_shows() {
        for (target, patch, result) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (
                json!({"a":"b","b":"c"}),
                json!({"a":null}),
                json!({"b":"c"}),
            ),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (
                json!({"a":{"b":"c"}}),
                json!({"a":{"b":"d","c":null}}),
                json!({"a":{"b":"d"}}),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (
                json!({}),
                json!({"a":{"bb":{"ccc":null}}}),
                json!({"a":{"bb":{}}}),
            ),
        ] {
            let mut merged = target.clone();
            merge(&mut merged, &patch);
            assert_eq!(merged, result, "{target} {patch}");
        }
    }

    #[test]
    fn what_is_shown_can_be_sent_back_and_changes_nothing() {
        let sealing = SealingKey::from_bytes(&[7; 32]);
        let rng = rand::SeedableRng::seed_from_u64(1);
        let now = time::OffsetDateTime::UNIX_EPOCH;
        let mut op = Op::new(now, rng, jetway_identity::Actor::Anonymous, String::new());
        let mut present = Sections::default();
        let patch = json!({
            "mail": {"host": "localhost", "port": 25, "security": "none", "from": "a@b.example",
                     "password": "rosebud"},
            "administrator_oidc": {"name": "Acme", "issuer": "https://id.example/",
                                   "client_id": "x", "client_secret": "tnt"},
            "appearance": {"accent_color": "#2b50c4"},
        });
        present = patched(&present, &patch, &sealing, &mut op).unwrap();
        let document = shown(&present).unwrap();
        let text = document.to_string();
        assert!(!text.contains("rosebud") && !text.contains("tnt") && !text.contains("sealed"));
        assert_eq!(document["mail"]["has_password"], true);
        assert_eq!(document["administrator_oidc"]["has_client_secret"], true);
        let again = patched(&present, &document, &sealing, &mut op).unwrap();
        assert_eq!(again, present);
        let mail = present.mail.as_ref().unwrap();
        assert_eq!(mail.password(&sealing).unwrap().as_str(), "rosebud");
        let without = json!({"mail": {"password": null}, "administrator_oidc": null});
        let without = patched(&present, &without, &sealing, &mut op).unwrap();
        assert_eq!(without.mail.unwrap().sealed_password, None);
        assert_eq!(without.administrator_oidc, None);
    }
}
