//! What each statement said to a decision.

use jetway_iam::{
    Decision, DocumentKind, Effect, Layer, PolicySet, Principal, Request, Verdict, explain,
};

use crate::support::{context, identity, named, parse};

#[test]
fn every_statement_tells_what_kept_it_from_applying() {
    let document = identity(
        r#"{"Sid":"Applies","Effect":"Allow","Action":"s3:*","Resource":"*"},
           {"Effect":"Deny","Action":"iam:*","Resource":"*"},
           {"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::other/*"},
           {"Effect":"Deny","Action":"*","Resource":"*","Condition":{
               "StringEquals":{"aws:PrincipalTag/a":"1"},
               "ArnNotLike":{"AWS:PrincipalArn":"arn:aws:iam::123456789012:role/x"}}}"#,
    );
    let bucket = parse(
        r#"{"Statement":{"Effect":"Deny","Principal":{"AWS":"210987654321"},
            "Action":"s3:*","Resource":"*"}}"#,
        DocumentKind::Resource,
    );
    let arn = "arn:aws:iam::123456789012:user/jo";
    let caller = Principal::Aws {
        arn,
        role_arn: None,
        account: "123456789012",
    };
    let set = PolicySet {
        identity: vec![named(&document)],
        resource: Some((named(&bucket), caller)),
        ..PolicySet::default()
    };
    let context = context(
        r#"{"aws:PrincipalTag/a":"1","aws:PrincipalArn":"arn:aws:iam::123456789012:role/x"}"#,
    );
    let request = Request {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        context: &context,
    };
    let explanation = explain(&set, &request);

    assert_eq!(explanation.decision, Decision::Allow);
    let verdicts: Vec<_> = explanation
        .statements
        .iter()
        .map(|entry| entry.verdict.clone())
        .collect();
    let failed = Verdict::ConditionFails {
        operator: "ArnNotLike".to_owned(),
        key: "AWS:PrincipalArn".to_owned(),
    };
    assert_eq!(
        verdicts,
        [
            Verdict::Applies,
            Verdict::OtherAction,
            Verdict::OtherResource,
            failed,
            Verdict::OtherPrincipal
        ]
    );
    let first = &explanation.statements[0];
    assert_eq!(first.effect, Effect::Allow);
    assert_eq!(first.layer, Layer::IdentityBased);
    assert_eq!(first.statement.sid.as_deref(), Some("Applies"));
    assert_eq!(explanation.statements[4].layer, Layer::ResourceBased);
}
