//! People in the admin portal.

use http::Request;
use http::header::{CONTENT_TYPE, ORIGIN, REFERER};
use jetway_identity::users::transfer::run_import_step;
use jetway_identity::users::{list_public_keys, list_schedules, run_due_schedules};
use jetway_identity::{
    EventKind, NewGroup, Role, User, UserChange, UserId, UserState, count_users, create_group,
    update_user,
};
use time::Duration;

use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, LABEL, PASSWORD, ROAD_RUNNER, Site};

pub(crate) async fn act(browser: &mut Browser<'_>, path: &str, more: &[(&str, &str)]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(more);
    browser.post(path, &fields).await
}

async fn user(site: &Site, id: UserId) -> User {
    let mut read = site.store.read().await.unwrap();
    read.user(id).await.unwrap().unwrap()
}

pub(crate) async fn id_of(site: &Site, email: &str) -> UserId {
    let mut read = site.store.read().await.unwrap();
    read.user_by_email(email).await.unwrap().unwrap().id
}

pub(crate) fn assert_says(page: &Answer, words: &[&str]) {
    assert_eq!(page.status, 200, "{}", page.body);
    for words in words {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
}

/// Requirements B01 to B08.
#[tokio::test]
async fn the_list_has_the_words_counters_columns_and_actions_of_the_seed() {
    let site = Site::start().await;
    site.add_user_in_state("staged@acme.com", UserState::Staged)
        .await;
    site.add_user_without_password("pending@acme.com").await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let page = admin.get("/admin/users").await;
    assert_says(
        &page,
        &[
            "Set the default user state for different creation methods by clicking the Settings button below.",
            "href=\"/admin/users?state=staged\"",
            ">Settings</a>",
            "placeholder=\"Search\"",
            "filter by",
            "of 4 users selected",
            "change state",
            "more actions",
            ">delete</button>",
            "User State",
            ">Name",
            ">Email",
            "Password Status",
            "MFA: TOTP",
            "NOT ENROLLED",
            "check-mark",
            ">Pending<",
            ">Activate</button>",
            ">Suspend</button>",
        ],
    );
    let staged = admin.get("/admin/users?state=staged").await;
    assert_says(&staged, &["staged@acme.com", "1 of 1 user"]);
    assert!(!staged.body.contains(ROAD_RUNNER));
}

/// Requirements B03 and B10, and names that look like markup.
#[tokio::test]
async fn people_are_found_by_search_and_filter_and_shown_literally() {
    let site = Site::start().await;
    let nameless = site.add_user("ghost@acme.com", "", "").await;
    let id = site
        .add_user("x@acme.com", "<script>alert(1)</script>", "שלום 👩‍🚀")
        .await;
    let change = UserChange {
        attributes: [("department".to_owned(), Some("Rockets".to_owned()))].into(),
        ..UserChange::default()
    };
    let (store, sealing) = (site.store.as_ref(), site.sealing());
    update_user(&mut site.op(), store, sealing, id, None, change)
        .await
        .unwrap();
    let mut admin = site.browser_of_administrator(Role::ReadOnly).await;
    let page = admin.get("/admin/users?q=rocket").await;
    assert_says(
        &page,
        &["&#60;script&#62;alert(1)&#60;/script&#62; שלום 👩‍🚀"],
    );
    assert!(!page.body.contains(ROAD_RUNNER));
    let page = admin.get("/admin/users?filter.department=rock").await;
    assert_says(&page, &["Department: rock", "1 of 1 user"]);
    let page = admin.get("/admin/users?filter.jobTitle=rock").await;
    assert_says(&page, &["No user matches"]);
    let page = admin.get(&format!("/admin/users/{nameless}/details")).await;
    assert_says(&page, &["<bdi>ghost</bdi>"]);
    // Whatever stands in the address, the page answers.
    for odd in [
        "?after=x&sort=-nothing&rows=7&state=odd",
        "?q=%00%ff",
        "?q=%25",
    ] {
        assert_eq!(
            admin.get(&format!("/admin/users{odd}")).await.status,
            200,
            "{odd}"
        );
    }
}

/// Requirement B09: pages go on where the last one ended, keeping search and order.
#[tokio::test]
async fn pages_keep_the_view() {
    let site = Site::start().await;
    for number in 0..60 {
        site.add_user_without_password(&format!("u{number:02}@pages.example"))
            .await;
    }
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let first = admin.get("/admin/users?q=pages.example&sort=-email").await;
    assert_says(
        &first,
        &["50 of 60 users", "u59@pages.example", "u10@pages.example"],
    );
    assert!(!first.body.contains("u09@pages.example"));
    let at = first
        .body
        .find("&#38;after=")
        .or(first.body.find("&amp;after="));
    let before = &first.body[..at.unwrap()];
    let start = before.rfind("href=\"").unwrap() + 6;
    let rest = &first.body[start..];
    let next = rest[..rest.find('"').unwrap()]
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let second = admin.get(&next).await;
    assert_says(
        &second,
        &["10 of 60 users", "u09@pages.example", "u00@pages.example"],
    );
}

/// Requirements A13, D02 and D05.
#[tokio::test]
async fn a_new_user_starts_in_the_default_state_and_bad_input_is_kept_and_marked() {
    let site = Site::start().await;
    site.change_settings(|sections| sections.default_states.manual = UserState::Active)
        .await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let form = admin.get("/admin/users/new").await;
    assert_says(
        &form,
        &["value=\"active\" checked=\"checked\"", "save user"],
    );
    let bad = [
        ("username", "with space"),
        ("email", ROAD_RUNNER),
        ("firstname", "Ünï <b>"),
        ("jobTitle", "Kept"),
        ("access", "password"),
        ("password", "short"),
    ];
    let again = act(&mut admin, "/admin/users/new", &bad).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.input("firstname").as_deref(), Some("Ünï <b>"));
    assert_eq!(again.input("jobTitle").as_deref(), Some("Kept"));
    assert!(again.body.contains("letters, digits and"));
    assert!(!again.body.contains("\"short\""));
    let good = [
        ("username", "new.one"),
        ("email", "new.one@acme.com"),
        ("department", "Rockets"),
        ("access", "later"),
    ];
    let done = act(&mut admin, "/admin/users/new", &good).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let id = id_of(&site, "new.one@acme.com").await;
    assert_eq!(
        done.location(),
        format!("/admin/users/{id}/highlights?done=created")
    );
    let made = user(&site, id).await;
    assert_eq!(
        (
            made.state,
            made.password_changed_at,
            &*made.attributes["department"]
        ),
        (UserState::Active, None, "Rockets")
    );
    let same_address = [("username", "new.two"), good[1]];
    let taken = act(&mut admin, "/admin/users/new", &same_address).await;
    assert_eq!(taken.status, 422);
    assert!(taken.body.contains("Another user has this e-mail address."));
}

