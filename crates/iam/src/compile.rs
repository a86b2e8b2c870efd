//! From a validated outline to the compiled document.

use std::collections::HashSet;

use crate::condition::Condition;
use crate::document::{DocumentKind, PolicyDocument, Statement};
use crate::malformed::MalformedPolicy;
use crate::template::{self, Piece, TextPattern};
use crate::validate::{self, Draft, Outline};
use crate::wildcard::Wildcard;

pub(crate) fn compile(json: &str, kind: DocumentKind) -> Result<PolicyDocument, MalformedPolicy> {
    let json = validate::read(json, kind)?;
    let outline = validate::check(&json, kind)?;
    let context_keys = context_keys(&outline);
    let variables = outline.variables;
    let statements = outline.statements.into_iter();
    let statements = statements
        .map(|draft| statement(draft, variables))
        .collect();
    Ok(PolicyDocument {
        statements,
        context_keys,
    })
}

fn statement(draft: Draft<'_>, variables: bool) -> Statement {
    let conditions = draft.clauses.iter().map(|clause| {
        Condition::new(
            clause.name,
            clause.operator,
            clause.key,
            &clause.values,
            variables,
        )
    });
    Statement {
        conditions: conditions.collect(),
        sid: draft.sid.map(str::to_owned),
        effect: draft.effect,
        // Actions ignore case: both sides are compared in lower case.
        actions: draft
            .actions
            .map(|action| Wildcard::new(&action.to_ascii_lowercase())),
        resources: draft
            .resources
            .map(|resource| TextPattern::resource(resource, variables)),
        principals: draft.principals,
    }
}

/// The keys that conditions and variables name, each spelling once.
fn context_keys(outline: &Outline<'_>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    let mut add = |key: &str| {
        if known.insert(key.to_owned()) {
            keys.push(key.to_owned());
        }
    };
    for draft in &outline.statements {
        let values = draft
            .clauses
            .iter()
            .flat_map(|clause| &clause.values)
            .map(String::as_str);
        let texts = draft.resources.items().iter().copied().chain(values);
        draft.clauses.iter().for_each(|clause| add(clause.key));
        if outline.variables {
            texts
                .flat_map(template::pieces)
                .for_each(|piece| match piece {
                    Piece::Variable { name, .. } | Piece::Escape(name) => add(name),
                    Piece::Text(_) => {}
                });
        }
    }
    keys
}
