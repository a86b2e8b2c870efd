//! Jetway's own configuration: TOML, one table per account, unknown keys refused, comments kept.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{Document, DocumentMut, Item, Key, Table, TableLike, value};

use super::{SettingsError, StoredAccount};
use crate::args::SESSION_SECONDS;
use crate::files::{lock, read_if_exists, replace};

const ACCOUNTS: &str = "accounts";

/// Every account of the file.
pub(super) fn read(
    path: &Path,
    content: &[u8],
) -> Result<BTreeMap<String, StoredAccount>, SettingsError> {
    let file = File {
        path,
        text: text(path, content)?,
    };
    let document = Document::parse(file.text).map_err(|error| file.syntax(&error))?;
    let mut accounts = BTreeMap::new();
    for (name, item) in document.as_table() {
        if name != ACCOUNTS {
            let key = document.as_table().key(name);
            return Err(file.fault(key.and_then(Key::span), &format!("unknown key {name:?}")));
        }
        let table = item.as_table_like().ok_or_else(|| {
            file.fault(item.span(), "accounts must be a table: [accounts.<name>]")
        })?;
        for (account, item) in table.iter() {
            let settings = item.as_table_like().ok_or_else(|| {
                let fault = format!("{account:?} must be a table: [accounts.{account}]");
                file.fault(item.span(), &fault)
            })?;
            accounts.insert(account.to_owned(), file.account(settings)?);
        }
    }
    Ok(accounts)
}

/// Sets what `account` says, keeps what else the table holds, and every comment.
pub(super) fn write(path: &Path, name: &str, account: &StoredAccount) -> Result<(), SettingsError> {
    let target = replace::resolve(path)?;
    replace::check_writable(&target)?;
    replace::ensure_folder(&target)?;
    let _lock = lock::acquire(&target, || {})?;
    let content = read_if_exists(&target)?.unwrap_or_default();
    // Nothing is written into a file that could not be read back.
    read(path, &content)?;
    let file = File {
        path,
        text: text(path, &content)?,
    };
    let mut document: DocumentMut = file.text.parse().map_err(|error| file.syntax(&error))?;
    let accounts = document.entry(ACCOUNTS).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let not_a_table = || file.fault(None, "accounts must be tables");
    let accounts = accounts.as_table_like_mut().ok_or_else(not_a_table)?;
    let entry = accounts
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()));
    fill(entry.as_table_like_mut().ok_or_else(not_a_table)?, account);
    replace::replace(&target, document.to_string().as_bytes())?;
    Ok(())
}

fn fill(table: &mut dyn TableLike, account: &StoredAccount) {
    let strings = [
        ("url", &account.url),
        ("username", &account.username),
        ("provider", &account.provider),
        ("mfa", &account.mfa),
        ("profile", &account.profile),
        ("role", &account.role),
        ("region", &account.region),
        ("credentials_file", &account.credentials_file),
        ("policy_file", &account.policy_file),
        ("policy_arns", &account.policy_arns),
    ];
    for (key, text) in strings {
        if let Some(text) = text {
            set(table, key, value(text));
        }
    }
    if let Some(seconds) = account.session_duration {
        set(table, "session_duration", value(i64::from(seconds)));
    }
    if let Some(skip) = account.skip_verify {
        set(table, "skip_verify", value(skip));
    }
}

/// A changed value keeps the comment behind it.
fn set(table: &mut dyn TableLike, key: &str, mut new: Item) {
    if let Some(old) = table.get(key).and_then(Item::as_value)
        && let Some(new) = new.as_value_mut()
    {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, new);
}

