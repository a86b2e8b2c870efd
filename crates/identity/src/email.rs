//! E-mail addresses: what is accepted, and the form in which two of them are compared.

use unicode_normalization::UnicodeNormalization;

use crate::text::{self, TextError};

/// RFC 5321 §4.5.3.1.3: a path has at most 256 octets with its angle brackets.
const MAX_BYTES: usize = 254;

/// The form under which an address is looked up and counted: without surrounding white space,
/// Unicode NFKC, lower case. Two addresses with the same key are the same account.
pub fn key(address: &str) -> String {
    address.trim().nfkc().collect::<String>().to_lowercase()
}

/// Checks that `address` can be an e-mail address: one `@` between a local part and a domain, no
/// white space, at most 254 bytes. Whether mail arrives is for an invitation to find out.
pub fn check(address: &str) -> Result<(), TextError> {
    const FIELD: &str = "the e-mail address";
    text::check_filled(FIELD, address, MAX_BYTES)?;
    let parts = address.split_once('@');
    let well_formed = parts.is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !domain.is_empty()
            && !domain.contains('@')
            && domain.split('.').all(|label| !label.is_empty())
    });
    let odd = |c: char| c.is_whitespace() || "<>()[],;:\\\"".contains(c);
    if !well_formed || address.len() > MAX_BYTES || address.contains(odd) {
        return Err(TextError::NotAnEmail { field: FIELD });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_ignores_case_white_space_and_unicode_forms() {
        assert_eq!(
            key(" Road.Runner@The-ACME.com "),
            "road.runner@the-acme.com"
        );
        assert_eq!(key("ｗile@acme.com"), "wile@acme.com");
    }

    #[test]
    fn addresses_with_a_local_part_and_a_domain_are_accepted() {
        for good in [
            "a@b",
            "road.runner+aws@the-acme-corporation.com",
            "jürgen@müller.de",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "<a@b>", "a@b\n",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
