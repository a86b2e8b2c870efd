//! ARNs of IAM entities and of role sessions.

use crate::ids::is_account_id;

/// An IAM ARN taken apart: `arn:aws:iam::<account>:<kind>/<path and name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IamArn<'a> {
    /// 12 digits, or `aws` for AWS managed policies.
    pub(crate) account: &'a str,
    /// `role`, `saml-provider`, `policy`, …
    pub(crate) kind: &'a str,
    /// With a leading and a trailing slash; `/` when there is none.
    pub(crate) path: &'a str,
    /// The friendly name.
    pub(crate) name: &'a str,
}

impl<'a> IamArn<'a> {
    /// Takes `arn` apart; `None` when it is not an ARN of an IAM entity with a name.
    pub(crate) fn parse(arn: &'a str) -> Option<Self> {
        let rest = arn.strip_prefix("arn:aws:iam::")?;
        let (account, resource) = rest.split_once(':')?;
        if !is_account_id(account) && account != "aws" {
            return None;
        }
        let (kind, _) = resource.split_once('/')?;
        let path_and_name = &resource[kind.len()..];
        let last = path_and_name.rfind('/')?;
        let (path, name) = path_and_name.split_at(last + 1);
        if name.is_empty() {
            return None;
        }
        Some(Self {
            account,
            kind,
            path,
            name,
        })
    }

    /// [`Self::parse`], only of the given kind in a customer's account.
    pub(crate) fn parse_kind(arn: &'a str, kind: &str) -> Option<Self> {
        Self::parse(arn).filter(|parsed| parsed.kind == kind && parsed.account != "aws")
    }
}

pub(crate) fn role(account: &str, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role{path}{name}")
}

pub(crate) fn saml_provider(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:saml-provider/{name}")
}

pub(crate) fn policy(account: &str, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:policy{path}{name}")
}

pub(crate) fn root(account: &str) -> String {
    format!("arn:aws:iam::{account}:root")
}

/// The ARN of a role session; the role's path is not part of it.
pub(crate) fn assumed_role(account: &str, role_name: &str, session_name: &str) -> String {
    format!("arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_with_a_path_is_taken_apart() {
        let arn = IamArn::parse("arn:aws:iam::012345678987:role/team/a/Admin").unwrap();
        assert_eq!(
            (arn.kind, arn.path, arn.name),
            ("role", "/team/a/", "Admin")
        );
        assert_eq!(
            role(arn.account, arn.path, arn.name),
            "arn:aws:iam::012345678987:role/team/a/Admin"
        );
    }

    #[test]
    fn what_is_no_iam_entity_is_refused() {
        for text in [
            "",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::012345678987:root",
            "arn:aws:iam::012345678987:role/",
            "arn:aws:s3:::bucket",
            "arn:aws:sts::012345678987:assumed-role/x/y",
        ] {
            assert_eq!(IamArn::parse(text), None, "{text}");
        }
    }
}