fn text<'a>(path: &Path, content: &'a [u8]) -> Result<&'a str, SettingsError> {
    std::str::from_utf8(content).map_err(|error| SettingsError::InFile {
        path: path.to_owned(),
        line: line_of(content, error.valid_up_to()),
        fault: "this is not UTF-8".to_owned(),
    })
}

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn account(&self, table: &dyn TableLike) -> Result<StoredAccount, SettingsError> {
        let mut account = StoredAccount::default();
        for (name, item) in table.iter() {
            let slot = match name {
                "url" => &mut account.url,
                "username" => &mut account.username,
                "provider" => &mut account.provider,
                "mfa" => &mut account.mfa,
                "profile" => &mut account.profile,
                "role" => &mut account.role,
                "region" => &mut account.region,
                "credentials_file" => &mut account.credentials_file,
                "policy_file" => &mut account.policy_file,
                "policy_arns" => &mut account.policy_arns,
                "session_duration" => {
                    account.session_duration = Some(self.seconds(item)?);
                    continue;
                }
                "skip_verify" => {
                    let fault = || self.fault(item.span(), "skip_verify must be true or false");
                    account.skip_verify = Some(item.as_bool().ok_or_else(fault)?);
                    continue;
                }
                _ => {
                    let span = table.key(name).and_then(Key::span);
                    return Err(self.fault(span, &format!("unknown key {name:?}")));
                }
            };
            let fault = || self.fault(item.span(), &format!("{name} must be a text in quotes"));
            *slot = Some(item.as_str().ok_or_else(fault)?.to_owned());
        }
        Ok(account)
    }

    fn seconds(&self, item: &Item) -> Result<u32, SettingsError> {
        let seconds = item
            .as_integer()
            .and_then(|seconds| u32::try_from(seconds).ok());
        seconds
            .filter(|seconds| SESSION_SECONDS.contains(seconds))
            .ok_or_else(|| {
                let fault = "session_duration must be a number of seconds from 900 to 43200";
                self.fault(item.span(), fault)
            })
    }

    fn syntax(&self, error: &toml_edit::TomlError) -> SettingsError {
        self.fault(error.span(), error.message())
    }

    fn fault(&self, span: Option<std::ops::Range<usize>>, fault: &str) -> SettingsError {
        let at = span.map_or(0, |span| span.start);
        SettingsError::InFile {
            path: self.path.to_owned(),
            line: line_of(self.text.as_bytes(), at),
            fault: fault.to_owned(),
        }
    }
}

fn line_of(content: &[u8], at: usize) -> usize {
    1 + content
        .iter()
        .take(at)
        .filter(|byte| **byte == b'\n')
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        read(Path::new("config.toml"), text.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn unknown_and_mistyped_keys_are_refused_with_their_line() {
        assert_eq!(
            fault("# mine\n[accounts.a]\nurl = \"x\"\nurll = \"y\"\n"),
            "config.toml:4: unknown key \"urll\""
        );
        assert_eq!(
            fault("\nverbose = true\n"),
            "config.toml:2: unknown key \"verbose\""
        );
        assert!(fault("[accounts.a]\nurl = 3\n").starts_with("config.toml:2: url must be"));
        assert!(fault("[accounts.a]\nsession_duration = 60\n").starts_with("config.toml:2:"));
        assert!(fault("[accounts.a\n").starts_with("config.toml:1:"));
        assert!(fault("accounts = 1\n").starts_with("config.toml:1:"));
    }

    #[test]
    fn writing_an_account_keeps_comments_and_other_accounts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("config.toml");
        let first = StoredAccount {
            url: Some("https://a".to_owned()),
            ..Default::default()
        };
        write(&path, "a.b", &first).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written, "[accounts.\"a.b\"]\nurl = \"https://a\"\n");
        let edited = format!("# top\n{}", written.replace('\n', " # why\n"));
        std::fs::write(&path, &edited).unwrap();
        let second = StoredAccount {
            url: Some("https://b".to_owned()),
            ..Default::default()
        };
        write(&path, "a.b", &second).unwrap();
        write(&path, "other", &second).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            written,
            "# top\n[accounts.\"a.b\"] # why\nurl = \"https://b\" # why\n\n[accounts.other]\nurl = \
             \"https://b\"\n"
        );
    }
}
