//! Reading a tree element by element: expected names only, single things once, text undivided.

use roxmltree::Node;

/// Is `node` the element `name` of `namespace`?
pub(crate) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    let tag = node.tag_name();
    tag.name() == name && tag.namespace() == Some(namespace)
}

/// The child elements. `None` if there is text other than white space between them.
pub(crate) fn elements<'a, 'input>(parent: Node<'a, 'input>) -> Option<Vec<Node<'a, 'input>>> {
    let mut found = Vec::with_capacity(8);
    for child in parent.children() {
        if child.is_element() {
            found.push(child);
        } else if !child.text().is_some_and(is_white_space) {
            return None;
        }
    }
    Some(found)
}

/// The whole text of an element that has nothing but text, or nothing at all. `None` if it has
/// child elements or if its text is divided (by a comment, for example).
pub(crate) fn sole_text<'a>(element: Node<'a, '_>) -> Option<&'a str> {
    let Some(child) = element.first_child() else {
        return Some("");
    };
    (child.is_text() && !child.has_siblings())
        .then(|| child.text())
        .flatten()
}

/// Without the white space of XML (production 3) around it. Unicode's other spaces stay.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

pub(crate) fn is_white_space(text: &str) -> bool {
    trim(text).is_empty()
}
