//! The attributes of one assertion, from the application's settings and the person, each value with
//! where it comes from.

use std::borrow::Cow;
use std::fmt;

use jetway_saml::{ATTRIBUTE_ROLE, ATTRIBUTE_SESSION_DURATION, Attribute};

use crate::applications::aws_attributes::AttributeProblem;
use crate::applications::role_rules;
use crate::applications::{AttributeSource, SamlKind, SamlSettings, SamlSignOn};
use crate::groups::{self, Group};
use crate::users::User;

/// Why no assertion that the service provider accepts can be made. Says whose value it is and
/// where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("{problem} (a constant attribute of the application)")]
    Constant { problem: AttributeProblem },
    #[error("{problem} (taken from {source_name} of {whose})")]
    Mapped {
        problem: AttributeProblem,
        source_name: String,
        whose: String,
    },
    #[error("{problem}; for {whose} the application's settings give no usable value")]
    Counts {
        problem: AttributeProblem,
        whose: String,
    },
    #[error("the NameID is taken from {source_name}, but {whose} has no such value")]
    NoNameId { source_name: String, whose: String },
    #[error(
        "IAM Identity Center takes an e-mail address as NameID, but {source_name} of {whose} is {value:?}"
    )]
    NotAnEmail {
        source_name: String,
        whose: String,
        value: String,
    },
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A constant attribute of the application.
    Constant,
    /// Another setting of the application.
    Setting(&'static str),
    /// The person's own.
    User(AttributeSource),
    /// A custom attribute of this group.
    Group(AttributeSource, String),
    /// A role rule that this group's name fits.
    RoleRule(String),
    /// The person's groups.
    Groups,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("constant attribute"),
            Self::Setting(name) => f.write_str(name),
            Self::User(source) => write!(f, "{source} of the user"),
            Self::Group(source, group) => write!(f, "{source} of the group {group}"),
            Self::RoleRule(group) => write!(f, "role rule for the group {group}"),
            Self::Groups => f.write_str("groups of the user"),
        }
    }
}

/// One attribute as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedAttribute {
    pub name: String,
    /// Each with where it comes from.
    pub values: Vec<(String, Origin)>,
}

/// A custom attribute of which groups of the person have different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub source: AttributeSource,
    /// Each group, by name, with its value. The first one wins.
    pub values: Vec<(String, String)>,
}

/// Everything about the attributes of one assertion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) attributes: Vec<ResolvedAttribute>,
    /// Any of them keeps the assertion from being made.
    pub(crate) problems: Vec<Unusable>,
}

impl Resolved {
    /// What goes into the assertion, or the first problem.
    pub(super) fn into_attributes(mut self) -> Result<Vec<Attribute>, Unusable> {
        if !self.problems.is_empty() {
            return Err(self.problems.remove(0));
        }
        let attribute = |one: ResolvedAttribute| Attribute {
            name: one.name,
            values: one.values.into_iter().map(|(value, _)| value).collect(),
        };
        Ok(self.attributes.into_iter().map(attribute).collect())
    }

    fn add(&mut self, name: &str, value: String, origin: Origin) {
        let present = self.attributes.iter_mut().find(|one| one.name == name);
        match present {
            Some(one) if one.values.iter().any(|(known, _)| *known == value) => {}
            Some(one) => one.values.push((value, origin)),
            None => self.attributes.push(ResolvedAttribute {
                name: name.to_owned(),
                values: vec![(value, origin)],
            }),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|one| one.name == name)
    }
}

/// Whether the person's groups are needed beside the person.
pub(crate) fn needs_groups(settings: &SamlSettings, user: &User) -> bool {
    let missing = |source: &AttributeSource| {
        matches!(source, AttributeSource::Custom(_)) && source.of_user(user).is_none()
    };
    missing(&settings.name_id.source)
        || !settings.role_rules.is_empty()
        || settings.group_attribute.is_some()
        || settings
            .user_attribute_mapping
            .iter()
            .any(|mapped| missing(&mapped.source))
}

/// The value of `source` for a person: their own (requirement J09), else, for a custom attribute,
/// that of the first group by name that has it (X6). Empty or absent: none (X7).
pub(crate) fn value<'a>(
    source: &AttributeSource,
    user: &'a User,
    groups: &'a [Group],
) -> Option<(Cow<'a, str>, Origin)> {
    if let Some(own) = source.of_user(user) {
        return Some((own, Origin::User(source.clone())));
    }
    let first = of_groups(source, groups).into_iter().next();
    first.map(|(group, value)| {
        let origin = Origin::Group(source.clone(), group.name.clone());
        (Cow::Owned(value), origin)
    })
}

