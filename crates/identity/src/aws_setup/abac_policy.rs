//! A policy that decides on the tags of the session (requirement V04).

use serde_json::{Map, Value, json};

use super::check::{self, SetupError};

/// The key whose value is a region, as in the examples of the customer.
const REGION: &str = "Region";

/// A permission policy to begin with. Whatever the keys are sent as, `PrincipalTag:` or
/// `AccessControl:`, policies read them as `aws:PrincipalTag/<Key>`.
///
/// For `Region`, everything outside the person's own region is denied. For the other keys,
/// instances may be started and stopped where all of their tags are those of the person.
///
/// # Errors
/// No key, a key twice, or one that AWS would refuse.
pub fn abac_policy_snippet(keys: &[String]) -> Result<String, SetupError> {
    if keys.is_empty() {
        return Err(SetupError::Missing {
            what: "the key of a session tag",
        });
    }
    for key in keys {
        check::tag_key(key)?;
    }
    check::no_twins("the key", keys.iter().map(String::as_str))?;
    let of_person = |key: &str| Value::String(format!("${{aws:PrincipalTag/{key}}}"));
    let mut statements = Vec::new();
    let tags: Map<_, _> = keys
        .iter()
        .filter(|key| *key != REGION)
        .map(|key| (format!("aws:ResourceTag/{key}"), of_person(key)))
        .collect();
    if !tags.is_empty() {
        statements.push(json!({
            "Sid": "AllowWhereTagsMatch",
            "Effect": "Allow",
            "Action": ["ec2:StartInstances", "ec2:StopInstances"],
            "Resource": "*",
            "Condition": {"StringEquals": tags},
        }));
    }
    if keys.iter().any(|key| key == REGION) {
        statements.push(json!({
            "Sid": "DenyAccessByRegion",
            "Effect": "Deny",
            "NotAction": ["cloudfront:*", "iam:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": of_person(REGION)}},
        }));
    }
    Ok(format!(
        "{:#}",
        json!({"Version": "2012-10-17", "Statement": statements})
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(keys: &[&str]) -> Value {
        let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
        serde_json::from_str(&abac_policy_snippet(&keys).unwrap()).unwrap()
    }

    /// Requirement V04: the second policy of the customer.
    #[test]
    fn the_key_region_denies_every_other_region() {
        let policy = snippet(&["Region"]);
        assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
        assert_eq!(
            policy["Statement"][0]["Condition"]["StringNotEquals"]["aws:RequestedRegion"],
            "${aws:PrincipalTag/Region}"
        );
    }

    /// Requirement V04.
    #[test]
    fn other_keys_must_equal_the_tag_of_the_resource_in_exactly_this_spelling() {
        let policy = snippet(&["CostCenter", "Project"]);
        assert_eq!(
            policy["Statement"][0]["Condition"]["StringEquals"],
            json!({
                "aws:ResourceTag/CostCenter": "${aws:PrincipalTag/CostCenter}",
                "aws:ResourceTag/Project": "${aws:PrincipalTag/Project}",
            })
        );
    }

    #[test]
    fn a_key_that_aws_would_refuse_is_refused() {
        for keys in [
            &[][..],
            &["a,b"],
            &["}${aws:username"],
            &["aws:x"],
            &["A", "a"],
        ] {
            let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
            assert!(abac_policy_snippet(&keys).is_err(), "{keys:?}");
        }
    }
}
