//! ARNs: six parts between colons, the sixth with whatever colons it holds.

use crate::context::RequestContext;
use crate::template::{self, Part, Reading};
use crate::wildcard::{Token, Wildcard};

const PARTS: usize = 6;
const COLON: Token = Token::Unit(b':' as u16);

/// The six parts of an ARN; `None` for anything else.
pub(crate) fn split(arn: &str) -> Option<[&str; PARTS]> {
    let mut parts = arn.splitn(PARTS, ':');
    let parts = [(); PARTS].map(|()| parts.next());
    let [
        Some("arn"),
        Some(partition),
        Some(service),
        Some(region),
        Some(account),
        Some(rest),
    ] = parts
    else {
        return None;
    };
    Some(["arn", partition, service, region, account, rest])
}

/// Where the part after the fifth colon begins in a `Resource` value: 0 if the value is no ARN,
/// its end if it has fewer colons. The colon inside a `${…}` separates nothing.
pub(crate) fn start_of_resource(value: &str) -> usize {
    if !value.starts_with("arn:") {
        return 0;
    }
    separators(value)
        .nth(PARTS - 2)
        .map_or(value.len(), |colon| colon + 1)
}

/// The places of the colons that stand outside of `${…}`.
pub(crate) fn separators(value: &str) -> impl Iterator<Item = usize> + '_ {
    let mut variable = false;
    value.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            b'$' if value[at..].starts_with("${") => variable = true,
            b'}' => variable = false,
            b':' if !variable => return Some(at),
            _ => {}
        }
        None
    })
}

/// A value of `ArnEquals` or `ArnLike`, which are the same: each part is compared by itself, with
/// wildcards that do not cross into the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArnPattern {
    Fixed(Box<[Wildcard; PARTS]>),
    Variable(Vec<Part>),
    /// Not of six parts: matches no ARN. Only session policies may hold one.
    Malformed,
}

impl ArnPattern {
    pub(crate) fn new(text: &str, variables: bool) -> Self {
        let reading = Reading {
            wildcards: true,
            variables,
            ignore_case: false,
        };
        let parts = template::parts(text, reading);
        if template::has_variable(&parts) {
            return Self::Variable(parts);
        }
        let tokens = template::tokens(&parts, &RequestContext::new());
        match tokens.as_deref().and_then(segments) {
            Some(segments) => Self::Fixed(Box::new(segments)),
            None => Self::Malformed,
        }
    }

    pub(crate) fn is_malformed(&self) -> bool {
        *self == Self::Malformed
    }

    /// Whether `arn` matches; `None` if this is no ARN to match with. A variable that does not
    /// resolve matches nothing.
    pub(crate) fn matches(&self, arn: &[&str; PARTS], context: &RequestContext) -> Option<bool> {
        match self {
            Self::Fixed(segments) => Some(all_match(segments, arn)),
            Self::Variable(parts) => match template::tokens(parts, context) {
                Some(tokens) => segments(&tokens).map(|segments| all_match(&segments, arn)),
                None => Some(false),
            },
            Self::Malformed => None,
        }
    }
}

fn all_match(segments: &[Wildcard; PARTS], arn: &[&str; PARTS]) -> bool {
    segments
        .iter()
        .zip(arn)
        .all(|(pattern, part)| pattern.matches(part))
}

fn segments(tokens: &[Token]) -> Option<[Wildcard; PARTS]> {
    let mut segments = tokens.splitn(PARTS, |token| *token == COLON);
    let segments = [(); PARTS].map(|()| segments.next().map(Wildcard::from_tokens));
    let [
        Some(prefix),
        Some(partition),
        Some(service),
        Some(region),
        Some(account),
        Some(rest),
    ] = segments
    else {
        return None;
    };
    prefix
        .matches("arn")
        .then_some([prefix, partition, service, region, account, rest])
}
