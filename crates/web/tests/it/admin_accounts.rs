//! Administrators, API keys and one's own profile in the admin portal.

use jetway_identity::{EventKind, Role, issue_set_up_link, list_administrators};

use crate::browser::Answer;
use crate::site::{PASSWORD, ROAD_RUNNER, Site, administrator_email};

const NEW_PASSWORD: &str = "tunnel painted on a rock";
const HOSTILE: &str = "<script>alert(1)</script> شركة 𝕏";

fn heading(answer: &Answer) -> &str {
    let start = answer.body.find("<h1").unwrap();
    let rest = &answer.body[start..];
    &rest[..rest.find("</h1>").unwrap()]
}

/// Requirement A12.
#[tokio::test]
async fn the_first_start_names_the_organisation_and_makes_the_first_administrator() {
    let site = Site::start().await;
    let link = issue_set_up_link(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    let path = format!("/admin/setup/{}", link.unwrap().expose());
    let mut browser = site.browser();
    let csrf = browser.get(&path).await.input("csrf").unwrap();
    let fields = |password| {
        [
            ("csrf", csrf.as_str()),
            ("organisation", HOSTILE),
            ("name", "Bugs"),
            ("email", "bugs@acme.com"),
            ("password", password),
            ("again", password),
        ]
    };
    let refused = browser.post(&path, &fields("too short")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.input("organisation").as_deref(),
        Some(HOSTILE),
        "kept"
    );
    assert_eq!(refused.input("email").as_deref(), Some("bugs@acme.com"));
    assert_eq!(refused.input("password").unwrap_or_default(), "");
    assert!(!refused.body.contains("<script>alert"));
    let done = browser.post(&path, &fields(NEW_PASSWORD)).await;
    assert_eq!((done.status, done.location()), (303, "/admin/login"));
    let answer = browser
        .sign_in_as_administrator("bugs@acme.com", NEW_PASSWORD)
        .await;
    assert_eq!(answer.status, 303);
    let home = browser.get("/admin").await;
    assert!(
        home.body.contains("&#60;script&#62;alert(1)"),
        "{}",
        home.body
    );

    assert_eq!(site.browser().get(&path).await.status, 410);
    let csrf = site.browser().get("/admin/login").await;
    assert_eq!(csrf.status, 200);
}

/// Requirement A11.
#[tokio::test]
async fn an_invited_administrator_accepts_by_the_mailed_link() {
    let site = Site::start().await;
    let mut boss = site.browser_of_administrator(Role::Full).await;
    let csrf = boss.admin_csrf().await;
    let path = "/admin/administrators/new";
    let form = |email: &'static str| {
        [
            ("csrf", csrf.as_str()),
            ("email", email),
            ("role", "help_desk"),
        ]
    };
    let refused = boss.post(path, &form("not an address")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.input("email").as_deref(), Some("not an address"));
    let done = boss.post(path, &form("daffy@acme.com")).await;
    assert_eq!(done.location(), "/admin/administrators?done=invited");
    assert_eq!(boss.post(path, &form("DAFFY@acme.com")).await.status, 422);
    let list = boss.get(done.location()).await;
    assert!(list.body.contains("daffy@acme.com") && list.body.contains("Invite again"));

    let link = site.mailed_path().await;
    let mut daffy = site.browser();
    let page = daffy.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Help desk") && page.body.contains("daffy@acme.com"));
    let csrf = page.input("csrf").unwrap();
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", HOSTILE),
        ("password", NEW_PASSWORD),
        ("again", NEW_PASSWORD),
    ];
    assert_eq!(daffy.post(&link, &fields).await.status, 200);
    assert_eq!(daffy.get(&link).await.status, 410);
    let answer = daffy
        .sign_in_as_administrator("daffy@acme.com", NEW_PASSWORD)
        .await;
    assert_eq!(answer.status, 303);
    let profile = daffy.get("/admin/profile").await;
    assert_eq!(profile.input("name").as_deref(), Some(HOSTILE));
    assert!(!profile.body.contains("<script>alert"));
}

