//! `/userconsole/…`: the contract that command-line clients speak (JumpCloud's user console, as
//! saml2aws knows it): fetch a token, sign in with JSON, follow `redirectTo`.

mod api_self;
mod auth;
mod device;
mod mfa;
mod push;
mod webauthn;
mod xsrf;

pub(crate) use api_self::api_self;
pub(crate) use auth::auth;
pub(crate) use device::{start as start_device, token as device_token};
pub(crate) use mfa::mfa;
pub(crate) use push::{finish as finish_push, look as look_at_push, start as start_push};
pub(crate) use webauthn::{webauthn_answer, webauthn_question};
pub(crate) use xsrf::xsrf;
