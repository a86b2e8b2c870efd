//! The attributes of an assertion by the rules of AWS.

use std::collections::{BTreeMap, BTreeSet};

use jetway_saml::inspect::Inspected;
use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY, ATTRIBUTE_TRANSITIVE_TAG_KEYS,
};

use super::finding::{Finding, quoted};
use crate::applications::AttributeProblem;
use crate::applications::aws_attributes::{MAX_TAGS, check_value, is_single_valued};

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";
const ACCESS_CONTROL: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";

/// Findings of one kind that are listed; the rest would only repeat them.
const MAX_ALIKE: usize = 20;

/// Attributes that say nothing new after so many.
const MAX_ATTRIBUTES: usize = 1000;

/// Roles, session name, length, source identity and tags.
pub(super) fn for_iam(inspected: &Inspected, findings: &mut Vec<Finding>) {
    let counts = counts(inspected);
    for (name, consequence) in [
        (
            ATTRIBUTE_ROLE,
            "AWS answers \"Your request included an invalid SAML response\". The person has no group that carries a role, or the attribute is not set up.",
        ),
        (
            ATTRIBUTE_ROLE_SESSION_NAME,
            "AWS answers \"RoleSessionName is required in AuthnResponse\". The person has no value for what it is taken from, or the attribute is not set up.",
        ),
    ] {
        if counts.get(name).is_none_or(|count| *count == 0) {
            findings.push(Finding::error(
                format!("{} is missing", short(name)),
                consequence,
                place(name),
            ));
        }
    }
    for (name, count) in &counts {
        if is_single_valued(name) && *count > 1 {
            findings.push(Finding::error(
                format!("{} has several values", short(name)),
                format!("There are {count} values, and AWS takes exactly one."),
                place(name),
            ));
        }
    }
    values(inspected, findings);
    tags(inspected, &counts, findings);
    unknown(&counts, findings);
}

/// The values of IAM, each on its own.
fn values(inspected: &Inspected, findings: &mut Vec<Finding>) {
    let all = inspected.attributes.iter().take(MAX_ATTRIBUTES);
    let all = all.flat_map(|attribute| {
        let values = attribute.values.iter();
        values.map(|value| (attribute.name.as_str(), value.as_str()))
    });
    let mut wrong = Vec::new();
    for (name, value) in all {
        if let Err(problem) = check_value(name, value) {
            wrong.push(refused(name, value, &problem));
        } else if name == ATTRIBUTE_ROLE && value.contains("/AWSReservedSSO_") {
            wrong.push(Finding::error(
                "A role of IAM Identity Center is named",
                format!("{} can be reached through IAM Identity Center alone. AWS answers \"Not authorized to perform sts:AssumeRoleWithSAML\".", quoted(value)),
                "Make a role of your own in IAM, or use the application for IAM Identity Center.",
            ));
        }
    }
    findings.extend(wrong.into_iter().take(MAX_ALIKE));
}

fn refused(name: &str, value: &str, problem: &AttributeProblem) -> Finding {
    let title = match problem {
        AttributeProblem::Placeholder { .. } => {
            "A placeholder stands where the AWS account belongs".to_owned()
        }
        AttributeProblem::NotARolePair { .. } => "A value of Role is not a pair of ARNs".to_owned(),
        _ => format!("{} has a value that AWS does not take", short(name)),
    };
    let rule = match problem {
        AttributeProblem::Placeholder { .. } => "Put in the number of the AWS account, 12 digits.",
        AttributeProblem::NotARolePair { .. } => {
            "It must be the ARN of a role and the ARN of a SAML provider of one account, with a comma between."
        }
        AttributeProblem::BadName { .. } => {
            "It must be 2 to 64 characters of a to z, A to Z, digits and _ + = , . @ -. AWS says \"must match [a-zA-Z_0-9+=,.@-]{2,64}\"."
        }
        AttributeProblem::BadDuration { .. } => {
            "It must be a whole number of seconds from 900 to 43200."
        }
        _ => {
            "Keys have 1 to 128 characters and values at most 256, of letters, digits, spaces and _ . : / = + - @. AWS says \"Unable to validate tags\"."
        }
    };
    Finding::error(
        title,
        format!("The value is {}. {rule}", quoted(value)),
        place(name),
    )
}