/// Requirements D02: the settings behind the button.
#[tokio::test]
async fn the_default_states_are_set_behind_settings() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let form = admin.get("/admin/users/settings").await;
    let version = form.input("version").unwrap();
    let fields = [
        ("version", version.as_str()),
        ("manual", "active"),
        ("bulk", "staged"),
        ("import", "active"),
    ];
    let saved = act(&mut admin, "/admin/users/settings", &fields).await;
    assert_eq!(saved.status, 303);
    let settings = site.store.read().await.unwrap().settings().await.unwrap();
    let states = settings.sections.default_states;
    assert_eq!(
        (states.manual, states.bulk, states.import),
        (UserState::Active, UserState::Staged, UserState::Active)
    );
    let stale = act(&mut admin, "/admin/users/settings", &fields).await;
    assert_eq!(stale.status, 409);
    let mut desk = site.browser_of_administrator(Role::HelpDesk).await;
    assert_eq!(desk.get("/admin/users/settings").await.status, 403);
}

/// Requirements C01 to C11.
#[tokio::test]
async fn the_person_has_header_security_status_tabs_and_highlights() {
    let site = Site::start().await;
    let id = site.road_runner;
    site.browser_of(ROAD_RUNNER).await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let opened = admin.get(&format!("/admin/users/{id}")).await;
    assert_eq!(opened.location(), format!("/admin/users/{id}/highlights"));
    let page = admin.get(opened.location()).await;
    assert_says(
        &page,
        &[
            "<bdi>Road Runner</bdi>",
            ROAD_RUNNER,
            ">Active</span>",
            "Security Status",
            "password never expires",
            "<dt>TOTP MFA</dt><dd><span class=\"badge\">Inactive</span>",
            "<dt>Jetway Protect</dt><dd><span class=\"badge\">Inactive</span>",
            "<dt>WebAuthn</dt><dd><span class=\"badge\">Inactive</span>",
            ">Highlights</a>",
            ">Details</a>",
            ">User Groups</a>",
            ">Devices</a>",
            ">Directories</a>",
            "Devices (1)",
            "Groups (1)",
            "all groups",
            "operations",
            "Control user access to web apps via SAML 2.0",
            LABEL,
            "through operations",
            "Directory Activity",
            "Last Known Location",
            "192.0.2.7",
            "Last Password Change",
            "successful",
        ],
    );
    for tab in ["details", "groups", "devices", "directories", "activity"] {
        let page = admin.get(&format!("/admin/users/{id}/{tab}")).await;
        assert_says(&page, &["<bdi>Road Runner</bdi>", "Security Status"]);
    }
    let never = id_of(&site, COYOTE).await;
    let page = admin.get(&format!("/admin/users/{never}/highlights")).await;
    assert_says(
        &page,
        &[
            "Last Known Location",
            "A device is connected to this user by",
        ],
    );
    assert_eq!(admin.get("/admin/users/nobody").await.status, 404);
}

