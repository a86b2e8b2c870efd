//! Each route of the table, called by a stranger and by a signed-in person.

use std::collections::BTreeSet;

use axum::body::Body;
use http::header::{CONTENT_TYPE, ORIGIN};
use jetway_identity::{Role, Scope, change_settings};
use jetway_web::{Audience, ROUTES, Route};

use crate::authenticator_app::own_csrf;
use crate::browser::{Answer, Browser, form_body};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

fn address(route: &Route) -> String {
    route
        .path
        .replace("{application}", "acme-prod-aws-admin")
        .replace("/brand/{file}", "/brand/colours.css")
        .replace("{file}", "jetway.css")
        .replace("{image}", &"0".repeat(64))
        .replace("{id}", "0123456789abcdef01234567")
        .replace("{schedule}", "01912345-6789-7abc-8def-0123456789ab")
        .replace("{key}", "01912345-6789-7abc-8def-0123456789ab")
        .replace("{session}", "01912345-6789-7abc-8def-0123456789ab")
        .replace("{token}", &"A".repeat(43))
}

/// A site whose organisation has a colour, so that every address has something to serve.
async fn branded_site() -> Site {
    let site = Site::start().await;
    change_settings(&mut site.op(), site.store.as_ref(), None, |sections| {
        sections.appearance.accent_color = Some("#2b50c4".to_owned());
    })
    .await
    .unwrap();
    site
}

async fn call(browser: &mut Browser<'_>, route: &Route) -> Answer {
    let request = browser
        .request(route.method, &address(route))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await
}

/// Sends a form with this token from a page of `origin`.
async fn submit(browser: &mut Browser<'_>, route: &Route, csrf: &str, origin: &str) -> Answer {
    let request = browser
        .request(route.method, &address(route))
        .header(ORIGIN, origin)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form_body(&[("csrf", csrf)])))
        .unwrap();
    browser.send(request).await
}

async fn call_with_key(site: &Site, route: &Route, key: &str) -> Answer {
    let (media_type, body) = if route.path.starts_with("/api/") {
        ("application/json", "{}")
    } else {
        ("application/x-www-form-urlencoded", "")
    };
    let request = site
        .browser()
        .request(route.method, &address(route))
        .header("x-api-key", key)
        .header(CONTENT_TYPE, media_type)
        .body(Body::from(body))
        .unwrap();
    site.browser().send(request).await
}

/// Whether the caller came through: what the handler then said of made-up names is its own affair.
fn served(answer: &Answer) -> bool {
    !matches!(answer.status, 401 | 403 | 500..) && !answer.location().contains("login")
}