/// The groups that have a value for a custom attribute, by name.
fn of_groups<'a>(source: &AttributeSource, groups: &'a [Group]) -> Vec<(&'a Group, String)> {
    let AttributeSource::Custom(name) = source else {
        return Vec::new();
    };
    let mut having: Vec<_> = groups
        .iter()
        .filter_map(|group| {
            let value = group.attributes.get(name)?.to_text();
            (!value.is_empty()).then_some((group, value))
        })
        .collect();
    having.sort_by_cached_key(|(group, _)| groups::name_key(&group.name));
    having
}

/// The mapped attributes about which groups of the person disagree, where it matters.
pub(crate) fn conflicts(settings: &SamlSettings, user: &User, groups: &[Group]) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let mapped = settings
        .user_attribute_mapping
        .iter()
        .map(|one| &one.source);
    for source in mapped.chain(std::iter::once(&settings.name_id.source)) {
        if source.of_user(user).is_some() || found.iter().any(|one| one.source == *source) {
            continue;
        }
        let having = of_groups(source, groups);
        let differs = having.iter().any(|(_, value)| *value != having[0].1);
        if differs {
            let values = having.into_iter();
            found.push(Conflict {
                source: source.clone(),
                values: values
                    .map(|(group, value)| (group.name.clone(), value))
                    .collect(),
            });
        }
    }
    found
}

/// All attributes, checked by the rules of the service provider. Constants come first, in their
/// order; mapped values and roles by rule add to an attribute of the same name, or take its place
/// where the service provider takes a single value.
pub(crate) fn resolve(saml: &SamlSignOn, user: &User, groups: &[Group]) -> Resolved {
    let (kind, settings) = (saml.kind, &saml.settings);
    let mut resolved = Resolved::default();
    for (name, value) in &settings.constant_attributes {
        if replaced(saml, name, user, groups) {
            continue;
        }
        match kind.check_value(name, value) {
            Ok(value) => resolved.add(name, value, Origin::Constant),
            Err(problem) => resolved.problems.push(Unusable::Constant { problem }),
        }
    }
    for mapped in &settings.user_attribute_mapping {
        let Some((value, origin)) = value(&mapped.source, user, groups) else {
            continue;
        };
        match kind.check_value(&mapped.name, &value) {
            Ok(value) => resolved.add(&mapped.name, value, origin),
            Err(problem) => resolved.problems.push(Unusable::Mapped {
                problem,
                source_name: mapped.source.to_string(),
                whose: user.email.clone(),
            }),
        }
    }
    add_by_rule(&mut resolved, kind, settings, groups);
    let counts = resolved
        .attributes
        .iter()
        .map(|one| (one.name.as_str(), one.values.len()));
    if let Err(problem) = kind.check_counts(counts) {
        let whose = user.email.clone();
        resolved.problems.push(Unusable::Counts { problem, whose });
    }
    resolved
}

/// What other settings than the two tables give.
fn add_by_rule(resolved: &mut Resolved, kind: SamlKind, settings: &SamlSettings, groups: &[Group]) {
    if kind.is_aws_iam() {
        let partition = role_rules::partition(&settings.acs_url);
        for given in role_rules::roles(&settings.role_rules, groups, partition) {
            let origin = Origin::RoleRule(given.group);
            resolved.add(ATTRIBUTE_ROLE, given.pair, origin);
        }
        if let Some(seconds) = settings.session_seconds
            && !resolved.has(ATTRIBUTE_SESSION_DURATION)
        {
            let origin = Origin::Setting("session duration");
            resolved.add(ATTRIBUTE_SESSION_DURATION, seconds.to_string(), origin);
        }
    }
    if let Some(name) = &settings.group_attribute {
        let mut names: Vec<_> = groups.iter().map(|group| &group.name).collect();
        names.sort_by_cached_key(|name| groups::name_key(name));
        for group in names {
            resolved.add(name, group.clone(), Origin::Groups);
        }
    }
}

/// Whether a mapped value takes the place of the constant ones of this name.
fn replaced(saml: &SamlSignOn, name: &str, user: &User, groups: &[Group]) -> bool {
    let mapped = &saml.settings.user_attribute_mapping;
    saml.kind.is_single_valued(name)
        && mapped
            .iter()
            .any(|mapped| mapped.name == name && value(&mapped.source, user, groups).is_some())
}
