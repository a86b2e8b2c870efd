//! What the policies of the organisation do to sign-ins, in a browser and on a command line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::credentials::require_password_change;
use jetway_identity::sign_in_policies::{
    Applications, Conditions, Device, Effect, FactorKind, Network, Networks, PolicyRule,
    SecondFactor, Who, WithoutFactor, create_sign_in_policy,
};
use jetway_identity::{Actor, ApplicationId};
use jetway_identity::{Clock as _, EventKind, Role, list_administrators};
use time::Duration;

use crate::authenticator_app::{between, connect, shown};
use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, ROAD_RUNNER, Site, administrator_email};

const SSO: &str = "/saml2/acme-prod-aws-admin";
const MFA: &str = "https://refeds.org/profile/mfa";
const PASSWORD_CONTEXT: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const ENROL: &str = "/login/enrol";
const CODE: &str = "/login/code";

pub(crate) fn second_factor(kinds: &[FactorKind], max_age_minutes: Option<u32>) -> Effect {
    Effect::RequireSecondFactor(SecondFactor {
        kinds: kinds.iter().copied().collect(),
        max_age_minutes,
        without_factor: WithoutFactor::Enrol,
    })
}

pub(crate) fn rule(effect: Effect) -> PolicyRule {
    PolicyRule {
        name: "The policy".to_owned(),
        enabled: true,
        order: 1,
        who: Who::Everyone,
        application: Applications::Any,
        conditions: Conditions::default(),
        effect,
    }
}

pub(crate) fn from(network: &str) -> Conditions {
    let inside: Vec<Network> = vec![network.parse().unwrap()];
    Conditions {
        networks: Networks {
            inside,
            outside: Vec::new(),
        },
        ..Conditions::default()
    }
}

impl Site {
    pub(crate) async fn policy(&self, rule: PolicyRule) {
        let email = administrator_email(Role::Full);
        let known = list_administrators(self.store.as_ref()).await.unwrap();
        let id = match known.iter().find(|known| known.email == email) {
            Some(known) => known.id,
            None => self.add_administrator(&email, Role::Full).await,
        };
        let mut op = self.op();
        op.actor = Actor::Administrator { id, label: email };
        create_sign_in_policy(&mut op, self.store.as_ref(), rule)
            .await
            .unwrap();
    }
}

/// The class that the assertion states.
pub(crate) fn stated(page: &Answer) -> String {
    let response = page.input("SAMLResponse").expect("a response");
    let xml = String::from_utf8(STANDARD.decode(response).unwrap()).unwrap();
    between(&xml, "AuthnContextClassRef>", "<")[0].to_owned()
}

async fn fill_in(browser: &mut Browser<'_>, at: &str, form: &str, otp: &str) -> Answer {
    let page = browser.get(at).await;
    let path = form.strip_prefix("http://localhost:8700").unwrap_or(form);
    let fields: &[(&str, &str)] = if otp.is_empty() { &[] } else { &[("otp", otp)] };
    browser.fill_in(&page, (form, path), fields).await
}

async fn sign_out(browser: &mut Browser<'_>) {
    let form = browser.get("/").await.form("/logout");
    let fields: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(browser.post("/logout", &fields).await.status, 303);
}

const CODE_FORM: &str = "http://localhost:8700/login/code";

