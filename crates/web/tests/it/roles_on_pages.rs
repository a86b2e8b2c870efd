//! Whatever a page of the admin portal offers, the role of the administrator may use.

use std::collections::{BTreeMap, BTreeSet};

use jetway_identity::alerts::{AlertKind, NewAlert, Severity, raise};
use jetway_identity::applications::{NewBookmark, create_bookmark};
use jetway_identity::groups::{Combine, Condition, Operator};
use jetway_identity::sign_in_policies::create_sign_in_policy;
use jetway_identity::{GroupRule, NewGroup, Role, create_group};
use jetway_web::{Audience, route_of};
use roxmltree::{Document, Node};

use crate::browser::{Answer, Browser};
use crate::site::Site;

/// Pages of one route that are looked at; what the others offer is alike.
const ALIKE: usize = 3;

fn allows(role: Role, method: &str, address: &str) -> bool {
    match route_of(method, address).map(|route| route.audience) {
        Some(Audience::Administrator(permission)) => role.allows(permission),
        Some(Audience::AdminAny | Audience::Anyone | Audience::ApiAny) => true,
        // Whoever is no person of the directory is asked to sign in as one.
        Some(Audience::Person) => method == "GET",
        _ => false,
    }
}

fn is_enabled(node: Node<'_, '_>) -> bool {
    node.ancestors()
        .all(|ancestor| !ancestor.has_attribute("disabled"))
}

/// What one can press in a form.
struct Press {
    method: String,
    address: String,
    /// Name and value.
    button: Option<(String, String)>,
}

fn presses(form: Node<'_, '_>) -> Vec<Press> {
    let method = form.attribute("method").unwrap_or("get").to_uppercase();
    let own = form.attribute("action").unwrap_or_default();
    let is_submit = |node: &Node<'_, '_>| {
        node.tag_name().name() == "button" && node.attribute("type") == Some("submit")
    };
    form.descendants()
        .filter(is_submit)
        .filter(|button| is_enabled(*button))
        .map(|button| {
            let address = button.attribute("formaction").unwrap_or(own);
            let name = button.attribute("name").map(str::to_owned);
            let value = button.attribute("value").unwrap_or_default().to_owned();
            Press {
                method: method.clone(),
                address: address.to_owned(),
                button: name.map(|name| (name, value)),
            }
        })
        .collect()
}

/// The alerts whose causes only some may see to, groups of each sort and a bookmark.
async fn furnish(site: &Site) {
    for (kind, link) in [
        (AlertKind::MailFailing, "/admin/outbox?state=failed"),
        (
            AlertKind::LogDestinationFailing,
            "/admin/activity/destinations",
        ),
        (AlertKind::ManyLockouts, "/admin/activity?type=user_lockout"),
    ] {
        let alert = NewAlert {
            kind,
            severity: Severity::Warning,
            text: "Something is wrong.".to_owned(),
            link: link.to_owned(),
            dedupe_key: link.to_owned(),
        };
        let sealing = site.sealing();
        raise(&mut site.op(), site.store.as_ref(), sealing, alert)
            .await
            .unwrap();
    }
    let group = NewGroup {
        name: "by rule".to_owned(),
        rule: Some(GroupRule {
            combine: Combine::All,
            conditions: vec![Condition {
                attribute: "department".parse().unwrap(),
                operator: Operator::Equals,
                value: "Sales".to_owned(),
            }],
        }),
        ..NewGroup::default()
    };
    let store = site.store.as_ref();
    create_group(&mut site.op(), store, group).await.unwrap();
    let bookmark = NewBookmark {
        slug: "wiki".to_owned(),
        label: "Wiki".to_owned(),
        description: String::new(),
        color: "#2c6e2f".to_owned(),
        show_in_portal: true,
        url: "https://wiki.acme.com/".to_owned(),
    };
    create_bookmark(&mut site.op(), store, bookmark)
        .await
        .unwrap();
    let policy = serde_json::from_value(serde_json::json!({
        "name": "Nothing from there",
        "enabled": true,
        "order": 1,
        "who": "everyone",
        "application": "any",
        "conditions": {"networks": {"inside": ["198.51.100.0/24"]}},
        "effect": "deny",
    }));
    create_sign_in_policy(&mut site.op(), store, policy.unwrap())
        .await
        .unwrap();
}

/// Everything that `page` offers and the role may not use.
async fn beyond(
    browser: &mut Browser<'_>,
    role: Role,
    page: &Answer,
) -> (BTreeSet<String>, Vec<String>) {
    let mut wrong = BTreeSet::new();
    let mut links = Vec::new();
    let mut bulk = BTreeSet::new();
    {
        let xml = page.body.strip_prefix("<!doctype html>\n").unwrap();
        let document = Document::parse(xml).expect(&page.body);
        for node in document.descendants() {
            match node.tag_name().name() {
                "a" => {
                    let href = node.attribute("href").unwrap_or_default();
                    if href.starts_with('/') {
                        links.push(href.to_owned());
                        if !allows(role, "GET", href) {
                            wrong.insert(href.to_owned());
                        }
                    }
                }
                "form" => {
                    for press in presses(node) {
                        if !allows(role, &press.method, &press.address) {
                            wrong.insert(format!("{} {}", press.method, press.address));
                        }
                        if press.address == "/admin/users/bulk" {
                            bulk.extend(press.button);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    // One address for many deeds: nobody is ticked, so that only the role is asked about.
    for (name, value) in bulk {
        let csrf = browser.admin_csrf().await;
        let fields = [("csrf", csrf.as_str()), (name.as_str(), value.as_str())];
        if browser.post("/admin/users/bulk", &fields).await.status == 403 {
            wrong.insert(format!("POST /admin/users/bulk {value}"));
        }
    }
    (wrong, links)
}

/// Requirement A11, from the other side: nobody meets a control that answers 403.
#[tokio::test]
async fn every_link_and_button_on_a_page_is_one_that_the_role_may_use() {
    let site = Site::start().await;
    furnish(&site).await;
    for role in Role::ALL {
        let mut browser = site.browser_of_administrator(role).await;
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut waiting = vec!["/admin".to_owned()];
        while let Some(address) = waiting.pop() {
            let Some(route) = route_of("GET", &address) else {
                panic!("{role:?}: {address} leads nowhere");
            };
            let alike = seen.entry(route.path).or_default();
            let elsewhere = !route.path.starts_with("/admin") || route.path.contains("/export.");
            if elsewhere || *alike == ALIKE || !known.insert(address.clone()) {
                continue;
            }
            *alike += 1;
            let page = browser.get(&address).await;
            if page.status == 303 {
                waiting.push(page.location().to_owned());
                continue;
            }
            assert_eq!(page.status, 200, "{role:?}: {address}");
            // A file to download has nothing on it to press.
            if !page.header("content-type").starts_with("text/html") {
                continue;
            }
            let (wrong, links) = beyond(&mut browser, role, &page).await;
            assert!(wrong.is_empty(), "{role:?} on {address}: {wrong:?}");
            waiting.extend(links);
        }
        assert!(seen.len() > 25, "{role:?} saw only {seen:?}");
    }
}
