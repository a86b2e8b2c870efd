//! Pasted responses, judged as AWS would.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::diagnose::{Diagnosis, Expected, Pasted, Severity, diagnose};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 04:12:40 UTC);
const PAIR: &str =
    "arn:aws:iam::012345678987:role/SAML-User,arn:aws:iam::012345678987:saml-provider/JumpCloud";

/// A response that AWS IAM would take, apart from its signature.
fn sound() -> String {
    let attribute = |name: &str, value: &str| {
        format!(
            "<Attribute Name=\"https://aws.amazon.com/SAML/Attributes/{name}\"><AttributeValue>{value}</AttributeValue></Attribute>"
        )
    };
    format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="https://signin.aws.amazon.com/saml"><Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" IssueInstant="2026-11-22T04:12:30Z"><Issuer>https://sso.example.com/saml2/aws-a</Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/><Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">road.runner@example.com</NameID><SubjectConfirmation><SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml" NotOnOrAfter="2026-11-22T04:17:30Z"/></SubjectConfirmation></Subject><Conditions NotBefore="2026-11-22T04:11:30Z" NotOnOrAfter="2026-11-22T04:17:30Z"><AudienceRestriction><Audience>urn:amazon:webservices</Audience></AudienceRestriction></Conditions><AuthnStatement/><AttributeStatement>{}{}{}</AttributeStatement></Assertion></samlp:Response>"#,
        attribute("Role", PAIR),
        attribute("RoleSessionName", "road.runner@example.com"),
        attribute("SessionDuration", "3600"),
    )
}

fn expected() -> Expected {
    Expected {
        issuer: Some("https://sso.example.com/saml2/aws-a".to_owned()),
        acs_url: Some("https://signin.aws.amazon.com/saml".to_owned()),
        audience: Some("urn:amazon:webservices".to_owned()),
    }
}

#[track_caller]
fn paste(text: &str) -> Diagnosis {
    let diagnosis = diagnose(text, &expected(), NOW).unwrap();
    assert_eq!(diagnosis.what, Pasted::SamlResponse, "{text}");
    diagnosis
}

/// The grave findings after one change of the sound response.
#[track_caller]
fn errors_after(from: &str, to: &str) -> Vec<String> {
    titles_after(from, to, Severity::Error)
}

#[track_caller]
fn titles_after(from: &str, to: &str, severity: Severity) -> Vec<String> {
    let xml = sound();
    assert!(xml.contains(from), "{from}");
    let findings = paste(&xml.replace(from, to)).findings.into_iter();
    findings
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.title)
        .collect()
}

/// Requirement W05.
#[test]
fn a_sound_response_is_called_sound_however_it_is_pasted() {
    let base64 =
        STANDARD.encode(sound().replace("<AuthnStatement/>", "<AuthnStatement/><!-- ~~~~~ -->"));
    assert!(
        base64.contains('+'),
        "a sample without a plus shows nothing"
    );
    let encoded = base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let lines: Vec<_> = base64
        .as_bytes()
        .chunks(76)
        .map(|l| std::str::from_utf8(l).unwrap())
        .collect();
    for text in [
        sound(),
        format!("\n<?xml version=\"1.0\"?>{}", sound()),
        base64.clone(),
        lines.join("\r\n"),
        encoded.clone(),
        format!("SAMLResponse={encoded}&RelayState=x"),
        format!("SAMLResponse: {base64}"),
        format!(
            "<html><input type=\"hidden\" name=\"SAMLResponse\" value=\"{}\"/></html>",
            base64.replace('+', "&#43;")
        ),
        format!("<input value=\"{base64}\" type=\"hidden\" name=\"SAMLResponse\">"),
        base64.replace('+', " "),
        lines.join("\n    "),
    ] {
        let diagnosis = paste(&text);
        assert_eq!(diagnosis.findings.len(), 1, "{text}\n{diagnosis:?}");
        assert_eq!(
            diagnosis.findings[0].title, "The response keeps to the rules of AWS",
            "{text}\n{diagnosis:?}"
        );
    }
}

