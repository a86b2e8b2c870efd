//! What a form field carries besides its label: what was typed and what is wrong with it. Labels
//! and help stand in the templates, written with the macros of `templates/admin/fields.html`.

/// A text, as stored or as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    pub value: String,
    /// What is wrong and what to do, as one sentence.
    pub error: Option<String>,
}

impl Field {
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            error: None,
        }
    }

    #[must_use]
    pub fn with_error(self, error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }
}

impl<T: Into<String>> From<T> for Field {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// One entry of a [`Select`] or of a list of radio buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub text: String,
    pub selected: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, text: impl Into<String>, selected: bool) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            selected,
        }
    }
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    pub choices: Vec<Choice>,
    pub error: Option<String>,
}

/// A check box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tick {
    pub on: bool,
    pub error: Option<String>,
}

impl From<bool> for Tick {
    fn from(on: bool) -> Self {
        Self { on, error: None }
    }
}
