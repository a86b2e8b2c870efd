//! The 68 policy cases that the published policy engines were measured with.

use crate::support::{Outcome, Outcome::*, context, decide};
use jetway_iam::{DocumentKind, PolicyDocument};

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const A: &str = r#"{"Effect":"Deny","Action":["iam:*","organizations:DescribeAccount","organizations:ListRoots"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Project":"Automation"}}}"#;
const B: &str = r#"{"Sid":"DenyAccessByRegion","Effect":"Deny","NotAction":["cloudfront:*","iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"${aws:PrincipalTag/Region}"}}}"#;

enum Envelope {
    List,
    Object,
    NoVersion,
}

struct Case {
    name: &'static str,
    envelope: Envelope,
    documents: &'static [&'static [&'static str]],
    request: (&'static str, &'static str),
    context: &'static str,
    expected: Outcome,
}

const fn case(
    name: &'static str,
    envelope: Envelope,
    documents: &'static [&'static [&'static str]],
    request: (&'static str, &'static str),
    context: &'static str,
    expected: Outcome,
) -> Case {
    Case {
        name,
        envelope,
        documents,
        request,
        context,
        expected,
    }
}

#[rustfmt::skip]
const CASES: [Case; 68] = [
    case(r"A same-policy allow-first: tag match denies iam", Envelope::List, &[&[ALL, A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, ExplicitDeny),
    case(r"A same-policy allow-first: other tag value allows", Envelope::List, &[&[ALL, A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"automation"}"#, Allow),
    case(r"A same-policy allow-first: no tag allows", Envelope::List, &[&[ALL, A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r"{}", Allow),
    case(r"A same-policy allow-first: s3 untouched", Envelope::List, &[&[ALL, A]], ("s3:ListAllMyBuckets", "*"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, Allow),
    case(r"A same-policy deny-first: tag match denies iam", Envelope::List, &[&[A, ALL]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, ExplicitDeny),
    case(r"A same-policy deny-first: other tag value allows", Envelope::List, &[&[A, ALL]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"automation"}"#, Allow),
    case(r"A same-policy deny-first: no tag allows", Envelope::List, &[&[A, ALL]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r"{}", Allow),
    case(r"A same-policy deny-first: s3 untouched", Envelope::List, &[&[A, ALL]], ("s3:ListAllMyBuckets", "*"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, Allow),
    case(r"A two policies: tag match denies iam", Envelope::List, &[&[ALL], &[A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, ExplicitDeny),
    case(r"A two policies: other tag value allows", Envelope::List, &[&[ALL], &[A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:PrincipalTag/Project":"automation"}"#, Allow),
    case(r"A two policies: no tag allows", Envelope::List, &[&[ALL], &[A]], ("iam:CreateUser", "arn:aws:iam::123456789012:user/x"), r"{}", Allow),
    case(r"A two policies: s3 untouched", Envelope::List, &[&[ALL], &[A]], ("s3:ListAllMyBuckets", "*"), r#"{"aws:PrincipalTag/Project":"Automation"}"#, Allow),
    case(r"B same-policy: region match", Envelope::List, &[&[ALL, B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"us-east-1","aws:PrincipalTag/Region":"us-east-1"}"#, Allow),
    case(r"B same-policy: region mismatch", Envelope::List, &[&[ALL, B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"eu-west-1","aws:PrincipalTag/Region":"us-east-1"}"#, ExplicitDeny),
    case(r"B same-policy: NotAction exempts iam", Envelope::List, &[&[ALL, B]], ("iam:GetUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:RequestedRegion":"eu-west-1","aws:PrincipalTag/Region":"us-east-1"}"#, Allow),
    case(r"B same-policy: tag missing => deny", Envelope::List, &[&[ALL, B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"eu-west-1"}"#, ExplicitDeny),
    case(r"B two policies: region match", Envelope::List, &[&[ALL], &[B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"us-east-1","aws:PrincipalTag/Region":"us-east-1"}"#, Allow),
    case(r"B two policies: region mismatch", Envelope::List, &[&[ALL], &[B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"eu-west-1","aws:PrincipalTag/Region":"us-east-1"}"#, ExplicitDeny),
    case(r"B two policies: NotAction exempts iam", Envelope::List, &[&[ALL], &[B]], ("iam:GetUser", "arn:aws:iam::123456789012:user/x"), r#"{"aws:RequestedRegion":"eu-west-1","aws:PrincipalTag/Region":"us-east-1"}"#, Allow),
    case(r"B two policies: tag missing => deny", Envelope::List, &[&[ALL], &[B]], ("s3:ListBucket", "arn:aws:s3:::bkt"), r#"{"aws:RequestedRegion":"eu-west-1"}"#, ExplicitDeny),
    case(r"action case-insensitive", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"S3:getobject","Resource":"*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"action wildcard", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"action ? wildcard", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObjec?","Resource":"*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"resource case-sensitive", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::BKT/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", ImplicitDeny),
    case(r"key case-insensitive", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"AWS:principaltag/project":"X"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"X"}"#, Allow),
    case(r"StringEquals missing key false", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Project":"X"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", ImplicitDeny),
    case(r"StringNotEquals missing key true", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/Project":"X"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"StringNotEquals multi = NOR (hit)", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/Project":["X","Y"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"X"}"#, ImplicitDeny),
    case(r"StringNotEquals multi = NOR (miss)", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/Project":["X","Y"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"Z"}"#, Allow),
    case(r"StringNotLike multi = NOR", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalTag/Project":["X*","Y*"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"X1"}"#, ImplicitDeny),
    case(r"StringEqualsIfExists missing true", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalTag/Project":"X"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"StringEqualsIgnoreCase", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalTag/Project":"x"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"X"}"#, Allow),
    case(r"StringEquals: * is literal", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Project":"X*"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"X1"}"#, ImplicitDeny),
    case(r"StringLike wildcards", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/Project":"X?1*"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/Project":"Xa1zz"}"#, Allow),
    case(r"AND over keys", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":"2"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":"3"}"#, ImplicitDeny),
    case(r"OR over values", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":["1","2"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/a":"2"}"#, Allow),
    case(r"var in Resource", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/department}/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/fin/k"), r#"{"aws:PrincipalTag/department":"fin"}"#, Allow),
    case(r"var in Resource, other", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/department}/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/fin/k"), r#"{"aws:PrincipalTag/department":"hr"}"#, ImplicitDeny),
    case(r"var in Resource, missing => no match", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/department}/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt//k"), r"{}", ImplicitDeny),
    case(r"var value with * is literal in Resource", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/department}/k"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/fin/k"), r#"{"aws:PrincipalTag/department":"*"}"#, ImplicitDeny),
    case(r"var default value", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/team, 'company-wide'}/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/company-wide/k"), r"{}", Allow),
    case(r"no Version => var literal", Envelope::NoVersion, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/${aws:PrincipalTag/d}/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/fin/k"), r#"{"aws:PrincipalTag/d":"fin"}"#, ImplicitDeny),
    case(r"${*} literal star", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"s3:prefix":"a${*}b"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"s3:prefix":"axxb"}"#, ImplicitDeny),
    case(r"var missing StringEquals false", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/Team":"${aws:PrincipalTag/Team}"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"s3:ExistingObjectTag/Team":""}"#, ImplicitDeny),
    case(r"Null true on missing", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"Null false on present", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:PrincipalTag/a":"false"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalTag/a":"x"}"#, Allow),
    case(r"Bool string", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:SecureTransport":"true"}"#, Allow),
    case(r"Bool missing (Deny false not applied)", Envelope::List, &[&[ALL], &[r#"{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"BoolIfExists missing => deny applies", Envelope::List, &[&[ALL], &[r#"{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", ExplicitDeny),
    case(r"IpAddress cidr", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:SourceIp":"203.0.113.77"}"#, Allow),
    case(r"NotIpAddress multi NOR", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:SourceIp":"203.0.113.1"}"#, ImplicitDeny),
    case(r"DateLessThan aws:TokenIssueTime (revoke sessions)", Envelope::List, &[&[ALL], &[r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:TokenIssueTime":"2025-06-01T00:00:00Z"}"#, ExplicitDeny),
    case(r"NumericLessThanEquals", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThanEquals":{"s3:max-keys":"10"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"s3:max-keys":"9"}"#, Allow),
    case(r"ArnLike segment-wise", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:someservice:*:111122223333:finance/*"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalArn":"arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"}"#, ImplicitDeny),
    case(r"ArnEquals supports wildcards", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/dev"}"#, Allow),
    case(r"ForAllValues subset", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:TagKeys":["a"]}"#, Allow),
    case(r"ForAllValues superset", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:TagKeys":["a","c"]}"#, ImplicitDeny),
    case(r"ForAllValues missing => true", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"ForAnyValue hit", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:TagKeys":["z","b"]}"#, Allow),
    case(r"ForAnyValue missing => false", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", ImplicitDeny),
    case(r"ForAnyValue:StringNotEquals (at least one differs)", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:TagKeys":["a","b"]}"#, Allow),
    case(r"NotResource", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::other/*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"Statement as object", Envelope::Object, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"explicit deny beats allow, allow listed first", Envelope::List, &[&[ALL, r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", ExplicitDeny),
    case(r"Sid with JSON escape parses", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Sid":"A\u00fcB"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r"{}", Allow),
    case(r"bool JSON value in condition", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"aws:SecureTransport":"true"}"#, Allow),
    case(r"number JSON value in condition", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":10}}}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/k"), r#"{"s3:max-keys":"9"}"#, Allow),
    case(r"resource * in middle crosses /", Envelope::List, &[&[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*/c"}"#]], ("s3:GetObject", "arn:aws:s3:::bkt/a/b/c"), r"{}", Allow),
];

impl Case {
    fn documents(&self) -> Vec<PolicyDocument> {
        let document = |statements: &&[&str]| {
            let statements = statements.join(",");
            let json = match self.envelope {
                Envelope::List => {
                    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
                }
                Envelope::Object => {
                    format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)
                }
                Envelope::NoVersion => format!(r#"{{"Statement":[{statements}]}}"#),
            };
            PolicyDocument::parse(&json, DocumentKind::Identity).expect(self.name)
        };
        self.documents.iter().map(document).collect()
    }
}

#[test]
fn all_68_cases_are_decided_as_aws_decides_them() {
    let mut wrong = Vec::new();
    for (index, case) in CASES.iter().enumerate() {
        let (action, resource) = case.request;
        let found = decide(&case.documents(), action, resource, &context(case.context));
        if found != case.expected {
            let number = index + 1;
            wrong.push(format!(
                "{number} {}: {found:?}, not {:?}",
                case.name, case.expected
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