/// Requirement M03; security.md item 28.
#[tokio::test]
async fn who_must_have_a_factor_connects_an_app_during_the_sign_in_and_is_in() {
    let site = Site::start().await;
    site.policy(rule(second_factor(&[FactorKind::Totp], None)))
        .await;
    let mut browser = site.browser();
    let asked = browser.get(SSO).await;
    let login = asked.location().to_owned();
    let page = browser.get(&login).await;
    let to = ("http://localhost:8700/login", "/login");
    let fields = [("username", ROAD_RUNNER), ("password", PASSWORD)];
    let first = browser.fill_in(&page, to, &fields).await;
    let enrol = first.location().to_owned();
    assert!(enrol.starts_with(ENROL), "{enrol}");
    assert_eq!(browser.session(), None, "half a sign-in is none");
    assert_eq!(
        browser.get(CODE).await.location(),
        "/login",
        "nothing to prove"
    );

    let begun = fill_in(&mut browser, &enrol, ENROL, "").await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let secret = between(&begun.body, "<code class=\"secret\">", "</code>")[0].to_owned();
    let finish = "/login/enrol/finish";
    let wrong = browser
        .fill_in(&begun, (finish, finish), &[("otp", "12")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains(&secret));
    let code = shown(&secret, site.clock.now());
    let done = browser
        .fill_in(&wrong, (finish, finish), &[("otp", &code)])
        .await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(between(&done.body, "<li><code>", "</code>").len(), 10);
    assert!(done.body.contains(&format!("href=\"{SSO}\"")));
    assert!(browser.session().is_some());
    assert_eq!(stated(&browser.get(SSO).await), MFA);
}

#[tokio::test]
async fn an_application_can_ask_for_more_and_for_more_often_than_the_portal() {
    let site = Site::start().await;
    let (secret, _) = connect(&site).await;
    let strict = site.add_assigned("strict", "Strict").await;
    let some = |id: ApplicationId| Applications::Some([id].into());
    site.policy(PolicyRule {
        application: some(strict),
        ..rule(second_factor(&[FactorKind::Totp], Some(15)))
    })
    .await;
    let mut browser = site.browser();
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    let code = shown(&secret, site.clock.now());
    let signed_in = fill_in(&mut browser, CODE, CODE_FORM, &code).await;
    assert_eq!(signed_in.location(), "/");
    assert_eq!(stated(&browser.get("/saml2/strict").await), MFA);

    site.clock.advance(Duration::minutes(16));
    assert_eq!(stated(&browser.get(SSO).await), MFA, "others do not care");
    let before = browser.session().unwrap().to_owned();
    let asked = browser.get("/saml2/strict").await;
    assert_eq!(asked.location(), "/login/code?next=%2Fsaml2%2Fstrict");
    assert_eq!(
        browser.get("/saml2/strict").await.status,
        303,
        "asked is not answered"
    );
    let at = asked.location().to_owned();
    let refused = fill_in(&mut browser, &at, CODE_FORM, &code).await;
    assert_eq!(refused.status, 401, "an old code");
    let code = shown(&secret, site.clock.now());
    let done = fill_in(&mut browser, &at, CODE_FORM, &code).await;
    assert_eq!(done.location(), "/saml2/strict");
    assert_ne!(browser.session(), Some(before.as_str()), "a new id");
    assert_eq!(stated(&browser.get("/saml2/strict").await), MFA);
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert!(event.success);
}

/// Whoever finds a browser open does not set a factor of their own up.
#[tokio::test]
async fn setting_up_a_factor_for_an_application_takes_a_fresh_password() {
    let site = Site::start().await;
    let strict = site.add_assigned("strict", "Strict").await;
    site.policy(PolicyRule {
        application: Applications::Some([strict].into()),
        ..rule(second_factor(&[FactorKind::Totp], None))
    })
    .await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(11));
    let asked = browser.get("/saml2/strict").await;
    let at = asked.location().to_owned();
    assert!(at.starts_with(ENROL), "{at}");
    let stale = fill_in(&mut browser, &at, ENROL, "").await;
    assert_eq!(stale.location(), "/login?next=%2Fsaml2%2Fstrict&again");
    let page = browser.get(stale.location()).await;
    let to = ("http://localhost:8700/login", "/login");
    let fields = [("username", ROAD_RUNNER), ("password", PASSWORD)];
    let fresh = browser.fill_in(&page, to, &fields).await;
    assert_eq!(fresh.location(), "/saml2/strict");
    let asked = browser.get("/saml2/strict").await;
    let at = asked.location().to_owned();
    assert_eq!(fill_in(&mut browser, &at, ENROL, "").await.status, 200);
}

#[tokio::test]
async fn a_step_up_does_not_lengthen_the_session() {
    let site = Site::start().await;
    let (secret, _) = connect(&site).await;
    site.policy(rule(second_factor(&[FactorKind::Totp], Some(15))))
        .await;
    let mut browser = site.browser();
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    let code = shown(&secret, site.clock.now());
    fill_in(&mut browser, CODE, CODE_FORM, &code).await;
    // One day is the default; an hour without use would end it before.
    for _ in 0..47 {
        site.clock.advance(Duration::minutes(30));
        let asked = browser.get(SSO).await;
        let at = asked.location().to_owned();
        assert!(at.starts_with(CODE), "{at}");
        let code = shown(&secret, site.clock.now());
        let done = fill_in(&mut browser, &at, CODE_FORM, &code).await;
        assert_eq!(done.location(), SSO);
    }
    site.clock.advance(Duration::minutes(31));
    let ended = browser.get(SSO).await;
    assert!(
        ended.location().starts_with("/login?"),
        "{}",
        ended.location()
    );
}

