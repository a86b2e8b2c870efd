//! `jetway admin applications` against the server: an application from the catalogue to its end.

use jetway_testkit::process::Jetwayd;
use serde_json::Value;

use crate::person::{ROAD_RUNNER, WILE_COYOTE, succeeded};
use crate::terminal::{Terminal, as_text};

const METADATA: &str = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
    entityID=\"https://wiki.example/sp\"><SPSSODescriptor \
    protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
    <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
    Location=\"https://wiki.example/acs\" index=\"0\"/></SPSSODescriptor></EntityDescriptor>";

/// The cells of a line, which are separated by two spaces or more.
fn row<'a>(table: &'a str, word: &str) -> Vec<&'a str> {
    let line = table.lines().find(|line| line.contains(word)).unwrap();
    let cells = line.split("  ").map(str::trim);
    cells.filter(|cell| !cell.is_empty()).collect()
}

/// Requirements F04, F07, G04, G10, I01, I11, I13, K02, K04, K05, S02.
#[test]
fn an_application_is_made_configured_given_taken_and_deleted_in_words_that_say_so() {
    let dev = Jetwayd::dev().unwrap();
    let terminal = Terminal::of(&dev);
    let catalogue = terminal.table(&["catalogue"]);
    assert_eq!(row(&catalogue, "KIND")[..2], ["KIND", "NAME"]);
    assert_eq!(
        row(&catalogue, "aws-iam-roles")[1],
        "AWS IAM (multiple roles)"
    );
    let fields = ["create", "kind=saml", "label=The Wiki", "slug=wiki"];
    assert_eq!(terminal.said(&fields), "Added The Wiki.");
    let list = terminal.table(&["list"]);
    assert_eq!(
        row(&list, "wiki")[1..],
        ["wiki", "The Wiki", "saml", "false"]
    );
    assert_eq!(row(&list, "AWS A")[1], "aws-a");

    let metadata = terminal.file("sp.xml", METADATA);
    let said = terminal.said(&["fill", "wiki", as_text(&metadata)]);
    assert_eq!(said, "Filled in the settings of The Wiki.");
    let shown = terminal.table(&["show", "the wiki"]);
    assert_eq!(
        row(&shown, "saml.acs_url"),
        ["saml.acs_url", "https://wiki.example/acs"]
    );
    let update = ["update", "wiki", "label=Wiki", "saml.session_seconds=3600"];
    assert_eq!(terminal.said(&update), "Changed Wiki.");
    assert_eq!(terminal.said(&["activate", "wiki"]), "Activated Wiki.");
    let shown = terminal.json(&["show", "wiki"]);
    assert_eq!(shown["active"], true);
    assert_eq!(shown["saml"]["session_seconds"], 3600);

    let grant = [
        "grant",
        "wiki",
        "--group",
        "operations",
        "--user",
        WILE_COYOTE,
    ];
    assert_eq!(terminal.said(&grant), "Gave Wiki to 1 group and 1 person.");
    let people = terminal.table(&["people", "wiki"]);
    let titles = ["ID", "USERNAME", "EMAIL", "STATE", "DIRECT", "THROUGH"];
    assert_eq!(row(&people, "EMAIL"), titles);
    assert_eq!(
        row(&people, ROAD_RUNNER)[3..],
        ["active", "false", "operations"]
    );
    assert_eq!(row(&people, WILE_COYOTE)[4], "true");
    let revoke = [
        "revoke",
        "wiki",
        "--group",
        "operations",
        "--user",
        WILE_COYOTE,
    ];
    assert_eq!(
        terminal.said(&revoke),
        "Took Wiki from 1 group and 1 person."
    );
    assert_eq!(terminal.said(&["people", "wiki"]), "Nothing found.");

    assert_eq!(terminal.said(&["deactivate", "wiki"]), "Deactivated Wiki.");
    assert_eq!(terminal.json(&["show", "wiki"])["active"], false);
    assert_eq!(terminal.said(&["delete", "wiki", "--yes"]), "Deleted Wiki.");
    assert!(!terminal.table(&["list"]).contains("wiki"));
    let under_its_name = terminal.admin("applications", &["list"]);
    assert_eq!(succeeded(&under_its_name), terminal.table(&["list"]));
}

