//! Security keys and passkeys, with an authenticator in software.

mod attempt;
mod authenticate;
mod ceremony;
mod damaged_authentication;
mod register;
mod site;
mod tampered_authentication;
mod tampered_registration;
mod w3c_vectors;
