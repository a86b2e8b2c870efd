//! Questions to the person at the terminal. Ctrl-C, Ctrl-D and Esc end the program with 130 at
//! each of them; without a terminal nothing is asked, and the error says how to give the answer.

mod terminal;

use std::fmt::Display;

use inquire::error::InquireError;
use inquire::ui::{RenderConfig, Styled};
use inquire::validator::Validation;
use inquire::{Password, PasswordDisplayMode, Select, Text};
use secrecy::SecretString;

use terminal::Terminal;

/// Why no answer was had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PromptError {
    #[error("interrupted")]
    Interrupted,
    /// `what` is missing; `how` tells the ways to give it without a prompt.
    #[error("{what}, and there is no terminal to ask at.")]
    NoTerminal { what: String, how: String },
    /// As above, but because prompts were switched off.
    #[error("{what}, and {switch} forbids to ask for it.")]
    Forbidden {
        what: String,
        how: String,
        switch: &'static str,
    },
    #[error("the terminal cannot be used: {0}")]
    Terminal(String),
}

/// What a question is about, for the case that it cannot be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing<'a> {
    /// "The password is missing"
    pub(crate) what: &'a str,
    /// "Give it with --password or the environment variable …"
    pub(crate) how: &'a str,
}

/// Whether questions may be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Prompts {
    /// At the terminal, when there is one.
    Allowed,
    /// Never, because of this switch.
    Off(&'static str),
}

impl Prompts {
    /// Whether a question would reach a person.
    pub(crate) fn possible(self) -> bool {
        matches!(self, Self::Allowed) && terminal::is_there()
    }

    /// One line of text, shown while it is typed.
    pub(crate) fn text(
        self,
        label: &str,
        default: Option<&str>,
        missing: Missing<'_>,
    ) -> Result<String, PromptError> {
        let mut text = Text::new(label).with_render_config(look());
        if let Some(default) = default {
            text = text.with_default(default);
        } else {
            text = text.with_validator(|answer: &str| {
                Ok(if answer.trim().is_empty() {
                    Validation::Invalid("A value is required".into())
                } else {
                    Validation::Valid
                })
            });
        }
        let answer = self.ask(missing, || text.prompt())?;
        Ok(answer.trim().to_owned())
    }

    /// A secret, shown as asterisks.
    pub(crate) fn secret(
        self,
        label: &str,
        missing: Missing<'_>,
    ) -> Result<SecretString, PromptError> {
        let password = Password::new(label)
            .without_confirmation()
            .with_display_mode(PasswordDisplayMode::Masked)
            .with_render_config(look())
            .with_validator(|answer: &str| {
                Ok(if answer.is_empty() {
                    Validation::Invalid("A value is required".into())
                } else {
                    Validation::Valid
                })
            });
        self.ask(missing, || password.prompt().map(SecretString::from))
    }

    /// One of several, with a filter as you type. Answers the index.
    pub(crate) fn choose<T: Display>(
        self,
        label: &str,
        options: Vec<T>,
        cursor: usize,
        missing: Missing<'_>,
    ) -> Result<usize, PromptError> {
        let select = Select::new(label, options)
            .with_starting_cursor(cursor)
            .with_page_size(7)
            .with_render_config(look());
        self.ask(missing, || select.raw_prompt().map(|chosen| chosen.index))
    }

    fn ask<T>(
        self,
        missing: Missing<'_>,
        question: impl FnOnce() -> Result<T, InquireError>,
    ) -> Result<T, PromptError> {
        let (what, how) = (missing.what.to_owned(), missing.how.to_owned());
        if let Self::Off(switch) = self {
            return Err(PromptError::Forbidden { what, how, switch });
        }
        let Some(_terminal) = Terminal::open() else {
            return Err(PromptError::NoTerminal { what, how });
        };
        question().map_err(refine)
    }
}

fn look() -> RenderConfig<'static> {
    let look = RenderConfig::default();
    let answered = Styled::new("?").with_style_sheet(look.prompt_prefix.style);
    look.with_answered_prompt_prefix(answered)
}

fn refine(error: InquireError) -> PromptError {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            PromptError::Interrupted
        }
        other => PromptError::Terminal(other.to_string()),
    }
}
