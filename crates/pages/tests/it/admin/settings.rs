//! Samples of settings, administrators, API keys, the own profile and the API reference.

use jetway_pages::account::NewPasswordErrors;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::access::{
    AdministratorForm, AdministratorProfile, AdministratorRow, Administrators, ApiKeyCreated,
    ApiKeyRow, ApiKeys, NewApiKey,
};
use jetway_pages::admin::api_reference::{
    ApiAnswer, ApiField, ApiOperation, ApiParameter, ApiReference, ApiSchema, ApiTag,
};
use jetway_pages::admin::parts::{Badge, Confirm, Field, Moment, Select, Tone};
use jetway_pages::admin::settings::{
    AlertSettings, AppearanceSettings, DefaultStateSettings, MailSettings, OrganisationProfile,
    PasswordSettings, ProviderSettings, SessionSettings, SettingsHead, SettingsTab,
};

use super::activity::select;
use super::{CSRF, LONG_NAME, NOW, sample};
use crate::account_samples::{broken_rules, rules};
use crate::profile_samples::own_sessions;
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Settings;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = organisation();
    all.extend(sign_in());
    all.extend(connections());
    all.extend(administrators());
    all.extend(keys());
    all.extend(own_profile());
    all.extend(reference());
    all
}

fn head(tab: SettingsTab) -> SettingsHead {
    SettingsHead {
        tab,
        csrf: CSRF.to_owned(),
        version: "7".to_owned(),
        can_edit: true,
        problem: None,
        changed: Some((Moment::new(NOW - 86_400_000, NOW), LONG_NAME.to_owned())),
    }
}

fn refused(tab: SettingsTab) -> SettingsHead {
    SettingsHead {
        problem: Some(HOSTILE.to_owned()),
        ..head(tab)
    }
}

fn wrong(value: &str) -> Field {
    Field::new(value).with_error("Use a number from 1 to 1440.")
}

fn organisation() -> Vec<Sample> {
    let profile = |head, name: Field, logo: Option<&str>| OrganisationProfile {
        head,
        name,
        contact_name: LONG_NAME.into(),
        contact_email: "help@the-acme-corporation.com".into(),
        organisation_id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        logo: logo.map(str::to_owned),
        logo_error: logo
            .is_none()
            .then(|| "This is not a PNG or JPEG picture.".to_owned()),
    };
    let tab = SettingsTab::Organisation;
    let read_only = SettingsHead {
        can_edit: false,
        ..head(tab)
    };
    vec![
        sample(
            "admin_settings_organisation",
            NAV,
            // The address of a real file, since there is no other.
            profile(head(tab), "The Acme Corporation".into(), Some(LOGO)),
        ),
        sample(
            "admin_settings_organisation_read_only",
            NAV,
            profile(read_only, "The Acme Corporation".into(), Some(LOGO)),
        ),
        sample(
            "admin_settings_organisation_hostile",
            NAV,
            profile(refused(tab), wrong(HOSTILE), None),
        ),
        sample(
            "admin_settings_appearance",
            NAV,
            AppearanceSettings {
                head: head(SettingsTab::Appearance),
                accent_color: Field::new("red").with_error(
                    "Write the colour as # and six hexadecimal digits, such as #2b50c4.",
                ),
            },
        ),
    ]
}

const LOGO: &str = "/brand/logo?v=1";

fn sign_in() -> Vec<Sample> {
    let sessions = |head, idle: Field| SessionSettings {
        head,
        idle_minutes: idle,
        absolute_minutes: "1440".into(),
        administrator_idle_minutes: "30".into(),
        administrator_absolute_minutes: "720".into(),
    };
    let passwords = |head, words: Field| PasswordSettings {
        head,
        min_characters: "15".into(),
        history: "0".into(),
        expires_after_days: "".into(),
        refuse_common: true.into(),
        banned_words: words,
        attempts: "5".into(),
        longest_wait_minutes: "15".into(),
        network_attempts: "100".into(),
    };
    vec![
        sample(
            "admin_settings_sessions",
            NAV,
            sessions(head(SettingsTab::Sessions), "60".into()),
        ),
        sample(
            "admin_settings_sessions_hostile",
            NAV,
            sessions(refused(SettingsTab::Sessions), wrong(HOSTILE)),
        ),
        sample(
            "admin_settings_passwords",
            NAV,
            passwords(head(SettingsTab::Passwords), "rocket\nanvil".into()),
        ),
        sample(
            "admin_settings_passwords_hostile",
            NAV,
            passwords(refused(SettingsTab::Passwords), wrong(HOSTILE)),
        ),
        sample(
            "admin_settings_default_states",
            NAV,
            DefaultStateSettings {
                head: head(SettingsTab::DefaultStates),
                manual: select(&["Staged", "Active"]),
                bulk: select(&["Staged", "Active"]),
                import: select(&["Staged", "Active"]),
            },
        ),
    ]
}

