//! `/admin/policies`.

use jetway_identity::sign_in_policies::{
    Applications, Device, Effect, FactorKind, PolicyRule, SavedSignInPolicy, SecondFactor,
    SignInPolicyChange, Who, WithoutFactor, change_sign_in_policy, create_sign_in_policy,
    list_sign_in_policies,
};
use jetway_identity::{EventKind, NewGroup, Role, create_group};
use serde_json::json;
use url::form_urlencoded;

use crate::admin_users::{act, assert_says, id_of};
use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, LABEL, ROAD_RUNNER, Site, administrator_email};

const LIST: &str = "/admin/policies";

/// What a browser sends of a form in which only the name was typed, and one kind left ticked.
const PLAIN: [(&str, &str); 8] = [
    ("name", "Second factor"),
    ("enabled", "on"),
    ("who", "everyone"),
    ("applies-to", "any"),
    ("device", "any"),
    ("effect", "require"),
    ("kind", "totp"),
    ("without-factor", "enrol"),
];

async fn policies(site: &Site) -> Vec<SavedSignInPolicy> {
    list_sign_in_policies(site.store.as_ref()).await.unwrap()
}

/// Refuses everybody's sign-ins with new browsers, but for those from where the tests sign in.
async fn make(site: &Site, name: &str) -> String {
    let rule: PolicyRule = serde_json::from_value(json!({
        "name": name,
        "enabled": true,
        "order": 1,
        "who": "everyone",
        "application": "any",
        "conditions": {"device": "new", "networks": {"outside": ["192.0.2.0/24"]}},
        "effect": "deny",
    }))
    .unwrap();
    let made = create_sign_in_policy(&mut site.op(), site.store.as_ref(), rule).await;
    made.unwrap().policy.id.to_string()
}

