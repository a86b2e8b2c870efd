//! Error texts of AWS, recognised by words that they always have.

use super::aws_texts::{Known, TEXTS};
use super::finding::{Finding, Severity};

/// What is known about an error text. A text that only says that something failed counts when
/// nothing more precise is in it.
pub(super) fn findings(text: &str) -> Vec<Finding> {
    let text = plain(text);
    let found: Vec<&Known> = TEXTS
        .iter()
        .filter(|known| known.words.iter().all(|words| text.contains(words)))
        .collect();
    let precise = found.iter().any(|known| !known.general);
    found
        .into_iter()
        .filter(|known| !(precise && known.general))
        .map(|known| Finding {
            severity: Severity::Error,
            title: known.title.to_owned(),
            explanation: known.explanation.to_owned(),
            fix: known.fix.to_owned(),
        })
        .collect()
}

/// In small letters, one space for all white space, straight quotes.
fn plain(text: &str) -> String {
    let straight = text.replace(['\u{2019}', '\u{2018}'], "'");
    let words: Vec<_> = straight.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_the_form_that_they_are_compared_in() {
        for known in TEXTS {
            for words in known.words {
                assert_eq!(plain(words), **words, "{}", known.title);
            }
        }
    }
}