fn connections() -> Vec<Sample> {
    let mail = |head, host: Field, test| MailSettings {
        head,
        host,
        port: "587".into(),
        security: select(&["STARTTLS", "TLS", "None"]),
        username: "jetway".into(),
        has_password: false,
        password_error: None,
        from: "jetway@the-acme-corporation.com".into(),
        set_up: false,
        can_outbox: true,
        test_to: "admin@the-acme-corporation.com".to_owned(),
        test,
    };
    let provider = |head, text: Field, set_up| ProviderSettings {
        head,
        name: text,
        issuer: "https://accounts.google.com".into(),
        client_id: "4711.apps.example".into(),
        has_secret: set_up,
        secret_error: None,
        redirect_uri: "https://sso.acme.example/admin/oidc/callback".to_owned(),
        set_up,
    };
    let alerts = |head, recipients: Field| AlertSettings {
        head,
        recipients,
        can_destinations: true,
    };
    let working = MailSettings {
        has_password: true,
        set_up: true,
        ..mail(
            head(SettingsTab::Mail),
            "mail.acme.example".into(),
            Some((
                Badge::new(Tone::Good, "delivered"),
                "The server took the mail.".to_owned(),
            )),
        )
    };
    let failed = Some((Badge::new(Tone::Bad, "failed"), HOSTILE.to_owned()));
    vec![
        sample(
            "admin_settings_mail",
            NAV,
            mail(head(SettingsTab::Mail), "".into(), None),
        ),
        sample("admin_settings_mail_tested", NAV, working),
        sample(
            "admin_settings_mail_hostile",
            NAV,
            mail(refused(SettingsTab::Mail), wrong(HOSTILE), failed),
        ),
        sample(
            "admin_settings_alerts",
            NAV,
            alerts(head(SettingsTab::Alerts), "".into()),
        ),
        sample(
            "admin_settings_alerts_hostile",
            NAV,
            alerts(refused(SettingsTab::Alerts), wrong(HOSTILE)),
        ),
        sample(
            "admin_settings_provider",
            NAV,
            provider(head(SettingsTab::Provider), "Google".into(), true),
        ),
        sample(
            "admin_settings_provider_hostile",
            NAV,
            provider(refused(SettingsTab::Provider), wrong(HOSTILE), false),
        ),
    ]
}

fn administrator(name: &str, is_you: bool, invited: bool) -> AdministratorRow {
    AdministratorRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
        email: "wile@the-acme-corporation.com".to_owned(),
        role: "Help desk".to_owned(),
        state: if invited {
            Badge::new(Tone::Waiting, "invited")
        } else {
            Badge::new(Tone::Good, "active")
        },
        last_sign_in: (!invited).then(|| Moment::new(NOW - 60_000, NOW)),
        is_you,
        break_glass: false,
        invited,
    }
}

fn roles() -> Select {
    select(&[
        "Full administrator: everything",
        "Help desk: people, invitations, passwords",
        "Read-only: look at everything",
    ])
}

fn administrators() -> Vec<Sample> {
    let page = |rows, can_edit| Administrators {
        csrf: CSRF.to_owned(),
        rows,
        can_edit,
    };
    let form = |who: Option<&str>, email: Field| AdministratorForm {
        reason: Field::default(),
        who: who.map(|name| ("65e1c2a9f0b3d4e5a6b7c8d9".to_owned(), name.to_owned())),
        csrf: CSRF.to_owned(),
        version: "1".to_owned(),
        email,
        role: roles(),
        state: who.map(|_| select(&["Active: may sign in", "Suspended: signed out at once"])),
        problem: who
            .filter(|name| *name == HOSTILE)
            .map(|_| "The last full administrator has to stay one.".to_owned()),
    };
    let rows = vec![
        administrator("Granny Webster", true, false),
        administrator(LONG_NAME, false, true),
    ];
    let nav = NavItem::Administrators;
    let taken = Field::new(HOSTILE).with_error("This is not an e-mail address.");
    let delete = |row: &AdministratorRow, typed: &str| {
        Confirm::delete_administrator(row, 2, CSRF.to_owned(), typed)
    };
    vec![
        sample("admin_administrators", nav, page(rows, true)),
        sample(
            "admin_administrators_hostile",
            nav,
            page(vec![administrator(HOSTILE, false, false)], false),
        ),
        sample("admin_administrator_invite", nav, form(None, "".into())),
        sample("admin_administrator_invite_hostile", nav, form(None, taken)),
        sample(
            "admin_administrator_role",
            nav,
            form(Some(LONG_NAME), "wile@the-acme-corporation.com".into()),
        ),
        sample(
            "admin_administrator_role_hostile",
            nav,
            form(Some(HOSTILE), HOSTILE.into()),
        ),
        sample(
            "admin_administrator_delete",
            nav,
            delete(&administrator(LONG_NAME, false, false), "wile"),
        ),
    ]
}

