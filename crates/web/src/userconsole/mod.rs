//! `/userconsole/…`: the contract that command-line clients speak (JumpCloud's user console, as
//! saml2aws knows it): fetch a token, sign in with JSON, follow `redirectTo`.

mod api_self;
mod auth;
mod xsrf;

pub(crate) use api_self::api_self;
pub(crate) use auth::auth;
pub(crate) use xsrf::xsrf;
