//! A person's way back into the account: links that were mailed, and new passwords.

mod ask_for_reset;
mod messages;
mod new_password;
mod own_passkeys;
mod own_sessions;
mod passkey_pages;
mod password_rules;

pub use ask_for_reset::AskForReset;
pub use new_password::{NewPassword, NewPasswordErrors, NewPasswordReason};
pub use own_passkeys::{OwnPasskey, OwnPasskeys};
pub use own_sessions::{OwnSession, OwnSessions};
pub use passkey_pages::{AddPasskey, ChangePasskey};
pub use password_rules::{PasswordRule, PasswordRules};
