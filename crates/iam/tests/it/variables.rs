//! Policy variables.

use jetway_iam::{DocumentKind, Principal, context_keys, evaluate_trust};

use crate::support::{Outcome::*, context, covers, decide, holds, identity, parse};

const FIN: &str = r#"{"aws:PrincipalTag/team":"fin"}"#;

#[test]
fn variables_are_text_in_a_document_without_version_or_of_2008() {
    for version in ["", r#""Version":"2008-10-17","#] {
        let decide = |resource: &str, condition: &str| {
            let json = format!(
                r#"{{{version}"Statement":{{"Effect":"Allow","Action":"*",
                    "Resource":"{resource}","Condition":{{{condition}}}}}}}"#
            );
            let document = parse(&json, DocumentKind::Identity);
            let keys = context(r#"{"aws:PrincipalTag/team":"fin","s3:prefix":"fin","lit":"${x}"}"#);
            decide(&[document], "s3:GetObject", "arn:aws:s3:::b/fin", &keys)
        };
        assert_eq!(
            decide("arn:aws:s3:::b/${aws:PrincipalTag/team}", ""),
            ImplicitDeny
        );
        let equals = r#""StringEquals":{"s3:prefix":"${aws:PrincipalTag/team}"}"#;
        assert_eq!(decide("*", equals), ImplicitDeny);
        assert_eq!(decide("*", r#""StringEquals":{"lit":"${x}"}"#), Allow);
        assert_eq!(
            decide("arn:aws:s3:::b/${aws:PrincipalTag/team, 'fin'}", ""),
            ImplicitDeny
        );
    }
}

#[test]
fn what_a_variable_stands_for_is_literal() {
    let star = r#"{"aws:PrincipalTag/team":"*","s3:prefix":"fin/x"}"#;
    assert!(!covers(
        "arn:aws:s3:::b/${aws:PrincipalTag/team}",
        "arn:aws:s3:::b/fin",
        star
    ));
    assert!(covers(
        "arn:aws:s3:::b/${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::b/*/k",
        star
    ));
    assert!(!holds(
        r#""StringLike":{"s3:prefix":"${aws:PrincipalTag/team}"}"#,
        star
    ));
    assert!(!holds(
        r#""StringLike":{"s3:prefix":"${aws:PrincipalTag/team}/x"}"#,
        star
    ));
    let nested = r#"{"aws:PrincipalTag/team":"${aws:userid}","aws:userid":"me","k":"me"}"#;
    assert!(!holds(
        r#""StringEquals":{"k":"${aws:PrincipalTag/team}"}"#,
        nested
    ));
}

