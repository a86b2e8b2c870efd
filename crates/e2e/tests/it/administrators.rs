//! How administrators get in: the first one, one who is locked out, and the sample one.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use jetway_testkit::process::{Jetwayd, program};
use serde_json::Value;

use crate::person::{refused, succeeded};
use crate::visitor::Visitor;

const EMAIL: &str = "granny@the-acme-corporation.com";
const PASSWORD: &str = "an anvil in every parcel";
const NEW_PASSWORD: &str = "tunnel painted on a rock";

/// The one-time address that a program printed.
fn link(printed: &str, path: &str) -> Option<String> {
    let word = printed
        .split_whitespace()
        .find(|word| word.contains(path))?;
    Some(word.to_owned())
}

/// The link to the first run, which `jetwayd serve` prints.
pub(crate) fn set_up_link(serving: &Jetwayd) -> Option<String> {
    link(&serving.output(), "/admin/setup/")
}

fn first_administrator<'a>() -> [(&'a str, &'a str); 5] {
    [
        ("organisation", "The Acme Corporation"),
        ("name", "Granny"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ]
}

/// `jetwayd serve` with its first administrator.
fn set_up() -> Jetwayd {
    let serving = Jetwayd::serve().unwrap();
    let link = set_up_link(&serving).unwrap();
    let done = Visitor::of(&serving).send(&link, &first_administrator());
    assert_eq!(done.status, 303, "{}", done.body);
    serving
}

/// `jetwayd admin reset-password EMAIL …` for the data of `serving`.
fn reset_password(serving: &Jetwayd, email: &str, more: &[&str]) -> Output {
    on_the_host("reset-password", serving, email, more)
}

/// `jetwayd admin COMMAND EMAIL …` for the data of `serving`.
fn on_the_host(command: &str, serving: &Jetwayd, email: &str, more: &[&str]) -> Output {
    Command::new(program("jetwayd").unwrap())
        .args(["admin", command, email, "--data-dir"])
        .arg(serving.data_dir())
        .args(more)
        .output()
        .unwrap()
}

fn choose(visitor: &Visitor, link: &str, password: &str) -> u16 {
    let fields = [("password", password), ("again", password)];
    visitor.send(link, &fields).status
}

/// Requirements A11, A12.
#[test]
fn the_first_start_prints_a_link_that_makes_the_first_administrator_once() {
    let serving = Jetwayd::serve().unwrap();
    let link = set_up_link(&serving).unwrap();
    assert!(link.starts_with(&serving.idp_url()), "{link}");
    let visitor = Visitor::of(&serving);
    assert_eq!(visitor.get(&link).status, 200);
    let done = visitor.send(&link, &first_administrator());
    assert_eq!((done.status, &*done.location), (303, "/admin/login"));

    let again = Visitor::of(&serving);
    assert_eq!(again.get(&link).status, 410);
    assert_eq!(again.send(&link, &first_administrator()).status, 410);

    let visitor = Visitor::of(&serving);
    let admitted = visitor.sign_in_to_admin(EMAIL, PASSWORD);
    let enrol = "/admin/login/enrol";
    assert_eq!((admitted.status, &*admitted.location), (303, enrol));
    assert_eq!(
        visitor.get("/admin").status,
        303,
        "not before there is a second factor"
    );
    assert_eq!(visitor.connect_app().len(), 10);
    let home = visitor.get("/admin");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("The Acme Corporation"));

    let serving = serving.restart().unwrap();
    assert_eq!(set_up_link(&serving), None, "{}", serving.output());
    assert_eq!(visitor.get("/admin").status, 200, "the session is kept");
    assert_eq!(visitor.get(&link).status, 410);
    assert!(serving.stop().unwrap().success());
}

/// Requirement A12.
#[test]
fn while_nobody_administers_it_each_start_prints_another_link_and_ends_the_one_before() {
    let serving = Jetwayd::serve().unwrap();
    let first = set_up_link(&serving).unwrap();
    let serving = serving.restart().unwrap();
    let second = set_up_link(&serving).unwrap();
    assert_ne!(first, second);
    let visitor = Visitor::of(&serving);
    assert_eq!(visitor.get(&first).status, 410);
    assert_eq!(visitor.get(&second).status, 200);
}

/// Requirement A05.
#[test]
fn on_the_host_the_only_administrator_who_is_locked_out_is_let_in_again() {
    let serving = set_up();
    let signed_in = Visitor::of(&serving);
    assert_eq!(signed_in.sign_in_to_admin(EMAIL, PASSWORD).status, 303);
    let recovery_codes = signed_in.connect_app();
    let visitor = Visitor::of(&serving);
    for _ in 0..5 {
        visitor.sign_in_to_admin(EMAIL, "a wrong password");
    }
    assert_eq!(visitor.sign_in_to_admin(EMAIL, PASSWORD).status, 429);

    let printed = succeeded(&reset_password(&serving, EMAIL, &[]));
    let link = link(&printed, "/admin/login/reset/").unwrap();
    assert_eq!(signed_in.get("/admin").status, 303, "their sessions ended");
    assert_eq!(choose(&visitor, &link, NEW_PASSWORD), 200);
    assert_eq!(choose(&visitor, &link, PASSWORD), 410, "it works once");
    assert_eq!(visitor.sign_in_to_admin(EMAIL, PASSWORD).status, 401);
    let asked = visitor.sign_in_to_admin(EMAIL, NEW_PASSWORD);
    assert_eq!(
        asked.location, "/admin/login/code",
        "a reset spares no factor"
    );
    assert_eq!(visitor.prove_to_admin("000000").status, 401);
    assert_eq!(
        visitor.prove_to_admin(&recovery_codes[0]).location,
        "/admin"
    );
    let alerts = visitor.get("/admin/alerts");
    assert!(alerts.body.contains("jetwayd admin"), "{}", alerts.body);
}

