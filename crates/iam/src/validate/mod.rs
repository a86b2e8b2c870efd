//! What AWS accepts as a policy document, and its words for what it refuses.
//!
//! Two parsers answer in AWS. One reads permissions policies (`permission`), the other everything
//! that names principals (`trust_and_resource`); they differ in order and wording.

mod permission;
mod principals;
mod resource_arn;
mod shape;
mod trust_and_resource;

use crate::condition::Operator;
use crate::document::{DocumentKind, Effect, Scope};
use crate::json::{self, Json, JsonError};
use crate::malformed::MalformedPolicy;
use crate::principal::Named;

/// A valid document, its texts still borrowed from the JSON.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    /// `${…}` is a variable: the document is of version 2012-10-17.
    pub(crate) variables: bool,
    pub(crate) statements: Vec<Draft<'a>>,
}

/// A valid statement.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) sid: Option<&'a str>,
    pub(crate) effect: Effect,
    pub(crate) actions: Scope<&'a str>,
    pub(crate) resources: Scope<&'a str>,
    pub(crate) principals: Scope<Named>,
    pub(crate) clauses: Vec<Clause<'a>>,
}

/// A known operator on a key.
#[derive(Debug)]
pub(crate) struct Clause<'a> {
    pub(crate) name: &'a str,
    pub(crate) operator: Operator,
    pub(crate) key: &'a str,
    pub(crate) values: Vec<String>,
}

/// Reads the JSON of a document.
pub(crate) fn read(text: &str, kind: DocumentKind) -> Result<Json, MalformedPolicy> {
    if kind == DocumentKind::Resource && !text.starts_with('{') {
        let message = "Policies must be valid JSON and the first byte must be '{'";
        return Err(MalformedPolicy::new(message));
    }
    json::parse(text).map_err(|error| {
        let principals = matches!(kind, DocumentKind::Trust | DocumentKind::Resource);
        let malformed = match error {
            JsonError::Invalid(_) if principals => {
                MalformedPolicy::new("This policy contains invalid Json")
            }
            _ => MalformedPolicy::syntax(),
        };
        malformed.with_hint(format!("Not a policy document: {error}."))
    })
}

/// Checks a document for its kind.
pub(crate) fn check(json: &Json, kind: DocumentKind) -> Result<Outline<'_>, MalformedPolicy> {
    match kind {
        DocumentKind::Identity | DocumentKind::Managed | DocumentKind::Session => {
            permission::check(json, kind)
        }
        DocumentKind::Trust | DocumentKind::Resource => trust_and_resource::check(json, kind),
    }
}