/// Requirement M03.
#[tokio::test]
async fn a_policy_is_made_with_everything_that_the_form_has() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let empty = admin.get(LIST).await;
    assert_says(&empty, &["No policies yet", "Create the first policy"]);
    let form = admin.get("/admin/policies/new").await;
    assert_says(&form, &["operations", LABEL, "data-unsaved"]);
    let (group, application) = (site.operations.to_string(), site.application.to_string());
    let sent = [
        ("name", "Nights"),
        ("enabled", "on"),
        ("who", "groups"),
        ("group", &group),
        ("applies-to", "some"),
        ("application", &application),
        ("inside", "192.0.2.0/24\r\n2001:db8::/32\r\n"),
        ("outside", "192.0.2.128/25"),
        ("window-0-side", "inside"),
        ("window-0-day", "friday"),
        ("window-0-day", "saturday"),
        ("window-0-from", "22:00"),
        ("window-0-until", "06:00"),
        ("window-0-offset", "+01:00"),
        // A row in which nothing was given counts for nothing.
        ("window-1-side", "outside"),
        ("window-1-from", ""),
        ("window-1-until", ""),
        ("window-1-offset", "+00:00"),
        ("device", "new"),
        ("effect", "require"),
        ("kind", "totp"),
        ("kind", "webauthn"),
        ("max-age", "30"),
        ("without-factor", "deny"),
        ("do", "save"),
    ];
    let answer = act(&mut admin, "/admin/policies/new", &sent).await;
    assert_eq!(answer.location(), "/admin/policies?done=saved");
    let [saved] = &policies(&site).await[..] else {
        panic!("one policy")
    };
    let rule = &saved.policy.rule;
    assert_eq!(rule.who, Who::Groups([site.operations].into()));
    assert_eq!(
        rule.application,
        Applications::Some([site.application].into())
    );
    assert_eq!(rule.conditions.networks.inside.len(), 2);
    assert_eq!(rule.conditions.networks.outside.len(), 1);
    assert_eq!(rule.conditions.times.inside.len(), 1);
    assert!(rule.conditions.times.outside.is_empty());
    assert_eq!(rule.conditions.device, Device::New);
    let factor = SecondFactor {
        kinds: [FactorKind::Totp, FactorKind::Webauthn].into(),
        max_age_minutes: Some(30),
        without_factor: WithoutFactor::Deny,
    };
    assert_eq!(rule.effect, Effect::RequireSecondFactor(factor));

    let list = admin.get("/admin/policies?done=saved").await;
    let words = [
        "The policy is saved.",
        "Nights",
        "operations",
        LABEL,
        "From 192.0.2.0/24 or 2001:db8::/32.",
        "at most 30 minutes old",
        "second factor",
    ];
    assert_says(&list, &words);
    // The form of the stored policy, sent as it is, changes nothing.
    let path = format!("{LIST}/{}", saved.policy.id);
    assert_says(
        &admin.get(&path).await,
        &["22:00", "06:00", "+01:00", "192.0.2.128/25"],
    );
    let before = policies(&site).await;
    let mut same: Vec<_> = sent.to_vec();
    same.push(("version", "1"));
    let answer = act(&mut admin, &path, &same).await;
    assert_eq!(answer.location(), "/admin/policies?done=saved");
    assert_eq!(policies(&site).await, before);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let sent = [
        ("name", "Typed name"),
        ("enabled", "on"),
        ("who", "groups"),
        ("applies-to", "any"),
        ("inside", "office\n192.0.2.0/24"),
        ("outside", "192.0.2.7/24"),
        ("window-0-side", "inside"),
        ("window-0-day", "friday"),
        ("window-0-from", "8 o'clock"),
        ("window-0-until", "18:00"),
        ("window-0-offset", ""),
        ("device", "any"),
        ("effect", "require"),
        ("max-age", "soon"),
        ("without-factor", "enrol"),
    ];
    let answer = act(&mut admin, "/admin/policies/new", &sent).await;
    assert_eq!(answer.status, 422);
    for (field, words) in [
        ("inside", "is not a network"),
        ("outside", "192.0.2.0/24, or the length"),
        ("window-0", "as HH:MM"),
        ("max-age", "a whole number of minutes"),
    ] {
        let error = format!("id=\"e-{field}\">");
        let place = answer.body.find(&error).expect(field);
        let text: String = answer.body[place..].chars().take(200).collect();
        assert!(text.contains(words), "{field}: {text}");
    }
    for typed in ["Typed name", "office", "o&#39;clock", "soon"] {
        assert!(answer.body.contains(typed), "{typed}\n{}", answer.body);
    }
    // What can be read, and cannot work, is refused by the rules of policies.
    let readable = [
        ("name", " "),
        ("who", "groups"),
        ("applies-to", "some"),
        ("window-0-side", "outside"),
        ("window-0-from", "08:00"),
        ("window-0-until", "18:00"),
        ("window-0-offset", "Z"),
        ("effect", "require"),
        ("kind", "recovery_code"),
        ("max-age", "0"),
    ];
    let answer = act(&mut admin, "/admin/policies/new", &readable).await;
    assert_eq!(answer.status, 422);
    for field in [
        "name",
        "group",
        "application",
        "window-0",
        "kind",
        "max-age",
    ] {
        let error = format!("id=\"e-{field}\">");
        assert!(answer.body.contains(&error), "{field}\n{}", answer.body);
    }
    let mut deny = PLAIN.to_vec();
    deny[5] = ("effect", "deny");
    let answer = act(&mut admin, "/admin/policies/new", &deny).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("no administrator could ever sign in"));
    assert!(policies(&site).await.is_empty());
}

#[tokio::test]
async fn a_time_is_added_without_saving_and_without_losing_what_was_typed() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let mut sent = PLAIN.to_vec();
    sent.extend([
        ("window-0-side", "inside"),
        ("window-0-day", "monday"),
        ("window-0-from", "08:00"),
        ("window-0-until", "18:00"),
        ("do", "add-window"),
    ]);
    let answer = act(&mut admin, "/admin/policies/new", &sent).await;
    assert_says(
        &answer,
        &["window-1-side", "Second factor", "value=\"08:00\""],
    );
    assert!(policies(&site).await.is_empty());
}