/// Requirement A05.
#[test]
fn on_the_host_an_administrator_who_lost_the_phone_too_is_let_in_again() {
    let serving = set_up();
    let visitor = Visitor::of(&serving);
    assert_eq!(visitor.sign_in_to_admin(EMAIL, PASSWORD).status, 303);
    let recovery_codes = visitor.connect_app();
    let printed = succeeded(&on_the_host("recover", &serving, EMAIL, &[]));
    assert!(printed.contains("are taken away"), "{printed}");
    let link = link(&printed, "/admin/login/reset/").unwrap();
    assert_eq!(choose(&visitor, &link, NEW_PASSWORD), 200);
    let asked = visitor.sign_in_to_admin(EMAIL, NEW_PASSWORD);
    assert_eq!(asked.location, "/admin/login/enrol");
    assert_ne!(visitor.connect_app(), recovery_codes);
    assert_eq!(visitor.get("/admin").status, 200);
}

/// Requirement A05.
#[test]
fn on_the_host_a_reset_works_with_the_server_stopped_too() {
    let serving = set_up();
    let url = serving.idp_url();
    // Another process holds the folder now, and this one asks it.
    let unknown = refused(&reset_password(&serving, "nobody@acme.com", &[]));
    assert_eq!(unknown.lines().count(), 1, "{unknown}");
    assert!(unknown.contains("nobody@acme.com"), "{unknown}");

    // Without its socket the running server cannot be asked.
    std::fs::remove_file(serving.data_dir().join("jetwayd.sock")).unwrap();
    let output = reset_password(&serving, EMAIL, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(refused(&output).contains("stop the server first"));

    let folder = tempfile::tempdir().unwrap();
    let mut printed = String::new();
    let serving = serving
        .restart_after(|data_dir| {
            let output = Command::new(program("jetwayd").unwrap())
                .args(["admin", "reset-password", EMAIL, "--public-url", &url])
                .arg("--data-dir")
                .arg(data_dir)
                .current_dir(folder.path())
                .output()
                .unwrap();
            printed = succeeded(&output);
        })
        .unwrap();
    let link = link(&printed, "/admin/login/reset/").unwrap();
    let visitor = Visitor::of(&serving);
    assert_eq!(choose(&visitor, &link, NEW_PASSWORD), 200);
    assert_eq!(visitor.sign_in_to_admin(EMAIL, NEW_PASSWORD).status, 303);
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process has nothing to wait on but its output"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

fn caller(jetwayd: &Jetwayd, key: &str) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut answer = agent
        .get(format!("{}/api/v1/caller", jetwayd.idp_url()))
        .header("Authorization", format!("Bearer {key}"))
        .call()
        .unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (
        answer.status().as_u16(),
        serde_json::from_str(&text).unwrap(),
    )
}

/// Requirement A11.
#[test]
fn the_sample_administrator_and_the_sample_key_of_dev_json_work_and_go_on_working_after_a_restart()
{
    let dev = Jetwayd::dev().unwrap();
    let key_of = |dev: &Jetwayd| {
        dev.dev_json()["idp"]["api_key"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let admin = dev.dev_json()["idp"]["admin"].clone();
    let (email, password) = (
        admin["email"].as_str().unwrap(),
        admin["password"].as_str().unwrap(),
    );
    assert_eq!(email, "admin@the-acme-corporation.com");
    // The tour is printed after the file is there.
    let printed = || dev.output().contains(email) && dev.output().contains(&key_of(&dev));
    let deadline = Instant::now() + Duration::from_secs(10);
    while !printed() {
        assert!(Instant::now() < deadline, "{}", dev.output());
        pause();
    }
    let (status, caller_now) = caller(&dev, &key_of(&dev));
    assert_eq!(status, 200);
    assert_eq!(caller_now["owner"]["email"], email);
    assert_eq!(caller_now["scopes"], serde_json::json!(["full"]));
    let first_key = key_of(&dev);

    let dev = dev.restart().unwrap();
    assert_eq!(caller(&dev, &key_of(&dev)).0, 200);
    assert_eq!(caller(&dev, &first_key).0, 401, "a key for each start");
    let visitor = Visitor::of(&dev);
    assert_eq!(visitor.sign_in_to_admin(email, password).status, 303);
    assert_eq!(visitor.get("/admin").status, 200);
}
