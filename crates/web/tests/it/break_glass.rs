//! Break-glass accounts from the seal to the drill, in the browser (the break-glass kit of
//! requirements.md, 11).

use jetway_identity::break_glass::remind_of_drills;
use jetway_identity::{Clock as _, EventKind, Role, Scope, seal_events};
use time::Duration;

use crate::api::{Api, problem};
use crate::authenticator_app::between;
use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site};

const PAGE: &str = "/admin/administrators/break-glass";
const CODE: &str = "/admin/login/code";
const GLASS: &str = "glass-1@the-acme-corporation.com";

/// A site with an account that is to be sealed.
async fn start() -> (Site, String) {
    let site = Site::start().await;
    let glass = site.add_administrator(GLASS, Role::Full).await;
    (site, glass.to_string())
}

/// Seals the account; its codes.
async fn seal(admin: &mut Browser<'_>, glass: &str) -> Vec<String> {
    let page = admin.get(PAGE).await;
    let chosen = [("administrator", glass)];
    let sheet = admin.fill_in(&page, (PAGE, PAGE), &chosen).await;
    assert_eq!(sheet.status, 200, "{}", sheet.body);
    let codes = between(&sheet.body, "<li><code>", "</code>");
    codes.into_iter().map(str::to_owned).collect()
}

/// The whole sign-in with the sealed account.
async fn sign_in<'s>(site: &'s Site, code: &str) -> Browser<'s> {
    let mut browser = site.browser();
    let asked = browser.sign_in_as_administrator(GLASS, PASSWORD).await;
    assert_eq!(asked.location(), CODE, "also in dev: it needs its codes");
    let page = browser.get(CODE).await;
    let done = browser.fill_in(&page, (CODE, CODE), &[("otp", code)]).await;
    assert_eq!(done.location(), "/admin", "{}", done.body);
    browser
}

/// The form on the page whose action ends so.
fn action(page: &Answer, end: &str) -> String {
    let actions = between(&page.body, "action=\"", "\"");
    let mut actions = actions.into_iter().filter(|action| action.ends_with(end));
    actions
        .next()
        .unwrap_or_else(|| panic!("{end}: {}", page.body))
        .to_owned()
}

