//! What an administrator's password must be: the organisation's rules for everyone.

use secrecy::SecretString;

use crate::passwords::{PasswordError, check_new};
use crate::settings::Sections;

/// Checks a new password of an administrator with this name and address.
pub(super) fn check(
    settings: &Sections,
    name: &str,
    email: &str,
    password: &SecretString,
) -> Result<(), PasswordError> {
    let mut context: Vec<&str> = vec![email, &settings.profile.name];
    context.extend(name.split_whitespace());
    context.extend(email.split(['@', '.', '-', '_', '+']));
    check_new(&settings.passwords, &context, password)
}
