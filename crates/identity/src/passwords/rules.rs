//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2; security.md items 22 to 24): length,
//! and nothing that a guesser tries early. No composition rules.
//!
//! The check is offline. Common and breached passwords, keyboard walks and dates are found by
//! zxcvbn and its lists; repeated and counted-up strings, which are long but say little, by what is
//! left of them when the repetition is taken out; names by taking them out too.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::settings::PasswordPolicy;

/// Fewest characters of a password: the minimum for a password that is the only factor, as every
/// password is so far. With a second factor 8 would do.
pub const MIN_CHARACTERS: usize = 15;
/// Most characters of a password. Longer ones are refused, never cut.
pub const MAX_CHARACTERS: usize = 256;

/// What has to be left of a password when names, repetition and counting are taken out.
const MIN_REST: usize = 8;
/// Fewest different characters.
const MIN_DIFFERENT: usize = 5;
/// Names and words shorter than this are not looked for: too much would contain them.
const MIN_WORD: usize = 3;
/// A password that zxcvbn's guesser finds within this many guesses (as a power of ten) is common.
const MIN_GUESSES_LOG10: f64 = 10.0;
/// Its guesser gets this many characters at most: the time it takes grows faster than the length.
const GUESSED: usize = 64;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password is too short: use at least {min} characters; a few words do well")]
    TooShort { min: usize },
    #[error("the password is too long: use at most {MAX_CHARACTERS} characters")]
    TooLong,
    #[error("the password repeats the same characters; use more different ones")]
    Repeated,
    #[error("the password mostly counts up or down, which is guessed early")]
    Sequence,
    #[error(
        "the password is made of common words or of passwords that were stolen elsewhere, which \
         are guessed first; use less usual words"
    )]
    Common,
    #[error(
        "the password is made of your name, your e-mail address or the organisation's words, \
         which are guessed first"
    )]
    Personal,
    #[error("this is your present password; choose another one")]
    Unchanged,
    #[error("you have used this password before; choose another one")]
    Reused,
}

