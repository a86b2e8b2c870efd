//! How the layers of policies combine.

use jetway_iam::{
    Decision, DocumentKind, Layer, NamedPolicy, PolicyDocument, PolicySet, Principal, Request,
    RequestContext, evaluate, evaluate_across_accounts,
};

use crate::support::{identity, named, parse};

const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/Dev/road.runner";
const ROLE: &str = "arn:aws:iam::123456789012:role/eng/Dev";
const OBJECT: &str = "arn:aws:s3:::bkt/k";

const CALLER: Principal<'static> = Principal::Aws {
    arn: SESSION,
    role_arn: Some(ROLE),
    account: "123456789012",
};

fn allow(action: &str) -> PolicyDocument {
    identity(&format!(
        r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}}"#
    ))
}

fn deny(sid: &str) -> PolicyDocument {
    identity(&format!(
        r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*"}},
           {{"Sid":"{sid}","Effect":"Deny","Action":"s3:GetObject","Resource":"*"}}"#
    ))
}

fn bucket_policy(effect: &str, principal: &str) -> PolicyDocument {
    let json = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}",{principal},
            "Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"}}}}"#
    );
    parse(&json, DocumentKind::Resource)
}

fn get(set: &PolicySet<'_>) -> Decision {
    let context = RequestContext::new();
    evaluate(
        set,
        &Request {
            action: "s3:GetObject",
            resource: OBJECT,
            context: &context,
        },
    )
}

fn implicit(layer: Layer) -> Decision {
    Decision::ImplicitDeny { layer }
}

fn layer_of_deny(decision: &Decision) -> Option<(Layer, usize, Option<&str>)> {
    match decision {
        Decision::ExplicitDeny {
            layer, statement, ..
        } => Some((*layer, statement.index, statement.sid.as_deref())),
        _ => None,
    }
}

#[test]
fn without_policies_everything_is_denied() {
    assert_eq!(get(&PolicySet::default()), implicit(Layer::IdentityBased));
}

#[test]
fn any_identity_policy_may_allow() {
    let (list, get_object) = (allow("s3:ListBucket"), allow("s3:GetObject"));
    let set = PolicySet {
        identity: vec![named(&list), named(&get_object)],
        ..PolicySet::default()
    };
    assert_eq!(get(&set), Decision::Allow);
}

#[test]
fn a_boundary_must_allow_as_well_and_grants_nothing_itself() {
    let (all, list) = (allow("s3:*"), allow("s3:ListBucket"));
    let mut set = PolicySet {
        identity: vec![named(&all)],
        ..PolicySet::default()
    };
    set.boundary = Some(named(&all));
    assert_eq!(get(&set), Decision::Allow);
    set.boundary = Some(named(&list));
    assert_eq!(get(&set), implicit(Layer::PermissionsBoundary));
    set.boundary = Some(named(&all));
    set.identity = vec![named(&list)];
    assert_eq!(get(&set), implicit(Layer::IdentityBased));
}

#[test]
fn one_of_several_session_policies_must_allow() {
    let (all, list) = (allow("s3:*"), allow("s3:ListBucket"));
    let mut set = PolicySet {
        identity: vec![named(&all)],
        ..PolicySet::default()
    };
    set.session = Some(vec![named(&list), named(&all)]);
    assert_eq!(get(&set), Decision::Allow);
    set.session = Some(vec![named(&list)]);
    assert_eq!(get(&set), implicit(Layer::Session));
    set.session = Some(Vec::new());
    assert_eq!(get(&set), implicit(Layer::Session));
    set.session = Some(vec![named(&all)]);
    set.identity = vec![named(&list)];
    assert_eq!(get(&set), implicit(Layer::IdentityBased));
}