fn keys() -> Vec<Sample> {
    let row = |name: &str, state, can_revoke: bool| ApiKeyRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
        start: "jwk_3fA9".to_owned(),
        scope: "Users".to_owned(),
        owner: "Granny Webster".to_owned(),
        expires: can_revoke.then(|| Moment::new(NOW + 86_400_000, NOW)),
        last_used: can_revoke.then(|| Moment::new(NOW - 86_400_000, NOW)),
        state,
        can_revoke,
    };
    let page = |rows| ApiKeys {
        rows,
        can_create: true,
    };
    let new = |name: Field| NewApiKey {
        csrf: CSRF.to_owned(),
        name,
        scope: select(&[
            "Read: look at everything",
            "Users: people",
            "Full: everything",
        ]),
        expires: select(&["In 90 days", "In a year", "Never"]),
        problem: None,
    };
    let created = |name: &str| ApiKeyCreated {
        name: name.to_owned(),
        secret: "jwk_VGhpcyBpcyBhIHNhbXBsZSwgbm90IGEgc2VjcmV0ISEh".to_owned(),
        scope: "Users".to_owned(),
        expires: None,
        example: "curl -H 'Authorization: Bearer jwk_…' https://sso.acme.example/api/v1/users"
            .to_owned(),
    };
    let nav = NavItem::ApiKeys;
    let soon = Badge::new(Tone::Waiting, "expires soon");
    vec![
        sample(
            "admin_api_keys",
            nav,
            page(vec![
                row("Nightly export", soon.clone(), true),
                row(LONG_NAME, Badge::new(Tone::None, "expired"), false),
            ]),
        ),
        sample("admin_api_keys_empty", nav, page(Vec::new())),
        sample(
            "admin_api_keys_hostile",
            nav,
            page(vec![row(HOSTILE, soon, true)]),
        ),
        sample("admin_api_key_new", nav, new("".into())),
        sample(
            "admin_api_key_new_hostile",
            nav,
            new(Field::new(HOSTILE).with_error("Use at most 128 characters.")),
        ),
        sample("admin_api_key_created", nav, created("Nightly export")),
        sample("admin_api_key_created_hostile", nav, created(HOSTILE)),
    ]
}

fn own_profile() -> Vec<Sample> {
    let page = |name: Field, client: &str, rules, errors| AdministratorProfile {
        totp: None,
        recovery_codes: 0,
        break_glass: false,
        csrf: CSRF.to_owned(),
        name,
        email: "admin@the-acme-corporation.com".to_owned(),
        role: "Full administrator".to_owned(),
        has_password: true,
        rules,
        errors,
        sessions: own_sessions("/admin/profile/sessions", client, 2),
    };
    let errors = NewPasswordErrors {
        form: Some(HOSTILE.to_owned()),
        ..NewPasswordErrors::default()
    };
    vec![
        sample(
            "admin_profile",
            NavItem::Home,
            page(
                "Granny Webster".into(),
                "Firefox on Linux",
                rules(),
                NewPasswordErrors::default(),
            ),
        ),
        sample(
            "admin_profile_hostile",
            NavItem::Home,
            page(wrong(HOSTILE), HOSTILE, broken_rules(), errors),
        ),
    ]
}

fn reference() -> Vec<Sample> {
    let operation = |method: &str, text: &str| ApiOperation {
        id: format!("{}-user", method.to_lowercase()),
        method: method.to_owned(),
        path: "/api/v1/users/{id}".to_owned(),
        summary: text.to_owned(),
        description: "Answers 404 for people that are deleted.".to_owned(),
        scope: Some("Read".to_owned()),
        parameters: vec![ApiParameter {
            name: "id".to_owned(),
            place: "path".to_owned(),
            kind: "string".to_owned(),
            required: true,
            about: text.to_owned(),
        }],
        body: (method != "GET").then(|| "User".to_owned()),
        answers: vec![ApiAnswer {
            status: "200".to_owned(),
            about: "The person".to_owned(),
            schema: Some("User".to_owned()),
        }],
    };
    let page = |text: &str| ApiReference {
        version: "1.0.0".to_owned(),
        about: vec!["Send a key as Authorization: Bearer, or as x-api-key.".to_owned()],
        document: "/api/v1/openapi.json".to_owned(),
        tags: vec![ApiTag {
            id: "tag-users".to_owned(),
            name: "users".to_owned(),
            about: text.to_owned(),
            operations: vec![operation("GET", text), operation("PATCH", text)],
        }],
        schemas: vec![ApiSchema {
            name: "User".to_owned(),
            about: text.to_owned(),
            fields: vec![ApiField {
                name: "email".to_owned(),
                kind: "string".to_owned(),
                required: true,
                about: text.to_owned(),
            }],
        }],
    };
    vec![
        sample("admin_api_reference", NavItem::ApiKeys, page("One person")),
        sample(
            "admin_api_reference_hostile",
            NavItem::ApiKeys,
            page(HOSTILE),
        ),
    ]
}
