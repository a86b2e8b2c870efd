//! By which words people are found, and by which keys lists of them are ordered.
//!
//! A word is a piece of a text of the person in Unicode NFKC and lower case. Texts are cut at
//! white space, commas and brackets; what holds further punctuation is also kept in its parts, so
//! that `road.runner@acme.com` is found by its beginning, by `runner` and by `acme`. A search
//! finds the people for whom each typed word is the beginning of one of theirs.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::users::{User, UserColumn};

/// Counts the rules below; people whose words were made by other rules are indexed anew when the
/// database is opened.
pub const RULES: i64 = 1;
/// Most words of one field and of one person.
const MAX_WORDS_OF_FIELD: usize = 32;
const MAX_WORDS: usize = 400;
/// Most characters of a word and of a sort key.
const MAX_CHARACTERS: usize = 100;
/// Most words of a search; more are not looked at.
pub const MAX_TERMS: usize = 6;

/// Greater than every sort key and every word.
pub const AFTER_ALL: char = '\u{10FFFF}';

/// A word that a person must have one of which this is the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub prefix: String,
    /// The field that has it; `None`: any.
    pub field: Option<String>,
}

impl Term {
    /// The least text above every word with this beginning.
    pub fn end(&self) -> String {
        let mut end = self.prefix.clone();
        end.push(AFTER_ALL);
        end
    }
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| *c != AFTER_ALL)
}

/// The form in which lists are ordered.
pub fn sort_key(text: &str) -> String {
    fold(text.trim()).take(MAX_CHARACTERS).collect()
}

fn separates(c: char) -> bool {
    c.is_whitespace() || c.is_control() || ",;/\\()[]{}<>\"|:".contains(c)
}

/// The words of `text` as they are typed.
fn whole_words(text: &str) -> Vec<String> {
    let folded: String = fold(text).collect();
    folded
        .split(separates)
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_CHARACTERS).collect())
        .collect()
}

/// Each word with the field it is from.
pub fn words_of(user: &User) -> BTreeSet<(String, String)> {
    let mut words = BTreeSet::new();
    for text in [&user.first_name, &user.last_name, &user.display_name] {
        add(&mut words, UserColumn::Name.as_str(), text);
    }
    add(&mut words, UserColumn::Email.as_str(), &user.email);
    if let Some((_, domain)) = user.email.split_once('@') {
        add(&mut words, UserColumn::Email.as_str(), domain);
    }
    add(&mut words, UserColumn::Username.as_str(), &user.username);
    for (name, value) in &user.attributes {
        add(&mut words, name, value);
    }
    for (name, value) in &user.custom_attributes {
        add(&mut words, &format!("custom:{name}"), &value.as_text());
    }
    words
}

fn add(words: &mut BTreeSet<(String, String)>, field: &str, text: &str) {
    for word in whole_words(text).into_iter().take(MAX_WORDS_OF_FIELD) {
        let parts = word.split(|c: char| c.is_ascii_punctuation());
        for part in parts.filter(|part| !part.is_empty()) {
            if words.len() < MAX_WORDS {
                words.insert((part.to_owned(), field.to_owned()));
            }
        }
        if words.len() < MAX_WORDS {
            words.insert((word, field.to_owned()));
        }
    }
}

/// What a typed search and typed column filters ask for.
pub fn terms(text: &str, columns: &[(UserColumn, String)]) -> Vec<Term> {
    let of_columns = columns.iter().flat_map(|(column, text)| {
        whole_words(text).into_iter().map(|prefix| Term {
            prefix,
            field: Some(column.as_str().to_owned()),
        })
    });
    let anywhere = whole_words(text).into_iter().map(|prefix| Term {
        prefix,
        field: None,
    });
    let mut terms: Vec<Term> = Vec::new();
    for term in of_columns.chain(anywhere) {
        if !terms.contains(&term) && terms.len() < MAX_TERMS {
            terms.push(term);
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes(text: &str) -> Vec<String> {
        let terms = terms(text, &[]);
        terms.into_iter().map(|term| term.prefix).collect()
    }

    #[test]
    fn a_search_is_cut_into_words_in_one_spelling() {
        assert_eq!(prefixes("  Road,RUNNER "), ["road", "runner"]);
        assert_eq!(prefixes("O'Brien"), ["o'brien"]);
        assert_eq!(prefixes("@acme.com"), ["acme.com"]);
        assert_eq!(prefixes("ＭÜＬＬＥＲ 李"), ["müller", "李"]);
        assert!(prefixes(" .,; ").is_empty());
        assert_eq!(prefixes("a b c d e f g h").len(), MAX_TERMS);
    }

    #[test]
    fn a_column_filter_asks_for_words_of_that_field() {
        let column = "department".parse::<UserColumn>().unwrap();
        let terms = terms("", &[(column, "Human Res".to_owned())]);
        assert!(
            terms
                .iter()
                .all(|term| term.field.as_deref() == Some("department"))
        );
        assert_eq!(terms.len(), 2);
    }

    #[test]
    fn the_end_of_a_term_is_above_every_word_that_it_begins() {
        let term = &terms("ro", &[])[0];
        let end = term.end();
        for word in ["ro", "road", "ro\u{10FFFE}zz"] {
            assert!(*word >= *term.prefix && *word < *end, "{word}");
        }
        assert!(*"rp" > *end);
    }
}
