//! The constraints of sso-admin's model on permission sets (identity-center.md §2.2).

use crate::{iam::shapes::is_tag_character, json_service::Pattern};

const WORDS: &str = r"[\w+=,.@-]+";

/// Name of a permission set.
pub(crate) const NAME: Pattern = Pattern {
    min: 1,
    max: 32,
    text: WORDS,
    matches: words,
};
/// Description of a permission set.
pub(crate) const DESCRIPTION: Pattern = Pattern {
    min: 1,
    max: 700,
    text: r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
    matches: |text| {
        text.chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}'))
    },
};
/// Session duration: ISO 8601.
pub(crate) const DURATION: Pattern = Pattern {
    min: 1,
    max: 100,
    text: r"(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    matches: |text| super::duration::seconds(text).is_some(),
};
/// Relay state: where the console opens.
pub(crate) const RELAY_STATE: Pattern = Pattern {
    min: 1,
    max: 240,
    text: r#"[a-zA-Z0-9&$@#\\\/%?=~\-_'"|!:,.;*+\[\]\ \(\)\{\}]+"#,
    matches: |text| {
        all(text, |c| {
            c.is_ascii_alphanumeric() || "&$@#\\/%?=~-_'\"|!:,.;*+[] (){}".contains(c)
        })
    },
};
/// Inline policy.
pub(crate) const INLINE_POLICY: Pattern = Pattern {
    min: 1,
    max: 32_768,
    text: r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    matches: |text| all(text, |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FF}')),
};
/// ARN of an AWS managed policy.
pub(crate) const MANAGED_POLICY_ARN: Pattern = Pattern {
    min: 20,
    max: 2048,
    text: r"arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((/[A-Za-z0-9\.,\+@=_-]+)*)/([A-Za-z0-9\.,\+@=_-]+)",
    matches: |text| {
        after_partition(text, "iam::aws:policy/")
            .is_some_and(|path| path.split('/').all(path_segment))
    },
};
/// Name of a customer managed policy.
pub(crate) const POLICY_NAME: Pattern = Pattern {
    min: 1,
    max: 128,
    text: WORDS,
    matches: words,
};
/// Path of a customer managed policy.
pub(crate) const POLICY_PATH: Pattern = Pattern {
    min: 1,
    max: 512,
    text: r"((/[A-Za-z0-9\.,\+@=_-]+)*)/",
    matches: |text| {
        text == "/"
            || text
                .strip_prefix('/')
                .and_then(|rest| rest.strip_suffix('/'))
                .is_some_and(|middle| middle.split('/').all(path_segment))
    },
};
/// Key of a tag.
pub(crate) const TAG_KEY: Pattern = Pattern {
    min: 1,
    max: 128,
    text: r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
    matches: |text| text.chars().all(is_tag_character),
};
/// Value of a tag.
pub(crate) const TAG_VALUE: Pattern = Pattern {
    min: 0,
    max: 256,
    text: r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
    matches: |text| text.chars().all(is_tag_character),
};

/// What follows `arn:<partition>:` and `then`; `None` when the ARN is another one.
pub(crate) fn after_partition<'a>(arn: &'a str, then: &str) -> Option<&'a str> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    let mut words = partition.split('-');
    let named = words.next() == Some("aws");
    let more: Vec<&str> = words.collect();
    let known = more.len() <= 3
        && more
            .iter()
            .all(|word| word.len() <= 5 && all(word, |c| c.is_ascii_lowercase()));
    rest.strip_prefix(then).filter(|_| named && known)
}

/// Whether there is something and all of it is allowed.
pub(crate) fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// `[\w+=,.@-]+`
pub(crate) fn words(text: &str) -> bool {
    all(text, |c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
}

fn path_segment(text: &str) -> bool {
    all(text, |c| c.is_ascii_alphanumeric() || ".,+@=_-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aws_managed_policy_has_the_account_aws_and_a_name() {
        let matches = MANAGED_POLICY_ARN.matches;
        for good in [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/job-function/Billing",
            "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess",
        ] {
            assert!(matches(good), "{good}");
        }
        for bad in [
            "arn:aws:iam::123456789012:policy/Mine",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy//Billing",
            "arn:aws:iam::aws:role/Billing",
            "arn:awsome:iam::aws:policy/Billing",
        ] {
            assert!(!matches(bad), "{bad}");
        }
    }

    #[test]
    fn a_policy_path_begins_and_ends_with_a_slash() {
        let matches = POLICY_PATH.matches;
        assert!(matches("/") && matches("/teams/a/"));
        for bad in ["", "teams/", "/teams", "//", "/te ams/"] {
            assert!(!matches(bad), "{bad}");
        }
    }
}
