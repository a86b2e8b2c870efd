//! What is wrong with the settings that were typed, by field.

use std::collections::BTreeMap;

use jetway_identity::settings::InvalidSetting;
use jetway_pages::admin::parts::Field;

/// At most one sentence for each field.
#[derive(Debug, Default)]
pub(crate) struct Problems(BTreeMap<&'static str, String>);

impl Problems {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps what was said first: what cannot be read cannot be judged.
    pub(super) fn add(&mut self, field: &'static str, reason: &str) {
        self.0.entry(field).or_insert_with(|| sentence(reason));
    }

    pub(super) fn add_all(&mut self, refused: Vec<InvalidSetting>) {
        for setting in refused {
            self.add(setting.field, &setting.reason);
        }
    }

    /// What is wrong with this field.
    pub(super) fn of(&self, field: &str) -> Option<String> {
        self.0.get(field).cloned()
    }

    /// The field as typed, with what is wrong with it.
    pub(super) fn field(&self, name: &str, value: String) -> Field {
        Field {
            value,
            error: self.of(name),
        }
    }

    /// What is wrong with settings of other tabs than the one with these sections.
    pub(super) fn elsewhere(&self, sections: &[&str]) -> Option<String> {
        let foreign = |field: &&str| !is_in(field, sections);
        let listed: Vec<_> = self
            .0
            .iter()
            .filter(|(field, _)| foreign(field))
            .map(|(field, reason)| format!("{field}: {reason}"))
            .collect();
        (!listed.is_empty()).then(|| listed.join(" "))
    }
}

/// Whether the field belongs to one of the sections, or is one.
pub(super) fn is_in(field: &str, sections: &[&str]) -> bool {
    let section = field.split('.').next().unwrap_or_default();
    sections.contains(&section)
}

/// `use a number from 1 to 5` as a sentence.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(letters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// A whole number; a problem of the field when it is none.
pub(super) fn number(problems: &mut Problems, field: &'static str, typed: &str) -> Option<u32> {
    let number = typed.trim().parse().ok();
    if number.is_none() {
        problems.add(field, "write a whole number");
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_about_a_field_counts_and_reads_as_a_sentence() {
        let mut problems = Problems::default();
        assert_eq!(number(&mut problems, "lockout.attempts", "five"), None);
        problems.add("lockout.attempts", "use a number from 3 to 20");
        problems.add("mail.from", "this is not an e-mail address");
        let field = problems.field("lockout.attempts", "five".to_owned());
        assert_eq!(field.error.as_deref(), Some("Write a whole number."));
        assert_eq!(problems.field("lockout.other", String::new()).error, None);
        assert_eq!(
            problems.elsewhere(&["lockout"]).as_deref(),
            Some("mail.from: This is not an e-mail address.")
        );
        assert_eq!(problems.elsewhere(&["lockout", "mail"]), None);
    }
}
