//! What a sign-in needs: issue 5's policies, and security.md items 28 and 33.

mod authn_context;
mod build;
mod built_in;
mod check;
mod conditions;
mod enrolment;
mod json;
mod proofs;
mod properties;
mod simulate;
mod strictest;
