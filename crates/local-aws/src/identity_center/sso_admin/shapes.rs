//! The constraints of sso-admin's model on what requests name.

use crate::{
    identity_center::permission_sets::shapes::{after_partition, all, words},
    ids::is_account_id,
    json_service::Pattern,
};

/// `InstanceArn`
pub(super) const INSTANCE_ARN: Pattern = Pattern {
    min: 10,
    max: 1224,
    text: r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}",
    matches: |text| after_partition(text, "sso:::instance/").is_some_and(is_instance_id),
};
/// `PermissionSetArn`
pub(super) const PERMISSION_SET_ARN: Pattern = Pattern {
    min: 10,
    max: 1224,
    text: r"arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}",
    matches: is_permission_set_arn,
};
/// `TaggableResourceArn`: an instance or a permission set, or what does not exist here.
pub(super) const TAGGABLE_ARN: Pattern = Pattern {
    min: 10,
    max: 2048,
    text: r"arn:aws(-[a-z]{1,5}){0,3}:sso::((:instance/(sso)?ins-[a-zA-Z0-9-.]{16})|(:permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16})|(\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16})|(\d{12}:trustedTokenIssuer/(sso)?ins-[a-zA-Z0-9-.]{16}/tti-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}))",
    matches: |text| {
        (INSTANCE_ARN.matches)(text)
            || is_permission_set_arn(text)
            || is_arn_of_account(text, "application/")
            || is_arn_of_account(text, "trustedTokenIssuer/")
    },
};
/// `TargetId` and `AccountId`
pub(super) const ACCOUNT_ID: Pattern = Pattern {
    min: 12,
    max: 12,
    text: r"\d{12}",
    matches: is_account_id,
};
/// `PrincipalId`
pub(super) const PRINCIPAL_ID: Pattern = Pattern {
    min: 1,
    max: 47,
    text: r"([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}",
    matches: |text| {
        let prefixed = text
            .split_once('-')
            .filter(|(prefix, _)| prefix.len() == 10 && all(prefix, is_lower_hex));
        is_uuid(prefixed.map_or(text, |(_, rest)| rest), |c| {
            c.is_ascii_hexdigit()
        })
    },
};
/// `RequestId`
pub(super) const REQUEST_ID: Pattern = Pattern {
    min: 36,
    max: 36,
    text: r"\b[0-9a-f]{8}\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\b[0-9a-f]{12}\b",
    matches: |text| is_uuid(text, is_lower_hex),
};
/// `NextToken`
pub(super) const TOKEN: Pattern = Pattern {
    min: 0,
    max: 2048,
    text: r"[-a-zA-Z0-9+=/_]*",
    matches: |text| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-+=/_".contains(c))
    },
};
/// Name of an instance.
pub(super) const INSTANCE_NAME: Pattern = Pattern {
    min: 0,
    max: 255,
    text: r"[\w+=,.@-]+",
    matches: words,
};
/// Key of an attribute for access control.
pub(super) const ATTRIBUTE_KEY: Pattern = Pattern {
    min: 1,
    max: 128,
    text: r"[\p{L}\p{Z}\p{N}_.:\/=+\-@]+",
    matches: |text| all(text, crate::iam::shapes::is_tag_character),
};
/// Where the value of an attribute for access control comes from.
pub(super) const ATTRIBUTE_SOURCE: Pattern = Pattern {
    min: 0,
    max: 256,
    text: r#"[\p{L}\p{Z}\p{N}_.:\/=+\-@\[\]\{\}\$\\"]*"#,
    matches: |text| {
        text.chars()
            .all(|c| crate::iam::shapes::is_tag_character(c) || "[]{}$\\\"".contains(c))
    },
};
/// `USER` and `GROUP`.
pub(super) const PRINCIPAL_TYPES: [&str; 2] = ["USER", "GROUP"];

fn is_instance_id(text: &str) -> bool {
    text.strip_prefix("ssoins-")
        .or_else(|| text.strip_prefix("ins-"))
        .is_some_and(|id| {
            id.len() == 16 && all(id, |c| c.is_ascii_alphanumeric() || "-.".contains(c))
        })
}

fn is_permission_set_arn(text: &str) -> bool {
    after_partition(text, "sso:::permissionSet/")
        .and_then(|rest| rest.split_once("/ps-"))
        .is_some_and(|(instance, id)| {
            is_instance_id(instance)
                && id.len() == 16
                && all(id, |c| c.is_ascii_alphanumeric() || "-./".contains(c))
        })
}

fn is_arn_of_account(text: &str, kind: &str) -> bool {
    after_partition(text, "sso::")
        .and_then(|rest| rest.split_once(':'))
        .is_some_and(|(account, resource)| is_account_id(account) && resource.starts_with(kind))
}

fn is_uuid(text: &str, hexadecimal: impl Fn(char) -> bool + Copy) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| all(group, hexadecimal))
}

fn is_lower_hex(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='f')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_instances_and_permission_sets_are_told_apart() {
        let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef";
        let set = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";
        assert!((INSTANCE_ARN.matches)(instance) && !(INSTANCE_ARN.matches)(set));
        assert!((PERMISSION_SET_ARN.matches)(set) && !(PERMISSION_SET_ARN.matches)(instance));
        for bad in [
            "arn:aws:sso:::permissionSet/ps-0123456789abcdef",
            "arn:aws:sso:::instance/ssoins-0123456789abcdef/ps-0123456789abcdef",
            "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123",
        ] {
            assert!(!(PERMISSION_SET_ARN.matches)(bad), "{bad}");
        }
    }

    #[test]
    fn a_principal_id_may_begin_with_the_id_of_its_store() {
        let uuid = "a0b1c2d3-0000-4000-8000-0123456789ab";
        assert!((PRINCIPAL_ID.matches)(uuid));
        assert!((PRINCIPAL_ID.matches)(&format!("90676394ab-{uuid}")));
        for bad in [
            "road.runner",
            "90676394-a0b1c2d3-0000-4000-8000-0123456789ab",
            "-",
        ] {
            assert!(!(PRINCIPAL_ID.matches)(bad), "{bad}");
        }
    }
}
