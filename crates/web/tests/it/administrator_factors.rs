//! Administrators need a second factor, except in `dev` (security.md items 28, 37 and 43).

use jetway_identity::{Clock as _, EventKind, Role};
use time::Duration;

use crate::authenticator_app::{between, shown};
use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site, administrator_email};

const ENROL: &str = "/admin/login/enrol";
const FINISH: &str = "/admin/login/enrol/finish";
const CODE: &str = "/admin/login/code";

async fn start() -> Site {
    Site::start().await.outside_dev()
}

/// The first sign-in, which sets an app up; its secret and the recovery codes.
async fn enrol(site: &Site, browser: &mut Browser<'_>, role: Role) -> (String, Vec<String>) {
    let email = administrator_email(role);
    site.add_administrator(&email, role).await;
    let asked = browser.sign_in_as_administrator(&email, PASSWORD).await;
    assert_eq!(asked.location(), ENROL);
    assert_eq!(
        browser.get("/admin").await.status,
        303,
        "half a sign-in is none"
    );
    assert_eq!(browser.get(CODE).await.location(), "/admin/login");
    let page = browser.get(ENROL).await;
    let begun = browser.fill_in(&page, (ENROL, ENROL), &[]).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let secret = between(&begun.body, "<code class=\"secret\">", "</code>")[0].to_owned();
    let wrong = [("otp", "12")];
    let wrong = browser.fill_in(&begun, (FINISH, FINISH), &wrong).await;
    assert_eq!(wrong.status, 422);
    let code = shown(&secret, site.clock.now());
    let right = [("otp", code.as_str())];
    let done = browser.fill_in(&wrong, (FINISH, FINISH), &right).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let codes = between(&done.body, "<li><code>", "</code>");
    let codes: Vec<_> = codes.into_iter().map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/admin").await.status, 200);
    site.clock.advance(Duration::minutes(1));
    (secret, codes)
}

async fn prove(browser: &mut Browser<'_>, code: &str) -> Answer {
    let page = browser.get(CODE).await;
    browser.fill_in(&page, (CODE, CODE), &[("otp", code)]).await
}

#[tokio::test]
async fn an_administrator_sets_an_app_up_at_the_first_sign_in_and_needs_it_at_the_next() {
    let site = start().await;
    let mut browser = site.browser();
    let (secret, codes) = enrol(&site, &mut browser, Role::Full).await;
    let event = site.last_event(EventKind::AdminLoginAttempt).await.unwrap();
    assert_eq!(event.detail["mfa_meta"]["type"], "totp");

    let mut other = site.browser();
    let email = administrator_email(Role::Full);
    let asked = other.sign_in_as_administrator(&email, PASSWORD).await;
    assert_eq!(asked.location(), CODE);
    assert_eq!(other.get("/admin").await.status, 303);
    assert_eq!(prove(&mut other, "000000").await.status, 401);
    let code = shown(&secret, site.clock.now());
    assert_eq!(prove(&mut other, &code).await.location(), "/admin");
    assert_eq!(other.get("/admin").await.status, 200);

    let mut third = site.browser();
    third.sign_in_as_administrator(&email, PASSWORD).await;
    assert_eq!(prove(&mut third, &code).await.status, 401, "used");
    assert_eq!(prove(&mut third, &codes[3]).await.location(), "/admin");
    let mut fourth = site.browser();
    fourth.sign_in_as_administrator(&email, PASSWORD).await;
    assert_eq!(prove(&mut fourth, &codes[3]).await.status, 401, "used");
}

#[tokio::test]
async fn wrong_codes_of_an_administrator_lock_like_wrong_passwords() {
    let site = start().await;
    let (secret, _) = enrol(&site, &mut site.browser(), Role::Full).await;
    let mut browser = site.browser();
    let email = administrator_email(Role::Full);
    browser.sign_in_as_administrator(&email, PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(prove(&mut browser, "000000").await.status, 401);
    }
    let code = shown(&secret, site.clock.now());
    assert_eq!(prove(&mut browser, &code).await.status, 429);
    let again = site
        .browser()
        .sign_in_as_administrator(&email, PASSWORD)
        .await;
    assert_eq!(again.status, 429);
}

#[tokio::test]
async fn an_administrator_changes_the_own_factor_after_a_fresh_sign_in() {
    let site = start().await;
    let mut browser = site.browser();
    enrol(&site, &mut browser, Role::HelpDesk).await;
    let profile = browser.get("/admin/profile").await;
    assert!(profile.body.contains("10 left"), "{}", profile.body);
    let renew = "/admin/profile/recovery-codes";
    let new = browser.fill_in(&profile, (renew, renew), &[]).await;
    assert_eq!(between(&new.body, "<li><code>", "</code>").len(), 10);
    site.clock.advance(Duration::minutes(10));
    let remove = "/admin/profile/totp/remove";
    let profile = browser.get("/admin/profile").await;
    let stale = browser.fill_in(&profile, (remove, remove), &[]).await;
    assert!(
        stale.location().starts_with("/admin/login?again"),
        "{}",
        stale.location()
    );
}

#[tokio::test]
async fn only_a_full_administrator_takes_factors_of_another_away_and_says_why() {
    let site = start().await;
    let mut victim = site.browser();
    enrol(&site, &mut victim, Role::HelpDesk).await;
    let mut admin = site.browser();
    enrol(&site, &mut admin, Role::Full).await;
    let known = jetway_identity::list_administrators(site.store.as_ref())
        .await
        .unwrap();
    let email = administrator_email(Role::HelpDesk);
    let id = known.iter().find(|known| known.email == email).unwrap().id;
    let page = format!("/admin/administrators/{id}");
    let reset = format!("{page}/reset-factors");
    let form = admin.get(&page).await;
    let silent = [("reason", "")];
    let silent = admin.fill_in(&form, (&reset, &reset), &silent).await;
    assert_eq!(silent.status, 422);
    let csrf = victim.admin_csrf().await;
    let own = [("csrf", csrf.as_str()), ("reason", "mine")];
    assert_eq!(victim.post(&reset, &own).await.status, 403);
    let why = [("reason", "The phone fell off a cliff")];
    let done = admin.fill_in(&form, (&reset, &reset), &why).await;
    assert!(done.location().ends_with("done=factors-reset"));
    assert_eq!(victim.get("/admin").await.status, 303, "signed out");
    let again = site
        .browser()
        .sign_in_as_administrator(&email, PASSWORD)
        .await;
    assert_eq!(again.location(), ENROL);
}
