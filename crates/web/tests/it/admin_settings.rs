//! The settings of the organisation in the admin portal.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, ORIGIN};
use jetway_identity::mail::list_mails;
use jetway_identity::settings::{MAX_LOGO_BYTES, MailSecurity, MailServer};
use jetway_identity::{EventKind, Role, SealingKey, Sections, UserState};
use serde_json::json;

use crate::browser::{Answer, Browser};
use crate::site::Site;

const SESSIONS: &str = "/admin/settings/sessions";
const MAIL: &str = "/admin/settings/mail";
const PROVIDER: &str = "/admin/settings/single-sign-on";
const ORGANISATION: &str = "/admin/settings/organisation";

async fn sections(site: &Site) -> Sections {
    let mut read = site.store.read().await.unwrap();
    read.settings().await.unwrap().sections
}

/// Posts what the page of this address would, with these fields.
async fn submit(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    submit_from(browser, &page, path, fields).await
}

/// Posts the form of a page that was opened before.
async fn submit_from(
    browser: &mut Browser<'_>,
    page: &Answer,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let csrf = browser.admin_csrf().await;
    let version = page.input("version").unwrap();
    let mut all = vec![("csrf", csrf.as_str()), ("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

const LIMITS: [(&str, &str); 4] = [
    ("sessions.idle_minutes", "45"),
    ("sessions.absolute_minutes", "600"),
    ("sessions.administrator_idle_minutes", "20"),
    ("sessions.administrator_absolute_minutes", "300"),
];

/// Requirements A06 and U02.
#[tokio::test]
async fn each_tab_has_an_address_saves_what_was_typed_and_says_so() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let first = browser.get("/admin/settings").await;
    assert_eq!(first.location(), ORGANISATION);
    let tabs: [(&str, &[(&str, &str)]); 5] = [
        (
            ORGANISATION,
            &[
                ("profile.name", "حديقة <script>alert(1)</script> 🦅"),
                ("profile.contact_name", "Granny Webster"),
                ("profile.contact_email", "help@the-acme-corporation.com"),
            ],
        ),
        (
            "/admin/settings/appearance",
            &[("appearance.accent_color", "#2b50c4")],
        ),
        (SESSIONS, &LIMITS),
        (
            "/admin/settings/passwords",
            &[
                ("passwords.min_characters", "20"),
                ("passwords.history", "3"),
                ("passwords.expires_after_days", "90"),
                ("lockout.attempts", "4"),
                ("lockout.longest_wait_minutes", "30"),
                ("lockout.network_attempts", "250"),
            ],
        ),
        (
            PROVIDER,
            &[
                ("administrator_oidc.name", "Acme Login"),
                ("administrator_oidc.issuer", "https://login.example.com/"),
                ("administrator_oidc.client_id", "jetway"),
            ],
        ),
    ];
    for (path, fields) in tabs {
        let answer = submit(&mut browser, path, fields).await;
        assert_eq!(answer.location(), format!("{path}?done=saved"));
        let page = browser.get(answer.location()).await;
        assert!(page.body.contains("The settings are saved."), "{path}");
        assert!(page.body.contains("full@the-acme-corporation.com</bdi>"));
        for (name, value) in fields {
            assert_eq!(page.input(name).as_deref(), Some(*value), "{name}");
        }
    }
    let saved = sections(&site).await;
    assert_eq!(saved.profile.name, "حديقة <script>alert(1)</script> 🦅");
    assert_eq!(saved.sessions.administrator_idle_minutes, 20);
    assert_eq!(saved.passwords.expires_after_days, Some(90));
    assert!(!saved.passwords.refuse_common, "not ticked");
    assert_eq!(saved.lockout.longest_wait_minutes, 30);
    assert_eq!(saved.lockout.network_attempts, 250);
    let colours = browser.get("/brand/colours.css").await;
    assert_eq!(colours.status, 200);
}

/// Requirement U03: one address a line, however the browser ends lines.
#[tokio::test]
async fn lists_are_typed_one_a_line() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let path = "/admin/settings/alerts";
    let typed = " ada@acme.com \r\n\r\ngrace@acme.com\r\n";
    let answer = submit(&mut browser, path, &[("alerting.recipients", typed)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let recipients = sections(&site).await.alerting.recipients;
    assert_eq!(recipients, ["ada@acme.com", "grace@acme.com"]);
    let answer = submit(&mut browser, path, &[("alerting.recipients", "nobody")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("nobody</textarea>"), "{}", answer.body);
    assert!(answer.body.contains("This is not an e-mail address."));
}

#[tokio::test]
async fn what_is_refused_is_marked_and_everything_typed_stays() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let before = sections(&site).await;
    let fields = [
        ("sessions.idle_minutes", "0"),
        ("sessions.absolute_minutes", "<b>soon</b>"),
        ("sessions.administrator_idle_minutes", "21"),
        ("sessions.administrator_absolute_minutes", "99999999999999"),
    ];
    let answer = submit(&mut browser, SESSIONS, &fields).await;
    assert_eq!(answer.status, 422);
    for (name, value) in fields {
        assert_eq!(answer.input(name).as_deref(), Some(value));
        let marked = answer.attribute("input", Some(name), "aria-invalid");
        let expected = (name != "sessions.administrator_idle_minutes").then_some("true");
        assert_eq!(marked.as_deref(), expected, "{name}");
    }
    assert!(answer.body.contains("Use a number from 1 to 1440."));
    assert!(answer.body.contains("Write a whole number."));
    assert_eq!(sections(&site).await, before);
}

/// Two administrators at once: who is slower learns what changed, and nothing typed is lost.
#[tokio::test]
async fn a_form_that_is_out_of_date_says_what_changed_meanwhile() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let old = browser.get(SESSIONS).await;
    site.change_settings(|sections| sections.sessions.idle_minutes = 30)
        .await;
    let answer = submit_from(&mut browser, &old, SESSIONS, &LIMITS).await;
    assert_eq!(answer.status, 409);
    assert!(
        answer.body.contains("idle minutes from 60 to 30"),
        "{}",
        answer.body
    );
    for (name, value) in LIMITS {
        assert_eq!(answer.input(name).as_deref(), Some(value));
    }
    assert_eq!(sections(&site).await.sessions.idle_minutes, 30);
    let again = submit_from(&mut browser, &answer, SESSIONS, &LIMITS).await;
    assert_eq!(again.status, 303);
    assert_eq!(sections(&site).await.sessions.idle_minutes, 45);
}

#[tokio::test]
async fn a_change_of_another_tab_is_no_reason_to_refuse() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let old = browser.get(SESSIONS).await;
    site.change_settings(|sections| sections.passwords.history = 5)
        .await;
    let answer = submit_from(&mut browser, &old, SESSIONS, &LIMITS).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let saved = sections(&site).await;
    assert_eq!(saved.sessions.idle_minutes, 45);
    assert_eq!(saved.passwords.history, 5);
}

/// Requirement A11: who may look finds nothing to press.
#[tokio::test]
async fn who_may_only_look_sees_the_settings_without_buttons() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let page = browser.get(MAIL).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Your role may look at the settings"));
    assert!(!page.body.contains(">save settings</button>"));
    assert!(!page.body.contains("send a test mail"));
}