#[tokio::test]
async fn policies_are_switched_moved_and_deleted_from_the_list() {
    let site = Site::start().await;
    let (first, second) = (make(&site, "First").await, make(&site, "Second").await);
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let order = async || -> Vec<(String, bool)> {
        let all = policies(&site).await.into_iter();
        all.map(|saved| (saved.policy.rule.name, saved.policy.rule.enabled))
            .collect()
    };
    let press = async |admin: &mut Browser<'_>, id: &str, what: &str| -> Answer {
        act(admin, &format!("{LIST}/{id}/act"), &[("do", what)]).await
    };
    let off = press(&mut admin, &first, "off").await;
    assert_eq!(off.location(), "/admin/policies?done=off");
    let up = press(&mut admin, &second, "up").await;
    assert_eq!(up.location(), "/admin/policies?done=moved");
    assert_eq!(
        order().await,
        [("Second".to_owned(), true), ("First".to_owned(), false)]
    );
    press(&mut admin, &second, "down").await;
    press(&mut admin, &first, "on").await;
    assert_eq!(
        order().await,
        [("First".to_owned(), true), ("Second".to_owned(), true)]
    );
    assert_eq!(press(&mut admin, &first, "explode").await.status, 400);

    let path = format!("{LIST}/{first}/delete");
    assert_says(&admin.get(&path).await, &["Delete this policy?", "First"]);
    assert_eq!(order().await.len(), 2);
    let gone = act(&mut admin, &path, &[]).await;
    assert_eq!(gone.location(), "/admin/policies?done=deleted");
    assert_eq!(order().await, [("Second".to_owned(), true)]);
    assert_eq!(admin.get(&format!("{LIST}/{first}")).await.status, 404);
    let log = admin
        .get("/admin/activity?range=year&type=sign_in_policy_update")
        .await;
    assert_says(&log, &[&format!("/admin/policies/{second}")]);
}

#[tokio::test]
async fn a_form_that_is_out_of_date_saves_nothing_and_says_so() {
    let site = Site::start().await;
    let id = make(&site, "First").await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let off = SignInPolicyChange {
        enabled: Some(false),
        ..SignInPolicyChange::default()
    };
    let policy = id.parse().unwrap();
    change_sign_in_policy(&mut site.op(), site.store.as_ref(), policy, None, off)
        .await
        .unwrap();
    let mut sent = PLAIN.to_vec();
    sent.push(("version", "1"));
    let path = format!("{LIST}/{id}");
    let answer = act(&mut admin, &path, &sent).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("Somebody else changed this policy"));
    assert_eq!(policies(&site).await[0].policy.rule.name, "First");
    assert_eq!(answer.input("version").as_deref(), Some("2"));
    *sent.last_mut().unwrap() = ("version", "2");
    let again = act(&mut admin, &path, &sent).await;
    assert_eq!(again.location(), "/admin/policies?done=saved");
}

/// Requirement A11.
#[tokio::test]
async fn other_roles_see_policies_and_ask_what_would_happen() {
    let site = Site::start().await;
    let id = make(&site, "First").await;
    for role in [Role::HelpDesk, Role::ReadOnly] {
        let mut browser = site.browser_of_administrator(role).await;
        let list = browser.get(LIST).await;
        assert_says(&list, &["First", "refuses"]);
        assert!(!list.body.contains("switch off"));
        let form = browser.get(&format!("{LIST}/{id}")).await;
        assert_says(&form, &["disabled=\"disabled\""]);
        assert!(!form.body.contains("save policy"));
        let asked = browser.get("/admin/policies/simulate?q=road.runner").await;
        assert_says(&asked, &["Road Runner"]);
    }
}

fn question(pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("/admin/policies/simulate?{}", query.finish())
}

/// Requirement M03: "what would happen if X opens Y from Z".
#[tokio::test]
async fn the_simulator_answers_with_reasons_for_each_policy() {
    let site = Site::start().await;
    make(&site, "No new browsers").await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let form = admin.get("/admin/policies/simulate").await;
    assert_says(&form, &["What would happen if", LABEL, "2026-03-02T09:00"]);
    let before = site.count_events(EventKind::UserLoginAttempt).await;
    let application = site.application.to_string();
    let ask = |device| {
        question(&[
            ("q", ROAD_RUNNER),
            ("target", &application),
            ("address", "198.51.100.7"),
            ("at", "2026-03-07T23:30"),
            ("device", device),
            ("proved", "password"),
            ("minutes", "5"),
        ])
    };
    let refused = admin.get(&ask("new")).await;
    let words = [
        "refused",
        "What would happen if Road Runner opens AWS Production from 198.51.100.7 on a new device",
        "2026-03-07 23:30 UTC",
        "the password 5 minutes ago",
        "It applies, and refuses the sign-in.",
        "On the page the person reads",
    ];
    assert_says(&refused, &words);
    let let_in = admin.get(&ask("known")).await;
    let words = ["let in", "It is for new devices, and this one is known."];
    assert_says(&let_in, &words);
    assert_eq!(site.count_events(EventKind::UserLoginAttempt).await, before);

    let email = administrator_email(Role::Full);
    let asked = question(&[("q", &email), ("device", "known"), ("proved", "password")]);
    let administrator = admin.get(&asked).await;
    // This site is in dev. The test of the API asks outside it.
    assert_says(&administrator, &["is let in to the admin portal"]);
}

