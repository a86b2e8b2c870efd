//! Role rules: which groups get which roles in which AWS accounts, so that one application gives
//! each person exactly their roles.

use serde::{Deserialize, Serialize};

use crate::groups::Group;

/// Stands for the number of an account: twelve digits.
const ACCOUNT: &str = "{account}";
/// Stands for the name of a role.
const ROLE: &str = "{role}";
/// Longest pattern, in characters.
pub(crate) const MAX_PATTERN: usize = 256;
/// Rules that one application can have.
pub(crate) const MAX_RULES: usize = 500;

/// One row of the table group → account → role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRule {
    /// The name of a group, or a pattern: `*` stands for any text, `{account}` for the number of an
    /// account and `{role}` for the name of a role, which are then taken from the group's name.
    /// Letters are the same in either case, as they are for the names of groups.
    pub group: String,
    /// Twelve digits, or `{account}`.
    pub account: String,
    /// The role's name, with its path if it has one (`team/Admin`), or a text around `{role}`.
    pub role: String,
    /// The name of the SAML provider in that account.
    pub provider: String,
}

/// Why a rule cannot be used. The field is that of [`RoleRule`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblem {
    pub field: &'static str,
    pub reason: String,
}

/// What a group's name says where the pattern has its stand-ins.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Taken<'a> {
    account: Option<&'a str>,
    role: Option<&'a str>,
}

impl RoleRule {
    /// Everything that is wrong with it.
    pub(crate) fn problems(&self) -> Vec<RuleProblem> {
        let mut problems = Vec::new();
        let mut add = |field, reason: &str| {
            let reason = reason.to_owned();
            problems.push(RuleProblem { field, reason });
        };
        let count = |part: &str| self.group.matches(part).count();
        if self.group.trim().is_empty() {
            add(
                "group",
                "name a group, or a pattern such as aws-{account}-{role}",
            );
        } else if self.group.chars().count() > MAX_PATTERN || count("*") > 2 {
            add("group", "a pattern has at most 256 characters and two *");
        } else if count(ACCOUNT) > 1 || count(ROLE) > 1 {
            add(
                "group",
                "{account} and {role} may each stand in the pattern once",
            );
        }
        if self.account == ACCOUNT {
            if count(ACCOUNT) == 0 {
                add(
                    "account",
                    "the pattern of the group has no {account} to take the number from",
                );
            }
        } else if !is_account(&self.account) {
            add("account", "the number of an AWS account has twelve digits");
        }
        if self.role.contains(ROLE) && count(ROLE) == 0 {
            add(
                "role",
                "the pattern of the group has no {role} to take the name from",
            );
        } else if !is_role_path(&self.role.replacen(ROLE, "x", 1)) {
            add(
                "role",
                "a role has letters, digits and _ + = , . @ - in its name, at most 64, and / between the parts of its path",
            );
        }
        if !is_provider(&self.provider) {
            add(
                "provider",
                "the name of a SAML provider has 1 to 128 letters, digits and . _ -",
            );
        }
        problems
    }

    /// The pair "role ARN,provider ARN" that this group gives, if its name fits.
    fn pair(&self, group: &str, partition: &str) -> Option<String> {
        let taken = take(&self.group, group)?;
        let account = if self.account == ACCOUNT {
            taken.account?
        } else {
            &self.account
        };
        let role = match taken.role {
            Some(role) => self.role.replacen(ROLE, role, 1),
            None => self.role.clone(),
        };
        let provider = &self.provider;
        // What a group is called must not lead out of the place that the rule gives it.
        (is_account(account) && is_role_path(&role)).then(|| {
            format!(
                "arn:{partition}:iam::{account}:role/{role},arn:{partition}:iam::{account}:saml-provider/{provider}"
            )
        })
    }
}

/// A value of the attribute `Role`, and the group that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GivenRole {
    pub(crate) pair: String,
    pub(crate) group: String,
}

/// What the groups of a person give them, in the order of the rules and of the groups' names, each
/// pair once.
pub(crate) fn roles(rules: &[RoleRule], groups: &[Group], partition: &str) -> Vec<GivenRole> {
    let mut names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    names.sort_unstable();
    let mut given: Vec<GivenRole> = Vec::new();
    for rule in rules {
        for name in &names {
            let Some(pair) = rule.pair(name, partition) else {
                continue;
            };
            if !given.iter().any(|one| one.pair == pair) {
                let group = (*name).to_owned();
                given.push(GivenRole { pair, group });
            }
        }
    }
    given
}

/// The partition of AWS that takes responses at this address.
pub(crate) fn partition(acs_url: &str) -> &'static str {
    let host = url::Url::parse(acs_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    if host.ends_with(".amazonaws-us-gov.com") || host == "amazonaws-us-gov.com" {
        "aws-us-gov"
    } else if host.ends_with(".amazonaws.cn") {
        "aws-cn"
    } else {
        "aws"
    }
}

