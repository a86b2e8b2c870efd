//! Ten codes on paper.

use std::collections::BTreeSet;

use jetway_identity::UserId;
use jetway_identity::factors::{
    NewRecoveryCodes, RECOVERY_CODES, StoredRecoveryCode, find_recovery_code, new_recovery_codes,
    unused_recovery_codes,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::ExposeSecret;
use time::macros::datetime;

/// Somebody with ten codes.
struct Person {
    id: UserId,
    codes: Vec<String>,
    stored: Vec<StoredRecoveryCode>,
}

fn person(seed: u64) -> Person {
    let mut rng = StdRng::seed_from_u64(seed);
    let id = UserId::random(&mut rng);
    let NewRecoveryCodes { shown, stored } = new_recovery_codes(&mut rng, id.into());
    let codes = shown.iter().map(|code| code.expose_secret().to_owned());
    Person {
        id,
        codes: codes.collect(),
        stored,
    }
}

impl Person {
    fn find(&self, typed: &str) -> Option<usize> {
        find_recovery_code(self.id.into(), &self.stored, typed)
    }
}

#[test]
fn there_are_ten_different_codes_in_three_groups_of_five() {
    let codes = person(1).codes;
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
    for code in codes {
        let groups: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [5, 5, 5], "{code}");
    }
}

#[test]
fn codes_have_no_letters_that_look_alike_and_every_other_one() {
    let all: String = (0..40).flat_map(|seed| person(seed).codes).collect();
    let letters: BTreeSet<char> = all.chars().filter(|c| *c != '-').collect();
    let letters: String = letters.into_iter().collect();
    assert_eq!(letters, "23456789ABCDEFGHJKMNPQRSTVWXYZ");
}

#[test]
fn each_code_is_found_at_its_own_place() {
    let person = person(1);
    for (index, code) in person.codes.iter().enumerate() {
        assert_eq!(person.find(code), Some(index));
    }
}

#[test]
fn case_hyphens_and_spaces_do_not_matter() {
    let person = person(1);
    let code = &person.codes[3];
    for typed in [
        code.to_lowercase(),
        code.replace('-', ""),
        code.replace('-', " "),
        format!("  {} ", code.replace('-', " - ")),
    ] {
        assert_eq!(person.find(&typed), Some(3), "{typed}");
    }
}

#[test]
fn a_code_works_once() {
    let mut person = person(1);
    let code = person.codes[7].clone();
    assert_eq!(unused_recovery_codes(&person.stored), 10);
    let index = person.find(&code).unwrap();
    person.stored[index].used_at = Some(datetime!(2026-03-01 12:00 UTC));
    assert_eq!(person.find(&code), None);
    assert_eq!(unused_recovery_codes(&person.stored), 9);
    assert_eq!(
        person.find(&person.codes[8]),
        Some(8),
        "the others still work"
    );
}

#[test]
fn a_code_of_somebody_else_is_refused_even_when_its_hash_is_copied() {
    let (person, other) = (person(1), person(2));
    assert_eq!(person.find(&other.codes[0]), None);
    assert_eq!(
        find_recovery_code(person.id.into(), &other.stored, &other.codes[0]),
        None,
        "the hash is bound to the person"
    );
}

#[test]
fn what_is_not_a_code_is_refused() {
    let person = person(1);
    let code = &person.codes[0];
    let last = if code.ends_with('2') { '3' } else { '2' };
    let wrong_end = format!("{}{last}", &code[..code.len() - 1]);
    for typed in [
        "",
        "-",
        "     ",
        &code[..code.len() - 1],
        &format!("{code}2"),
        &wrong_end,
        &code.replace('-', "_"),
        &format!("{code}\0"),
        &format!("{code}\n"),
        "OIL10-OIL10-OIL10",
        "ÄÖÜÄÖ-ÜÄÖÜÄ-ÖÜÄÖÜ",
        &format!("{code}{}", " ".repeat(100)),
        &"2".repeat(1_000_000),
    ] {
        assert_eq!(person.find(typed), None, "{typed:.40}");
    }
    assert_eq!(find_recovery_code(person.id.into(), &[], code), None);
}

/// The rule of security.md item 30: no plain text in what is stored or printed.
#[test]
fn neither_records_nor_their_debug_output_hold_a_code() {
    let mut rng = StdRng::seed_from_u64(1);
    let user = UserId::random(&mut rng);
    let new = new_recovery_codes(&mut rng, user.into());
    let printed = format!("{new:?}");
    for (shown, stored) in new.shown.iter().zip(&new.stored) {
        let code = shown.expose_secret();
        let bare = code.replace('-', "");
        assert!(!printed.contains(code) && !printed.contains(&bare));
        assert!(!printed.contains(&hex::encode(stored.hash)));
        assert!(!stored.hash.windows(5).any(|w| w == &bare.as_bytes()[..5]));
    }
}