/// Requirements C12 to C18.
#[tokio::test]
async fn details_are_saved_explicitly_with_every_attribute() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{id}/details");
    let page = admin.get(&path).await;
    let organisation = site.store.read().await.unwrap().settings().await.unwrap();
    let name = format!(
        "uid=road.runner,ou=Users,o={},dc=jetway,dc=local",
        organisation.organisation
    );
    assert_says(
        &page,
        &[
            "Creation date",
            "2026-03-02T09:00:00.000Z",
            "LDAP Distinguished Name",
            &name,
            "User Security Settings and Permissions",
            "Employment Information",
            "Personal Employee Information",
            "Custom Attributes",
            "Create and store custom attributes for this user. Attribute field names must be unique.",
            "add new custom attribute",
            "Public Keys",
            ">cancel</a>",
            "save user",
        ],
    );
    for name in jetway_identity::applications::DIRECTORY_ATTRIBUTES {
        assert!(page.body.contains(&format!("name=\"{name}\"")), "{name}");
    }
    let version = page.input("version").unwrap();
    let mut fields = vec![
        ("version", version.as_str()),
        ("username", "road.runner"),
        ("email", ROAD_RUNNER),
        ("firstname", "Road"),
        ("lastname", "Runner"),
        ("displayname", "Meep"),
        ("addresses.work.region", "AZ"),
        ("passwordNeverExpires", "on"),
        ("custom.name", "Level"),
        ("custom.type", "number"),
        ("custom.value", "seven"),
    ];
    let again = act(&mut admin, &path, &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("is not a number"));
    assert_eq!(again.input("displayname").as_deref(), Some("Meep"));
    fields.pop();
    fields.push(("custom.value", "7"));
    let saved = act(&mut admin, &path, &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let after = user(&site, id).await;
    assert_eq!(
        (after.label().as_str(), after.password_never_expires),
        ("Meep", true)
    );
    assert_eq!(after.attributes["addresses.work.region"], "AZ");
    assert_eq!(after.custom_attributes["Level"].to_text(), "7");
    assert_eq!(after.custom_attributes["Level"].kind(), "number");
}

