//! Black-box suites: the built programs, driven by the real AWS CLI, a real browser and the
//! command line, from a sign-in page to `aws s3 ls`.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test")]

mod admin_portal_in_a_browser;
mod administrators;
mod command_line;
mod desk;
mod federation_from_nothing;
mod keyboard_in_a_browser;
mod person;
mod phone_in_a_browser;
mod portal_in_a_browser;
mod session_policies_and_tags;
mod start_up;
mod visitor;
