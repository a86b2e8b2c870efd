//! Attribute paths (RFC 7644 section 3.10) and the paths of patch operations (section 3.5.2).

use std::fmt;

use crate::filter::{Filter, FilterError, parse_value_path};
use crate::schema::{CORE_URNS, KNOWN_URNS};

/// The longest path read, in bytes.
pub const MAX_PATH_BYTES: usize = 2048;

/// `[urn:]name[.sub]`. Names keep the case they were written in and compare without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePath {
    /// The URN of the schema, where the path names one.
    pub schema: Option<String>,
    /// The attribute; the URN itself where the path names a whole extension.
    pub name: String,
    /// The sub-attribute.
    pub sub: Option<String>,
}

impl AttributePath {
    /// Reads one path; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_PATH_BYTES {
            return None;
        }
        if let Some(urn) = KNOWN_URNS.iter().find(|urn| urn.eq_ignore_ascii_case(text)) {
            return Some(Self {
                schema: None,
                name: (*urn).to_owned(),
                sub: None,
            });
        }
        let (schema, rest) = match text.rsplit_once(':') {
            Some((urn, rest)) if is_urn(urn) => (Some(urn.to_owned()), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        (is_name(name) && sub.is_none_or(is_name)).then(|| Self {
            schema,
            name: name.to_owned(),
            sub: sub.map(str::to_owned),
        })
    }

    /// The URN of the extension this path leads into; `None` for the core attributes.
    pub fn extension(&self) -> Option<&str> {
        self.schema
            .as_deref()
            .filter(|urn| !CORE_URNS.iter().any(|core| core.eq_ignore_ascii_case(urn)))
    }

    /// Whether the path is this attribute (`name` or `name.sub`) of the core schema.
    pub fn is(&self, attribute: &str) -> bool {
        let (name, sub) = match attribute.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (attribute, None),
        };
        self.extension().is_none()
            && self.name.eq_ignore_ascii_case(name)
            && match (&self.sub, sub) {
                (None, None) => true,
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                _ => false,
            }
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}

fn is_urn(text: &str) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
        && text.len() > 4
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b":.-_".contains(&byte))
}

/// ATTRNAME of RFC 7644, and `$ref`.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('$').unwrap_or(text);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The path of a patch operation: `attrPath`, or `attrPath[filter]` with an optional `.sub`.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchPath {
    /// The attribute.
    pub attribute: AttributePath,
    /// Which values of a multi-valued attribute.
    pub filter: Option<Filter>,
    /// The sub-attribute behind the brackets. Without brackets it stands in `attribute`.
    pub sub: Option<String>,
}

impl PatchPath {
    /// Reads the path of an operation.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.len() > MAX_PATH_BYTES {
            return Err(FilterError::TooLong);
        }
        let Some(open) = text.find('[') else {
            let attribute = AttributePath::parse(text).ok_or(FilterError::Attribute(0))?;
            return Ok(Self {
                attribute,
                filter: None,
                sub: None,
            });
        };
        let attribute = AttributePath::parse(&text[..open]).ok_or(FilterError::Attribute(0))?;
        let (filter, end) = parse_value_path(text, open)?;
        let sub = match &text[end..] {
            "" => None,
            rest => Some(
                rest.strip_prefix('.')
                    .filter(|sub| is_name(sub))
                    .ok_or(FilterError::Attribute(end))?
                    .to_owned(),
            ),
        };
        if attribute.sub.is_some() {
            return Err(FilterError::Attribute(0));
        }
        Ok(Self {
            attribute,
            filter: Some(filter),
            sub,
        })
    }

    /// The sub-attribute, wherever it was written.
    pub fn sub(&self) -> Option<&str> {
        self.sub.as_deref().or(self.attribute.sub.as_deref())
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}