/// Requirements B01 and D02.
#[tokio::test]
async fn the_state_of_new_people_is_set_for_each_way_they_are_made() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let path = "/admin/settings/default-states";
    let fields = [
        ("default_states.manual", "active"),
        ("default_states.bulk", "staged"),
        ("default_states.import", "active"),
    ];
    let answer = submit(&mut browser, path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let states = sections(&site).await.default_states;
    assert_eq!(states.manual, UserState::Active);
    assert_eq!(states.bulk, UserState::Staged);
    assert_eq!(states.import, UserState::Active);
    let mut never = fields;
    never[0].1 = "suspended";
    assert_eq!(submit(&mut browser, path, &never).await.status, 400);
}

const SERVER: [(&str, &str); 5] = [
    ("mail.host", "smtp.example.com"),
    ("mail.port", "465"),
    ("mail.security", "tls"),
    ("mail.username", "jetway"),
    ("mail.from", "jetway@the-acme-corporation.com"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .copied()
        .collect();
    all.extend_from_slice(more);
    all
}

async fn mail_password(site: &Site) -> Option<String> {
    let server: MailServer = sections(site).await.mail.unwrap();
    let password = server.password(&SealingKey::from_bytes(&[7; 32]))?;
    Some(password.to_string())
}

#[tokio::test]
async fn the_mail_password_is_stored_sealed_kept_unless_typed_and_never_shown() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let secret = "beep-beep-466";
    let fields = with(&SERVER, &[("mail.password", secret)]);
    let answer = submit(&mut browser, MAIL, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(mail_password(&site).await.as_deref(), Some(secret));

    let page = browser.get(MAIL).await;
    assert!(page.body.contains("Leave this empty to keep it."));
    let answer = submit(
        &mut browser,
        MAIL,
        &with(&SERVER, &[("mail.from", "new@acme.com")]),
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(mail_password(&site).await.as_deref(), Some(secret));
    let event = site.last_event(EventKind::OrganizationUpdate).await;
    let log = event.unwrap().detail.to_string();
    let stored = serde_json::to_string(&sections(&site).await).unwrap();
    for text in [&page.body, &answer.body, &log, &stored] {
        assert!(!text.contains(secret), "{text}");
    }

    // Somebody who does not know the password cannot have it sent elsewhere.
    let elsewhere = with(&SERVER, &[("mail.host", "mail.evil.example")]);
    let answer = submit(&mut browser, MAIL, &elsewhere).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Give the password again"));
    assert_eq!(answer.input("mail.host").unwrap(), "mail.evil.example");
    let known = with(&elsewhere, &[("mail.password", "another")]);
    assert_eq!(submit(&mut browser, MAIL, &known).await.status, 303);
    assert_eq!(mail_password(&site).await.as_deref(), Some("another"));

    let anonymous = with(&elsewhere, &[("mail.username", "")]);
    assert_eq!(submit(&mut browser, MAIL, &anonymous).await.status, 303);
    assert_eq!(mail_password(&site).await, None);
    let answer = submit(&mut browser, MAIL, &[("do", "remove")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(sections(&site).await.mail, None);
}

/// Requirement A04.
#[tokio::test]
async fn the_client_secret_stays_with_its_issuer() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let fields = [
        ("administrator_oidc.name", "Acme"),
        ("administrator_oidc.issuer", "https://login.example.com/"),
        ("administrator_oidc.client_id", "jetway"),
    ];
    let secret = [("administrator_oidc.client_secret", "meep-meep-17")];
    let answer = submit(&mut browser, PROVIDER, &with(&fields, &secret)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let stored = sections(&site).await.administrator_oidc.unwrap();
    let opened = stored.client_secret(&SealingKey::from_bytes(&[7; 32]));
    assert_eq!(opened.unwrap().as_str(), "meep-meep-17");
    let page = browser.get(PROVIDER).await;
    assert!(page.body.contains("/admin/oidc/callback</code>"));
    assert!(!page.body.contains("meep-meep-17"));
    let moved = with(
        &fields,
        &[("administrator_oidc.issuer", "https://evil.example/")],
    );
    let answer = submit(&mut browser, PROVIDER, &moved).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Give the client secret again"));
    let broken = with(&fields, &[("administrator_oidc.issuer", "login")]);
    let answer = submit(&mut browser, PROVIDER, &broken).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.input("administrator_oidc.issuer").unwrap(), "login");
    let answer = submit(&mut browser, PROVIDER, &[("do", "remove")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(sections(&site).await.administrator_oidc, None);
}

#[tokio::test]
async fn a_test_mail_goes_to_whoever_asks_for_it_and_the_page_tells_how_it_went() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let answer = submit(&mut browser, MAIL, &with(&SERVER, &[("do", "test")])).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.get(answer.location()).await;
    assert!(page.body.contains("On its way"), "{}", page.body);
    let mails = list_mails(site.store.as_ref(), None, None, 9)
        .await
        .unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "full@the-acme-corporation.com");
    let server = sections(&site).await.mail.unwrap();
    assert_eq!(server.security, MailSecurity::Tls, "saved as typed");
}

/// Sends a file as the form of the logo does.
async fn upload(browser: &mut Browser<'_>, origin: &str, picture: &[u8]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = browser
        .request("POST", "/admin/settings/logo")
        .header(ORIGIN, origin)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn a_logo_is_taken_by_what_it_is_shown_at_once_and_removed_again() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let png = STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
        .unwrap();
    let mut large = b"\xff\xd8\xff\xe0".to_vec();
    large.resize(MAX_LOGO_BYTES + 1, 0);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for (picture, reason) in [
        (&svg[..], "This is not a PNG or JPEG picture."),
        (&large, "Use a picture of at most 780 kB."),
        (b"", "Choose a picture first."),
    ] {
        let answer = upload(&mut browser, &site.origin, picture).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(reason), "{reason}");
        assert_eq!(sections(&site).await.appearance.logo, None);
    }
    large.resize(2 * 1024 * 1024, 0);
    let answer = upload(&mut browser, &site.origin, &large).await;
    assert_eq!(answer.status, 413);

    let answer = upload(&mut browser, &site.origin, &png).await;
    assert_eq!(answer.location(), "/admin/settings/organisation?done=logo");
    let page = browser.get(answer.location()).await;
    let address = "/brand/logo?v=";
    assert!(page.body.contains(address), "shown at once");
    let logo = sections(&site).await.appearance.logo.unwrap();
    assert_eq!(logo.media_type, "image/png");
    let event = site.last_event(EventKind::OrganizationUpdate).await;
    let detail = event.unwrap().detail.to_string();
    assert!(!detail.contains(&logo.data), "{detail}");

    let csrf = browser.admin_csrf().await;
    let answer = browser
        .post("/admin/settings/logo/delete", &[("csrf", &csrf)])
        .await;
    let page = browser.get(answer.location()).await;
    assert!(page.body.contains("The logo is removed."));
    assert!(!page.body.contains(address));
}

/// What changed stands in the activity log, field by field.
#[tokio::test]
async fn the_log_says_what_was_changed_from_what_to_what() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    submit(&mut browser, SESSIONS, &LIMITS).await;
    let event = site
        .last_event(EventKind::OrganizationUpdate)
        .await
        .unwrap();
    let changes = event.detail["changes"].as_array().unwrap();
    let idle = json!({"field": "sessions.idle_minutes", "from": 60, "to": 45});
    assert!(changes.contains(&idle), "{changes:?}");
}
