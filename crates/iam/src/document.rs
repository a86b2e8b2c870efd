//! A policy document, compiled.

use crate::compile::compile;
use crate::condition::Condition;
use crate::context::RequestContext;
use crate::malformed::MalformedPolicy;
use crate::principal::Named;
use crate::template::TextPattern;
use crate::wildcard::Wildcard;

/// Where a document is used, which decides what it may and must contain and how AWS words its
/// refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// An inline policy of a role or user. `Version` may be missing or 2008-10-17; variables are
    /// then literal text.
    Identity,
    /// A customer managed policy, inclusive of permissions boundaries: as `Identity`, but only of
    /// version 2012-10-17.
    Managed,
    /// The trust policy of a role (`AssumeRolePolicyDocument`).
    Trust,
    /// A session policy passed to STS: as `Identity`, but malformed numbers, dates, addresses and
    /// ARNs are accepted and then match nothing.
    Session,
    /// The policy of a resource, worded as S3 does for bucket policies.
    Resource,
}

/// What a statement does when it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Grants, unless something denies.
    Allow,
    /// Denies, whatever else grants.
    Deny,
}

/// A policy document, parsed, validated and compiled: evaluating it does not look at JSON again.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyDocument {
    pub(crate) statements: Vec<Statement>,
    pub(crate) context_keys: Vec<String>,
}

impl PolicyDocument {
    /// Reads a document as AWS does for this use of it.
    ///
    /// Errors: what AWS refuses, with AWS's text. Beyond that, a document that names a JSON member
    /// twice is refused as `Syntax errors in policy.`, because which of the two counts would be a
    /// guess.
    pub fn parse(json: &str, kind: DocumentKind) -> Result<Self, MalformedPolicy> {
        compile(json, kind)
    }
}

/// The condition keys a document reads, each spelling once: keys of conditions and of variables,
/// `*`, `?` and `$` for the escapes. Names that differ in case are different here (IAM
/// `GetContextKeysForCustomPolicy`).
pub fn context_keys(document: &PolicyDocument) -> Vec<String> {
    document.context_keys.clone()
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) actions: Scope<Wildcard>,
    pub(crate) resources: Scope<TextPattern>,
    pub(crate) principals: Scope<Named>,
    pub(crate) conditions: Vec<Condition>,
}

/// An element and its `Not…` form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope<T> {
    /// Neither is there.
    Unstated,
    Listed(Vec<T>),
    Except(Vec<T>),
}

/// What statements are compared with.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    action: String,
    /// `None` in a trust decision, whose statements name no resource.
    resource: Option<&'a str>,
    context: &'a RequestContext,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(
        action: &str,
        resource: Option<&'a str>,
        context: &'a RequestContext,
    ) -> Self {
        Self {
            action: action.to_ascii_lowercase(),
            resource,
            context,
        }
    }
}

/// The first element of a statement that keeps it from applying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Action,
    Resource,
    /// The index of the condition.
    Condition(usize),
}

impl Statement {
    pub(crate) fn applies(&self, subject: &Subject<'_>) -> bool {
        self.mismatch(subject).is_none()
    }

    pub(crate) fn mismatch(&self, subject: &Subject<'_>) -> Option<Mismatch> {
        let action = |pattern: &Wildcard| pattern.matches(&subject.action);
        if !self.actions.covers(action) {
            return Some(Mismatch::Action);
        }
        if let Some(resource) = subject.resource {
            let matches = |pattern: &TextPattern| pattern.matches(resource, subject.context);
            if !self.resources.covers(matches) {
                return Some(Mismatch::Resource);
            }
        }
        let failed = self
            .conditions
            .iter()
            .position(|condition| !condition.holds(subject.context));
        failed.map(Mismatch::Condition)
    }
}

impl<T> Scope<T> {
    /// Whether the scope covers what `matches` stands for. Unstated covers nothing.
    fn covers(&self, matches: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Unstated => false,
            Self::Listed(items) => items.iter().any(matches),
            Self::Except(items) => !items.iter().any(matches),
        }
    }

    pub(crate) fn map<U>(self, f: impl FnMut(T) -> U) -> Scope<U> {
        match self {
            Self::Unstated => Scope::Unstated,
            Self::Listed(items) => Scope::Listed(items.into_iter().map(f).collect()),
            Self::Except(items) => Scope::Except(items.into_iter().map(f).collect()),
        }
    }

    /// What is listed, in either form.
    pub(crate) fn items(&self) -> &[T] {
        match self {
            Self::Unstated => &[],
            Self::Listed(items) | Self::Except(items) => items,
        }
    }
}