#[test]
fn what_differs_from_the_settings_is_found() {
    assert_eq!(
        errors_after("saml2/aws-a", "saml2/aws-b"),
        ["The issuer is not this application"]
    );
    assert_eq!(
        errors_after(
            "Recipient=\"https://signin",
            "Recipient=\"https://eu-west-1.signin"
        ),
        ["The Recipient is not the ACS URL of this application"]
    );
    assert_eq!(
        errors_after(
            "Destination=\"https://signin",
            "Destination=\"https://eu-west-1.signin"
        ),
        ["The Destination is not the ACS URL of this application"]
    );
    // AWS IAM lets a wrong audience pass.
    assert_eq!(
        titles_after("urn:amazon:webservices", "urn:x", Severity::Warning),
        ["The audience is wrong"]
    );
}

#[test]
fn what_is_missing_is_found() {
    for (from, to, title) in [
        (
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
            "",
            "The assertion is not signed",
        ),
        (
            "<Issuer>https://sso.example.com/saml2/aws-a</Issuer>",
            "",
            "The issuer is missing",
        ),
        ("<AuthnStatement/>", "", "There is not an AuthnStatement"),
        (
            "Destination=\"https://signin.aws.amazon.com/saml\"",
            "",
            "The Destination is missing",
        ),
        (
            "Recipient=\"https://signin.aws.amazon.com/saml\"",
            "",
            "The Recipient is missing",
        ),
        (
            "Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"",
            "",
            "The NameID or its format is missing",
        ),
        ("Attributes/Role\"", "Attributes/role\"", "Role is missing"),
        (
            "RoleSessionName",
            "Rolesessionname",
            "RoleSessionName is missing",
        ),
        (
            "IssueInstant=\"2026-11-22T04:12:30Z\"",
            "IssueInstant=\"now\"",
            "The IssueInstant of the assertion is missing",
        ),
    ] {
        assert_eq!(errors_after(from, to), [title], "{from}");
    }
}

/// Requirements J02, J13, J16, J17.
#[test]
fn attributes_are_held_against_the_rules_of_aws() {
    for (from, to, title) in [
        (
            "iam::012345678987:role",
            "iam::YOUR_AWS_ACCOUNT_NUMBER:role",
            "A placeholder stands where the AWS account belongs",
        ),
        (
            ":saml-provider/JumpCloud",
            ":role/JumpCloud",
            "A value of Role is not a pair of ARNs",
        ),
        (
            "012345678987:saml",
            "111122223333:saml",
            "A value of Role is not a pair of ARNs",
        ),
        (
            "role/SAML-User",
            "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_1",
            "A role of IAM Identity Center is named",
        ),
        (
            ">road.runner@example.com</AttributeValue>",
            ">Road Runner</AttributeValue>",
            "RoleSessionName has a value that AWS does not take",
        ),
        (
            ">3600<",
            ">899<",
            "SessionDuration has a value that AWS does not take",
        ),
        (
            ">3600<",
            ">3600</AttributeValue><AttributeValue>7200<",
            "SessionDuration has several values",
        ),
        (
            "Attributes/SessionDuration\"><AttributeValue>3600",
            "Attributes/PrincipalTag:Project\"><AttributeValue>a,b",
            "PrincipalTag:Project has a value that AWS does not take",
        ),
    ] {
        assert_eq!(errors_after(from, to), [title], "{to}");
    }
    assert_eq!(
        titles_after(
            "Attributes/SessionDuration",
            "Attributes/AccessControl:Region",
            Severity::Warning
        ),
        ["AccessControl:Region does nothing here"]
    );
    assert_eq!(
        titles_after(
            "Attributes/SessionDuration",
            "attributes/SessionDuration",
            Severity::Warning
        ),
        ["\"https://aws.amazon.com/SAML/attributes/SessionDuration\" is unknown to AWS"]
    );
    assert_eq!(
        titles_after(
            "Attributes/SessionDuration",
            "Attributes/PrincipalTag:Project",
            Severity::Note
        ),
        [
            "There are session tags",
            "The response keeps to the rules of AWS"
        ]
    );
}

