//! The storage traits on SQLite and on PostgreSQL, and the use cases on both of them.
//!
//! Every test named in [`on_both!`] runs twice, as `…::sqlite::<name>` and `…::postgres::<name>`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test, as the tests themselves do"
)]

mod activity;
mod administrator_links;
mod administrators;
mod api_keys;
mod application_access;
mod application_images;
mod applications;
mod bed;
mod break_glass;
mod break_glass_intruders;
mod conformance;
mod credentials;
mod device_policies;
mod device_sign_in;
mod enrolment_time;
mod events;
mod groups;
mod idempotency;
mod lockout;
mod mails;
mod members;
mod network_delay;
mod new_device;
mod opening;
mod passkeys;
mod people;
mod preview;
mod push;
mod push_refused;
mod rehearsal;
mod rights;
mod second_factor;
mod service_provider;
mod sessions;
mod sign_in;
mod sign_in_policies;
mod signing_keys;
mod simulated_sign_ins;
mod single_sign_on;
mod users;
