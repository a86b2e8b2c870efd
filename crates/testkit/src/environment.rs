//! The one place of this crate that reads the environment.

use std::ffi::OsString;

/// The variable's value; an empty one counts as unset.
#[expect(
    clippy::disallowed_methods,
    reason = "tests take the places of their counterparts from the environment"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a missing counterpart must fail the run instead of skipping the test.
pub(crate) fn is_ci() -> bool {
    variable("CI").is_some_and(|value| value == "true" || value == "1")
}