/// Requirement A11, security.md items 41 and 43.
#[tokio::test]
async fn the_help_desk_sees_the_administrators_and_changes_none() {
    let site = Site::start().await;
    let mut help = site.browser_of_administrator(Role::HelpDesk).await;
    let list = help.get("/admin/administrators").await;
    assert_eq!(list.status, 200);
    assert!(!list.body.contains("/admin/administrators/new"));
    let refused = help.get("/admin/administrators/new").await;
    assert_eq!(refused.status, 403);
    assert!(heading(&refused).contains("Your role does not allow this"));
    assert_eq!(
        refused.attribute("a", None, "href").as_deref(),
        Some("#main")
    );
    let event = site.last_event(EventKind::AccessDenied).await.unwrap();
    assert_eq!(event.detail["permission"], "manage_administrators");
    assert_eq!(event.detail["path"], "/admin/administrators/new");
    assert!(!event.success);
}

/// Requirement A11.
#[tokio::test]
async fn the_last_full_administrator_is_told_why_nothing_changed() {
    let site = Site::start().await;
    let mut boss = site.browser_of_administrator(Role::Full).await;
    let csrf = boss.admin_csrf().await;
    let known = list_administrators(site.store.as_ref()).await.unwrap();
    let page = format!("/admin/administrators/{}", known[0].id);
    assert_eq!(boss.get(&page).await.status, 200);
    for (role, state) in [("read_only", "active"), ("full", "suspended")] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", "1"),
            ("role", role),
            ("state", state),
        ];
        let answer = boss.post(&page, &fields).await;
        assert_eq!(answer.status, 409);
        assert!(
            answer.body.contains("the last full administrator"),
            "{}",
            answer.body
        );
    }
    let typed = known[0].email.as_str();
    let path = format!("{page}/delete");
    let refused = boss.post(&path, &[("csrf", &csrf), ("typed", typed)]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("last full administrator"));
    assert_eq!(boss.get("/admin").await.status, 200, "still signed in");
}

#[tokio::test]
async fn a_second_administrator_sees_what_the_first_changed_meanwhile() {
    let site = Site::start().await;
    let mut boss = site.browser_of_administrator(Role::Full).await;
    let help = site
        .add_administrator("help@acme.com", Role::HelpDesk)
        .await;
    let csrf = boss.admin_csrf().await;
    let page = format!("/admin/administrators/{help}");
    let form = |role: &'static str| {
        [
            ("csrf", csrf.as_str()),
            ("version", "1"),
            ("role", role),
            ("state", "active"),
        ]
    };
    assert_eq!(boss.post(&page, &form("read_only")).await.status, 303);
    let stale = boss.post(&page, &form("full")).await;
    assert_eq!(stale.status, 409);
    assert!(
        stale.body.contains("they are read only and active"),
        "{}",
        stale.body
    );
    assert_eq!(stale.input("version").as_deref(), Some("2"));
}

#[tokio::test]
async fn deleting_an_administrator_takes_the_typed_address() {
    let site = Site::start().await;
    let mut boss = site.browser_of_administrator(Role::Full).await;
    let help = site
        .add_administrator("help@acme.com", Role::HelpDesk)
        .await;
    let csrf = boss.admin_csrf().await;
    let path = format!("/admin/administrators/{help}/delete");
    assert_eq!(boss.get(&path).await.status, 200);
    let wrong = boss
        .post(&path, &[("csrf", &csrf), ("typed", "help")])
        .await;
    assert_eq!(wrong.status, 422);
    let right = boss
        .post(&path, &[("csrf", &csrf), ("typed", "help@acme.com")])
        .await;
    assert_eq!(right.location(), "/admin/administrators?done=deleted");
    assert_eq!(boss.get(&path).await.status, 404);
}

