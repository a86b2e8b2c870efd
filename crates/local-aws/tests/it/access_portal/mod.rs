//! Signing in to Identity Center: through the identity provider, for the portal's pages and for
//! command lines (identity-center.md §1, §4, §5, §8).

mod api;
mod aws_cli;
mod client;
mod command_line;
mod device;
mod ends;
mod floods;
mod pages;
mod registration;
mod saml;
mod saml_refusals;
mod tokens;
mod vanity;
mod world;
