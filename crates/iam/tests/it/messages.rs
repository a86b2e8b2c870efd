//! AWS's AccessDenied wording.

use jetway_iam::{DecidingStatement, Decision, Layer, ResourceText};

const USER: &str = "arn:aws:sts::123456789012:assumed-role/RO/road.runner";

fn explicit(layer: Layer, policy_arn: Option<&str>) -> Decision {
    Decision::ExplicitDeny {
        layer,
        policy_arn: policy_arn.map(str::to_owned),
        statement: DecidingStatement {
            policy: "p".to_owned(),
            index: 0,
            sid: None,
        },
    }
}

#[test]
fn an_implicit_deny_names_the_layer_that_did_not_allow() {
    for (layer, reason) in [
        (Layer::IdentityBased, "no identity-based policy allows"),
        (Layer::PermissionsBoundary, "no permissions boundary allows"),
        (Layer::Session, "no session policy allows"),
        (Layer::ResourceBased, "no resource-based policy allows"),
    ] {
        let text = Decision::ImplicitDeny { layer }.denied_message(
            USER,
            "iam:GetRole",
            Some(ResourceText::Plain("arn:aws:iam::123456789012:role/x")),
        );
        let expected = format!(
            "User: {USER} is not authorized to perform: iam:GetRole on resource: \
             arn:aws:iam::123456789012:role/x because {reason} the iam:GetRole action"
        );
        assert_eq!(text, Some(expected));
    }
    let text = Decision::ImplicitDeny {
        layer: Layer::RoleTrust,
    }
    .denied_message(USER, "sts:AssumeRole", None);
    let expected = format!(
        "User: {USER} is not authorized to perform: sts:AssumeRole because no role trust policy \
         allows the sts:AssumeRole action"
    );
    assert_eq!(text, Some(expected));
}

#[test]
fn s3_quotes_the_resource_and_list_buckets_has_none() {
    let denied = Decision::ImplicitDeny {
        layer: Layer::IdentityBased,
    };
    let quoted = Some(ResourceText::Quoted("arn:aws:s3:::b"));
    assert_eq!(
        denied
            .denied_message(USER, "s3:ListBucket", quoted)
            .unwrap(),
        format!(
            "User: {USER} is not authorized to perform: s3:ListBucket on resource: \
             \"arn:aws:s3:::b\" because no identity-based policy allows the s3:ListBucket action"
        )
    );
    assert_eq!(
        denied
            .denied_message(USER, "s3:ListAllMyBuckets", None)
            .unwrap(),
        format!(
            "User: {USER} is not authorized to perform: s3:ListAllMyBuckets because no \
             identity-based policy allows the s3:ListAllMyBuckets action"
        )
    );
}

#[test]
fn an_explicit_deny_names_the_layer_and_the_managed_policy() {
    for (layer, reason) in [
        (
            Layer::IdentityBased,
            "with an explicit deny in an identity-based policy",
        ),
        (
            Layer::PermissionsBoundary,
            "with an explicit deny in a permissions boundary",
        ),
        (Layer::Session, "with an explicit deny in a session policy"),
        (
            Layer::ResourceBased,
            "with an explicit deny in a resource-based policy",
        ),
        (
            Layer::RoleTrust,
            "with an explicit deny in the role trust policy",
        ),
    ] {
        let resource = Some(ResourceText::Plain("*"));
        let start = format!("User: {USER} is not authorized to perform: s3:Get on resource: *");
        let text = explicit(layer, None).denied_message(USER, "s3:Get", resource);
        assert_eq!(text, Some(format!("{start} {reason}")));
        let arn = "arn:aws:iam::123456789012:policy/p";
        let text = explicit(layer, Some(arn)).denied_message(USER, "s3:Get", resource);
        assert_eq!(text, Some(format!("{start} {reason}: {arn}")));
    }
}

#[test]
fn an_allow_has_no_message() {
    assert_eq!(
        Decision::Allow.denied_message(USER, "s3:GetObject", None),
        None
    );
}