/// Requirement A05.
#[tokio::test]
async fn a_forgotten_administrator_password_is_set_anew_by_the_mailed_link() {
    let site = Site::start().await;
    let email = administrator_email(Role::Full);
    site.add_administrator(&email, Role::Full).await;
    let mut browser = site.browser();
    let mut answers = Vec::new();
    for asked in [email.as_str(), ROAD_RUNNER] {
        let page = browser.get("/admin/login/reset").await;
        let csrf = page.input("csrf").unwrap();
        let fields = [("csrf", csrf.as_str()), ("email", asked)];
        let answer = browser.post("/admin/login/reset", &fields).await;
        assert_eq!(answer.status, 200);
        answers.push(answer.body.replace(asked, ""));
    }
    assert_eq!(answers[0], answers[1], "a stranger sees the same");
    let link = site.mailed_path().await;
    let csrf = browser.get(&link).await.input("csrf").unwrap();
    let form = |again| {
        [
            ("csrf", csrf.as_str()),
            ("password", NEW_PASSWORD),
            ("again", again),
        ]
    };
    assert_eq!(
        browser.post(&link, &form("something else")).await.status,
        422
    );
    assert_eq!(browser.post(&link, &form(NEW_PASSWORD)).await.status, 200);
    assert_eq!(browser.post(&link, &form(NEW_PASSWORD)).await.status, 410);
    let answer = browser.sign_in_as_administrator(&email, NEW_PASSWORD).await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn an_api_key_is_shown_once_works_and_is_revoked() {
    let site = Site::start().await;
    let mut boss = site.browser_of_administrator(Role::Full).await;
    let csrf = boss.admin_csrf().await;
    let path = "/admin/api-keys/new";
    assert_eq!(boss.get(path).await.status, 200);
    let form = |name: &'static str, scope: &'static str| {
        [
            ("csrf", csrf.as_str()),
            ("name", name),
            ("scope", scope),
            ("expires", "90"),
        ]
    };
    for (name, scope) in [("", "read"), ("x", "everything"), (HOSTILE, "")] {
        let refused = boss.post(path, &form(name, scope)).await;
        assert_eq!(refused.status, 422, "{name} {scope}");
        assert_eq!(refused.input("name").unwrap_or_default(), name);
    }
    let shown = boss.post(path, &form(HOSTILE, "users")).await;
    assert_eq!(shown.status, 200);
    let start = shown.body.find("jwk_").unwrap();
    let secret = shown.body[start..start + 47].to_owned();
    let list = boss.get("/admin/api-keys").await;
    assert!(list.body.contains(&secret[..8]) && !list.body.contains(&secret));
    assert!(!list.body.contains("<script>alert"));

    let call = async || {
        let mut browser = site.browser();
        let request = browser
            .request("GET", "/api/v1/caller")
            .header("x-api-key", &secret);
        browser
            .send(request.body(axum::body::Body::empty()).unwrap())
            .await
    };
    assert_eq!(call().await.status, 200);
    let start = list.body.find("/admin/api-keys/0").unwrap();
    let revoke = list.body[start..].split('"').next().unwrap().to_owned();
    assert_eq!(boss.get(&revoke).await.status, 200);
    let done = boss.post(&revoke, &[("csrf", &csrf)]).await;
    assert_eq!(done.location(), "/admin/api-keys?done=revoked");
    assert_eq!(call().await.status, 401);
    assert_eq!(boss.post(&revoke, &[("csrf", &csrf)]).await.status, 404);
}

/// security.md items 34 and 40.
#[tokio::test]
async fn an_administrator_changes_name_and_password_and_ends_other_sessions() {
    let site = Site::start().await;
    let mut here = site.browser_of_administrator(Role::ReadOnly).await;
    let mut there = site.browser_of_administrator(Role::ReadOnly).await;
    let csrf = here.admin_csrf().await;
    let named = here
        .post("/admin/profile", &[("csrf", &csrf), ("name", HOSTILE)])
        .await;
    assert_eq!(named.location(), "/admin/profile?done=name");
    let page = here.get(named.location()).await;
    assert_eq!(page.input("name").as_deref(), Some(HOSTILE));
    let unnamed = here
        .post("/admin/profile", &[("csrf", &csrf), ("name", " ")])
        .await;
    assert_eq!(unnamed.status, 422);

    let form = |current, new| {
        [
            ("csrf", csrf.as_str()),
            ("current", current),
            ("password", new),
            ("again", new),
        ]
    };
    let path = "/admin/profile/password";
    assert_eq!(
        here.post(path, &form("wrong", NEW_PASSWORD)).await.status,
        422
    );
    assert_eq!(here.post(path, &form(PASSWORD, "short")).await.status, 422);
    let done = here.post(path, &form(PASSWORD, NEW_PASSWORD)).await;
    assert_eq!(done.location(), "/admin/profile?done=password");
    assert_eq!(there.get("/admin").await.status, 303);
    assert_eq!(here.get("/admin").await.status, 200);

    let email = administrator_email(Role::ReadOnly);
    there.sign_in_as_administrator(&email, NEW_PASSWORD).await;
    let others = here
        .post("/admin/profile/sessions/end-others", &[("csrf", &csrf)])
        .await;
    assert_eq!(others.location(), "/admin/profile?done=sessions");
    assert_eq!(there.get("/admin").await.status, 303);

    there.sign_in_as_administrator(&email, NEW_PASSWORD).await;
    let id = here.get("/admin/profile").await.input("id").unwrap();
    let ended = here
        .post(
            "/admin/profile/sessions/end",
            &[("csrf", &csrf), ("id", &id)],
        )
        .await;
    assert_eq!(ended.location(), "/admin/profile?done=session");
    assert_eq!(there.get("/admin").await.status, 303);
    let odd = here
        .post(
            "/admin/profile/sessions/end",
            &[("csrf", &csrf), ("id", "x")],
        )
        .await;
    assert_eq!(odd.status, 400);
}

/// Requirements A08 and A10: the navigation is grouped and holds what the role may open, and
/// nothing that does not exist; the account menu has the name and the role.
#[tokio::test]
async fn the_navigation_has_what_the_role_may_open() {
    let site = Site::start().await;
    for role in [Role::Full, Role::ReadOnly] {
        let mut browser = site.browser_of_administrator(role).await;
        let home = browser.get("/admin").await;
        assert!(home.body.contains("Account of "), "{role:?}");
        for item in ["/admin/administrators", "/admin/api-keys"] {
            assert!(
                home.body.contains(&format!("href=\"{item}\"")),
                "{role:?} {item}"
            );
            assert_eq!(browser.get(item).await.status, 200);
        }
        for link in home.body.split("href=\"/admin/").skip(1) {
            let path = format!("/admin/{}", link.split(['"', '#', '?']).next().unwrap());
            let known = jetway_web::ROUTES
                .iter()
                .any(|route| leads_to(route.path, &path));
            assert!(
                known || path == "/admin/search",
                "{path} is linked and does not exist"
            );
        }
    }
}

/// Whether the address is one of the route, whose path may have parameters.
fn leads_to(route: &str, path: &str) -> bool {
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let same = |(part, given): (&&str, &&str)| part == given || part.starts_with('{');
    route.len() == path.len() && route.iter().zip(&path).all(same)
}

/// Security.md items 42 and 43: what the form of the own profile does not offer is not set by
/// sending it.
#[tokio::test]
async fn the_own_profile_gives_nobody_another_role() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::HelpDesk).await;
    let email = administrator_email(Role::HelpDesk);
    let csrf = browser.admin_csrf().await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Sylvester"),
        ("role", "full"),
        ("email", "other@acme.com"),
        ("state", "suspended"),
        ("permissions", "manage_administrators"),
    ];
    let done = browser.post("/admin/profile", &fields).await;
    assert_eq!(done.location(), "/admin/profile?done=name");
    let known = list_administrators(site.store.as_ref()).await.unwrap();
    assert!(known.iter().all(|known| known.email != "other@acme.com"));
    let own = known.iter().find(|known| known.email == email).unwrap();
    assert_eq!((own.name.as_str(), own.role), ("Sylvester", Role::HelpDesk));
    assert_eq!(browser.get("/admin/outbox").await.status, 403);
}
