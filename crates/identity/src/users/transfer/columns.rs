//! The columns of the file.

use std::fmt;

use crate::applications::DIRECTORY_ATTRIBUTES;

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Email,
    Username,
    FirstName,
    LastName,
    DisplayName,
    State,
    PasswordNeverExpires,
    Groups,
    Directory(&'static str),
    Custom { name: String, kind: &'static str },
}

const KINDS: [&str; 4] = ["string", "number", "boolean", "json"];
const CUSTOM: &str = "custom:";

impl Column {
    /// Columns that every export has, in its order, apart from attributes.
    pub(super) const FIXED: [Self; 8] = [
        Self::Email,
        Self::Username,
        Self::FirstName,
        Self::LastName,
        Self::DisplayName,
        Self::State,
        Self::PasswordNeverExpires,
        Self::Groups,
    ];

    /// Reads a cell of the first row.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let header = header.trim();
        let fixed = Self::FIXED
            .into_iter()
            .find(|column| header.eq_ignore_ascii_case(&column.to_string()));
        if let Some(column) = fixed {
            return Some(column);
        }
        let directory = DIRECTORY_ATTRIBUTES
            .into_iter()
            .find(|name| header.eq_ignore_ascii_case(name));
        if let Some(name) = directory {
            return Some(Self::Directory(name));
        }
        let beginning = header.get(..CUSTOM.len())?;
        if !beginning.eq_ignore_ascii_case(CUSTOM) {
            return None;
        }
        let rest = &header[CUSTOM.len()..];
        let (name, kind) = match rest.rsplit_once(':') {
            Some((name, kind)) => match KINDS.into_iter().find(|known| *known == kind) {
                Some(kind) => (name, kind),
                None => (rest, "string"),
            },
            None => (rest, "string"),
        };
        let name = name.to_owned();
        (!name.trim().is_empty()).then_some(Self::Custom { name, kind })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::FirstName => "firstname",
            Self::LastName => "lastname",
            Self::DisplayName => "displayname",
            Self::State => "state",
            Self::PasswordNeverExpires => "password_never_expires",
            Self::Groups => "groups",
            Self::Directory(name) => name,
            Self::Custom { name, kind } => return write!(f, "{CUSTOM}{name}:{kind}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_reads_back_as_it_is_written() {
        let custom = |name: &str, kind| Column::Custom {
            name: name.to_owned(),
            kind,
        };
        for column in [
            Column::PasswordNeverExpires,
            Column::Directory("addresses.work.region"),
            custom("Project", "string"),
            custom("a:number", "string"),
            custom(":", "json"),
        ] {
            assert_eq!(Column::parse(&column.to_string()), Some(column));
        }
        assert_eq!(Column::parse(" E-Mail "), None);
        assert_eq!(Column::parse("EMAIL "), Some(Column::Email));
        assert_eq!(
            Column::parse("ADDRESSES.work.region"),
            Some(Column::Directory("addresses.work.region"))
        );
        assert_eq!(
            Column::parse("custom:Project"),
            Some(custom("Project", "string"))
        );
        assert_eq!(Column::parse("custom: :string"), None);
        assert_eq!(Column::parse("password"), None);
    }
}
