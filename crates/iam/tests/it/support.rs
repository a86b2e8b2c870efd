//! Shorthand for documents, contexts and outcomes.

use jetway_iam::{
    Decision, DocumentKind, NamedPolicy, PolicyDocument, PolicySet, Request, RequestContext,
    evaluate,
};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allow,
    ExplicitDeny,
    ImplicitDeny,
}

impl From<&Decision> for Outcome {
    fn from(decision: &Decision) -> Self {
        match decision {
            Decision::Allow => Self::Allow,
            Decision::ExplicitDeny { .. } => Self::ExplicitDeny,
            Decision::ImplicitDeny { .. } => Self::ImplicitDeny,
        }
    }
}

/// A context from JSON: texts are single values, lists multivalued keys.
pub(crate) fn context(json: &str) -> RequestContext {
    let mut context = RequestContext::new();
    let Value::Object(keys) = serde_json::from_str(json).expect("a context is JSON") else {
        panic!("a context is an object: {json}");
    };
    for (key, value) in keys {
        match value {
            Value::String(value) => context.set(key, value),
            Value::Array(values) => context.set_many(key, values.iter().filter_map(Value::as_str)),
            other => panic!("{other} is neither a text nor a list"),
        }
    }
    context
}

pub(crate) fn named(document: &PolicyDocument) -> NamedPolicy<'_> {
    NamedPolicy {
        name: "test",
        arn: None,
        document,
    }
}

/// What identity policies alone decide.
pub(crate) fn decide(
    documents: &[PolicyDocument],
    action: &str,
    resource: &str,
    context: &RequestContext,
) -> Outcome {
    let set = PolicySet {
        identity: documents.iter().map(named).collect(),
        ..PolicySet::default()
    };
    Outcome::from(&evaluate(
        &set,
        &Request {
            action,
            resource,
            context,
        },
    ))
}

pub(crate) fn parse(json: &str, kind: DocumentKind) -> PolicyDocument {
    match PolicyDocument::parse(json, kind) {
        Ok(document) => document,
        Err(error) => panic!("{error} ({:?}): {json}", error.hint()),
    }
}

/// A document of version 2012-10-17 with the given statements.
pub(crate) fn identity(statements: &str) -> PolicyDocument {
    let json = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    parse(&json, DocumentKind::Identity)
}

/// Whether `condition` (the inside of `Condition`) holds. Read as a session policy, which takes
/// every literal.
pub(crate) fn holds(condition: &str, keys: &str) -> bool {
    let outcome = |effect: &str| {
        let json = format!(
            r#"{{"Version":"2012-10-17","Statement":[
                {{"Effect":"{effect}","Action":"*","Resource":"*","Condition":{{{condition}}}}}]}}"#
        );
        decide(
            &[parse(&json, DocumentKind::Session)],
            "s3:GetObject",
            "*",
            &context(keys),
        )
    };
    match (outcome("Allow"), outcome("Deny")) {
        (Outcome::Allow, Outcome::ExplicitDeny) => true,
        (Outcome::ImplicitDeny, Outcome::ImplicitDeny) => false,
        other => panic!("Allow and Deny disagree about {condition}: {other:?}"),
    }
}

/// Whether `resource` is covered by the `Resource` value `pattern`.
pub(crate) fn covers(pattern: &str, resource: &str, keys: &str) -> bool {
    let pattern = serde_json::to_string(pattern).expect("texts are JSON");
    let document = identity(&format!(
        r#"{{"Effect":"Allow","Action":"*","Resource":{pattern}}}"#
    ));
    decide(&[document], "s3:GetObject", resource, &context(keys)) == Outcome::Allow
}

pub(crate) fn message(json: &str, kind: DocumentKind) -> String {
    match PolicyDocument::parse(json, kind) {
        Ok(_) => panic!("accepted: {json}"),
        Err(error) => error.to_string(),
    }
}
