//! Taking child elements in order, and the values common to responses and assertions.

use roxmltree::Node;
use time::OffsetDateTime;

use super::ParseError;
use crate::{
    instant,
    xml::read::{is, is_white_space, sole_text, trim},
};

/// Child elements still to be read, in document order. Text other than white space between them
/// stops the reading there, so that [`Children::finish`] finds it.
pub(crate) struct Children<'a, 'input> {
    next: Option<Node<'a, 'input>>,
    place: &'static str,
}

impl<'a, 'input> Children<'a, 'input> {
    pub(crate) fn of(parent: Node<'a, 'input>, place: &'static str) -> Self {
        Self {
            next: skip_white_space(parent.first_child()),
            place,
        }
    }

    /// The next child if it is the element `name`.
    pub(crate) fn take(&mut self, namespace: &str, name: &str) -> Option<Node<'a, 'input>> {
        self.next.filter(|node| is(*node, namespace, name))?;
        self.next_element()
    }

    /// The next child element, whatever it is.
    pub(crate) fn next_element(&mut self) -> Option<Node<'a, 'input>> {
        let node = self.next.filter(Node::is_element)?;
        self.next = skip_white_space(node.next_sibling());
        Some(node)
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), ParseError> {
        match self.next {
            None => Ok(()),
            Some(_) => Err(ParseError::Unexpected { place: self.place }),
        }
    }
}

fn skip_white_space<'a, 'input>(mut node: Option<Node<'a, 'input>>) -> Option<Node<'a, 'input>> {
    while let Some(text) = node.filter(Node::is_text) {
        if !is_white_space(text.text().unwrap_or_default()) {
            break;
        }
        node = text.next_sibling();
    }
    node
}

pub(crate) fn version(node: Node<'_, '_>, element: &'static str) -> Result<(), ParseError> {
    if node.attribute("Version") == Some("2.0") {
        Ok(())
    } else {
        Err(ParseError::Version { element })
    }
}

/// `xs:ID`: a name without colon. Uniqueness was checked for the whole document.
pub(crate) fn id(node: Node<'_, '_>, what: &'static str) -> Result<String, ParseError> {
    let id = node.attribute("ID").ok_or(ParseError::Missing { what })?;
    let mut characters = id.chars();
    let valid = characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}'));
    if valid {
        Ok(id.to_owned())
    } else {
        Err(ParseError::InvalidValue { what })
    }
}

/// Text of an element of type anyURI or of an entity id: white space around it does not count.
pub(crate) fn text(node: Node<'_, '_>, what: &'static str) -> Result<String, ParseError> {
    let text = sole_text(node).ok_or(ParseError::Unexpected { place: what })?;
    if is_white_space(text) {
        return Err(ParseError::InvalidValue { what });
    }
    Ok(trim(text).to_owned())
}

pub(crate) fn time_attribute(
    node: Node<'_, '_>,
    name: &str,
    what: &'static str,
) -> Result<OffsetDateTime, ParseError> {
    optional_time(node, name, what)?.ok_or(ParseError::Missing { what })
}

pub(crate) fn optional_time(
    node: Node<'_, '_>,
    name: &str,
    what: &'static str,
) -> Result<Option<OffsetDateTime>, ParseError> {
    node.attribute(name)
        .map(|value| instant::parse(value).ok_or(ParseError::InvalidValue { what }))
        .transpose()
}
