//! The attributes of one assertion, from the application's settings and the person.

use std::borrow::Cow;

use jetway_saml::Attribute;

use crate::applications::aws_attributes::{self, AttributeProblem};
use crate::applications::{AttributeSource, SamlKind, SamlSettings, SamlSignOn};
use crate::groups::{self, Group};
use crate::users::User;

/// Why no assertion that the service provider accepts can be made. Says whose value it is and
/// where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
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
}

/// Whether values of the person's groups are needed beside the person's own.
pub(super) fn needs_groups(settings: &SamlSettings, user: &User) -> bool {
    let missing = |source: &AttributeSource| {
        matches!(source, AttributeSource::Custom(_)) && source.of_user(user).is_none()
    };
    missing(&settings.name_id.source)
        || settings
            .user_attribute_mapping
            .iter()
            .any(|mapped| missing(&mapped.source))
}

/// The value of `source` for a person: their own (requirement J09), else, for a custom attribute,
/// that of the first group by name that has it (X6). Empty or absent: none (X7).
pub(super) fn value<'a>(
    source: &AttributeSource,
    user: &'a User,
    groups: &'a [Group],
) -> Option<Cow<'a, str>> {
    source.of_user(user).or_else(|| {
        let AttributeSource::Custom(name) = source else {
            return None;
        };
        let having = groups.iter().filter_map(|group| {
            let value = group.attributes.get(name)?.to_text();
            (!value.is_empty()).then(|| (groups::name_key(&group.name), value))
        });
        having.min().map(|(_, value)| Cow::Owned(value))
    })
}

/// All attributes, checked by the rules of the service provider. Constants come first, in their
/// order; mapped values add to an attribute of the same name, or take its place where the service
/// provider takes a single value.
pub(super) fn resolve(
    saml: &SamlSignOn,
    user: &User,
    groups: &[Group],
) -> Result<Vec<Attribute>, Unusable> {
    let settings = &saml.settings;
    let mut attributes: Vec<Attribute> = Vec::new();
    for (name, value) in &settings.constant_attributes {
        if replaced(saml.kind, settings, name, user, groups) {
            continue;
        }
        let value =
            check(saml.kind, name, value).map_err(|problem| Unusable::Constant { problem })?;
        add(&mut attributes, name, value);
    }
    for mapped in &settings.user_attribute_mapping {
        let Some(value) = value(&mapped.source, user, groups) else {
            continue;
        };
        let value = check(saml.kind, &mapped.name, &value).map_err(|problem| {
            let (source_name, whose) = (mapped.source.to_string(), user.email.clone());
            Unusable::Mapped {
                problem,
                source_name,
                whose,
            }
        })?;
        add(&mut attributes, &mapped.name, value);
    }
    match saml.kind {
        SamlKind::AwsIam => {
            let counts = attributes.iter().map(|a| (a.name.as_str(), a.values.len()));
            aws_attributes::check_counts(counts).map_err(|problem| Unusable::Counts {
                problem,
                whose: user.email.clone(),
            })?;
        }
    }
    Ok(attributes)
}

fn check(kind: SamlKind, name: &str, value: &str) -> Result<String, AttributeProblem> {
    match kind {
        SamlKind::AwsIam => aws_attributes::check_value(name, value),
    }
}

/// Whether a mapped value takes the place of the constant ones of this name.
fn replaced(
    kind: SamlKind,
    settings: &SamlSettings,
    name: &str,
    user: &User,
    groups: &[Group],
) -> bool {
    let single = match kind {
        SamlKind::AwsIam => aws_attributes::is_single_valued(name),
    };
    single
        && settings
            .user_attribute_mapping
            .iter()
            .any(|mapped| mapped.name == name && value(&mapped.source, user, groups).is_some())
}

fn add(attributes: &mut Vec<Attribute>, name: &str, value: String) {
    match attributes
        .iter_mut()
        .find(|attribute| attribute.name == name)
    {
        Some(attribute) if attribute.values.contains(&value) => {}
        Some(attribute) => attribute.values.push(value),
        None => attributes.push(Attribute {
            name: name.to_owned(),
            values: vec![value],
        }),
    }
}