/// Two administrators edit the same user: the second sees what changed, and chooses.
#[tokio::test]
async fn the_second_editor_sees_what_the_first_one_changed_and_chooses() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut first = site.browser_of_administrator(Role::Full).await;
    let mut second = site.browser_of_administrator(Role::HelpDesk).await;
    let path = format!("/admin/users/{id}/details");
    let version = first.get(&path).await.input("version").unwrap();
    let fields = |version: &str, title: &str, name: &str| {
        [
            ("version", version.to_owned()),
            ("username", "road.runner".to_owned()),
            ("email", ROAD_RUNNER.to_owned()),
            ("firstname", name.to_owned()),
            ("lastname", "Runner".to_owned()),
            ("displayname", String::new()),
            ("jobTitle", title.to_owned()),
        ]
    };
    let send =
        async |browser: &mut Browser<'_>, fields: &[(&str, String)], more: &[(&str, &str)]| {
            let mut all: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            all.extend(more);
            act(browser, &path, &all).await
        };
    let saved = send(
        &mut first,
        &fields(&version, "Runner in chief", "Road"),
        &[],
    )
    .await;
    assert_eq!(saved.status, 303);
    let mine = fields(&version, "", "Rosa");
    let conflict = send(&mut second, &mine, &[]).await;
    assert_eq!(conflict.status, 409);
    for words in [
        "changed by full@the-acme-corporation.com",
        "jobTitle",
        "Runner in chief",
        "keep mine",
        "take theirs",
    ] {
        assert!(conflict.body.contains(words), "{words}");
    }
    assert_eq!(
        conflict.input("firstname").as_deref(),
        Some("Rosa"),
        "typed is kept"
    );
    assert_eq!(user(&site, id).await.first_name, "Road");
    let newest = conflict.input("version").unwrap();
    let mine = fields(&newest, "", "Rosa");
    let saved = send(&mut second, &mine, &[("keep.jobTitle", "theirs")]).await;
    assert_eq!(saved.status, 303);
    let after = user(&site, id).await;
    assert_eq!(
        (&*after.first_name, &*after.attributes["jobTitle"]),
        ("Rosa", "Runner in chief")
    );
}

/// Requirement C14: a private key is refused with the reason, and is nowhere afterwards.
#[tokio::test]
async fn pasting_a_private_key_is_refused_with_the_reason() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{id}/public-keys");
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3BlbnNzaC1rZXktdjEAsecretpart\r\n";
    let refused = act(&mut admin, &path, &[("name", "laptop"), ("key", private)]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("This is a private key; it was neither stored nor logged.")
    );
    assert!(!refused.body.contains("secretpart"));
    let public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@desert";
    let added = act(&mut admin, &path, &[("name", ""), ("key", public)]).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let keys = list_public_keys(site.store.as_ref(), id).await.unwrap();
    assert_eq!(keys[0].name, "me@desert");
    let page = admin.get(&format!("/admin/users/{id}/details")).await;
    assert_says(&page, &["me@desert", &keys[0].fingerprint]);
    let removed = act(&mut admin, &format!("{path}/{}/delete", keys[0].id), &[]).await;
    assert_eq!(removed.status, 303);
    assert!(
        list_public_keys(site.store.as_ref(), id)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Requirements B08, D01 and D03.
#[tokio::test]
async fn suspending_from_the_list_takes_effect_at_once_and_returns_to_the_list() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut person = site.browser_of(ROAD_RUNNER).await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let csrf = admin.admin_csrf().await;
    let view = format!("{}/admin/users?state=active&q=road", site.origin);
    let body = format!("csrf={csrf}&state=active&q=road&state=suspended");
    let request = admin
        .request("POST", &format!("/admin/users/{id}/state"))
        .header(ORIGIN, &site.origin)
        .header(REFERER, view)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap();
    let answer = admin.send(request).await;
    assert_eq!(
        answer.location(),
        "/admin/users?state=active&q=road&done=suspended"
    );
    assert_eq!(user(&site, id).await.state, UserState::Suspended);
    assert_eq!(person.get("/").await.status, 303, "the session is over");
    assert_eq!(
        site.browser().sign_in(ROAD_RUNNER, PASSWORD).await.status,
        401
    );
    let path = format!("/admin/users/{id}/state");
    let answer = act(&mut admin, &path, &[("state", "active")]).await;
    assert_eq!(
        answer.location(),
        format!("/admin/users/{id}/highlights?done=active")
    );
    site.browser_of(ROAD_RUNNER).await;
}