/// Checks a new password. `context` is what a guesser knows of its owner: names, e-mail address,
/// the organisation. Takes milliseconds for the longest ones.
pub fn check_new(
    policy: &PasswordPolicy,
    context: &[&str],
    password: &SecretString,
) -> Result<(), PasswordError> {
    let min = usize::try_from(policy.min_characters)
        .unwrap_or(MAX_CHARACTERS)
        .max(MIN_CHARACTERS);
    check_length(password, min)?;
    let text = Zeroizing::new(
        password
            .expose_secret()
            .nfkc()
            .collect::<String>()
            .to_lowercase(),
    );
    let letters = Zeroizing::new(text.chars().collect::<Vec<_>>());
    let words = words_of(policy, context);
    if rest_without(&text, &words) < MIN_REST {
        return Err(PasswordError::Personal);
    }
    if !policy.refuse_common {
        return Ok(());
    }
    let period = period(&letters);
    let repeats = period * 2 <= letters.len();
    if (repeats && period < min) || different(&letters) < MIN_DIFFERENT {
        return Err(PasswordError::Repeated);
    }
    if rest_without_counting(&letters) < MIN_REST {
        return Err(PasswordError::Sequence);
    }
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let told = if repeats {
        period.min(GUESSED)
    } else {
        GUESSED
    };
    let told = Zeroizing::new(letters.iter().take(told).collect::<String>());
    let guesses = zxcvbn::zxcvbn(&told, &known).guesses_log10();
    if guesses < MIN_GUESSES_LOG10 {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// Checks the length alone.
pub(crate) fn check_length(password: &SecretString, min: usize) -> Result<(), PasswordError> {
    let letters = password.expose_secret().chars();
    let length = letters.take(MAX_CHARACTERS + 1).count();
    if length < min {
        Err(PasswordError::TooShort { min })
    } else if length > MAX_CHARACTERS {
        Err(PasswordError::TooLong)
    } else {
        Ok(())
    }
}

/// What a guesser would combine, longest first.
fn words_of(policy: &PasswordPolicy, context: &[&str]) -> Vec<String> {
    let texts = context
        .iter()
        .copied()
        .chain(policy.banned_words.iter().map(String::as_str));
    let mut words = Vec::new();
    for text in texts {
        let text = text.nfkc().collect::<String>().to_lowercase();
        let parts = text.split(|letter: char| !letter.is_alphanumeric());
        words.extend(parts.map(str::to_owned));
        words.push(text.split_whitespace().collect());
    }
    words.retain(|word| (MIN_WORD..=MAX_CHARACTERS).contains(&word.chars().count()));
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// How many letters and digits are left when every word is taken out.
fn rest_without(text: &str, words: &[String]) -> usize {
    let mut rest = Zeroizing::new(text.to_owned());
    let mut found = false;
    for word in words {
        if rest.contains(word.as_str()) {
            // A gap, so that what stood on both sides does not become another word.
            rest = Zeroizing::new(rest.replace(word.as_str(), " "));
            found = true;
        }
    }
    if !found {
        return usize::MAX;
    }
    rest.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
}

fn different(letters: &[char]) -> usize {
    let different: std::collections::HashSet<_> = letters.iter().collect();
    different.len()
}

/// The length of the shortest part that, repeated, begins with all of `letters` (from the table of
/// Knuth, Morris and Pratt).
fn period(letters: &[char]) -> usize {
    let mut table = vec![0_usize; letters.len()];
    for at in 1..letters.len() {
        let mut length = table.get(at - 1).copied().unwrap_or(0);
        while length > 0 && letters.get(at) != letters.get(length) {
            length = table.get(length - 1).copied().unwrap_or(0);
        }
        if letters.get(at) == letters.get(length) {
            length += 1;
        }
        if let Some(entry) = table.get_mut(at) {
            *entry = length;
        }
    }
    letters.len() - table.last().copied().unwrap_or(0)
}

/// How many characters are left when each run that counts up, down or not at all is cut to two.
fn rest_without_counting(letters: &[char]) -> usize {
    let step = |pair: &[char]| match pair {
        [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)),
        _ => i64::MAX,
    };
    let steps: Vec<i64> = letters.windows(2).map(step).collect();
    let continued = steps.windows(2).filter(|pair| match pair {
        [before, after] => before == after && (-1..=1).contains(after),
        _ => false,
    });
    letters.len() - continued.count()
}

/// The bytes that are hashed: Unicode NFKC, so that the same password typed on two keyboards is
/// the same password. `None` when no password of this length can have been set.
pub(crate) fn bytes(password: &SecretString) -> Option<Zeroizing<Vec<u8>>> {
    let text = password.expose_secret();
    if text.chars().take(MAX_CHARACTERS + 1).count() > MAX_CHARACTERS {
        return None;
    }
    // NFKC lengthens a character at most eighteenfold; reserving that much up front means that no
    // half-written copy is left behind in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 18));
    let mut buffer = Zeroizing::new([0; 4]);
    for character in text.nfkc() {
        bytes.extend_from_slice(character.encode_utf8(&mut *buffer).as_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: &[&str] = &[
        "Road",
        "Runner",
        "road.runner@the-acme-corporation.com",
        "The Acme Corporation",
    ];

    fn verdict(password: &str) -> Result<(), PasswordError> {
        let secret = SecretString::from(password.to_owned());
        check_new(&PasswordPolicy::default(), CONTEXT, &secret)
    }

    /// Security.md item 22: length counts, composition does not, nothing is cut.
    #[test]
    fn the_length_of_a_password_matters_and_its_alphabet_does_not() {
        let min = MIN_CHARACTERS;
        let too_short = Err(PasswordError::TooShort { min });
        assert_eq!(verdict("tq8vmzr2xkw9bn"), too_short);
        assert_eq!(verdict(""), too_short);
        let unusual = "otter lantern quarry vivid sesame ";
        for good in [
            "tq8vmzr2xkw9bnf",
            "that-is-all-folks",
            "correct horse battery staple",
            "only lower case letters here",
            "zwölf Boxkämpfer jagen Viktor",
            "犬も歩けば棒に当たると昔から言われている",
            "🦤🦜🐢🦎🐍🦖🐙🦑🦞🦀🐡🐠🐬🐳🦈",
            &unusual.repeat(8).chars().take(256).collect::<String>(),
        ] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
        assert_eq!(verdict(&"ab1 ".repeat(65)), Err(PasswordError::TooLong));
        assert_eq!(verdict(&"界".repeat(257)), Err(PasswordError::TooLong));
        let policy = PasswordPolicy {
            min_characters: 20,
            ..PasswordPolicy::default()
        };
        let secret = SecretString::from("tq8vmzr2xkw9bnf");
        let too_short = Err(PasswordError::TooShort { min: 20 });
        assert_eq!(check_new(&policy, &[], &secret), too_short);
    }

    /// Security.md item 23.
    #[test]
    fn what_guessers_try_first_is_refused_with_the_reason() {
        for (password, reason) in [
            ("passwordpassword", PasswordError::Repeated),
            ("aaaaaaaaaaaaaaa", PasswordError::Repeated),
            ("abababababababab", PasswordError::Repeated),
            ("hello123hello123hello123", PasswordError::Repeated),
            ("               ", PasswordError::Repeated),
            ("123456789012345", PasswordError::Sequence),
            ("abcdefghijklmnopqrstuvwxyz", PasswordError::Sequence),
            ("98765432109876543210a", PasswordError::Sequence),
            ("qwertyuiopasdfgh", PasswordError::Common),
            ("1q2w3e4r5t6y7u8i9o0p", PasswordError::Common),
            ("P@ssw0rdP@ssw0rd1", PasswordError::Common),
            ("Passw0rd12345678!", PasswordError::Common),
            ("iloveyouforever", PasswordError::Common),
            ("iloveyousomuch1", PasswordError::Common),
            ("letmeinletmein123", PasswordError::Common),
            ("administrator123", PasswordError::Common),
            ("mustangbaseball1", PasswordError::Common),
            ("roadrunner-2026", PasswordError::Personal),
            ("The-Acme-Corporation-1", PasswordError::Personal),
            (
                "ROAD.RUNNER@the-acme-corporation.com",
                PasswordError::Personal,
            ),
        ] {
            assert_eq!(verdict(password), Err(reason), "{password}");
        }
    }

    #[test]
    fn words_of_the_organisation_are_refused_also_where_common_ones_are_allowed() {
        let policy = PasswordPolicy {
            refuse_common: false,
            banned_words: vec!["Anvil Works".to_owned()],
            ..PasswordPolicy::default()
        };
        let check = |text: &str| check_new(&policy, &[], &SecretString::from(text));
        assert_eq!(check("anvilworks-anvilworks"), Err(PasswordError::Personal));
        assert_eq!(check("passwordpassword"), Ok(()));
        assert_eq!(check("an anvil falls from a high cliff"), Ok(()));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let composed = bytes(&SecretString::from("caf\u{e9} au lait".to_owned())).unwrap();
        let decomposed = bytes(&SecretString::from("cafe\u{301} au lait".to_owned())).unwrap();
        assert_eq!(composed, decomposed);
    }
}
