//! A state in one or two words, with the colour that the state has everywhere.

use askama::Template;
use askama::filters::HtmlSafe;

/// One colour per meaning, the same on every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Grey: not set up, not used, does not apply.
    None,
    /// Green: works.
    Good,
    /// Amber: waits for somebody, or will expire.
    Waiting,
    /// Red: broken, refused.
    Bad,
    /// Blue: at work right now.
    Running,
}

impl Tone {
    /// The class of a badge.
    pub(crate) fn badge(self) -> &'static str {
        match self {
            Self::None => "badge",
            Self::Good => "badge badge-success",
            Self::Waiting => "badge badge-warning",
            Self::Bad => "badge badge-danger",
            Self::Running => "badge badge-info",
        }
    }

    /// The class of a block that says more than a word.
    pub(crate) fn notice(self) -> &'static str {
        match self {
            Self::None => "notice",
            Self::Good => "notice notice-success",
            Self::Waiting => "notice notice-warning",
            Self::Bad => "notice notice-danger",
            Self::Running => "notice notice-info",
        }
    }
}

/// A state in one or two words.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = r#"<span class="{{ tone.badge() }}">{{ text }}</span>"#,
    ext = "html"
)]
pub struct Badge {
    pub tone: Tone,
    pub text: String,
}

impl HtmlSafe for Badge {}

impl Badge {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }
}

/// The state of a person's account (requirement D01). Written into a template it is its badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(
    source = r#"<span class="{{ self.tone().badge() }}">{{ self.text() }}</span>"#,
    ext = "html"
)]
pub enum UserState {
    Staged,
    Active,
    Suspended,
}

impl HtmlSafe for UserState {}

impl UserState {
    /// In the order of a life.
    pub const ALL: [Self; 3] = [Self::Staged, Self::Active, Self::Suspended];

    /// `Active`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Staged => "Staged",
            Self::Active => "Active",
            Self::Suspended => "Suspended",
        }
    }

    /// The value in addresses and forms: `active`.
    pub fn value(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Staged => Tone::None,
            Self::Active => Tone::Good,
            Self::Suspended => Tone::Waiting,
        }
    }

    /// The state that the quick action of a row leads to, with the action's words.
    pub fn quick_action(self) -> (Self, &'static str) {
        match self {
            Self::Active => (Self::Suspended, "Suspend"),
            Self::Staged | Self::Suspended => (Self::Active, "Activate"),
        }
    }
}
