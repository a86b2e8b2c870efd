//! The identity provider through its router: the real store, a fixed clock, seeded randomness, no
//! socket.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod account;
mod activity;
mod admin_accounts;
mod admin_applications;
mod admin_applications_access;
mod admin_applications_wizard;
mod admin_aws_setup;
mod admin_bulk;
mod admin_credentials;
mod admin_diagnose;
mod admin_groups;
mod admin_home;
mod admin_import;
mod admin_list;
mod admin_openid;
mod admin_policies;
mod admin_preview;
mod admin_search;
mod admin_settings;
mod admin_sign_in;
mod admin_sso;
mod admin_users;
mod administrator_factors;
mod api;
mod api_administrators;
mod api_applications;
mod api_applications_aws;
mod api_credentials;
mod api_document;
mod api_frame;
mod api_groups;
mod api_keys;
mod api_search;
mod api_settings;
mod api_sign_in_policies;
mod api_user_imports;
mod api_users;
mod api_users_bulk;
mod api_users_details;
mod application_images;
mod authenticator_app;
mod brand;
mod break_glass;
mod broken_store;
mod browser;
mod described_api;
mod device;
mod enhanced_client;
mod enrolment_time;
mod every_route;
mod foreign;
mod front_door;
mod jumpcloud_applications;
mod jumpcloud_associations;
mod jumpcloud_groups;
mod log_links;
mod metadata;
mod outbound;
mod passkeys;
mod policies_at_sign_in;
mod profile;
mod push;
mod roles_on_pages;
mod second_step;
mod service_provider;
mod sign_in;
mod sign_in_protection;
mod sign_out;
mod single_logout;
mod single_sign_on;
mod site;
mod sp_initiated;
mod systemusers;
mod tiles;
mod user_console;