/// Requirements B04, B05, D04 and S05.
#[tokio::test]
async fn many_are_changed_and_deleted_at_once_after_typing_their_number() {
    let site = Site::start().await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let id = site
            .add_user_without_password(&format!("{name}@bulk.example"))
            .await;
        ids.push(id.to_string());
    }
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let two = [("id", ids[0].as_str()), ("id", ids[1].as_str())];
    let suspend = [two[0], two[1], ("action", "suspend")];
    let answer = act(&mut admin, "/admin/users/bulk", &suspend).await;
    assert_eq!(answer.location(), "/admin/users?done=suspended&n=2");
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["2 users: Suspended. All sessions ended."]);

    let group = NewGroup {
        name: "bulk".to_owned(),
        ..NewGroup::default()
    };
    let group = create_group(&mut site.op(), site.store.as_ref(), group)
        .await
        .unwrap();
    let add = [two[0], two[1], ("action", "add-to-group")];
    let asked = act(&mut admin, "/admin/users/bulk", &add).await;
    assert_says(&asked, &["Add 2 users to a group?", "bulk"]);
    let group_id = group.to_string();
    let add = [
        two[0],
        two[1],
        ("action", "add-to-group"),
        ("group", &group_id),
    ];
    let answer = act(&mut admin, "/admin/users/bulk", &add).await;
    assert_eq!(answer.location(), "/admin/users?done=added-to-group&n=2");
    let members = site
        .store
        .read()
        .await
        .unwrap()
        .members(group)
        .await
        .unwrap();
    assert_eq!(members.len(), 2);

    let all = [
        ("all", "matching"),
        ("q", "bulk.example"),
        ("action", "delete"),
    ];
    let asked = act(&mut admin, "/admin/users/bulk", &all).await;
    assert_says(
        &asked,
        &[
            "Delete 3 users?",
            "a@bulk.example",
            "Type the number of users to delete",
        ],
    );
    let wrong = [&all[..], &[("confirmed", "yes"), ("typed", "2")]].concat();
    assert_eq!(
        act(&mut admin, "/admin/users/bulk", &wrong).await.status,
        422
    );
    assert_eq!(count_users(site.store.as_ref()).await.unwrap().all(), 5);
    let right = [&all[..], &[("confirmed", "yes"), ("typed", "3")]].concat();
    let answer = act(&mut admin, "/admin/users/bulk", &right).await;
    assert_eq!(
        answer.location(),
        "/admin/users?q=bulk.example&done=deleted&n=3"
    );
    assert_eq!(count_users(site.store.as_ref()).await.unwrap().all(), 2);
    assert_eq!(site.count_events(EventKind::UserDelete).await, 3);
    // The help desk changes people and deletes nobody.
    let mut desk = site.browser_of_administrator(Role::HelpDesk).await;
    let road_runner = site.road_runner.to_string();
    let delete = [("id", road_runner.as_str()), ("action", "delete")];
    assert_eq!(
        act(&mut desk, "/admin/users/bulk", &delete).await.status,
        403
    );
    let none = act(&mut admin, "/admin/users/bulk", &[("action", "suspend")]).await;
    assert_eq!(none.location(), "/admin/users?done=none");
}

#[tokio::test]
async fn a_person_is_deleted_after_typing_the_username() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut person = site.browser_of(ROAD_RUNNER).await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{id}/delete");
    let question = admin.get(&path).await;
    assert_says(&question, &["Delete Road Runner?", "Type the username"]);
    let wrong = act(&mut admin, &path, &[("typed", "road")]).await;
    assert_eq!(wrong.status, 422);
    let deleted = act(&mut admin, &path, &[("typed", "road.runner")]).await;
    assert_eq!(deleted.location(), "/admin/users?done=deleted");
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(person.get("/").await.status, 303);
}

