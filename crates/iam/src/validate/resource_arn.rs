//! `Resource` and `NotResource` of permissions policies.

use crate::arn::separators;

/// What AWS says about a resource it refuses.
#[derive(Debug)]
pub(super) enum Refusal {
    /// "The policy failed legacy parsing", said before the other kinds.
    Legacy,
    Message(String),
}

const IAM_PATHS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

/// Checks one value.
pub(super) fn check(resource: &str) -> Result<(), Refusal> {
    if resource == "*" {
        return Ok(());
    }
    let parts = split(resource);
    let part = |index: usize| parts.get(index).copied();
    let [prefix, partition, ..] = parts[..] else {
        return Err(not_an_arn(resource));
    };
    if !matches!(partition, "aws" | "*") {
        return Err(Refusal::Message(wrong_partition(&parts)));
    }
    if prefix != "arn" {
        return Err(not_an_arn(resource));
    }
    let Some(vendor) = part(2).filter(|vendor| !vendor.contains(['*', '?'])) else {
        let message = "Resource vendor must be fully qualified and cannot contain regexes.";
        return Err(Refusal::Message(message.to_owned()));
    };
    let region = part(3).unwrap_or("");
    let account = part(4).unwrap_or("");
    check_vendor(resource, vendor, [region, account, part(5).unwrap_or("")])?;
    if vendor.is_empty() || (parts.len() < 6 && resource.contains("::")) {
        return Err(Refusal::Legacy);
    }
    Ok(())
}

fn check_vendor(
    resource: &str,
    vendor: &str,
    [region, account, path]: [&str; 3],
) -> Result<(), Refusal> {
    match vendor {
        "iam" if !region.is_empty() => Err(Refusal::Message(format!(
            "IAM resource {resource} cannot contain region information."
        ))),
        "iam" if path != "*" && !IAM_PATHS.iter().any(|start| path.starts_with(start)) => {
            Err(Refusal::Message(format!(
                "IAM resource path must either be \"*\" or start with {}.",
                IAM_PATHS.join(", ")
            )))
        }
        // Access points, jobs and the like have a region and an account, buckets have neither.
        "s3" if !matches!(region, "" | "*") && account.is_empty() => Err(Refusal::Message(
            format!("Resource {resource} can not contain region information."),
        )),
        _ => Ok(()),
    }
}

fn not_an_arn(resource: &str) -> Refusal {
    Refusal::Message(format!(
        "Resource {resource} must be in ARN format or \"*\"."
    ))
}

/// Up to six parts; a `${…}` is inside one part, whatever colons it holds.
fn split(resource: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(6);
    let mut start = 0;
    for colon in separators(resource).take(5) {
        parts.push(&resource[start..colon]);
        start = colon + 1;
    }
    parts.push(&resource[start..]);
    parts
}

/// AWS shows the ARN as it understood it: missing parts as `*`.
fn wrong_partition(parts: &[&str]) -> String {
    let partition = parts.get(1).copied().unwrap_or("");
    let shown: Vec<&str> = (2..6)
        .map(|index| parts.get(index).copied().unwrap_or("*"))
        .collect();
    format!(
        "Partition \"{partition}\" is not valid for resource \"arn:{partition}:{}\".",
        shown.join(":")
    )
}