/// Programs get what the API answers.
#[test]
fn with_json_each_command_prints_the_document_of_the_api() {
    let dev = Jetwayd::dev().unwrap();
    let terminal = Terminal::of(&dev);
    assert_eq!(terminal.json(&["catalogue"])["items"][0]["key"], "aws-iam");
    let bookmark = "bookmark_url=https://wiki.example/";
    let made = terminal.json(&["create", "kind=bookmark", "label=Wiki", bookmark]);
    assert_eq!(
        (&made["slug"], &made["active"]),
        (&"bookmark".into(), &true.into())
    );
    let id = made["id"].as_str().unwrap();
    let listed = terminal.json(&["list"]);
    let slugs = listed["items"].as_array().unwrap().iter();
    let slugs: Vec<_> = slugs.map(|one| one["slug"].as_str().unwrap()).collect();
    assert!(
        slugs.contains(&"bookmark") && slugs.is_sorted(),
        "{slugs:?}"
    );
    assert_eq!(
        terminal.json(&["list", "--limit", "1"])["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(terminal.json(&["show", id]), made);
    let changed = terminal.json(&["update", id, "description=For all", "show_in_portal=false"]);
    assert_eq!(changed["description"], "For all");
    assert_eq!(changed["show_in_portal"], false);
    assert_eq!(terminal.json(&["deactivate", id])["active"], false);
    assert_eq!(terminal.json(&["activate", id])["active"], true);
    let granted = terminal.json(&["grant", id, "--group", "operations"]);
    assert_eq!(granted, serde_json::json!({"granted": 1, "withdrawn": 0}));
    let again = terminal.json(&["grant", id, "--group", "operations"]);
    assert_eq!(again["granted"], 0, "they had it");
    let people = terminal.json(&["people", id]);
    assert_eq!(people["items"][0]["groups"][0]["name"], "operations");
    let revoked = terminal.json(&["revoke", id, "--group", "operations"]);
    assert_eq!(revoked["withdrawn"], 1);
    assert_eq!(
        terminal.json(&["keys", "list", id])["items"],
        serde_json::json!([])
    );
    assert_eq!(terminal.json(&["delete", id, "--yes"])["id"], id);
    assert_eq!(terminal.refused(&["show", id, "--json"]).0, 1);
}

/// Requirements H02, I04, I05, I12.
#[test]
fn keys_are_added_used_retired_and_deleted_and_never_printed() {
    let dev = Jetwayd::dev().unwrap();
    let terminal = Terminal::of(&dev);
    terminal.said(&["create", "kind=saml", "label=Wiki", "slug=wiki"]);
    let listed = || {
        let keys = terminal.json(&["keys", "list", "wiki"]);
        let items = keys["items"].as_array().unwrap().iter();
        let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
        let all = items.map(|key| (text(key, "state"), text(key, "id")));
        all.collect::<Vec<_>>()
    };
    let first = listed()[0].1.clone();
    assert_eq!(
        terminal.said(&["keys", "add", "wiki"]),
        "Added a key to Wiki."
    );
    let second = listed()[1].1.clone();
    let (key, certificate) = terminal.pair("own", 1);
    let add = [
        "keys",
        "add",
        "wiki",
        "--use-now",
        "--private-key",
        as_text(&key),
    ];
    let own = [&add[..], &["--certificate", as_text(&certificate)]].concat();
    let keys = terminal.json(&own);
    assert_eq!(keys["items"][0]["state"], "current");
    let shown = keys["items"][0]["certificate"].as_str().unwrap();
    assert_eq!(
        shown.trim(),
        std::fs::read_to_string(&certificate).unwrap().trim()
    );
    let said = terminal.said(&["keys", "use", "wiki", &second]);
    assert_eq!(said, "Wiki signs with this key from now on.");
    assert_eq!(listed()[0], ("current".to_owned(), second));
    let (status, said) = terminal.refused(&["keys", "delete", "wiki", &first]);
    assert_eq!(status, 1, "{said}");
    let said = terminal.said(&["keys", "retire", "wiki", &first]);
    assert_eq!(said, "The key of Wiki is out of its metadata.");
    let table = terminal.table(&["keys", "list", "wiki"]);
    assert_eq!(row(&table, &first)[1], "retired");
    let said = terminal.said(&["keys", "delete", "wiki", &first]);
    assert_eq!(said, "Deleted the key of Wiki.");
    assert_eq!(listed().len(), 2);
}

/// Arguments, exit status, and words of what is said.
type Refused<'a> = (&'a [&'a str], i32, &'a [&'a str]);

/// Each case is refused as it says, and leaves the application as it was.
fn each_is_refused(terminal: &Terminal, cases: &[Refused<'_>]) {
    let before = terminal.json(&["show", "aws-new"]);
    let keys = terminal.json(&["keys", "list", "aws-new"]);
    for (arguments, status, words) in cases {
        let (found, said) = terminal.refused(arguments);
        assert_eq!(found, *status, "{arguments:?}: {said}");
        for word in *words {
            assert!(said.contains(word), "{arguments:?}: {word}: {said}");
        }
    }
    assert_eq!(terminal.json(&["show", "aws-new"]), before);
    assert_eq!(terminal.json(&["keys", "list", "aws-new"]), keys);
}

fn with_an_application(dev: &Jetwayd) -> Terminal {
    let terminal = Terminal::of(dev);
    terminal.said(&["create", "kind=aws-iam", "label=AWS new", "slug=aws-new"]);
    terminal
}

/// Requirement G10 among them.
#[test]
fn what_cannot_be_done_is_said_with_the_reason_and_a_status() {
    let dev = Jetwayd::dev().unwrap();
    let cases: &[Refused<'_>] = &[
        (
            &["show", "jira"],
            1,
            &[
                "there is no application \"jira\"",
                "jetway admin applications list",
            ],
        ),
        (
            &["update", "aws-new", "slug=other"],
            1,
            &["slug", "never changes", "delete the application"],
        ),
        (
            &["update", "aws-new", "color=red"],
            1,
            &["color", "#rrggbb"],
        ),
        (
            &["update", "aws-new", "colour=red"],
            1,
            &["colour", "no such field"],
        ),
        (&["update", "aws-new", "label"], 2, &["FIELD=VALUE"]),
        (
            &["activate", "aws-new"],
            1,
            &[
                "saml.constant_attributes[1].value",
                "YOUR_AWS_ACCOUNT_NUMBER",
            ],
        ),
        (
            &["create", "kind=jira", "label=x"],
            1,
            &["kind", "catalogue"],
        ),
        (
            &["create", "kind=saml", "label=x", "slug=aws-a"],
            1,
            &["slug"],
        ),
        (&["grant", "aws-new"], 2, &["--group", "--user"]),
        (
            &["grant", "aws-new", "--group", "nobody"],
            1,
            &["there is no group \"nobody\""],
        ),
        (
            &["grant", "aws-new", "--user", "nobody"],
            1,
            &["there is no user \"nobody\""],
        ),
        (&["delete", "aws-new"], 3, &["--yes"]),
    ];
    each_is_refused(&with_an_application(&dev), cases);
}

/// Requirements H02, I01, I12.
#[test]
fn a_key_that_does_not_match_and_files_that_cannot_be_read_change_nothing() {
    let dev = Jetwayd::dev().unwrap();
    let terminal = with_an_application(&dev);
    let (key, _) = terminal.pair("one", 1);
    let (_, certificate) = terminal.pair("other", 2);
    let metadata = terminal.file("sp.xml", "not XML");
    let alone = ["keys", "add", "aws-new", "--private-key", as_text(&key)];
    let not_its_own = [&alone[..], &["--certificate", as_text(&certificate)]].concat();
    let cases: &[Refused<'_>] = &[
        (&not_its_own, 1, &["private_key", "certificate"]),
        (&alone, 2, &["--certificate"]),
        (
            &["keys", "use", "aws-new", "x"],
            1,
            &["There is no resource with this id"],
        ),
        (&["fill", "aws-new", as_text(&metadata)], 1, &["metadata"]),
        (&["fill", "aws-new", "/nowhere.xml"], 9, &["/nowhere.xml"]),
    ];
    each_is_refused(&terminal, cases);
}

/// A label is no name: two applications may have the same.
#[test]
fn a_label_that_two_have_means_neither_of_them() {
    let dev = Jetwayd::dev().unwrap();
    let terminal = Terminal::of(&dev);
    for slug in ["one", "two"] {
        let slug = format!("slug={slug}");
        terminal.said(&["create", "kind=saml", "label=Wiki", &slug]);
    }
    let (status, said) = terminal.refused(&["delete", "Wiki", "--yes"]);
    assert_eq!(status, 1);
    assert!(
        said.contains("there is more than one application \"Wiki\""),
        "{said}"
    );
    assert!(said.contains("its name in the address"), "{said}");
    terminal.said(&["delete", "one", "--yes"]);
    terminal.said(&["delete", "wiki", "--yes"]);
}
