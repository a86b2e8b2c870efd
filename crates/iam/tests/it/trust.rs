//! Who may assume a role.

use jetway_iam::{
    Decision, DocumentKind, Layer, PolicyDocument, Principal, TrustGrant, evaluate_trust,
    evaluate_trust_grant,
};

use crate::support::{context, parse};

const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/JumpCloud";
const CALLER: Principal<'static> = Principal::Federated(PROVIDER);
const AUD: &str = r#"{"saml:aud":"https://signin.aws.amazon.com/saml"}"#;
const NOT_ALLOWED: Decision = Decision::ImplicitDeny {
    layer: Layer::RoleTrust,
};

fn trust(statements: &str) -> PolicyDocument {
    let json = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    parse(&json, DocumentKind::Trust)
}

/// The policy the AWS console writes, plus tags.
fn typical() -> PolicyDocument {
    trust(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"{PROVIDER}"}},
        "Action":["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"],
        "Condition":{{"StringEquals":{{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}}}}"#
    ))
}

#[test]
fn the_console_s_trust_policy_lets_its_provider_in() {
    let keys = context(AUD);
    for action in [
        "sts:AssumeRoleWithSAML",
        "sts:TagSession",
        "sts:SetSourceIdentity",
    ] {
        assert_eq!(
            evaluate_trust(&typical(), &CALLER, action, &keys),
            Decision::Allow,
            "{action}"
        );
    }
    assert_eq!(
        evaluate_trust(&typical(), &CALLER, "sts:AssumeRole", &keys),
        NOT_ALLOWED
    );
}

#[test]
fn another_audience_or_provider_is_not_let_in() {
    let elsewhere = context(r#"{"saml:aud":"https://elsewhere.example/saml"}"#);
    let action = "sts:AssumeRoleWithSAML";
    assert_eq!(
        evaluate_trust(&typical(), &CALLER, action, &elsewhere),
        NOT_ALLOWED
    );
    assert_eq!(
        evaluate_trust(&typical(), &CALLER, action, &context("{}")),
        NOT_ALLOWED
    );
    for other in [
        "arn:aws:iam::123456789012:saml-provider/jumpcloud",
        "arn:aws:iam::123456789012:saml-provider/JumpCloud2",
        "arn:aws:iam::210987654321:saml-provider/JumpCloud",
    ] {
        let caller = Principal::Federated(other);
        assert_eq!(
            evaluate_trust(&typical(), &caller, action, &context(AUD)),
            NOT_ALLOWED
        );
    }
}

#[test]
fn aws_star_does_not_let_a_federated_caller_in() {
    let everyone = trust(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*"}"#);
    let action = "sts:AssumeRoleWithSAML";
    assert_eq!(
        evaluate_trust(&everyone, &CALLER, action, &context(AUD)),
        NOT_ALLOWED
    );
    let user = user("arn:aws:iam::210987654321:user/jo", "210987654321");
    let grant = evaluate_trust_grant(&everyone, &user, "sts:AssumeRole", &context("{}"));
    assert_eq!(grant, Ok(TrustGrant::Named));
}

fn user<'a>(arn: &'a str, account: &'a str) -> Principal<'a> {
    Principal::Aws {
        arn,
        role_arn: None,
        account,
    }
}

fn assume(principal: &str, caller: &Principal<'_>) -> Result<TrustGrant, Decision> {
    let trust = trust(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}"#
    ));
    evaluate_trust_grant(&trust, caller, "sts:AssumeRole", &context("{}"))
}

#[test]
fn an_account_in_either_form_delegates_to_its_identity_policies() {
    let jo = user("arn:aws:iam::123456789012:user/jo", "123456789012");
    let stranger = user("arn:aws:iam::210987654321:user/jo", "210987654321");
    for account in ["123456789012", "arn:aws:iam::123456789012:root"] {
        assert_eq!(assume(account, &jo), Ok(TrustGrant::DelegatedToAccount));
        assert_eq!(assume(account, &stranger), Err(NOT_ALLOWED));
    }
    let root = user("arn:aws:iam::123456789012:root", "123456789012");
    assert_eq!(assume("123456789012", &root), Ok(TrustGrant::Named));
}

