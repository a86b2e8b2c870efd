//! The catalogue: what an application can be made from (requirements F04 to F08, G02, G12).

use crate::applications::SamlKind;

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Its name in the API.
    pub key: &'static str,
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub summary: &'static str,
    /// How to tell it from the entries that sound alike.
    pub which: &'static str,
    /// Other words that people search it by.
    pub also: &'static [&'static str],
    pub kind: EntryKind,
    /// Of the tile until another is chosen.
    pub color: &'static str,
}

/// What comes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    Saml(SamlKind),
    Bookmark,
}

/// All entries, in the order in which they are shown.
pub const CATALOGUE: [CatalogueEntry; 5] = [
    CatalogueEntry {
        key: "aws-iam",
        name: "Amazon Web Services (IAM)",
        summary: "SAML straight into IAM roles of one or more AWS accounts.",
        which: "Everyone who has the application gets the same roles. Not for IAM Identity Center.",
        also: &["aws", "console", "amazon"],
        kind: EntryKind::Saml(SamlKind::AwsIam),
        color: "#d86613",
    },
    CatalogueEntry {
        key: "aws-iam-roles",
        name: "AWS IAM (multiple roles)",
        summary: "SAML into IAM roles, with a table of which group gets which role in which account.",
        which: "One application for many accounts and roles. Not for IAM Identity Center.",
        also: &["amazon web services", "aws", "console", "accounts"],
        kind: EntryKind::Saml(SamlKind::AwsIamRoles),
        color: "#b7501c",
    },
    CatalogueEntry {
        key: "aws-identity-center",
        name: "AWS IAM Identity Center",
        summary: "The access portal of an AWS organisation, formerly AWS Single Sign-On.",
        which: "Permission sets and accounts are assigned in AWS. Not for SAML providers in IAM.",
        also: &["amazon web services", "aws sso", "aws single sign-on"],
        kind: EntryKind::Saml(SamlKind::IdentityCenter),
        color: "#c7254e",
    },
    CatalogueEntry {
        key: "saml",
        name: "Custom SAML 2.0",
        summary: "Any service provider that speaks SAML 2.0.",
        which: "Its metadata fills in the settings.",
        also: &["custom", "generic", "other"],
        kind: EntryKind::Saml(SamlKind::Custom),
        color: "#2f6fde",
    },
    CatalogueEntry {
        key: "bookmark",
        name: "Bookmark",
        summary: "A tile that opens an address. People sign in there by themselves.",
        which: "No single sign-on.",
        also: &["link", "url", "custom"],
        kind: EntryKind::Bookmark,
        color: "#4a5568",
    },
];

impl CatalogueEntry {
    /// The ending of the IdP URL that is taken when none is chosen: the letters and digits of the
    /// name, in lower case (requirement G09, X9).
    pub fn default_slug(&self) -> String {
        let name = self.name.chars().filter(char::is_ascii_alphanumeric);
        name.collect::<String>().to_ascii_lowercase()
    }

    fn answers(&self, text: &str) -> bool {
        let texts = [self.name, self.summary, self.key].into_iter();
        texts
            .chain(self.also.iter().copied())
            .any(|known| known.to_lowercase().contains(text))
    }
}

/// The entry with this key.
pub fn catalogue_entry(key: &str) -> Option<&'static CatalogueEntry> {
    CATALOGUE.iter().find(|entry| entry.key == key)
}

/// The entries in which every word of `text` occurs; all for an empty text.
pub fn search_catalogue(text: &str) -> Vec<&'static CatalogueEntry> {
    let text = text.to_lowercase();
    let words: Vec<_> = text.split_whitespace().collect();
    let found = CATALOGUE
        .iter()
        .filter(|entry| words.iter().all(|word| entry.answers(word)));
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirements F04, F05, F06, F08.
    #[test]
    fn entries_are_found_by_what_people_call_them() {
        let found = |text: &str| {
            let found = search_catalogue(text);
            found.iter().map(|entry| entry.key).collect::<Vec<_>>()
        };
        assert_eq!(found(""), CATALOGUE.map(|entry| entry.key));
        assert_eq!(
            found("Amazon Web Services (IAM)"),
            ["aws-iam", "aws-iam-roles"][..1]
        );
        assert_eq!(
            found("aws"),
            ["aws-iam", "aws-iam-roles", "aws-identity-center"]
        );
        assert_eq!(found("identity center"), ["aws-identity-center"]);
        assert_eq!(found("AWS single sign-on"), ["aws-identity-center"]);
        assert_eq!(found("custom"), ["saml", "bookmark"]);
        assert_eq!(found("jira"), [""; 0]);
    }

    /// Requirements G09 and G12.
    #[test]
    fn the_default_ending_of_the_url_has_letters_and_digits_of_the_name() {
        let entry = catalogue_entry("aws-iam").unwrap();
        assert_eq!(entry.default_slug(), "amazonwebservicesiam");
        let entry = catalogue_entry("saml").unwrap();
        assert_eq!(entry.default_slug(), "customsaml20");
    }
}
