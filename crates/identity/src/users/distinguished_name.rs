//! The name of a person in LDAP (requirement C13).

use crate::ids::OrganisationId;
use crate::users::User;

/// `uid=<username>,ou=Users,o=<organisation id>,dc=jetway,dc=local`, escaped by RFC 4514 §2.4.
pub fn distinguished_name(user: &User, organisation: OrganisationId) -> String {
    let uid = escaped(&user.username);
    format!("uid={uid},ou=Users,o={organisation},dc=jetway,dc=local")
}

fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut text = String::with_capacity(value.len());
    for (index, c) in value.chars().enumerate() {
        match c {
            '\0' => {
                text.push_str("\\00");
                continue;
            }
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.push('\\'),
            ' ' if index == 0 || index == last => text.push('\\'),
            '#' if index == 0 => text.push('\\'),
            _ => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirement C13, RFC 4514 §4.
    #[test]
    fn special_characters_are_escaped() {
        for (plain, expected) in [
            ("road.runner", "road.runner"),
            ("a+b@c", "a\\+b@c"),
            ("James \"Jim\" Smith, III", "James \\\"Jim\\\" Smith\\, III"),
            ("#1 ", "\\#1\\ "),
            (" ", "\\ "),
            ("a\\b\0", "a\\\\b\\00"),
        ] {
            assert_eq!(escaped(plain), expected);
        }
    }
}
