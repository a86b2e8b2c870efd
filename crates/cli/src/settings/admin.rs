//! Which server `jetway admin` speaks to, and with which key: option > environment > file. The key
//! is never an argument, which other people of the machine could read.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use toml_edit::{DocumentMut, value};
use url::Url;

use super::network;
use super::{Environment, SettingsError};
use crate::args::{AccountArgs, AdminArgs};
use crate::files::{lock, read_if_exists, replace};
use crate::http::{self, HttpSettings};

const URL: &str = "JETWAY_ADMIN_URL";
const API_KEY: &str = "JETWAY_API_KEY";
const URL_IN_FILE: &str = "url";
const KEY_IN_FILE: &str = "api_key";

/// What the administrator's commands need to know.
pub(crate) struct AdminSettings {
    pub(crate) server: Url,
    pub(crate) key: SecretString,
    pub(crate) http: HttpSettings,
}

impl AdminSettings {
    pub(crate) fn resolve(
        account: &AccountArgs,
        args: &AdminArgs,
        env: &Environment,
    ) -> Result<Self, SettingsError> {
        let (server, key) = (given_server(args, env), given_key(args, env)?);
        let stored = match (&server, &key) {
            (Some(_), Some(_)) => Stored::default(),
            _ => Stored::read(&path(env)?)?,
        };
        let of_the_key = stored.url.clone();
        let server = server.or(stored.url).ok_or(SettingsError::NoServer)?;
        let server = origin(&server)?;
        let key = match (key, stored.key) {
            (Some(key), _) => key,
            // A key of the file is for the server of the file: another one never sees it.
            (None, Some(key)) => match of_the_key {
                Some(url) if origin(&url)? == server => key,
                _ => return Err(SettingsError::KeyOfAnotherServer(server.to_string())),
            },
            (None, None) => return Err(SettingsError::NoApiKey),
        };
        Ok(Self {
            server,
            key,
            http: HttpSettings {
                most_body: http::EXPORT,
                ..network::identity_provider(account, env, false)?
            },
        })
    }
}

/// The server that was named outside the file.
pub(crate) fn given_server(args: &AdminArgs, env: &Environment) -> Option<String> {
    args.server.clone().or_else(|| env.get(URL))
}

/// The key that was given outside the file.
pub(crate) fn given_key(
    args: &AdminArgs,
    env: &Environment,
) -> Result<Option<SecretString>, SettingsError> {
    match &args.api_key_file {
        Some(file) => key_in(file).map(Some),
        None => Ok(env.get(API_KEY).map(SecretString::from)),
    }
}

/// Where the address and the key are stored.
pub(crate) fn path(env: &Environment) -> Result<PathBuf, SettingsError> {
    let folder = env.xdg("XDG_CONFIG_HOME", ".config")?;
    Ok(folder.join("jetway").join("admin.toml"))
}

/// The address of a server: nothing behind the host and port.
pub(crate) fn origin(text: &str) -> Result<Url, SettingsError> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| {
        url.host().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    url.ok_or_else(|| SettingsError::BadServer(text.to_owned()))
}

/// Writes the file, for its owner only.
pub(crate) fn store(
    env: &Environment,
    server: &Url,
    key: &SecretString,
) -> Result<PathBuf, SettingsError> {
    let path = path(env)?;
    let target = replace::resolve(&path)?;
    replace::ensure_folder(&target)?;
    let _lock = lock::acquire(&target, || {})?;
    let mut document = DocumentMut::new();
    document.insert(URL_IN_FILE, value(server.as_str()));
    document.insert(KEY_IN_FILE, value(key.expose_secret()));
    replace::replace(&target, document.to_string().as_bytes())?;
    Ok(path)
}

#[derive(Default)]
struct Stored {
    url: Option<String>,
    key: Option<SecretString>,
}

impl Stored {
    fn read(path: &Path) -> Result<Self, SettingsError> {
        let Some(content) = read_private(path)? else {
            return Ok(Self::default());
        };
        let fault = |fault: &str| SettingsError::InFile {
            path: path.to_owned(),
            line: 1,
            fault: fault.to_owned(),
        };
        let text = String::from_utf8(content).map_err(|_| fault("this is not UTF-8"))?;
        let document: DocumentMut = text
            .parse()
            .map_err(|error: toml_edit::TomlError| fault(error.message()))?;
        let mut stored = Self::default();
        for (name, item) in document.iter() {
            let text = item.as_str().map(str::to_owned);
            let text = text.ok_or_else(|| fault(&format!("{name} must be a text in quotes")))?;
            match name {
                URL_IN_FILE => stored.url = Some(text),
                KEY_IN_FILE => stored.key = Some(text.into()),
                _ => return Err(fault(&format!("unknown key {name:?}"))),
            }
        }
        Ok(stored)
    }
}

fn key_in(path: &Path) -> Result<SecretString, SettingsError> {
    let content = read_private(path)?.ok_or_else(|| SettingsError::NoSuchFile(path.to_owned()))?;
    let text = String::from_utf8(content).unwrap_or_default();
    Ok(SecretString::from(text.trim()))
}

/// The content of a file that nobody else can read.
fn read_private(path: &Path) -> Result<Option<Vec<u8>>, SettingsError> {
    const OTHERS: u32 = 0o077;
    let Some(content) = read_if_exists(path)? else {
        return Ok(None);
    };
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & OTHERS != 0 {
        return Err(SettingsError::NotPrivate(path.to_owned()));
    }
    Ok(Some(content))
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_server_is_named_by_its_origin() {
        for good in ["https://id.example.com", "http://localhost:8700/"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in [
            "id.example.com",
            "https://id.example.com/admin",
            "https://me@id.example.com",
            "https://id.example.com/?x",
            "",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