async fn settle(site: &Site) {
    site.clock.advance(Duration::seconds(10));
    seal_events(&mut site.op(), site.store.as_ref(), site.sealing())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sealed_account_is_used_told_of_and_acknowledged() {
    let (site, glass) = start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let codes = seal(&mut admin, &glass).await;
    assert_eq!(codes.len(), 10);
    let page = admin.get(PAGE).await;
    assert!(!page.body.contains(&codes[0]), "shown once");
    assert!(!page.body.contains("class=\"banners\""));
    let before = site.mails().await;

    let mut used = sign_in(&site, &codes[0]).await;
    let banner = "The break-glass account glass-1@the-acme-corporation.com was used to sign in.";
    for address in ["/admin", "/admin/users", "/admin/settings/mail"] {
        assert!(admin.get(address).await.body.contains(banner), "{address}");
    }
    let helper = site.browser_of_administrator(Role::HelpDesk).await;
    let mut helper = helper;
    assert!(helper.get("/admin").await.body.contains(banner));
    settle(&site).await;
    assert!(site.mails().await > before, "a mail to every full one");
    let alerts = admin.get("/admin/alerts").await;
    assert!(
        alerts
            .body
            .contains("is in use. Somebody signed in with it")
    );

    let own = used.get(PAGE).await;
    assert!(own.body.contains("the account that you are signed in with"));
    let page = admin.get(PAGE).await;
    let form = action(&page, between(&page.body, "/break-glass/uses/", "\"")[0]);
    let csrf = used.admin_csrf().await;
    let note = "The provider of the other sign-in was down";
    let mine = [("csrf", csrf.as_str()), ("note", note)];
    assert_eq!(used.post(&form, &mine).await.status, 409, "somebody else");
    let silent = admin.fill_in(&page, (&form, &form), &[("note", " ")]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("Say why"));
    let done = admin
        .fill_in(&page, (&form, &form), &[("note", note)])
        .await;
    assert_eq!(done.location(), format!("{PAGE}?done=acknowledged"));
    let page = admin.get(PAGE).await;
    assert!(page.body.contains(note));
    assert!(!page.body.contains(banner));
    let open = admin.get("/admin/alerts").await;
    assert!(!open.body.contains("is in use"));
    let event = site.last_event(EventKind::BreakGlassAcknowledge).await;
    assert_eq!(event.unwrap().detail["note"], note);
}

#[tokio::test]
async fn what_happened_after_the_page_was_read_is_not_acknowledged_unseen() {
    let (site, glass) = start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    seal(&mut admin, &glass).await;
    let guess = async || {
        let mut stranger = site.browser();
        let wrong = "not-the-password";
        stranger.sign_in_as_administrator(GLASS, wrong).await
    };
    guess().await;
    let page = admin.get(PAGE).await;
    let form = action(&page, between(&page.body, "/break-glass/uses/", "\"")[0]);
    guess().await;
    let note = [("note", "A typing error of ours")];
    let late = admin.fill_in(&page, (&form, &form), &note).await;
    assert_eq!(late.status, 409);
    for part in [
        "More happened while you wrote",
        "value=\"A typing error of ours\"",
        "2 failed attempts",
    ] {
        assert!(late.body.contains(part), "{part}: {}", late.body);
    }
    let csrf = admin.admin_csrf().await;
    let unseen = [("csrf", csrf.as_str()), ("note", "Whatever it was")];
    assert_eq!(admin.post(&form, &unseen).await.status, 409);
    let done = admin.fill_in(&late, (&form, &form), &note).await;
    assert_eq!(done.location(), format!("{PAGE}?done=acknowledged"));
}

#[tokio::test]
async fn a_drill_is_asked_for_announced_and_kept() {
    let (site, glass) = start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let codes = seal(&mut admin, &glass).await;
    site.clock.advance(Duration::days(90));
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let due = "A drill of the break-glass account glass-1@the-acme-corporation.com is due.";
    assert!(admin.get("/admin/groups").await.body.contains(due));
    let before = site.mails().await;
    let told = remind_of_drills(&mut site.op(), site.store.as_ref(), site.sealing()).await;
    assert_eq!(told.unwrap(), 1);
    assert!(site.mails().await > before);
    let page = admin.get(PAGE).await;
    let start = action(&page, "/break-glass/drill");
    let done = admin.fill_in(&page, (&start, &start), &[]).await;
    assert_eq!(done.location(), format!("{PAGE}?done=drill"));
    assert!(admin.get(PAGE).await.body.contains("A drill is under way."));
    site.clock.advance(Duration::minutes(5));
    sign_in(&site, &codes[0]).await;
    let page = admin.get(PAGE).await;
    assert!(!page.body.contains(due));
    assert!(
        page.body.contains("had announced a drill."),
        "and still told"
    );
    assert!(page.body.contains("announced by <bdi>"));
    let event = site.last_event(EventKind::BreakGlassUsed).await.unwrap();
    assert!(event.detail["drill_announced_by"].is_string());
    let days = action(&page, "/break-glass/interval");
    let wrong = admin.fill_in(&page, (&days, &days), &[("days", "0")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("from 7 to 366"));
    let right = admin
        .fill_in(&page, (&days, &days), &[("days", "30")])
        .await;
    assert_eq!(right.location(), format!("{PAGE}?done=interval"));
    assert_eq!(site.clock.now(), event.at, "the clock stood still since");
}

#[tokio::test]
async fn a_sealed_account_stays_as_it_is_until_its_seal_is_removed_with_a_reason() {
    let (site, glass) = start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let codes = seal(&mut admin, &glass).await;
    let list = admin.get("/admin/administrators").await;
    assert!(list.body.contains("break-glass</span>"));
    let api = Api::new(&site, Scope::Full).await;
    let document = format!("/api/v1/administrators/{glass}");
    let refused = api.delete(&document).await;
    assert_eq!(problem(&refused)["type"], "urn:jetway:problem:sealed");
    let one = format!("/admin/administrators/{glass}");
    assert!(!list.body.contains(&format!("{one}/delete")));
    let edit = admin.get(&one).await;
    let demoted = [("role", "read_only"), ("state", "suspended")];
    let refused = admin.fill_in(&edit, (&one, &one), &demoted).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("remove its seal first"));
    let reset = format!("{one}/reset-factors");
    let refused = admin
        .fill_in(&edit, (&reset, &reset), &[("reason", "x")])
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("print new codes for it"));
    let delete = format!("{one}/delete");
    let sure = admin.get(&delete).await;
    let refused = admin
        .fill_in(&sure, (&delete, &delete), &[("typed", GLASS)])
        .await;
    assert!(
        refused.body.contains("remove its seal first"),
        "{}",
        refused.status
    );
    let own = sign_in(&site, &codes[0]).await.get("/admin/profile").await;
    assert!(own.body.contains("This is a break-glass account"));
    assert!(!own.body.contains("/admin/profile/totp"));

    let page = admin.get(PAGE).await;
    let renew = action(&page, "/break-glass/codes");
    let why = [("reason", "The envelope was opened")];
    let sheet = admin.fill_in(&page, (&renew, &renew), &why).await;
    assert_eq!(between(&sheet.body, "<li><code>", "</code>").len(), 10);
    let unseal = action(&page, "/break-glass/unseal");
    let silent = admin
        .fill_in(&page, (&unseal, &unseal), &[("reason", "")])
        .await;
    assert_eq!(silent.status, 422);
    let why = [("reason", "We use two other accounts now")];
    let done = admin.fill_in(&page, (&unseal, &unseal), &why).await;
    assert_eq!(done.location(), format!("{PAGE}?done=unsealed"));
    let told = admin.get(done.location()).await;
    assert!(told.body.contains("and the account is suspended"));
    let mut old = site.browser();
    let refused = old.sign_in_as_administrator(GLASS, PASSWORD).await;
    assert_eq!(refused.status, 401, "its old password lets nobody in");
    let sure = admin.get(&delete).await;
    let gone = admin
        .fill_in(&sure, (&delete, &delete), &[("typed", GLASS)])
        .await;
    assert_eq!(gone.location(), "/admin/administrators?done=deleted");
}