/// A caller who may not even know what there is: sent to the right sign-in, or 401.
fn assert_turned_away(route: &Route, answer: &Answer, who: &str) {
    let (status, location) = match route.audience {
        Audience::Person => (303, "/login"),
        Audience::Administrator(_) | Audience::AdminAny => (303, "/admin/login"),
        Audience::PersonApi | Audience::Api(_) | Audience::ApiAny => (401, ""),
        Audience::SameSite => (403, ""),
        Audience::Anyone => {
            let answered = [200, 303, 400, 404, 410].contains(&answer.status);
            assert!(answered, "{who}: {route:?}: {}", answer.status);
            return;
        }
    };
    assert_eq!(answer.status, status, "{who}: {route:?}");
    assert!(answer.location().starts_with(location), "{who}: {route:?}");
    if matches!(route.audience, Audience::Api(_) | Audience::ApiAny) {
        let media_type = if route.path.starts_with("/api/v1/") {
            "application/problem+json"
        } else {
            "application/json"
        };
        assert_eq!(answer.header("content-type"), media_type, "{route:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

/// security.md item 41: every route, asked by a stranger and by a signed-in person.
#[tokio::test]
async fn lets_in_whom_the_table_says_and_nobody_else() {
    let site = branded_site().await;
    let mut person_browser = site.browser_of(ROAD_RUNNER).await;
    for route in ROUTES {
        let stranger = call(&mut site.browser(), route).await;
        assert_turned_away(route, &stranger, "a stranger");
        let person = call(&mut person_browser, route).await;
        match route.audience {
            Audience::Person if route.method == "GET" => {
                assert!(served(&person), "{route:?}: {}", person.status);
            }
            Audience::Person => assert_eq!(person.status, 403, "{route:?}"),
            Audience::PersonApi => assert_eq!(person.status, 200, "{route:?}"),
            _ => assert_turned_away(route, &person, "a person"),
        }
    }
}

/// Security.md item 47: the forms of people, with a token of somebody else, with none, and with the
/// right one from another site.
#[tokio::test]
async fn takes_forms_of_people_from_their_own_pages_alone() {
    let site = branded_site().await;
    let foreign = own_csrf(&mut site.browser_of(COYOTE).await).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let csrf = own_csrf(&mut browser).await;
    let forms = ROUTES
        .iter()
        .filter(|route| matches!(route.audience, Audience::Person) && route.method != "GET");
    let mut tried = 0;
    for route in forms {
        for (token, from) in [
            (foreign.as_str(), site.origin.as_str()),
            ("", site.origin.as_str()),
            (csrf.as_str(), "https://evil.example"),
            (csrf.as_str(), "null"),
        ] {
            let answer = submit(&mut browser, route, token, from).await;
            assert_eq!(answer.status, 403, "{token:?}, {from}: {route:?}");
        }
        tried += 1;
    }
    assert!(tried > 10, "only {tried} forms were tried");
    // Nothing of it ended the session.
    assert_eq!(browser.get("/profile").await.status, 200);
}

/// Requirements A01 and A11, security.md items 41 and 47: administrators of each role, with a
/// genuine form, without one, with one of another session, and from another site.
#[tokio::test]
async fn an_administrator_comes_as_far_as_the_role_goes() {
    let site = branded_site().await;
    let mut other = site.browser_of_administrator(Role::Full).await;
    let foreign = other.admin_csrf().await;
    for role in Role::ALL {
        let mut browser = site.browser_of_administrator(role).await;
        let mut csrf = browser.admin_csrf().await;
        for route in ROUTES {
            let allowed = match route.audience {
                Audience::Administrator(permission) => role.allows(permission),
                Audience::AdminAny => true,
                _ => {
                    let answer = call(&mut browser, route).await;
                    assert_turned_away(route, &answer, role.as_str());
                    continue;
                }
            };
            let answer = call(&mut browser, route).await;
            if route.method == "GET" {
                let expected = if allowed {
                    served(&answer)
                } else {
                    answer.status == 403
                };
                assert!(expected, "{role:?}: {route:?}: {}", answer.status);
                continue;
            }
            assert_eq!(answer.status, 403, "{role:?} without a token: {route:?}");
            let origin = site.origin.as_str();
            for (token, from) in [
                (foreign.as_str(), origin),
                ("", origin),
                (csrf.as_str(), "https://evil.example"),
            ] {
                let answer = submit(&mut browser, route, token, from).await;
                assert_eq!(answer.status, 403, "{role:?}, {token:?}, {from}: {route:?}");
            }
            // A browser of its own: this may be the sign-out.
            let mut once = site.browser_of_administrator(role).await;
            let own = once.admin_csrf().await;
            let answer = submit(&mut once, route, &own, origin).await;
            let came_through = answer.status != 403 && answer.status < 500;
            assert_eq!(
                came_through, allowed,
                "{role:?}: {route:?}: {}",
                answer.status
            );
            if allowed && route.path.ends_with("/end-others") {
                browser = site.browser_of_administrator(role).await;
                csrf = browser.admin_csrf().await;
            }
        }
    }
}

/// security.md item 41, for programs.
#[tokio::test]
async fn an_api_key_comes_as_far_as_its_scope_goes() {
    let site = branded_site().await;
    for scope in Scope::ALL {
        let key = site.api_key(scope).await;
        for route in ROUTES {
            let answer = call_with_key(&site, route, &key).await;
            let allowed = match route.audience {
                Audience::Api(permission) => scope.allows(permission),
                Audience::ApiAny => true,
                _ => {
                    assert_turned_away(route, &answer, scope.as_str());
                    continue;
                }
            };
            let expected = if allowed {
                served(&answer)
            } else {
                answer.status == 403
            };
            assert!(expected, "{scope:?}: {route:?}: {}", answer.status);
        }
    }
}

/// A cookie that was made up opens nothing.
#[tokio::test]
async fn takes_a_made_up_session_for_none() {
    let site = branded_site().await;
    for route in ROUTES {
        for made_up in ["A".repeat(43), "x".to_owned(), "' OR 1=1 --".to_owned()] {
            let mut browser = site.browser();
            for name in ["jetway_session", "jetway_admin"] {
                browser.cookies.insert(name.to_owned(), made_up.clone());
            }
            let answer = call(&mut browser, route).await;
            if route.path == "/logout" {
                assert_eq!(answer.status, 403, "{route:?}");
            } else {
                assert_turned_away(route, &answer, "a made-up session");
            }
            assert!(!answer.body.contains(ROAD_RUNNER), "{route:?}");
            let key = format!("jwk_{made_up}");
            let answer = call_with_key(&site, route, &key).await;
            assert_turned_away(route, &answer, "a made-up key");
        }
    }
}

/// A session of one portal opens nothing of the other, even when its cookie is renamed.
#[tokio::test]
async fn takes_a_session_of_one_portal_for_none_in_the_other() {
    let site = branded_site().await;
    let person = site.browser_of(ROAD_RUNNER).await;
    let administrator = site.browser_of_administrator(Role::Full).await;
    let of_person = person.cookies["jetway_session"].clone();
    let of_administrator = administrator.cookies["jetway_admin"].clone();
    let mut browser = site.browser();
    browser.cookies.insert("jetway_admin".to_owned(), of_person);
    browser
        .cookies
        .insert("jetway_session".to_owned(), of_administrator);
    for route in ROUTES.iter().filter(|route| route.path != "/logout") {
        let answer = call(&mut browser, route).await;
        assert_turned_away(route, &answer, "a session of the other portal");
    }
}

/// Only guards read long bodies, after they know the sender.
#[test]
fn takes_long_bodies_only_from_administrators_and_api_keys() {
    for route in ROUTES.iter().filter(|route| route.max_body > 16 * 1024) {
        let guarded = matches!(
            route.audience,
            Audience::Administrator(_) | Audience::AdminAny | Audience::Api(_) | Audience::ApiAny
        );
        assert!(guarded, "{route:?}");
        assert!(route.max_body <= 32 << 20, "{route:?}");
    }
}

#[tokio::test]
async fn answers_with_the_security_headers_whatever_happens() {
    let site = Site::start().await;
    let mut answers = Vec::new();
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for route in ROUTES {
        answers.push((format!("{route:?}"), call(&mut site.browser(), route).await));
        answers.push((
            format!("{route:?} signed in"),
            call(&mut browser, route).await,
        ));
        let request = site.browser().request("DELETE", &address(route));
        let answer = site
            .browser()
            .send(request.body(Body::empty()).unwrap())
            .await;
        let deletes = |other: &Route| other.path == route.path && other.method == "DELETE";
        if !ROUTES.iter().any(deletes) {
            assert_eq!(answer.status, 405, "{route:?}");
            assert!(answer.header("allow").contains(route.method), "{route:?}");
        }
        answers.push((format!("DELETE {}", route.path), answer));
    }
    answers.push((
        "nowhere".to_owned(),
        site.browser().get("/no/such/page").await,
    ));
    for (what, answer) in answers {
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{what}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{what}");
        assert!(policy.contains("base-uri 'none'"), "{what}");
        assert!(policy.contains("form-action 'self'"), "{what}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{what}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{what}: plain http"
        );
        assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
        if !what.contains("/static/") {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
        assert_eq!(answer.header("server"), "", "{what}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{what}");
    }
}

/// The router is built from the table, so what is not in it does not exist. This finds a second
/// place where routes are added.
#[test]
fn is_registered_in_one_place() {
    let sources = format!("{}/src", env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![std::path::PathBuf::from(sources)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in [
                ".route(",
                ".route_service(",
                ".nest(",
                ".nest_service(",
                ".merge(",
            ] {
                found.extend(std::iter::repeat_n(
                    path.clone(),
                    text.matches(call).count(),
                ));
            }
        }
    }
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("routes.rs"));
    let addresses: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(addresses.len(), ROUTES.len(), "a route twice");
}
