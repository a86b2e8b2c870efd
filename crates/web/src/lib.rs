//! HTTP of the identity provider. The folders mirror the address: `/saml2/…` is in `saml/`,
//! `/userconsole/…` in `userconsole/`, what people see in `portal/`, what programs call in `api/`.
//!
//! A request passes [`shared::front_door`], which knows the host, builds what the operation needs
//! (time, randomness, request id, client) and puts the security headers on whatever comes back.
//! A handler parses, calls one use case of `jetway-identity` and renders the result; what it
//! cannot serve it returns as a `Failure`, which the front door renders once as a page or as JSON.
//!
//! To add a route: a handler in the file that its address names, and a line in [`ROUTES`], which
//! is what the router is built from. The route test then demands that it keeps its audience.

mod admin;
mod api;
mod aws_texts;
mod insights;
mod jumpcloud;
mod outbound;
mod portal;
mod routes;
mod saml;
mod settings;
mod shared;
mod userconsole;

pub use outbound::{Outbound, OutboundError};
pub use routes::{Audience, ROUTES, Route, route_of, router};
pub use settings::{AppState, PublicUrlError, WebSettings};
