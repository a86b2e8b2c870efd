//! HTML of Jetway: view models, templates, styles. No HTTP, no workspace dependency.
//!
//! A page is a [`Chrome`] (what surrounds every page: product, organisation, who is signed in)
//! and a [`Body`] (a typed view model with its template). `Page { chrome, body }.to_html()` gives
//! the document. To add one: a struct that derives `askama::Template` and implements [`Body`], a
//! template in `templates/`, and a sample in `tests/it/samples.rs`, which renders, checks and
//! snapshots all of them.
//!
//! Rules that the tests enforce: no inline script or style (the Content-Security-Policy forbids
//! both), every document is well-formed XML after its first line, every `input` has a name, every
//! value from outside is escaped.

pub mod account;
pub mod admin;
pub mod assets;
mod brand;
mod chrome;
mod enrol_now;
mod enrol_reminder;
mod held_sign_on;
pub mod local;
mod message;
mod messages;
mod passkey;
mod portal;
mod push;
mod second_step;
mod sign_in;
mod single_sign_on;
mod tile_mark;

pub use brand::Brand;
pub use chrome::{Body, Chrome, Layout, Page, Person, Product, RenderError, SignOut};
pub use enrol_now::EnrolNow;
pub use enrol_reminder::EnrolReminder;
pub use held_sign_on::HeldSignOn;
pub use message::{Link, Message, Severity};
pub use passkey::{PasskeyForm, PasskeyPlace};
pub use portal::{
    ConnectApp, DeviceCode, DeviceConsent, DeviceProblem, OwnPhone, Portal, PortalSection, Profile,
    ProfileFact, QrPicture, RecoveryCodes, SEARCH_FROM, Tile,
};
pub use push::{ConnectPhone, PhoneConnect, PhoneQuestion, PhoneWaiting, PushOver, PushWaiting};
pub use second_step::{SecondStep, SecondStepProblem};
pub use sign_in::{SignIn, SignInProblem};
pub use single_sign_on::SingleSignOn;
pub use tile_mark::TileMark;