#[test]
fn a_user_a_role_or_a_session_is_named_by_its_arn() {
    let jo = user("arn:aws:iam::123456789012:user/eng/jo", "123456789012");
    assert_eq!(
        assume("arn:aws:iam::123456789012:user/eng/jo", &jo),
        Ok(TrustGrant::Named)
    );
    assert_eq!(
        assume("arn:aws:iam::123456789012:user/jo", &jo),
        Err(NOT_ALLOWED)
    );

    let session = Principal::Aws {
        arn: "arn:aws:sts::123456789012:assumed-role/Dev/jo",
        role_arn: Some("arn:aws:iam::123456789012:role/eng/Dev"),
        account: "123456789012",
    };
    let named = Ok(TrustGrant::Named);
    assert_eq!(
        assume("arn:aws:iam::123456789012:role/eng/Dev", &session),
        named
    );
    assert_eq!(
        assume("arn:aws:sts::123456789012:assumed-role/Dev/jo", &session),
        named
    );
    assert_eq!(
        assume("arn:aws:sts::123456789012:assumed-role/Dev/other", &session),
        Err(NOT_ALLOWED)
    );
}

#[test]
fn a_deny_in_the_trust_policy_wins() {
    let both = trust(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"{PROVIDER}"}},"Action":"sts:*"}},
           {{"Sid":"NotContractors","Effect":"Deny","Principal":{{"Federated":"{PROVIDER}"}},
             "Action":"sts:AssumeRoleWithSAML","Condition":{{"ForAnyValue:StringEquals":
             {{"saml:edupersonaffiliation":"contractor"}}}}}}"#
    ));
    let action = "sts:AssumeRoleWithSAML";
    assert_eq!(
        evaluate_trust(&both, &CALLER, action, &context("{}")),
        Decision::Allow
    );
    let contractor = context(r#"{"saml:edupersonaffiliation":["staff","contractor"]}"#);
    let Decision::ExplicitDeny {
        layer, statement, ..
    } = evaluate_trust(&both, &CALLER, action, &contractor)
    else {
        panic!("not denied");
    };
    assert_eq!(layer, Layer::RoleTrust);
    assert_eq!(
        (statement.index, statement.sid.as_deref()),
        (1, Some("NotContractors"))
    );
}

#[test]
fn not_principal_in_a_trust_policy_denies_all_others() {
    let document = trust(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":["{PROVIDER}","{PROVIDER}2"]}},
             "Action":"sts:AssumeRoleWithSAML"}},
           {{"Effect":"Deny","NotPrincipal":{{"Federated":"{PROVIDER}"}},"Action":"sts:*"}}"#
    ));
    let action = "sts:AssumeRoleWithSAML";
    assert_eq!(
        evaluate_trust(&document, &CALLER, action, &context("{}")),
        Decision::Allow
    );
    let other = format!("{PROVIDER}2");
    let decision = evaluate_trust(
        &document,
        &Principal::Federated(&other),
        action,
        &context("{}"),
    );
    assert!(
        matches!(decision, Decision::ExplicitDeny { .. }),
        "{decision:?}"
    );
}

#[test]
fn conditions_on_tags_of_the_request_count_in_trust_policies() {
    let document = trust(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"{PROVIDER}"}},"Action":"sts:TagSession",
        "Condition":{{"StringLike":{{"aws:RequestTag/Project":"*"}},
                      "ForAllValues:StringEquals":{{"aws:TagKeys":["Project","Region"]}}}}}}"#
    ));
    let decide = |keys| evaluate_trust(&document, &CALLER, "sts:TagSession", &context(keys));
    let project = r#"{"aws:RequestTag/Project":"x","aws:TagKeys":["Project"]}"#;
    assert_eq!(decide(project), Decision::Allow);
    let more = r#"{"aws:RequestTag/Project":"x","aws:TagKeys":["Project","Admin"]}"#;
    assert_eq!(decide(more), NOT_ALLOWED);
}

#[test]
fn services_and_canonical_users_are_never_the_caller() {
    let document = trust(
        r#"{"Effect":"Allow","Action":"sts:AssumeRole",
            "Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}}"#,
    );
    let jo = user("arn:aws:iam::123456789012:user/jo", "123456789012");
    for caller in [CALLER, jo, Principal::Federated("ec2.amazonaws.com")] {
        assert_eq!(
            evaluate_trust(&document, &caller, "sts:AssumeRole", &context("{}")),
            NOT_ALLOWED
        );
    }
}

#[test]
fn a_permissions_policy_trusts_nobody() {
    let document = crate::support::identity(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let action = "sts:AssumeRoleWithSAML";
    assert_eq!(
        evaluate_trust(&document, &CALLER, action, &context(AUD)),
        NOT_ALLOWED
    );
}
