//! Credentials of one role in one account, in the forms that people paste.

use askama::Template;

use crate::{Body, Layout, admin::parts::Moment, assets};

/// Short-lived credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyValues {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
}

impl std::fmt::Debug for KeyValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyValues")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// How a shell sets a variable.
#[derive(Debug, Clone, Copy)]
enum Shell {
    Posix,
    Windows,
    Pwsh,
}

impl Shell {
    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}=\"{value}\""),
            Self::Windows => format!("SET {name}={value}"),
            Self::Pwsh => format!("$Env:{name}=\"{value}\""),
        }
    }
}

/// The page behind `Access keys`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/access_keys.html")]
pub struct AccessKeys {
    /// 12 digits.
    pub account_id: String,
    pub account_name: String,
    /// Name of the permission set.
    pub role_name: String,
    /// What to type at `SSO start URL`: one that the command line accepts (identity-center.md §0.1).
    pub start_url: String,
    /// What to type at `SSO region`.
    pub region: String,
    /// Where the local AWS listens: `http://127.0.0.1:8702`. Clients must be told.
    pub endpoint: String,
    pub keys: KeyValues,
    pub expires: Moment,
    /// Back to the portal.
    pub portal: String,
}

impl AccessKeys {
    fn variables(&self, shell: Shell) -> String {
        [
            ("AWS_ACCESS_KEY_ID", &self.keys.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.keys.secret_access_key),
            ("AWS_SESSION_TOKEN", &self.keys.session_token),
            ("AWS_ENDPOINT_URL", &self.endpoint),
        ]
        .map(|(name, value)| shell.line(name, value))
        .join("\n")
    }

    fn posix(&self) -> String {
        self.variables(Shell::Posix)
    }

    fn windows(&self) -> String {
        self.variables(Shell::Windows)
    }

    fn power_shell(&self) -> String {
        self.variables(Shell::Pwsh)
    }

    /// A block of the file `credentials`.
    fn profile(&self) -> String {
        format!(
            "[{}_{}]\naws_access_key_id={}\naws_secret_access_key={}\naws_session_token={}\nendpoint_url={}",
            self.account_id,
            self.role_name,
            self.keys.access_key_id,
            self.keys.secret_access_key,
            self.keys.session_token,
            self.endpoint,
        )
    }
}

impl Body for AccessKeys {
    fn title(&self) -> &'static str {
        "Get credentials"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn script(&self) -> Option<&'static str> {
        Some(assets::COPY_SCRIPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> AccessKeys {
        AccessKeys {
            account_id: "111122223333".into(),
            account_name: "production".into(),
            role_name: "S3Admin".into(),
            start_url: "https://d-1234567890.awsapps.com/start".into(),
            region: "us-east-1".into(),
            endpoint: "http://127.0.0.1:8702".into(),
            keys: KeyValues {
                access_key_id: "ASIAEXAMPLE".into(),
                secret_access_key: "se/cret".into(),
                session_token: "to+ken==".into(),
            },
            expires: Moment::new(3_600_000, 0),
            portal: "/start".into(),
        }
    }

    #[test]
    fn each_shell_gets_its_own_way_of_setting_variables() {
        let first = |text: String| text.lines().next().map(str::to_owned);
        let page = page();
        assert_eq!(
            [page.posix(), page.windows(), page.power_shell()].map(first),
            [
                Some("export AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"".to_owned()),
                Some("SET AWS_ACCESS_KEY_ID=ASIAEXAMPLE".to_owned()),
                Some("$Env:AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"".to_owned()),
            ]
        );
    }

    #[test]
    fn the_profile_is_named_after_account_and_permission_set() {
        assert!(page().profile().starts_with("[111122223333_S3Admin]\n"));
    }

    #[test]
    fn debug_output_hides_the_secrets() {
        let text = format!("{:?}", page());
        assert!(
            text.contains("ASIAEXAMPLE") && !text.contains("se/cret") && !text.contains("to+ken")
        );
    }
}