/// Matches the whole name against the pattern. Each stand-in takes as little as it can.
fn take<'a>(pattern: &str, name: &'a str) -> Option<Taken<'a>> {
    if let Some(rest) = pattern.strip_prefix('*') {
        let starts = name
            .char_indices()
            .map(|(at, _)| at)
            .chain(std::iter::once(name.len()));
        return starts
            .filter_map(|at| name.get(at..))
            .find_map(|end| take(rest, end));
    }
    if let Some(rest) = pattern.strip_prefix(ACCOUNT) {
        let (account, end) = name.split_at_checked(12)?;
        let taken = take(rest, end).filter(|_| is_account(account))?;
        let account = Some(account);
        return Some(Taken { account, ..taken });
    }
    if let Some(rest) = pattern.strip_prefix(ROLE) {
        return (1..=name.len().min(64)).find_map(|length| {
            let (role, end) = name.split_at_checked(length)?;
            let taken = take(rest, end).filter(|_| is_role_path(role) && !role.contains('/'))?;
            let role = Some(role);
            Some(Taken { role, ..taken })
        });
    }
    let mut of_pattern = pattern.chars();
    let mut of_name = name.chars();
    match (of_pattern.next(), of_name.next()) {
        (None, None) => Some(Taken::default()),
        (Some(a), Some(b)) if a == b || a.to_lowercase().eq(b.to_lowercase()) => {
            take(of_pattern.as_str(), of_name.as_str())
        }
        _ => None,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `team/Admin`: the path has any printable characters in AWS; here those of names.
fn is_role_path(text: &str) -> bool {
    let sound = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
    };
    let name = text.rsplit('/').next().unwrap_or_default();
    // The attribute separates the two ARNs by a comma.
    text.len() <= 512 && name.len() <= 64 && !text.contains(',') && text.split('/').all(sound)
}

fn is_provider(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(group: &str, account: &str, role: &str) -> RoleRule {
        RoleRule {
            group: group.to_owned(),
            account: account.to_owned(),
            role: role.to_owned(),
            provider: "jetway".to_owned(),
        }
    }

    fn given(rule: &RoleRule, group: &str) -> Option<String> {
        let pair = rule.pair(group, "aws")?;
        pair.split(',').next().map(str::to_owned)
    }

    /// Requirement J14.
    #[test]
    fn a_group_by_its_name_gives_the_role_of_its_row() {
        let rule = rule("Operations", "012345678987", "AcmeJumpCloudAdmin");
        assert_eq!(
            rule.pair("operations", "aws").unwrap(),
            "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin,arn:aws:iam::012345678987:saml-provider/jetway"
        );
        assert_eq!(given(&rule, "operations-eu"), None);
        assert_eq!(given(&rule, "operation"), None);
    }

    #[test]
    fn a_pattern_takes_account_and_role_from_the_name_of_the_group() {
        let rule = rule("AWS-{account}-{role}", "{account}", "{role}");
        assert_eq!(
            given(&rule, "aws-012345678987-ReadOnly").unwrap(),
            "arn:aws:iam::012345678987:role/ReadOnly"
        );
        for other in [
            "aws-01234567898-ReadOnly",
            "aws-012345678987-",
            "aws-0123456789876-ReadOnly",
            "my-aws-012345678987-ReadOnly",
            "aws-012345678987-two words",
            "aws-012345678987-a/b",
            "aws-012345678987-a,b",
            "aws-０１２３４５６７８９８７-ReadOnly",
        ] {
            assert_eq!(given(&rule, other), None, "{other}");
        }
        let suffixed = super::tests::rule("{role}@*", "111111111111", "team/{role}-eu");
        assert_eq!(
            given(&suffixed, "Admin@Paris é").unwrap(),
            "arn:aws:iam::111111111111:role/team/Admin-eu"
        );
    }

    #[test]
    fn a_rule_that_could_never_give_a_role_is_refused_with_its_field() {
        let fields = |rule: RoleRule| {
            let problems = rule.problems();
            problems.iter().map(|one| one.field).collect::<Vec<_>>()
        };
        let good = || rule("ops", "012345678987", "team/Admin");
        assert_eq!(fields(good()), [""; 0]);
        assert_eq!(fields(rule(" ", "012345678987", "x")), ["group"]);
        assert_eq!(fields(rule("*a*b*", "012345678987", "x")), ["group"]);
        assert_eq!(
            fields(rule("{role}{role}", "012345678987", "{role}")),
            ["group"]
        );
        assert_eq!(fields(rule("ops", "{account}", "x")), ["account"]);
        assert_eq!(fields(rule("ops", "12345", "x")), ["account"]);
        assert_eq!(fields(rule("ops", "012345678987", "{role}")), ["role"]);
        assert_eq!(fields(rule("ops", "012345678987", "a,b")), ["role"]);
        let spaced = RoleRule {
            provider: "my provider".to_owned(),
            ..good()
        };
        assert_eq!(fields(spaced), ["provider"]);
    }

    #[test]
    fn the_partition_is_that_of_the_sign_in_address() {
        assert_eq!(partition("https://signin.aws.amazon.com/saml"), "aws");
        assert_eq!(partition("https://signin.amazonaws.cn/saml"), "aws-cn");
        assert_eq!(
            partition("https://signin.amazonaws-us-gov.com/saml"),
            "aws-us-gov"
        );
    }
}
