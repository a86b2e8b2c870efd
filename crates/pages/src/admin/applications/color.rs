//! The colour of a tile: one of a palette, or any other (requirement G06).
//!
//! The form sends `color`: a colour of the palette, or `own` and then `own_color`.

use askama::{Template, filters::HtmlSafe};

use crate::admin::parts::Field;

/// Colours with their names. White initials can be read on each.
const PALETTE: [(&str, &str); 8] = [
    ("#2b50c4", "Blue"),
    ("#7a3fb5", "Purple"),
    ("#a12a6d", "Pink"),
    ("#a8391b", "Red"),
    ("#7a5a00", "Ochre"),
    ("#2c6e2f", "Green"),
    ("#0b6b6b", "Teal"),
    ("#475063", "Slate"),
];

/// The colour as stored or typed.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/color.html")]
pub struct ColorChoice {
    color: Field,
}

impl HtmlSafe for ColorChoice {}

impl ColorChoice {
    /// The value of `color` when the colour is in `own_color`.
    pub const OWN: &'static str = "own";

    /// The colour should be `#rrggbb`; whatever it is, it is shown.
    pub fn new(color: impl Into<Field>) -> Self {
        Self {
            color: color.into(),
        }
    }

    /// The colour with what is wrong with it.
    pub fn set_error(&mut self, error: impl Into<String>) {
        self.color.error = Some(error.into());
    }

    fn is(&self, color: &str) -> bool {
        self.color.value.eq_ignore_ascii_case(color)
    }

    fn is_own(&self) -> bool {
        !PALETTE.iter().any(|(color, _)| self.is(color))
    }

    fn own(&self) -> &str {
        if self.is_own() { &self.color.value } else { "" }
    }
}
