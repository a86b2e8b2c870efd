//! `jetway admin`: the API, command by command.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::fake::{Behaviour, Fake, Reply, Request};
use crate::sandbox::{Run, Sandbox};

const KEY: &str = "jwk_a-key-of-a-test";
const ID: &str = "0123456789abcdef01234567";
const OTHER: &str = "89abcdef0123456789abcdef";
const GROUP: &str = "abcdefabcdefabcdefabcdef";

fn road_runner() -> Value {
    json!({"id": ID, "email": "road.runner@acme.com", "username": "road.runner",
           "first_name": "Road", "last_name": "Runner\u{1b}[2J", "state": "active",
           "attributes": {"department": "Operations"}})
}

fn problem(status: u16, detail: &str) -> Reply {
    let body = json!({"type": "urn:jetway:problem:x", "title": "x", "status": status,
                      "detail": detail});
    Reply::new(status, "application/problem+json", body.to_string())
}

/// What answers to the help desk and to grants, and the log.
fn deeds(method: &str, path: &str) -> Option<Reply> {
    match (method, path) {
        ("POST", path) if path.ends_with("/unlock") => Some(Reply::new(204, "", "")),
        ("POST", path) if path.ends_with("/schedules") => {
            let body = json!({"state": "suspended", "due_at": "2026-03-02T00:00:00.000Z"});
            Some(Reply::json(201, &body.to_string()))
        }
        ("GET", "/api/v1/applications") => {
            let body = json!({"items": [{"id": OTHER, "slug": "wiki", "label": "The Wiki"}],
                "next_cursor": null});
            Some(Reply::json(200, &body.to_string()))
        }
        ("GET", "/api/v1/events") => {
            let body = json!({"items": [{"timestamp": "2026-03-01T00:00:00.000Z",
                "event_type": "user_create", "success": true,
                "initiated_by": {"type": "system", "name": "import"},
                "resource": {"email": "road.runner@acme.com"}}], "next_cursor": null});
            Some(Reply::json(200, &body.to_string()))
        }
        _ => None,
    }
}

