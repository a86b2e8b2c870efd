//! The AWS IAM policy language: parse, validate, evaluate, explain. No I/O.
//!
//! A document is parsed and compiled once ([`PolicyDocument::parse`]); decisions are then taken
//! without looking at the JSON again. Three entry points take decisions:
//!
//! * [`evaluate`]: a request inside one account, against identity policies, permissions boundary,
//!   session policies and the resource's own policy; [`evaluate_across_accounts`] where the resource
//!   belongs to another account;
//! * [`evaluate_trust`]: who may assume a role;
//! * [`explain`]: the same decision as [`evaluate`], with what every statement said to it.
//!
//! Every decision is deny by default. Refused documents carry AWS's own text
//! ([`MalformedPolicy`]) and, apart from it, a hint for the person who wrote them.

mod arn;
mod compile;
mod condition;
mod context;
mod document;
mod evaluate;
mod explain;
mod json;
mod malformed;
mod message;
mod principal;
mod template;
mod trust;
mod validate;
mod wildcard;

pub use context::{RequestContext, is_multivalued_key};
pub use document::{DocumentKind, Effect, PolicyDocument, context_keys};
pub use evaluate::{
    DecidingStatement, Decision, Layer, NamedPolicy, PolicySet, Request, evaluate,
    evaluate_across_accounts,
};
pub use explain::{Explanation, StatementVerdict, Verdict, explain};
pub use malformed::MalformedPolicy;
pub use message::ResourceText;
pub use principal::Principal;
pub use trust::{TrustGrant, evaluate_trust, evaluate_trust_grant};
pub use wildcard::Wildcard;
