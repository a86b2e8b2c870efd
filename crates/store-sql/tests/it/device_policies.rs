//! Policies at the sign-in of a command line through the browser.

use jetway_identity::EventKind;
use jetway_identity::factors::FactorKind;
use jetway_identity::sessions::device::{DeviceCodeError, redeem_device_sign_in};
use jetway_identity::sign_in_policies::{
    Applications, Conditions, Effect, PolicyRule, SecondFactor, Who, WithoutFactor,
    create_sign_in_policy,
};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::bed::{Bed, EMAIL, on_both};
use crate::device_sign_in::{answer, claim, person, redeem, refused, start};

on_both!(
    a_yes_takes_a_session_that_the_policies_would_give,
    a_policy_against_where_the_command_line_is_lets_nobody_in,
);

/// Everybody, wherever these conditions hold.
async fn policy(bed: &Bed, name: &str, conditions: Conditions, effect: Effect) {
    let rule = PolicyRule {
        name: name.to_owned(),
        enabled: true,
        order: 1,
        who: Who::Everyone,
        application: Applications::Any,
        conditions,
        effect,
    };
    create_sign_in_policy(&mut bed.op(), &bed.store, rule)
        .await
        .unwrap();
}

fn second_factor() -> Effect {
    Effect::RequireSecondFactor(SecondFactor {
        kinds: [FactorKind::Totp].into(),
        max_age_minutes: None,
        without_factor: WithoutFactor::Enrol,
    })
}

/// The networks from which the command line asks are not those of the browser.
fn from(network: &str) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.networks.inside = vec![network.parse().unwrap()];
    conditions
}

/// Security.md item 28: no way in is easier than another.
async fn a_yes_takes_a_session_that_the_policies_would_give(mut bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
    policy(&bed, "Apps", Conditions::default(), second_factor()).await;
    let more = answer(&bed, &road_runner, &code, true).await;
    assert!(matches!(more, Err(DeviceCodeError::NotEnough)), "{more:?}");
    let event = bed.last_event(EventKind::UserDeviceSignIn).await;
    assert_eq!(
        (event.success, &event.detail["reason"]),
        (false, &"not_enough_proved".into())
    );
    policy(&bed, "Closed", from("192.0.2.0/24"), Effect::Deny).await;
    let denied = answer(&bed, &road_runner, &code, true).await;
    let Err(DeviceCodeError::Refused(text)) = denied else {
        panic!("{denied:?}");
    };
    assert!(text.contains("“Closed” refuses it"), "{text}");
    let event = bed.last_event(EventKind::UserDeviceSignIn).await;
    assert_eq!(event.detail["reason"], "denied_by_policy");
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
    // A no is always taken.
    answer(&bed, &road_runner, &code, false).await.unwrap();
    bed.pass(started.interval);
    assert_eq!(refused(&bed, &started).await, "access_denied");
}

/// Security.md item 28: the policies decide where the command line is, too.
async fn a_policy_against_where_the_command_line_is_lets_nobody_in(bed: Bed) {
    bed.user(EMAIL).await;
    policy(&bed, "Elsewhere", from("198.51.100.0/24"), Effect::Deny).await;
    policy(&bed, "Outside", from("203.0.113.0/24"), second_factor()).await;
    for (address, words) in [
        ("198.51.100.7", "“Elsewhere” refuses it"),
        ("203.0.113.7", "asks for more than you have proved"),
    ] {
        let road_runner = person(&bed, EMAIL).await;
        let started = start(&bed).await;
        let code = started.user_code.to_string();
        claim(&bed, &road_runner, &code).await.unwrap();
        answer(&bed, &road_runner, &code, true).await.unwrap();
        let mut op = bed.stranger();
        op.client.ip = Some(address.parse().unwrap());
        let device_code = started.device_code.expose_secret();
        let refused = redeem_device_sign_in(&mut op, &bed.store, device_code).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.as_str(), Some("access_denied"));
        assert!(refused.to_string().contains(words), "{refused}");
        let again = redeem(&bed, &started).await.unwrap_err();
        assert_eq!(again.as_str(), Some("invalid_grant"), "used up");
    }
    let attempts = bed.events(EventKind::UserLoginAttempt).await;
    let failed = attempts.iter().filter(|event| !event.success);
    let told: Vec<_> = failed
        .map(|event| (&event.detail["via"], &event.detail["reason"]))
        .collect();
    let line = &json!("command_line");
    let (denied, not_enough) = (json!("denied_by_policy"), json!("not_enough_proved"));
    assert_eq!(told, [(line, &denied), (line, &not_enough)]);
}
