//! Keeps `docs/security.md` true: each test it names is there, and each item of the checklist and
//! each fault has a row.
//!
//! A test is named `crate::it::path::name` when it is in `crates/crate/tests/it/path.rs` and
//! `crate::path::name` when it is in `crates/crate/src/path.rs`. `…::*` are all tests of a file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

const ITEMS: u32 = 58;
const FAULTS: u32 = 15;

/// Every name of a test between backticks.
fn names_in(document: &str) -> Vec<&str> {
    document
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|span| {
            span.contains("::") && !span.contains(char::is_whitespace) && !span.ends_with('…')
        })
        .collect()
}

/// The files in which a test of this name can be, and the name of its function.
fn places(root: &Path, name: &str) -> (Vec<PathBuf>, String) {
    let mut parts: Vec<&str> = name.split("::").collect();
    let function = parts.pop().unwrap_or_default().to_owned();
    let folder = root.join("crates").join(parts.remove(0));
    let (folder, module) = match parts.split_first() {
        Some((&"it", module)) => (folder.join("tests/it"), module),
        _ => (folder.join("src"), parts.as_slice()),
    };
    let path = folder.join(module.join("/"));
    let files = vec![
        path.with_extension("rs"),
        path.join("mod.rs"),
        path.join("tests.rs"),
    ];
    (files, function)
}

/// Whether this source has a test of this name; `*` is any.
fn has_test(source: &str, function: &str) -> bool {
    let is_it = |name: &str| !name.is_empty() && (function == "*" || name == function);
    let listed = source.split("\non_both!(").nth(1);
    let listed = listed.and_then(|rest| rest.split(')').next());
    if listed.is_some_and(|names| names.split(',').map(str::trim).any(is_it)) {
        return true;
    }
    let mut of_a_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            of_a_test = true;
        } else if let Some((_, rest)) = line.split_once("fn ") {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if of_a_test && is_it(name) {
                return true;
            }
            of_a_test = false;
        }
    }
    false
}

/// What is named and not there.
fn missing(root: &Path, document: &str) -> Vec<String> {
    let is_missing = |name: &&str| {
        let (files, function) = places(root, name);
        let mut sources = files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok());
        !sources.any(|source| has_test(&source, &function))
    };
    let names = names_in(document).into_iter().filter(is_missing);
    names.map(ToOwned::to_owned).collect()
}

/// The cells of each row that begins with this label. The first and the last are empty.
fn rows<'a>(document: &'a str, label: &'a str) -> impl Iterator<Item = Vec<&'a str>> {
    let cells = |line: &'a str| -> Vec<&'a str> { line.split('|').map(str::trim).collect() };
    let rows = document.lines().filter(|line| line.starts_with("| "));
    rows.map(cells).filter(move |cells| cells[1] == label)
}

fn document() -> String {
    let path = workspace::root().join("docs/security.md");
    fs::read_to_string(path).expect("docs/security.md can be read")
}

#[test]
fn every_test_that_the_security_document_names_is_there() {
    let document = document();
    assert!(names_in(&document).len() > 150, "most names were not seen");
    let missing = missing(workspace::root(), &document);
    assert!(
        missing.is_empty(),
        "docs/security.md names tests that are not there: {missing:#?}"
    );
}

#[test]
fn every_item_and_every_fault_has_one_row_that_says_how_it_is_shown() {
    let document = document();
    let items = (1..=ITEMS).map(|item| item.to_string());
    let faults = (1..=FAULTS).map(|fault| format!("F{fault}"));
    for label in items.chain(faults) {
        let found: Vec<_> = rows(&document, &label).collect();
        assert_eq!(found.len(), 1, "{label} has {} rows", found.len());
        let cells = &found[0];
        assert_eq!(cells.len(), 5, "{label}: {cells:?}");
        assert!(!cells[2].is_empty() && !cells[3].is_empty(), "{label}");
    }
}

#[test]
fn a_renamed_test_and_a_function_that_is_none_are_noticed() {
    let root = workspace::root();
    for wrong in [
        "store-sql::it::sign_in::nobody_learns_why_a_sign_in_was_refusd",
        "store-sql::it::sign_out::nobody_learns_why_a_sign_in_was_refused",
        "identity::passwords::rules::check_new",
        "store-sql::it::credentials::last_token",
        "web::it::main::*",
    ] {
        assert_eq!(missing(root, &format!("| 1 | `{wrong}` |")), [wrong]);
    }
    for right in [
        "store-sql::it::sign_in::nobody_learns_why_a_sign_in_was_refused",
        "web::it::sign_in::every_refusal_looks_the_same",
        "saml::it::attacks::wrapping::*",
        "server::mail::starttls_is_demanded_and_not_only_tried",
    ] {
        assert_eq!(missing(root, &format!("`{right}`")), [""; 0]);
    }
}