#[tokio::test]
async fn a_suspension_is_scheduled_shown_replaced_and_carried_out() {
    let site = Site::start().await;
    let id = site.road_runner;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{id}/schedule");
    assert_says(&admin.get(&path).await, &["Schedule a change of state"]);
    for (at, words) in [
        ("soon", "Write date and time"),
        ("2020-01-01T08:00", "in the future"),
    ] {
        let refused = act(&mut admin, &path, &[("state", "suspended"), ("at", at)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains(words), "{words}");
        assert_eq!(refused.input("at").as_deref(), Some(at));
    }
    for at in ["2026-03-02T10:00", "2026-03-02T11:00"] {
        let saved = act(&mut admin, &path, &[("state", "suspended"), ("at", at)]).await;
        assert_eq!(
            saved.location(),
            format!("/admin/users/{id}/highlights?done=scheduled")
        );
    }
    assert_eq!(
        list_schedules(site.store.as_ref(), id).await.unwrap().len(),
        1
    );
    let page = admin.get(&format!("/admin/users/{id}/highlights")).await;
    assert_says(&page, &["Becomes Suspended"]);
    site.clock.advance(Duration::hours(2));
    run_due_schedules(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    assert_eq!(user(&site, id).await.state, UserState::Suspended);
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let saved = act(
        &mut admin,
        &path,
        &[("state", "active"), ("at", "2026-03-03T10:00")],
    )
    .await;
    assert_eq!(saved.status, 303);
    let taken = act(&mut admin, &path, &[("action", "cancel")]).await;
    assert_eq!(
        taken.location(),
        format!("/admin/users/{id}/highlights?done=unscheduled")
    );
    assert!(
        list_schedules(site.store.as_ref(), id)
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn upload(site: &Site, admin: &mut Browser<'_>, file: &str) -> Answer {
    let csrf = admin.admin_csrf().await;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nactive\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n--b--\r\n"
    );
    let request: Request<_> = admin
        .request("POST", "/admin/users/import")
        .header(ORIGIN, &site.origin)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(body.into())
        .unwrap();
    admin.send(request).await
}

/// Requirement A13: preview with errors by line, nothing written until confirmed, progress,
/// result, and the same data in the export.
#[tokio::test]
async fn people_come_from_a_file_after_a_preview_and_go_into_one() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    assert_says(
        &admin.get("/admin/users/import").await,
        &["custom:&#60;name&#62;", "Check the file"],
    );
    let refused = upload(&site, &mut admin, "name,mail\r\n").await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("which is not known"));
    let file = "email,username,firstname,state\r\n\
                one@file.example,one,=1+1,\r\n\
                two@file.example,two two,,\r\n\
                three@file.example,three,<b>,staged\r\n";
    let there = upload(&site, &mut admin, file).await;
    assert_eq!(there.status, 303, "{}", there.body);
    let path = there.location().to_owned();
    let preview = admin.get(&path).await;
    assert_says(
        &preview,
        &[
            "people.csv",
            "2 users",
            "1 line",
            "username",
            "letters, digits",
            "nothing has been written yet",
        ],
    );
    assert_eq!(count_users(site.store.as_ref()).await.unwrap().all(), 2);
    assert_eq!(
        act(&mut admin, &path, &[("action", "start")])
            .await
            .location(),
        path
    );
    assert_says(&admin.get(&path).await, &["<progress", "0 of 2"]);
    while run_import_step(&mut site.op(), site.store.as_ref())
        .await
        .unwrap()
    {}
    assert_says(
        &admin.get(&path).await,
        &["2 users added", "1 line left out"],
    );
    let made = user(&site, id_of(&site, "one@file.example").await).await;
    assert_eq!((made.state, &*made.first_name), (UserState::Active, "=1+1"));
    let created = site.last_event(EventKind::UserCreate).await.unwrap();
    assert!(created.actor.label().starts_with("full@"));
    let export = admin.get("/admin/users/export.csv?q=file.example").await;
    assert_eq!(
        export.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(export.header("content-disposition").contains("users.csv"));
    assert_eq!(export.body.lines().count(), 3);
    assert!(
        export
            .body
            .contains("\r\none@file.example,one,'=1+1,,,active,false,")
    );
    let there = upload(&site, &mut admin, "email,username\r\nx@file.example,x\r\n").await;
    let path = there.location().to_owned();
    let thrown = act(&mut admin, &path, &[("action", "discard")]).await;
    assert_eq!(thrown.location(), "/admin/users?done=discarded");
    assert_eq!(admin.get(&path).await.status, 404);
}

/// Requirement E07.
#[tokio::test]
async fn a_person_is_put_into_groups_from_their_own_page() {
    let site = Site::start().await;
    let id = id_of(&site, COYOTE).await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{id}/groups");
    assert_says(&admin.get(&path).await, &["operations"]);
    let group = site.operations.to_string();
    let fields = [("shown", group.as_str()), ("group", group.as_str())];
    let saved = act(&mut admin, &path, &fields).await;
    assert_eq!(saved.location(), format!("{path}?done=groups"));
    let members = async || {
        let mut read = site.store.read().await.unwrap();
        read.members(site.operations).await.unwrap()
    };
    assert!(members().await.contains(&id));
    act(&mut admin, &path, &[("shown", &group)]).await;
    assert!(!members().await.contains(&id));
}