/// A server with one person, one group and one page of events.
fn server() -> Fake {
    let special = |request: &Request, seen: &[Request]| {
        if request.headers.get("authorization").map(String::as_str)
            != Some(&format!("Bearer {KEY}"))
        {
            return Some(problem(401, "Send a valid API key."));
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let person = road_runner().to_string();
        let group = json!({"id": GROUP, "name": "Operations", "member_count": 1}).to_string();
        let import = |state: &str| {
            let body = json!({"id": "i", "state": state, "accepted": 2, "refused": 1, "added": 2,
                "failed": 0,
                "problems": [{"line": 3, "field": "email", "message": "not an address"}]});
            Reply::json(200, &body.to_string())
        };
        if let Some(reply) = deeds(&request.method, path) {
            return Some(reply);
        }
        Some(match (request.method.as_str(), path) {
            ("GET", "/api/v1/users") if query.contains("cursor=next") => {
                let body = json!({"items": [road_runner()], "next_cursor": null});
                Reply::json(200, &body.to_string())
            }
            ("GET", "/api/v1/users") if query.contains("q=nobody") => {
                Reply::json(200, r#"{"items":[],"next_cursor":null}"#)
            }
            ("GET", "/api/v1/users") => {
                let body = json!({"items": [road_runner()], "next_cursor": "next"});
                Reply::json(200, &body.to_string())
            }
            ("GET", "/api/v1/users/export.csv") => {
                Reply::new(200, "text/csv; charset=utf-8", "email,username\na@b,a\n")
            }
            ("GET", path) if path == format!("/api/v1/users/{ID}") => {
                Reply::json(200, &person).with("ETag", "\"7\"")
            }
            ("GET", path) if path == format!("/api/v1/users/{OTHER}") => problem(404, "No user."),
            ("PATCH", _)
                if request.headers.get("if-match").map(String::as_str) != Some("\"7\"") =>
            {
                problem(428, "If-Match is missing")
            }
            ("PATCH", _) if request.body.contains("stale") => problem(412, "It was changed."),
            ("POST" | "PATCH", path) if path.starts_with("/api/v1/users") => {
                Reply::json(200, &person)
            }
            ("DELETE", _) => Reply::new(204, "", ""),
            ("GET", "/api/v1/groups") => {
                Reply::json(200, &format!(r#"{{"items":[{group}],"next_cursor":null}}"#))
            }
            ("GET", "/api/v1/settings") => {
                Reply::json(200, r#"{"sessions":{"idle_minutes":60}}"#).with("ETag", "\"7\"")
            }
            ("PATCH" | "POST", path) if path.starts_with("/api/v1/groups") => {
                Reply::json(200, &group)
            }
            ("PATCH", "/api/v1/settings") => Reply::json(200, "{}"),
            ("GET", path) if path.starts_with("/api/v1/groups/") => {
                Reply::json(200, &group).with("ETag", "\"7\"")
            }
            ("POST", "/api/v1/user-imports") => import("preview"),
            ("POST", "/api/v1/user-imports/i/confirm") => import("running"),
            ("GET", "/api/v1/user-imports/i") => {
                let asked = seen
                    .iter()
                    .filter(|request| request.path.ends_with("imports/i"));
                import(if asked.count() < 2 { "running" } else { "done" })
            }
            ("GET", "/api/v1/forbidden") => problem(403, "no"),
            _ => problem(404, "There is no such address."),
        })
    };
    Fake::start(Behaviour {
        special: Some(Box::new(special)),
        ..Behaviour::default()
    })
}

fn run(fake: &Fake, arguments: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    run_in(&sandbox, fake, arguments)
}

fn run_in(sandbox: &Sandbox, fake: &Fake, arguments: &[&str]) -> Run {
    let arguments: Vec<_> = ["admin"]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let url = fake.url();
    sandbox.run_with(
        &arguments,
        &[("JETWAY_ADMIN_URL", url.as_str()), ("JETWAY_API_KEY", KEY)],
    )
}

#[test]
fn people_are_listed_as_a_table_for_people_and_as_json_for_programs() {
    let fake = server();
    let table = run(
        &fake,
        &["users", "list", "--search", "road", "--limit", "1"],
    )
    .expect(0);
    let lines: Vec<_> = table.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", table.out);
    assert!(lines[0].starts_with("ID                        STATE   USERNAME"));
    assert!(lines[1].contains("road.runner@acme.com") && lines[1].ends_with("Runner[2J"));
    assert_eq!(table.err, "");
    let address = fake.requests()[0].path.clone();
    assert_eq!(address, "/api/v1/users?q=road&limit=1");

    let all = run(&fake, &["users", "list", "--all", "--json"]).expect(0);
    let document: Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!(
        document["items"],
        json!([road_runner(), road_runner()]),
        "both pages"
    );
}

#[test]
fn a_person_is_found_by_id_address_or_username_and_changed_in_the_version_that_was_read() {
    let fake = server();
    for name in [ID, "Road.Runner@acme.com", "road.runner"] {
        let shown = run(&fake, &["users", "show", name]).expect(0);
        assert!(
            shown.out.contains("attributes.department  Operations"),
            "{}",
            shown.out
        );
    }
    let changed = run(
        &fake,
        &[
            "users",
            "update",
            "road.runner",
            "last_name=Runner",
            "attributes.addresses.work.region=us-east-1",
        ],
    )
    .expect(0);
    assert_eq!(changed.err, "Changed road.runner@acme.com.\n");
    let sent = fake.requests().pop().unwrap();
    assert_eq!(
        (sent.method.as_str(), sent.headers["if-match"].as_str()),
        ("PATCH", "\"7\"")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&sent.body).unwrap(),
        json!({"last_name": "Runner", "attributes": {"addresses.work.region": "us-east-1"}})
    );
    run(&fake, &["users", "suspend", ID]).expect(0);
    let sent = fake.requests().pop().unwrap();
    assert_eq!(sent.path, format!("/api/v1/users/{ID}/state"));
    assert_eq!(sent.body, r#"{"state":"suspended"}"#);
}

#[test]
fn errors_say_what_why_and_what_to_do() {
    let fake = server();
    let stale = run(&fake, &["users", "update", ID, "last_name=stale"]).expect(1);
    assert_eq!(
        stale.err,
        "Error: the directory did not do it.\n  It was changed.\n  Look at the present state and \
         try again.\n"
    );
    run(&fake, &["users", "show", "nobody"])
        .expect(1)
        .says(&["there is no user \"nobody\"", "jetway admin users list"]);
    run(&fake, &["users", "show", OTHER]).expect(1);
    run(&fake, &["users", "create", "email"])
        .expect(2)
        .says(&["FIELD=VALUE"]);
    let sandbox = Sandbox::new();
    let url = fake.url();
    let list = ["admin", "users", "list"];
    sandbox
        .run_with(
            &list,
            &[("JETWAY_ADMIN_URL", &url), ("JETWAY_API_KEY", "jwk_wrong")],
        )
        .expect(4)
        .says(&["does not know this API key", "jetway admin configure"]);
    sandbox
        .run_with(&list, &[("JETWAY_ADMIN_URL", &url)])
        .expect(9)
        .says(&["the API key is missing", "JETWAY_API_KEY"]);
    sandbox
        .run_with(&list, &[("JETWAY_API_KEY", KEY)])
        .expect(9)
        .says(&["the address of the server is missing", "--server"]);
    let page = Fake::start(Behaviour::default());
    sandbox
        .run_with(
            &list,
            &[("JETWAY_ADMIN_URL", &page.url()), ("JETWAY_API_KEY", KEY)],
        )
        .expect(8)
        .says(&["is not the API of Jetway"]);
    sandbox
        .run_with(
            &list,
            &[
                ("JETWAY_ADMIN_URL", "http://id.example.com"),
                ("JETWAY_API_KEY", KEY),
            ],
        )
        .expect(9)
        .says(&["is not an https address"]);
}

#[test]
fn deleting_asks_and_without_a_terminal_needs_yes() {
    let fake = server();
    run(&fake, &["users", "delete", ID])
        .expect(3)
        .says(&["has to be confirmed", "--yes"]);
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.method != "DELETE")
    );
    let done = run(&fake, &["users", "delete", ID, "--yes"]).expect(0);
    assert_eq!(done.err, "Deleted road.runner@acme.com.\n");
}

#[test]
fn people_are_put_into_groups_by_name() {
    let fake = server();
    let done = run(
        &fake,
        &["groups", "add-member", "operations", "road.runner"],
    )
    .expect(0);
    assert_eq!(done.err, "Put 1 into Operations.\n");
    let sent = fake.requests().pop().unwrap();
    assert_eq!(sent.path, format!("/api/v1/groups/{GROUP}/members"));
    assert_eq!(sent.body, format!(r#"{{"add":["{ID}"]}}"#));
}

/// Requirements C04 to C06.
#[test]
fn what_the_help_desk_does_for_a_person_is_one_command_each() {
    let fake = server();
    for (command, method, path, said) in [
        ("invite", "POST", "invite", "Invited"),
        (
            "reset-password",
            "POST",
            "password-reset",
            "Sent a new link to",
        ),
        ("unlock", "POST", "unlock", "Unlocked"),
        ("sign-out", "DELETE", "sessions", "Signed"),
    ] {
        let done = run(&fake, &["users", command, "road.runner"]).expect(0);
        let expected = format!("{said} road.runner@acme.com");
        assert!(done.err.starts_with(&expected), "{}", done.err);
        let sent = fake.requests().pop().unwrap();
        let address = format!("/api/v1/users/{ID}/{path}");
        assert_eq!((sent.method.as_str(), sent.path), (method, address));
    }
    let schedule = ["users", "schedule", ID, "suspended", "--at", "2026-03-02"];
    let done = run(&fake, &schedule).expect(0);
    assert_eq!(
        done.err,
        "road.runner@acme.com becomes suspended at 2026-03-02T00:00:00.000Z.\n"
    );
    let sent = fake.requests().pop().unwrap();
    assert_eq!(sent.path, format!("/api/v1/users/{ID}/schedules"));
    assert_eq!(
        serde_json::from_str::<Value>(&sent.body).unwrap(),
        json!({"state": "suspended", "due_at": "2026-03-02T00:00:00Z"})
    );
}

#[test]
fn applications_are_given_to_groups_and_taken_from_them_by_name() {
    let fake = server();
    for (command, member, said) in [
        ("grant", "grant", "Gave 1 to Operations.\n"),
        ("revoke", "withdraw", "Took 1 from Operations.\n"),
    ] {
        for name in ["wiki", "the wiki", OTHER] {
            let done = run(&fake, &["groups", command, "operations", name]).expect(0);
            assert_eq!(done.err, said);
            let sent = fake.requests().pop().unwrap();
            assert_eq!(sent.path, format!("/api/v1/groups/{GROUP}/applications"));
            assert_eq!(sent.body, format!(r#"{{"{member}":["{OTHER}"]}}"#));
        }
    }
    run(&fake, &["groups", "grant", "operations", "nothing"])
        .expect(1)
        .says(&["there is no application \"nothing\""]);
}

#[test]
fn events_are_narrowed_to_a_time_a_person_and_failures() {
    let fake = server();
    let list = [
        "events",
        "list",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-01T08:00:00Z",
        "--subject",
        "road.runner",
        "--failed",
    ];
    run(&fake, &list).expect(0);
    let sent = fake.requests().pop().unwrap();
    assert_eq!(
        sent.path,
        format!(
            "/api/v1/events?from=2026-03-01T00%3A00%3A00Z&to=2026-03-01T08%3A00%3A00Z&subject={ID}\
             &success=false&limit=50"
        )
    );
}

#[test]
fn events_and_settings_are_shown() {
    let fake = server();
    let events = run(&fake, &["events", "list", "--type", "user_create"]).expect(0);
    let line = events.out.lines().nth(1).unwrap();
    assert!(
        line.contains("import") && line.ends_with("road.runner@acme.com"),
        "{line}"
    );
    assert!(
        fake.requests()[0]
            .path
            .starts_with("/api/v1/events?type=user_create")
    );
    let settings = run(&fake, &["settings", "show"]).expect(0);
    assert_eq!(settings.out, "sessions.idle_minutes  60\n");
    run(&fake, &["settings", "update", "sessions.idle_minutes=30"]).expect(0);
    let sent = fake.requests().pop().unwrap();
    assert_eq!(sent.body, r#"{"sessions":{"idle_minutes":30}}"#);
}

#[test]
fn an_import_shows_what_is_wrong_and_waits_until_the_others_are_added() {
    let fake = server();
    let sandbox = Sandbox::new();
    sandbox.write("people.csv", "email,username\na@b,a\nb,b\nc@b,c\n");
    run_in(&sandbox, &fake, &["users", "import", "people.csv"])
        .expect(3)
        .says(&["3     email  not an address", "--yes"]);
    let done = run_in(&sandbox, &fake, &["users", "import", "people.csv", "--yes"]).expect(0);
    assert!(done.err.ends_with("Added 2.\n"), "{}", done.err);
    let sent = fake.requests();
    let sent = sent
        .iter()
        .find(|request| request.path == "/api/v1/user-imports")
        .unwrap();
    assert_eq!(sent.headers["content-type"], "text/csv");
    run_in(&sandbox, &fake, &["users", "import", "none.csv"])
        .expect(9)
        .says(&["none.csv does not exist"]);
    let csv = run(&fake, &["users", "export"]).expect(0);
    assert_eq!(csv.out, "email,username\na@b,a\n");
}

#[test]
fn the_key_is_kept_in_a_file_that_only_its_owner_reads() {
    let fake = server();
    let sandbox = Sandbox::new();
    let url = fake.url();
    let stored = sandbox.run_with(
        &["admin", "configure", "--server", &url],
        &[("JETWAY_API_KEY", KEY)],
    );
    assert!(!stored.expect(0).err.contains(KEY));
    let file = sandbox.path(".config/jetway/admin.toml");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    sandbox.run(&["admin", "groups", "list"]).expect(0);
    let other = server();
    sandbox
        .run(&["admin", "groups", "list", "--server", &other.url()])
        .expect(9)
        .says(&["is for another server", "JETWAY_API_KEY"]);
    assert!(other.requests().is_empty(), "another server never sees it");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    sandbox
        .run(&["admin", "groups", "list"])
        .expect(9)
        .says(&["can be read by others", "chmod 600"]);
    let help = sandbox.run(&["admin", "--help"]).expect(0);
    assert!(!help.out.contains("--api-key "), "never in the arguments");
}