#[tokio::test]
async fn a_policy_that_refuses_says_so_and_is_in_the_log() {
    let site = Site::start().await;
    let mut before = site.browser_of(ROAD_RUNNER).await;
    site.policy(PolicyRule {
        conditions: from("192.0.2.0/24"),
        ..rule(Effect::Deny)
    })
    .await;
    let refused = before.get(SSO).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("“The policy”"), "{}", refused.body);
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert_eq!(event.detail["reason"], "denied_by_policy");
    site.clock.advance(Duration::seconds(1));
    let mut browser = site.browser();
    let refused = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(refused.status, 403);
    assert_eq!(browser.session(), None);
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert!(!event.success);
    assert_eq!(event.detail["reason"], "denied_by_policy");
    // Without the right password nobody hears of policies.
    let wrong = site.browser().sign_in(ROAD_RUNNER, "wrong").await;
    assert_eq!(wrong.status, 401);
}

#[tokio::test]
async fn the_office_network_can_be_spared_the_second_factor() {
    let site = Site::start().await;
    connect(&site).await;
    site.policy(PolicyRule {
        conditions: from("192.0.2.0/24"),
        ..rule(Effect::AllowWithoutSecondFactor)
    })
    .await;
    let mut browser = site.browser();
    assert_eq!(browser.sign_in(ROAD_RUNNER, PASSWORD).await.location(), "/");
    assert_eq!(stated(&browser.get(SSO).await), PASSWORD_CONTEXT);
}

#[tokio::test]
async fn a_policy_can_be_about_browsers_that_are_new() {
    let site = Site::start().await;
    let mut known = site.browser_of(ROAD_RUNNER).await;
    site.policy(PolicyRule {
        conditions: Conditions {
            device: Device::New,
            ..Conditions::default()
        },
        ..rule(Effect::Deny)
    })
    .await;
    sign_out(&mut known).await;
    let again = known.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(again.location(), "/");
    sign_out(&mut known).await;
    let new = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(new.status, 403);
    // The browser is known for one person, not for whoever uses it.
    let other = known
        .sign_in("wile.coyote@the-acme-corporation.com", PASSWORD)
        .await;
    assert_eq!(other.status, 403);
}

/// Security.md item 26: no lock-out of a victim.
#[tokio::test]
async fn guessers_elsewhere_do_not_lock_the_owner_out_of_a_browser_that_is_known() {
    let site = Site::start().await;
    let mut known = site.browser_of(ROAD_RUNNER).await;
    let mut guesser = site.browser();
    for _ in 0..6 {
        guesser.sign_in(ROAD_RUNNER, "wrong").await;
    }
    let locked = guesser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(locked.status, 429);
    sign_out(&mut known).await;
    assert_eq!(known.sign_in(ROAD_RUNNER, PASSWORD).await.status, 303);
    sign_out(&mut known).await;
    // And a browser that was stolen guesses no further than any other.
    for _ in 0..5 {
        known.sign_in(ROAD_RUNNER, "wrong").await;
    }
    assert_eq!(known.sign_in(ROAD_RUNNER, PASSWORD).await.status, 429);
}

/// Whoever has stolen an old password does not choose the next one without the factor.
#[tokio::test]
async fn a_password_that_must_change_is_changed_after_the_second_factor() {
    let site = Site::start().await;
    let (secret, _) = connect(&site).await;
    require_password_change(&mut site.op(), site.store.as_ref(), site.road_runner)
        .await
        .unwrap();
    let mut browser = site.browser();
    let first = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(first.location(), CODE);
    let code = shown(&secret, site.clock.now());
    let second = fill_in(&mut browser, CODE, CODE_FORM, &code).await;
    assert!(
        second.location().starts_with("/login/expired/"),
        "{}",
        second.location()
    );
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn who_has_just_connected_an_app_has_proved_it() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let before = browser.session().unwrap().to_owned();
    let csrf = crate::authenticator_app::own_csrf(&mut browser).await;
    let page = browser.post("/profile/totp", &[("csrf", &csrf)]).await;
    let secret = between(&page.body, "<code class=\"secret\">", "</code>")[0].to_owned();
    let code = shown(&secret, site.clock.now());
    let right = [("csrf", csrf.as_str()), ("otp", code.as_str())];
    let done = browser.post("/profile/totp/finish", &right).await;
    assert_eq!(done.status, 200);
    assert_ne!(browser.session(), Some(before.as_str()), "a new id");
    assert_eq!(stated(&browser.get(SSO).await), MFA);
    // The page's form to sign out belongs to the new session.
    let form = done.form("/logout");
    let fields: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(browser.post("/logout", &fields).await.status, 303);
    assert_eq!(browser.get("/profile").await.status, 303);
}
