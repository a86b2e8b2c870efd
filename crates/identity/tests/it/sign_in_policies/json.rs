//! The form of policies in the API and in storage.

use jetway_identity::sign_in_policies::{PolicyRule, SignInPolicy};
use serde_json::{Value, json};

use super::build::{policy, require};

fn full() -> Value {
    json!({
        "name": "AWS from outside",
        "enabled": true,
        "order": 10,
        "who": { "groups": ["000000000000000000000001"] },
        "application": { "some": ["000000000000000000000002"] },
        "conditions": {
            "networks": { "inside": ["10.0.0.0/8", "2001:db8::/32"], "outside": ["10.1.0.0/16"] },
            "times": {
                "inside": [{
                    "days": ["monday", "friday"],
                    "from": "08:00", "until": "18:30", "utc_offset": "+05:30",
                }],
                "outside": [],
            },
            "device": "new",
        },
        "effect": {
            "require_second_factor": {
                "kinds": ["totp", "webauthn", "push", "recovery_code"],
                "max_age_minutes": 15,
                "without_factor": "deny",
            },
        },
    })
}

#[test]
fn a_policy_reads_and_writes_the_same_json() {
    let rule: PolicyRule = serde_json::from_value(full()).unwrap();
    assert_eq!(serde_json::to_value(&rule).unwrap(), full());
}

#[test]
fn a_policy_in_answers_has_its_id_besides() {
    let policy: SignInPolicy = policy(1, require(&[]));
    let json = serde_json::to_value(&policy).unwrap();
    assert_eq!(json["id"], "01900000-0000-7000-8000-000000000001");
    assert_eq!(json["name"], "Policy 1");
}

#[test]
fn what_is_left_out_is_no_condition() {
    let short = json!({
        "name": "x", "enabled": false, "order": 0, "who": "everyone", "application": "any",
        "effect": { "require_second_factor": { "kinds": ["totp"] } },
    });
    let rule: PolicyRule = serde_json::from_value(short).unwrap();
    let json = serde_json::to_value(&rule).unwrap();
    assert_eq!(
        json["conditions"],
        json!({
            "networks": { "inside": [], "outside": [] },
            "times": { "inside": [], "outside": [] },
            "device": "any",
        })
    );
    let factor = &json["effect"]["require_second_factor"];
    assert_eq!(factor["max_age_minutes"], Value::Null);
    assert_eq!(factor["without_factor"], "enrol");
}

#[test]
fn the_simple_effects_and_choices_are_words() {
    for (path, words) in [
        ("/who", &["everyone", "administrators"][..]),
        ("/application", &["any"]),
        ("/effect", &["deny", "allow_without_second_factor"]),
        ("/conditions/device", &["any", "known", "new"]),
    ] {
        for word in words {
            let mut json = full();
            *json.pointer_mut(path).unwrap() = json!(word);
            let rule: PolicyRule = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&rule).unwrap(), json);
        }
    }
}

#[test]
fn what_is_not_known_or_not_readable_is_refused() {
    let factor = "/effect/require_second_factor";
    let window = "/conditions/times/inside/0";
    let table = [
        ("", "colour", json!("red")),
        ("/conditions", "weather", json!("rain")),
        ("/conditions/networks", "near", json!([])),
        (window, "until_day", json!("monday")),
        (factor, "mandatory", json!(true)),
        ("/effect", "deny", json!(null)),
        ("", "who", json!("nobody")),
        (
            "",
            "who",
            json!({ "groups": ["000000000000000000000001"], "administrators": null }),
        ),
        ("", "who", json!({ "groups": ["1"] })),
        ("", "application", json!({ "some": [1] })),
        ("", "order", json!(-1)),
        ("", "order", json!(65_536)),
        ("", "enabled", json!("yes")),
        ("/conditions/networks", "inside", json!(["10.0.0.1/8"])),
        ("/conditions/networks", "inside", json!([""])),
        (window, "from", json!("8:00")),
        (window, "from", json!("24:01")),
        (window, "from", json!("08:60")),
        (window, "from", json!("08:00:00")),
        (window, "from", json!("+8:00")),
        (window, "utc_offset", json!("05:30")),
        (window, "utc_offset", json!("+14:01")),
        (window, "utc_offset", json!("-12:01")),
        (window, "utc_offset", json!("Europe/Berlin")),
        (window, "days", json!(["mon"])),
        (factor, "kinds", json!(["sms"])),
        (factor, "max_age_minutes", json!(1.5)),
        (factor, "without_factor", json!("allow")),
    ];
    for (place, field, value) in table {
        let mut json = full();
        json.pointer_mut(place).unwrap()[field] = value;
        let read = serde_json::from_value::<PolicyRule>(json);
        assert!(read.is_err(), "{place}/{field}: {read:?}");
    }
}