#[tokio::test]
async fn the_simulator_says_what_it_cannot_read() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    for (pairs, field, words) in [
        (&[("q", "nobody at all")][..], "q", "Nobody is found"),
        (&[("q", "co")], "q", "choose one of them"),
        (
            &[("q", ROAD_RUNNER), ("address", "office")],
            "address",
            "one IP address",
        ),
        (
            &[("q", ROAD_RUNNER), ("at", "tomorrow")],
            "at",
            "2026-03-04T08:00",
        ),
        (
            &[("q", ROAD_RUNNER), ("minutes", "-1")],
            "minutes",
            "from 0 to",
        ),
    ] {
        let answer = admin.get(&question(pairs)).await;
        assert_eq!(answer.status, 422, "{pairs:?}");
        let error = format!("id=\"e-{field}\">");
        let place = answer.body.find(&error).expect(field);
        assert!(answer.body[place..place + 150].contains(words), "{pairs:?}");
    }
    let person = format!("user:{}", id_of(&site, COYOTE).await);
    let several = admin.get(&question(&[("q", "co")])).await;
    assert!(several.body.contains(&person), "{}", several.body);
    let chosen = question(&[("q", "co"), ("person", &person)]);
    assert_says(
        &admin.get(&chosen).await,
        &["if Wile Coyote opens the user portal"],
    );
}

/// Whoever deletes a group or an application reads first what is asked of nobody from then on.
#[tokio::test]
async fn the_pages_before_a_deletion_say_which_policies_it_empties() {
    let site = Site::start().await;
    let (group, application) = (site.operations, site.application);
    for (name, who, opened) in [
        (
            "Alone",
            json!({"groups": [group.to_string()]}),
            json!("any"),
        ),
        (
            "Wiki",
            json!("everyone"),
            json!({"some": [application.to_string()]}),
        ),
        ("Others", json!("administrators"), json!("any")),
    ] {
        let rule: PolicyRule = serde_json::from_value(json!({
            "name": name, "enabled": true, "order": 1, "who": who, "application": opened,
            "conditions": {"device": "new", "networks": {"outside": ["192.0.2.0/24"]}}, "effect": "deny",
        }))
        .unwrap();
        let made = create_sign_in_policy(&mut site.op(), site.store.as_ref(), rule).await;
        made.unwrap();
    }
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let emptied = |name: &str| format!("The policy {name} is about nothing else: it is switched");
    for (page, named, others) in [
        (
            format!("/admin/groups/{group}/delete"),
            "Alone",
            ["Wiki", "Others"],
        ),
        (
            format!("/admin/applications/delete?application={application}"),
            "Wiki",
            ["Alone", "Others"],
        ),
    ] {
        let shown = admin.get(&page).await;
        assert_says(&shown, &[&emptied(named)]);
        for other in others {
            assert!(
                !shown.body.contains(&format!("The policy {other}")),
                "{page}"
            );
        }
    }
    // With a group that stays, so does the policy.
    let new = NewGroup {
        name: "sales".to_owned(),
        ..NewGroup::default()
    };
    let sales = create_group(&mut site.op(), site.store.as_ref(), new)
        .await
        .unwrap();
    let both = SignInPolicyChange {
        who: Some(Who::Groups([group, sales].into())),
        ..SignInPolicyChange::default()
    };
    let all = policies(&site).await;
    let alone = all
        .iter()
        .find(|saved| saved.policy.rule.name == "Alone")
        .unwrap();
    change_sign_in_policy(
        &mut site.op(),
        site.store.as_ref(),
        alone.policy.id,
        None,
        both,
    )
    .await
    .unwrap();
    let shown = admin.get(&format!("/admin/groups/{group}/delete")).await;
    assert_says(&shown, &["The policy Alone stays, without it."]);
}
