//! Attributes for access control in an assertion (identity-center.md §4.2, §4.6).

use jetway_saml::{IrregularityKind, ReceivedAssertion};

use super::refusal::Refusal;
use crate::{iam::check_tags, state::Tag};

/// What comes before the key.
const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
/// The most attributes of one assertion.
const MAX_ATTRIBUTES: usize = 50;

/// The session tags that an assertion asks for, while attributes for access control are on.
pub(super) fn read(assertion: &ReceivedAssertion) -> Result<Vec<Tag>, Refusal> {
    let refuse = |problem: String| Err(Refusal::Attributes(problem));
    let attributes = &assertion.attributes;
    if attributes.len() > MAX_ATTRIBUTES {
        return refuse(format!(
            "The assertion has {} attributes; with attributes for access control at most {MAX_ATTRIBUTES} are accepted.",
            attributes.len()
        ));
    }
    if let Some(found) = assertion.irregularities.first() {
        let (name, problem) = (&found.attribute, irregularity(found.kind));
        return refuse(format!(
            "{problem} of the attribute {name} is not accepted with attributes for access control."
        ));
    }
    let mut tags: Vec<Tag> = Vec::new();
    for (index, attribute) in attributes.iter().enumerate() {
        let name = &attribute.name;
        if attributes[..index].iter().any(|other| other.name == *name) {
            return refuse(format!("The attribute {name} occurs twice."));
        }
        let value = match attribute.values.as_slice() {
            [] => "",
            [value] => value,
            several => {
                return refuse(format!(
                    "The attribute {name} has {} values; with attributes for access control each may have one.",
                    several.len()
                ));
            }
        };
        if let Some(key) = name.strip_prefix(PREFIX) {
            tags.push(Tag::new(key, value));
        }
    }
    if let Err(error) = check_tags(&tags) {
        return refuse(format!(
            "The attributes for access control cannot become session tags: {error}."
        ));
    }
    Ok(tags)
}

fn irregularity(kind: IrregularityKind) -> &'static str {
    match kind {
        IrregularityKind::NameFormat => "The NameFormat",
        IrregularityKind::StructuredValue => "A value in elements",
    }
}