#[test]
fn a_deny_in_any_layer_wins_and_is_named() {
    let (all, no) = (allow("*"), deny("No"));
    let by_bucket = bucket_policy("Deny", r#""Principal":"*""#);
    let base = || PolicySet {
        identity: vec![named(&all)],
        boundary: Some(named(&all)),
        session: Some(vec![named(&all)]),
        resource: None,
    };
    let expected = |layer| Some((layer, 1, Some("No")));

    let set = PolicySet {
        identity: vec![named(&all), named(&no)],
        ..base()
    };
    assert_eq!(layer_of_deny(&get(&set)), expected(Layer::IdentityBased));
    let set = PolicySet {
        boundary: Some(named(&no)),
        ..base()
    };
    assert_eq!(
        layer_of_deny(&get(&set)),
        expected(Layer::PermissionsBoundary)
    );
    let set = PolicySet {
        session: Some(vec![named(&all), named(&no)]),
        ..base()
    };
    assert_eq!(layer_of_deny(&get(&set)), expected(Layer::Session));
    let set = PolicySet {
        resource: Some((named(&by_bucket), CALLER)),
        ..base()
    };
    assert_eq!(
        layer_of_deny(&get(&set)),
        Some((Layer::ResourceBased, 0, None))
    );
    assert_eq!(get(&base()), Decision::Allow);
}

#[test]
fn an_explicit_deny_carries_the_policy_it_stands_in() {
    let no = deny("No");
    let arn = "arn:aws:iam::123456789012:policy/NoReads";
    let policy = NamedPolicy {
        name: "NoReads",
        arn: Some(arn),
        document: &no,
    };
    let set = PolicySet {
        identity: vec![policy],
        ..PolicySet::default()
    };
    let Decision::ExplicitDeny {
        policy_arn,
        statement,
        ..
    } = get(&set)
    else {
        panic!("not denied explicitly");
    };
    assert_eq!(policy_arn.as_deref(), Some(arn));
    assert_eq!(statement.policy, "NoReads");
}

#[test]
fn a_bucket_policy_that_names_the_session_grants_past_boundary_and_session_policy() {
    let list = allow("s3:ListBucket");
    let bucket = bucket_policy("Allow", &format!(r#""Principal":{{"AWS":"{SESSION}"}}"#));
    let set = PolicySet {
        identity: Vec::new(),
        boundary: Some(named(&list)),
        session: Some(vec![named(&list)]),
        resource: Some((named(&bucket), CALLER)),
    };
    assert_eq!(get(&set), Decision::Allow);
}

#[test]
fn a_bucket_policy_that_names_the_role_is_limited_by_boundary_and_session_policy() {
    let (all, list) = (allow("s3:*"), allow("s3:ListBucket"));
    let bucket = bucket_policy("Allow", &format!(r#""Principal":{{"AWS":["{ROLE}"]}}"#));
    let mut set = PolicySet {
        resource: Some((named(&bucket), CALLER)),
        ..PolicySet::default()
    };
    assert_eq!(get(&set), Decision::Allow, "no identity policy is needed");
    set.boundary = Some(named(&list));
    assert_eq!(get(&set), implicit(Layer::PermissionsBoundary));
    set.boundary = Some(named(&all));
    set.session = Some(vec![named(&list)]);
    assert_eq!(get(&set), implicit(Layer::Session));
}

#[test]
fn a_bucket_policy_that_names_the_account_leaves_it_to_the_identity_policies() {
    let all = allow("s3:*");
    for account in ["123456789012", "arn:aws:iam::123456789012:root"] {
        let bucket = bucket_policy("Allow", &format!(r#""Principal":{{"AWS":"{account}"}}"#));
        let mut set = PolicySet {
            resource: Some((named(&bucket), CALLER)),
            ..PolicySet::default()
        };
        assert_eq!(get(&set), implicit(Layer::IdentityBased));
        set.identity = vec![named(&all)];
        assert_eq!(get(&set), Decision::Allow);
        let bucket = bucket_policy("Deny", &format!(r#""Principal":{{"AWS":"{account}"}}"#));
        set.resource = Some((named(&bucket), CALLER));
        assert!(layer_of_deny(&get(&set)).is_some());
    }
}

#[test]
fn a_bucket_policy_for_everyone_grants_directly_and_one_for_others_not_at_all() {
    for (principal, expected) in [
        (r#""Principal":"*""#, Decision::Allow),
        (r#""Principal":{"AWS":"*"}"#, Decision::Allow),
        (
            r#""Principal":{"AWS":"210987654321"}"#,
            implicit(Layer::IdentityBased),
        ),
        (
            r#""Principal":{"Service":"ec2.amazonaws.com"}"#,
            implicit(Layer::IdentityBased),
        ),
        (
            r#""Principal":{"AWS":"arn:aws:iam::123456789012:role/Dev"}"#,
            implicit(Layer::IdentityBased),
        ),
        (
            r#""Principal":{"AWS":"arn:aws:sts::123456789012:assumed-role/Dev/other"}"#,
            implicit(Layer::IdentityBased),
        ),
    ] {
        let bucket = bucket_policy("Allow", principal);
        let set = PolicySet {
            resource: Some((named(&bucket), CALLER)),
            ..PolicySet::default()
        };
        assert_eq!(get(&set), expected, "{principal}");
    }
}

#[test]
fn a_user_named_by_a_bucket_policy_needs_no_identity_policy() {
    let user = "arn:aws:iam::123456789012:user/jo";
    let bucket = bucket_policy("Allow", &format!(r#""Principal":{{"AWS":"{user}"}}"#));
    let caller = Principal::Aws {
        arn: user,
        role_arn: None,
        account: "123456789012",
    };
    let set = PolicySet {
        resource: Some((named(&bucket), caller)),
        ..PolicySet::default()
    };
    assert_eq!(get(&set), Decision::Allow);
}

#[test]
fn not_principal_spares_only_a_caller_listed_with_role_session_and_account() {
    let all = allow("*");
    let decide = |listed: &str| {
        let bucket = bucket_policy("Deny", &format!(r#""NotPrincipal":{{"AWS":[{listed}]}}"#));
        let set = PolicySet {
            identity: vec![named(&all)],
            resource: Some((named(&bucket), CALLER)),
            ..PolicySet::default()
        };
        get(&set)
    };
    let account = "arn:aws:iam::123456789012:root";
    let full = format!(r#""{SESSION}","{ROLE}","{account}""#);
    assert_eq!(decide(&full), Decision::Allow);
    assert_eq!(decide(r#""*""#), Decision::Allow);
    for partly in [
        format!(r#""{ROLE}","{account}""#),
        format!(r#""{SESSION}","{account}""#),
        format!(r#""{SESSION}","{ROLE}""#),
        r#""210987654321""#.to_owned(),
    ] {
        assert!(layer_of_deny(&decide(&partly)).is_some(), "{partly}");
    }
}

#[test]
fn an_identity_document_used_as_a_resource_policy_grants_nothing() {
    let all = allow("*");
    let set = PolicySet {
        resource: Some((named(&all), CALLER)),
        ..PolicySet::default()
    };
    assert_eq!(get(&set), implicit(Layer::IdentityBased));
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let (all, list) = (allow("s3:*"), allow("s3:ListBucket"));
    let context = RequestContext::new();
    let request = Request {
        action: "s3:GetObject",
        resource: OBJECT,
        context: &context,
    };
    let decide = |set: &PolicySet<'_>| evaluate_across_accounts(set, &request);
    for principal in [SESSION, ROLE, "123456789012", "*"] {
        let bucket = bucket_policy("Allow", &format!(r#""Principal":{{"AWS":"{principal}"}}"#));
        let mut set = PolicySet {
            identity: vec![named(&all)],
            resource: Some((named(&bucket), CALLER)),
            ..PolicySet::default()
        };
        assert_eq!(decide(&set), Decision::Allow, "{principal}");
        set.session = Some(vec![named(&list)]);
        assert_eq!(decide(&set), implicit(Layer::Session), "{principal}");
        set.identity = vec![named(&list)];
        assert_eq!(decide(&set), implicit(Layer::IdentityBased), "{principal}");
    }
    let mut set = PolicySet {
        identity: vec![named(&all)],
        ..PolicySet::default()
    };
    assert_eq!(decide(&set), implicit(Layer::ResourceBased));
    let others = bucket_policy("Allow", r#""Principal":{"AWS":"210987654321"}"#);
    set.resource = Some((named(&others), CALLER));
    assert_eq!(decide(&set), implicit(Layer::ResourceBased));
    let denied = bucket_policy("Deny", r#""Principal":{"AWS":"123456789012"}"#);
    set.resource = Some((named(&denied), CALLER));
    assert!(layer_of_deny(&decide(&set)).is_some());
}
