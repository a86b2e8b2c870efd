//! Custom attributes of a user or a group, with their types (requirements C15, C16, E03).
//!
//! Each row sends `custom.name`, `custom.type` and `custom.value`, in order; a row without a name
//! counts for nothing, so emptying the name removes an attribute. The last row is empty. Without
//! JavaScript, `do=add-attribute` asks for the form again with one more. Since Enter presses the
//! first button of a form, such a form begins with an unseen one that saves.

use askama::{Template, filters::HtmlSafe};

/// The types, as sent and as read.
const KINDS: [(&str, &str); 4] = [
    ("string", "String"),
    ("number", "Number"),
    ("boolean", "Boolean"),
    ("json", "JSON"),
];

/// One attribute as stored or as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomAttribute {
    pub name: String,
    /// `string`, `number`, `boolean` or `json`; anything else counts as `string`.
    pub kind: String,
    pub value: String,
    pub error: Option<String>,
}

/// The rows, and the button for one more.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/parts/custom_attributes.html")]
pub struct CustomAttributes {
    /// `user` or `group`.
    pub owner: &'static str,
    pub attributes: Vec<CustomAttribute>,
    pub can_edit: bool,
}

impl HtmlSafe for CustomAttributes {}

impl CustomAttributes {
    /// The rows with their numbers, for labels; the last one is empty.
    fn rows(&self) -> impl Iterator<Item = (usize, CustomAttribute)> {
        let empty = self.can_edit.then(CustomAttribute::default);
        (1..).zip(self.attributes.iter().cloned().chain(empty))
    }
}