#[test]
fn fifty_one_tags_are_one_too_many() {
    let tag = |n: usize| {
        format!(
            "<Attribute Name=\"https://aws.amazon.com/SAML/Attributes/PrincipalTag:k{n}\"><AttributeValue>v</AttributeValue></Attribute>"
        )
    };
    let tags = |count: usize| (0..count).map(tag).collect::<String>() + "</AttributeStatement>";
    assert_eq!(errors_after("</AttributeStatement>", &tags(50)), [""; 0]);
    assert_eq!(
        errors_after("</AttributeStatement>", &tags(51)),
        ["There are too many session tags"]
    );
}

#[test]
fn times_are_held_against_the_clock() {
    let at = |now: OffsetDateTime| {
        let findings = diagnose(&sound(), &expected(), now).unwrap().findings;
        findings
            .into_iter()
            .map(|finding| finding.title)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        at(datetime!(2026-11-22 04:17:29 UTC)),
        ["The response keeps to the rules of AWS"]
    );
    assert_eq!(
        at(datetime!(2026-11-22 04:17:31 UTC)),
        [
            "The response is older than five minutes",
            "The time of the subject confirmation is over",
            "The time of the conditions is over",
        ]
    );
    assert_eq!(
        at(datetime!(2026-11-22 04:00:00 UTC)),
        [
            "The response is from the future",
            "The conditions do not hold yet"
        ]
    );
}

#[test]
fn identity_center_has_rules_of_its_own() {
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/4455422d";
    let xml = sound()
        .replace("https://signin.aws.amazon.com/saml\"", &format!("{acs}\""))
        .replace(
            "1.1:nameid-format:emailAddress",
            "2.0:nameid-format:persistent",
        )
        .replace(
            "Attributes/SessionDuration",
            "Attributes/AccessControl:Region",
        )
        .replace(">3600<", ">a</AttributeValue><AttributeValue>b<");
    let expected = Expected {
        acs_url: Some(acs.to_owned()),
        audience: Some("https://us-east-1.signin.aws.amazon.com/platform/saml/d-1".to_owned()),
        ..expected()
    };
    let findings = diagnose(&xml, &expected, NOW).unwrap().findings;
    let errors: Vec<_> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .map(|f| f.title.as_str())
        .collect();
    assert_eq!(
        errors,
        [
            "The audience is wrong",
            "The format of the NameID is wrong for IAM Identity Center",
            "AccessControl:Region has several values",
        ]
    );
    assert!(
        findings
            .iter()
            .any(|f| f.explanation.contains("road.runner@example.com"))
    );
}

#[test]
fn what_cannot_be_read_is_a_finding_and_not_a_failure() {
    let broken = STANDARD.encode(format!("<a>{}", "x".repeat(200)));
    assert_eq!(
        paste(&broken).findings[0].title,
        "The response cannot be read"
    );
    let failed = r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>"#;
    assert_eq!(
        paste(failed).findings[0].title,
        "There is no assertion in the response"
    );
    assert_eq!(
        paste("<!DOCTYPE x [<!ENTITY a \"b\">]><x/>").findings[0].title,
        "The response cannot be read"
    );
}

/// Responses belong to people: a finding repeats one value, cut short, and never all of it.
#[test]
fn findings_stay_short() {
    let long = "x".repeat(5000);
    let xml = sound()
        .replace(">3600<", &format!(">{long}<"))
        .replace("road.runner@example.com", &long);
    for finding in paste(&xml).findings {
        assert!(finding.explanation.len() < 600, "{}", finding.explanation);
        assert!(finding.title.len() < 200, "{}", finding.title);
    }
}