fn tags(inspected: &Inspected, counts: &BTreeMap<&str, usize>, findings: &mut Vec<Finding>) {
    let keys: Vec<_> = counts
        .keys()
        .filter_map(|name| name.strip_prefix(ATTRIBUTE_PRINCIPAL_TAG_PREFIX))
        .collect();
    if keys.len() > MAX_TAGS {
        findings.push(Finding::error(
            "There are too many session tags",
            format!("There are {}, and AWS takes {MAX_TAGS}.", keys.len()),
            "Application, Attributes: remove some of the PrincipalTag attributes.",
        ));
    }
    let mut seen = BTreeSet::new();
    if let Some(twin) = keys.iter().find(|key| !seen.insert(key.to_lowercase())) {
        findings.push(Finding::error(
            "Two session tags differ only in small and capital letters",
            format!("AWS takes {} and the other as the same key.", quoted(twin)),
            "Application, Attributes: remove one of them.",
        ));
    }
    if !keys.is_empty() {
        findings.push(Finding::note(
            "There are session tags",
            "The trust policy of each role must allow sts:TagSession. Without, AWS answers \"Not authorized to perform sts:AssumeRoleWithSAML\".",
            "Compare the trust policy in IAM with the one that the application shows under AWS set-up.",
        ));
    }
    let unsent = inspected
        .values(ATTRIBUTE_TRANSITIVE_TAG_KEYS)
        .find(|key| !keys.contains(key));
    if let Some(key) = unsent {
        findings.push(Finding::warning(
            "A transitive tag is not sent",
            format!(
                "TransitiveTagKeys names {}, and there is no such PrincipalTag.",
                quoted(key)
            ),
            "Application, Attributes: add the tag, or remove the key.",
        ));
    }
}

fn unknown(counts: &BTreeMap<&str, usize>, findings: &mut Vec<Finding>) {
    const KNOWN: &[&str] = &[
        ATTRIBUTE_ROLE,
        ATTRIBUTE_ROLE_SESSION_NAME,
        ATTRIBUTE_SESSION_DURATION,
        ATTRIBUTE_SOURCE_IDENTITY,
        ATTRIBUTE_TRANSITIVE_TAG_KEYS,
    ];
    let of_aws = |name: &&&str| {
        let start = name.as_bytes().get(..PREFIX.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX.as_bytes()))
            && !KNOWN.contains(*name)
            && !name.starts_with(ATTRIBUTE_PRINCIPAL_TAG_PREFIX)
    };
    for name in counts.keys().filter(of_aws).take(MAX_ALIKE) {
        findings.push(if name.starts_with(ACCESS_CONTROL) {
            Finding::warning(
                format!("{} does nothing here", short(name)),
                "AccessControl attributes are for IAM Identity Center. AWS IAM passes over them.",
                "Application, Attributes: name it PrincipalTag: in place of AccessControl:.",
            )
        } else {
            Finding::warning(
                format!("{} is unknown to AWS", quoted(name)),
                "Names are compared letter for letter, and AWS passes over one that it does not know.",
                "Application, Attributes: correct the name.",
            )
        });
    }
}

/// Attributes for access control, and those that belong to the other way into AWS.
pub(super) fn for_identity_center(inspected: &Inspected, findings: &mut Vec<Finding>) {
    let counts = counts(inspected);
    let mut keys = 0;
    for (name, count) in &counts {
        if !name.starts_with(ACCESS_CONTROL) {
            continue;
        }
        keys += 1;
        if *count > 1 && keys <= MAX_ALIKE {
            findings.push(Finding::error(
                format!("{} has several values", short(name)),
                format!("There are {count} values. IAM Identity Center takes exactly one and answers \"An unexpected error has occurred\"."),
                place(name),
            ));
        }
    }
    if keys > MAX_TAGS {
        findings.push(Finding::error(
            "There are too many attributes for access control",
            format!("There are {keys}, and AWS takes {MAX_TAGS}."),
            "Application, Attributes: remove some of the AccessControl attributes.",
        ));
    }
    for name in [ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME] {
        if counts.contains_key(name) {
            findings.push(Finding::note(
                format!("{} is not needed", short(name)),
                "IAM Identity Center decides by assignments which roles somebody has.",
                "Application, Attributes: it can be removed.",
            ));
        }
    }
}

/// How many values each name has, over all attributes of that name.
fn counts(inspected: &Inspected) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for attribute in inspected.attributes.iter().take(MAX_ATTRIBUTES) {
        *counts.entry(attribute.name.as_str()).or_insert(0) += attribute.values.len();
    }
    counts
}

/// The name without what all names of AWS begin with.
fn short(name: &str) -> String {
    let name = name.strip_prefix(PREFIX).unwrap_or(name);
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn place(name: &str) -> String {
    if name == ATTRIBUTE_ROLE {
        "Application, Attributes, Role and the roles of its groups: correct it, and see that the person is in a group with a role.".to_owned()
    } else {
        format!(
            "Application, Attributes: look at what {} is taken from, and at the value of this person.",
            short(name)
        )
    }
}
