//! One thing that was found.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// AWS lets it pass, or not for everybody.
    Warning,
    /// AWS refuses.
    Error,
}

/// What is wrong, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// A few words.
    pub title: String,
    /// Sentences.
    pub explanation: String,
    /// Sentences, with the place in the settings.
    pub fix: String,
}

impl Finding {
    pub(super) fn error(
        title: impl Into<String>,
        explanation: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(
            Severity::Error,
            title.into(),
            explanation.into(),
            fix.into(),
        )
    }

    pub(super) fn warning(
        title: impl Into<String>,
        explanation: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let severity = Severity::Warning;
        Self::new(severity, title.into(), explanation.into(), fix.into())
    }

    pub(super) fn note(
        title: impl Into<String>,
        explanation: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Note, title.into(), explanation.into(), fix.into())
    }

    fn new(severity: Severity, title: String, explanation: String, fix: String) -> Self {
        Self {
            severity,
            title,
            explanation,
            fix,
        }
    }
}

/// A value as a sentence quotes it: control characters escaped, cut after 120 characters.
pub(super) fn quoted(value: &str) -> String {
    let mut short: String = value.chars().take(120).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    format!("{short:?}")
}
