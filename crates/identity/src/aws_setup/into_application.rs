//! The way back into the application: role pairs that came out of AWS become its attributes or
//! its role rules.

use jetway_saml::ATTRIBUTE_ROLE;

use super::read_arns::ArnPair;
use crate::applications::{RoleRule, SamlSettings, role_rules};

/// Why a pair cannot become a role rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleRuleRefused {
    #[error(
        "the name of the group {group:?} would be read as a pattern; write this rule on the tab Attributes, or give the group a name without * and braces"
    )]
    Pattern { group: String },
    #[error(
        "{role_arn} belongs to another partition of AWS than the ACS URL of the application, which is in {partition}"
    )]
    OtherPartition {
        role_arn: String,
        partition: &'static str,
    },
}

/// The settings with these pairs as the only constant values of the attribute `Role`. They stand
/// where the first of the former ones stood; placeholders are gone.
#[must_use]
pub fn with_roles(settings: &SamlSettings, pairs: &[ArnPair]) -> SamlSettings {
    let mut after = settings.clone();
    let constants = &mut after.constant_attributes;
    let first = constants
        .iter()
        .position(|(name, _)| name == ATTRIBUTE_ROLE);
    constants.retain(|(name, _)| name != ATTRIBUTE_ROLE);
    let at = first.unwrap_or(constants.len());
    let rows = pairs.iter().map(|pair| {
        let value = format!("{},{}", pair.role_arn, pair.provider_arn);
        (ATTRIBUTE_ROLE.to_owned(), value)
    });
    constants.splice(at..at, rows);
    after
}

/// The settings with one more role rule for each group and pair. A rule that is there already is
/// not added again.
///
/// # Errors
/// The first pair that a rule would not give back as it is.
pub fn with_role_rules(
    settings: &SamlSettings,
    chosen: &[(String, ArnPair)],
) -> Result<SamlSettings, RoleRuleRefused> {
    let mut after = settings.clone();
    let partition = role_rules::partition(&settings.acs_url);
    for (group, pair) in chosen {
        if is_pattern(group) {
            let group = group.clone();
            return Err(RoleRuleRefused::Pattern { group });
        }
        if pair.role_arn.split(':').nth(1) != Some(partition) {
            return Err(RoleRuleRefused::OtherPartition {
                role_arn: pair.role_arn.clone(),
                partition,
            });
        }
        let last = |arn: &str, kind: &str| {
            let name = arn.split_once(kind).map(|(_, name)| name.to_owned());
            name.unwrap_or_default()
        };
        let rule = RoleRule {
            group: group.clone(),
            account: pair.account.clone(),
            role: last(&pair.role_arn, ":role/"),
            provider: last(&pair.provider_arn, ":saml-provider/"),
        };
        if !after.role_rules.contains(&rule) {
            after.role_rules.push(rule);
        }
    }
    Ok(after)
}

/// Whether a role rule would read this name of a group as a pattern for several.
pub fn is_pattern(group: &str) -> bool {
    ["*", "{account}", "{role}"]
        .iter()
        .any(|part| group.contains(part))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::applications::{NewApplication, SamlKind};
    use crate::aws_setup::read_arns;

    fn settings(kind: SamlKind) -> SamlSettings {
        let url = Url::parse("https://sso.example.com").unwrap();
        NewApplication::of_kind(kind, "aws", "AWS", &url).saml
    }

    fn pairs(text: &str) -> Vec<ArnPair> {
        read_arns(text).unwrap().pairs
    }

    const TWO: &str = "arn:aws:iam::012345678987:role/Admin,arn:aws:iam::012345678987:saml-provider/Jetway\n\
         arn:aws:iam::012345678987:role/team/Audit,arn:aws:iam::012345678987:saml-provider/Jetway";

    /// Requirement W01: "copy the ARNs back".
    #[test]
    fn pairs_take_the_place_of_the_placeholder_and_of_nothing_else() {
        let before = settings(SamlKind::AwsIam);
        let after = with_roles(&before, &pairs(TWO));
        let values: Vec<_> = after
            .constant_attributes
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let expected: Vec<_> = std::iter::once("SSO-User").chain(TWO.lines()).collect();
        assert_eq!(values, expected);
        let unchanged = SamlSettings {
            constant_attributes: before.constant_attributes.clone(),
            ..after
        };
        assert_eq!(unchanged, before);
    }

    #[test]
    fn a_pair_with_a_group_becomes_a_rule_once() {
        let before = settings(SamlKind::AwsIamRoles);
        let pairs = pairs(TWO);
        let chosen = [("ops".to_owned(), pairs[1].clone())];
        let after = with_role_rules(&before, &chosen).unwrap();
        let rule = RoleRule {
            group: "ops".to_owned(),
            account: "012345678987".to_owned(),
            role: "team/Audit".to_owned(),
            provider: "Jetway".to_owned(),
        };
        assert_eq!(after.role_rules, [rule]);
        let again = with_role_rules(&after, &chosen).unwrap();
        assert_eq!(again.role_rules, after.role_rules);
    }

    #[test]
    fn no_rule_gives_a_role_to_more_groups_than_were_chosen() {
        let before = settings(SamlKind::AwsIamRoles);
        let pair = &pairs(TWO)[0];
        for group in ["*", "ops*", "a-{account}", "{role}"] {
            let refused = with_role_rules(&before, &[(group.to_owned(), pair.clone())]);
            assert!(
                matches!(refused, Err(RoleRuleRefused::Pattern { .. })),
                "{group}"
            );
        }
    }

    #[test]
    fn a_role_of_another_partition_is_refused() {
        let china = TWO.replace("arn:aws:", "arn:aws-cn:");
        let pair = pairs(&china).remove(0);
        let refused = with_role_rules(
            &settings(SamlKind::AwsIamRoles),
            &[("ops".to_owned(), pair)],
        );
        assert!(matches!(
            refused,
            Err(RoleRuleRefused::OtherPartition { .. })
        ));
    }
}
