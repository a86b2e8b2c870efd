//! Black-box suites: the built programs, driven by the real AWS CLI, a real browser and the
//! command line, from a sign-in page to `aws s3 ls`.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test")]

mod admin_portal_in_a_browser;
mod administrators;
mod applications_on_the_command_line;
mod aws_set_up_script;
mod aws_sso;
mod aws_sso_in_a_browser;
mod by_words;
mod command_line;
mod command_line_in_a_browser;
mod desk;
mod empty_organisation;
mod federation_from_nothing;
mod key_pair;
mod keyboard_in_a_browser;
mod local_administration;
mod organisation_from_nothing;
mod passkeys_in_a_browser;
mod permission_sets_on_the_command_line;
mod person;
mod phone_in_a_browser;
mod portal_in_a_browser;
mod push_in_a_browser;
mod second_factors_on_the_command_line;
mod seed_000_in_a_browser;
mod seed_001_in_a_browser;
mod seed_002_both_sides_in_a_browser;
mod seed_002_in_a_browser;
mod seed_003_in_a_browser;
mod seed_004_in_a_browser;
mod service_provider_in_a_browser;
mod session_of_a_terminal;
mod session_policies_and_tags;
mod start_up;
mod terminal;
mod visitor;
mod wizard;