#[test]
fn the_escapes_stand_for_their_character() {
    let like = |pattern: &str, value: &str| {
        holds(
            &format!(r#""StringLike":{{"k":"{pattern}"}}"#),
            &format!(r#"{{"k":"{value}"}}"#),
        )
    };
    assert!(like("a${*}b", "a*b"));
    assert!(!like("a${*}b", "axb"));
    assert!(like("a${?}b*", "a?bc"));
    assert!(!like("a${?}b*", "axbc"));
    assert!(like("${$}{x}", "${x}"));
    assert!(covers("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", "{}"));
    assert!(!covers("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", "{}"));
}

#[test]
fn a_default_stands_in_for_a_missing_key_only() {
    let resource = "arn:aws:s3:::b/${aws:PrincipalTag/team, 'company-wide'}/*";
    assert!(covers(resource, "arn:aws:s3:::b/company-wide/k", "{}"));
    assert!(!covers(resource, "arn:aws:s3:::b/company-wide/k", FIN));
    assert!(covers(resource, "arn:aws:s3:::b/fin/k", FIN));
    let empty = r#"{"aws:PrincipalTag/team":""}"#;
    assert!(covers(resource, "arn:aws:s3:::b//k", empty));
    assert!(!covers(resource, "arn:aws:s3:::b/company-wide/k", empty));
    let braces = "arn:aws:s3:::b/${aws:PrincipalTag/team, '}*, x'}";
    assert!(covers(braces, "arn:aws:s3:::b/}*, x", "{}"));
}

#[test]
fn an_unresolved_variable_in_a_resource_matches_nothing() {
    assert!(!covers(
        "arn:aws:s3:::b/${aws:PrincipalTag/team}",
        "arn:aws:s3:::b/",
        "{}"
    ));
    let literal = "arn:aws:s3:::b/${aws:PrincipalTag/team}";
    assert!(!covers(literal, literal, "{}"));
    let statement = r#"{"Effect":"Deny","Action":"*",
        "NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}"#;
    let decision = decide(
        &[identity(statement)],
        "s3:Get",
        "arn:aws:s3:::b/x/k",
        &context("{}"),
    );
    assert_eq!(decision, ExplicitDeny, "nothing is exempt");
}

#[test]
fn an_unresolved_variable_makes_positive_operators_false_and_negated_ones_true() {
    let keys = r#"{"k":"x","arn":"arn:aws:iam::123456789012:role/x"}"#;
    for operator in [
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "Bool",
    ] {
        assert!(
            !holds(&format!(r#""{operator}":{{"k":"${{gone}}"}}"#), keys),
            "{operator}"
        );
        assert!(!holds(
            &format!(r#""{operator}IfExists":{{"k":"${{gone}}"}}"#),
            keys
        ));
    }
    for operator in [
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringNotLike",
    ] {
        assert!(
            holds(&format!(r#""{operator}":{{"k":"${{gone}}"}}"#), keys),
            "{operator}"
        );
        let either = format!(r#""{operator}":{{"k":["${{gone}}","x"]}}"#);
        assert!(
            !holds(&either, keys),
            "{operator}: the other value still counts"
        );
    }
    assert!(!holds(
        r#""ArnLike":{"arn":"arn:aws:iam::123456789012:role/${gone}"}"#,
        keys
    ));
    assert!(holds(
        r#""ArnNotLike":{"arn":"arn:aws:iam::123456789012:role/${gone}"}"#,
        keys
    ));
}

#[test]
fn variables_are_text_in_actions_principals_and_condition_keys() {
    let keys = context(r#"{"verb":"GetObject","key":"k","k":"x"}"#);
    let statement = r#"{"Effect":"Allow","Action":"s3:${verb}","Resource":"*"}"#;
    assert_eq!(
        decide(&[identity(statement)], "s3:GetObject", "*", &keys),
        ImplicitDeny
    );
    let trust = parse(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*",
            "Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/${key}"}}}"#,
        DocumentKind::Trust,
    );
    let caller = Principal::Federated("arn:aws:iam::123456789012:saml-provider/k");
    let decision = evaluate_trust(&trust, &caller, "sts:AssumeRoleWithSAML", &keys);
    assert!(!decision.is_allow());
    let condition = r#""StringEquals":{"${key}":"x"}"#;
    assert!(!holds(condition, r#"{"key":"k","k":"x"}"#));
}

#[test]
fn in_an_arn_variables_stand_only_after_the_fifth_colon() {
    let keys = r#"{"aws:PrincipalAccount":"123456789012","aws:username":"jo"}"#;
    let before = "arn:aws:iam::${aws:PrincipalAccount}:user/jo";
    assert!(!covers(before, "arn:aws:iam::123456789012:user/jo", keys));
    let after = "arn:aws:iam::*:user/${aws:username}";
    assert!(covers(after, "arn:aws:iam::123456789012:user/jo", keys));
}

#[test]
fn arn_operators_take_variables_anywhere() {
    let keys = r#"{"aws:PrincipalAccount":"123456789012","aws:PrincipalTag/arn":
        "arn:aws:iam::123456789012:role/x","arn":"arn:aws:iam::123456789012:role/x"}"#;
    assert!(holds(
        r#""ArnLike":{"arn":"arn:aws:iam::${aws:PrincipalAccount}:role/*"}"#,
        keys
    ));
    assert!(holds(
        r#""ArnEquals":{"arn":"${aws:PrincipalTag/arn}"}"#,
        keys
    ));
    assert!(!holds(
        r#""ArnEquals":{"arn":"arn:aws:iam::${gone, '*'}:role/x"}"#,
        keys
    ));
}

#[test]
fn variables_ignore_the_case_of_key_names() {
    assert!(covers(
        "arn:aws:s3:::b/${AWS:principaltag/TEAM}",
        "arn:aws:s3:::b/fin",
        FIN
    ));
}

#[test]
fn variables_work_in_ignore_case_and_bool_and_like_operators() {
    let keys =
        r#"{"aws:PrincipalTag/team":"Fin","k":"fIN","like":"a/Fin/b","b":"TRUE","t":"true"}"#;
    assert!(holds(
        r#""StringEqualsIgnoreCase":{"k":"${aws:PrincipalTag/team}"}"#,
        keys
    ));
    assert!(holds(
        r#""StringLike":{"like":"?/${aws:PrincipalTag/team}/*"}"#,
        keys
    ));
    assert!(holds(r#""Bool":{"b":"${t}"}"#, keys));
    assert!(!holds(
        r#""NumericEquals":{"n":"${one}"}"#,
        r#"{"n":"1","one":"1"}"#
    ));
}

#[test]
fn an_unclosed_variable_is_text() {
    assert!(holds(
        r#""StringEquals":{"k":"${open"}"#,
        r#"{"k":"${open"}"#
    ));
}

#[test]
fn context_keys_are_those_of_conditions_and_variables_as_written() {
    let json = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:${verb}",
        "Resource":"arn:aws:s3:::b/${aws:username}/${*}/${aws:PrincipalTag/team, 'x'}",
        "Condition":{"StringLike":{"S3:prefix":["${AWS:username}","${$}${?}"]}}}]}"#;
    let document = parse(json, DocumentKind::Identity);
    let mut keys = context_keys(&document);
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "$",
            "*",
            "?",
            "AWS:username",
            "S3:prefix",
            "aws:PrincipalTag/team",
            "aws:username"
        ]
    );
    let old = parse(&json.replace("2012", "2008"), DocumentKind::Identity);
    assert_eq!(context_keys(&old), ["S3:prefix"]);
}
