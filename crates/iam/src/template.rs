//! Texts with policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}` `${?}` `${$}`.

use crate::context::{self, RequestContext, Value};
use crate::wildcard::{Token, Wildcard};

/// How a text of a policy is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// `${…}` is a variable (documents of version 2012-10-17).
    pub(crate) variables: bool,
    /// Upper and lower case are the same (`StringEqualsIgnoreCase`).
    pub(crate) ignore_case: bool,
}

/// What stands between two variables, or one of them, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Escape(&'a str),
    Variable {
        name: &'a str,
        default: Option<&'a str>,
    },
}

/// Splits a text at its variables. A `${` that is never closed is text.
pub(crate) fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(start) = text.find("${") {
        let Some(length) = end_of_variable(&text[start + 2..]) else {
            break;
        };
        if start > 0 {
            pieces.push(Piece::Text(&text[..start]));
        }
        pieces.push(variable(&text[start + 2..start + 2 + length]));
        text = &text[start + 2 + length + 1..];
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Where the `}` stands that closes a variable; inside the quotes of a default it does not count.
fn end_of_variable(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn variable(inside: &str) -> Piece<'_> {
    if matches!(inside, "*" | "?" | "$") {
        return Piece::Escape(inside);
    }
    let default = inside.split_once(',').and_then(|(name, default)| {
        let quoted = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        Some((name.trim(), quoted))
    });
    match default {
        Some((name, default)) => Piece::Variable {
            name,
            default: Some(default),
        },
        None => Piece::Variable {
            name: inside.trim(),
            default: None,
        },
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Compared literally.
    Text(String),
    One,
    Run,
    Variable(Variable),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    key: String,
    default: Option<String>,
}

impl Variable {
    fn new(name: &str, default: Option<&str>) -> Self {
        // A multivalued key never resolves, not even with a default.
        let default = default.filter(|_| !context::is_multivalued_key(name));
        Self {
            key: context::key(name).into_owned(),
            default: default.map(str::to_owned),
        }
    }

    fn resolve<'a>(&'a self, context: &'a RequestContext) -> Option<&'a str> {
        match context.lookup(&self.key) {
            Some(Value::One(value)) => Some(value),
            Some(Value::Many(_)) => None,
            None => self.default.as_deref(),
        }
    }
}

/// Reads a text into parts.
pub(crate) fn parts(text: &str, reading: Reading) -> Vec<Part> {
    let pieces = if reading.variables {
        pieces(text)
    } else {
        vec![Piece::Text(text)]
    };
    let mut parts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) if reading.wildcards => push_wildcards(text, &mut parts),
            Piece::Text(text) | Piece::Escape(text) => parts.push(Part::Text(text.to_owned())),
            Piece::Variable { name, default } => {
                parts.push(Part::Variable(Variable::new(name, default)));
            }
        }
    }
    parts
}

fn push_wildcards(text: &str, parts: &mut Vec<Part>) {
    for piece in text.split_inclusive(['*', '?']) {
        let (literal, wildcard) = match piece.as_bytes().last() {
            Some(b'*') => (&piece[..piece.len() - 1], Some(Part::Run)),
            Some(b'?') => (&piece[..piece.len() - 1], Some(Part::One)),
            _ => (piece, None),
        };
        if !literal.is_empty() {
            parts.push(Part::Text(literal.to_owned()));
        }
        parts.extend(wildcard);
    }
}

/// The tokens of `parts` in this context; `None` if a variable does not resolve. What a variable
/// stands for is literal: a `*` in a tag value is no wildcard.
pub(crate) fn tokens(parts: &[Part], context: &RequestContext) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => tokens.extend(text.encode_utf16().map(Token::Unit)),
            Part::One => tokens.push(Token::One),
            Part::Run => tokens.push(Token::Run),
            Part::Variable(variable) => {
                tokens.extend(variable.resolve(context)?.encode_utf16().map(Token::Unit));
            }
        }
    }
    Some(tokens)
}

/// The text of `parts` in this context; `None` if a variable does not resolve. For parts read
/// without wildcards.
pub(crate) fn text(parts: &[Part], context: &RequestContext) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::One => text.push('?'),
            Part::Run => text.push('*'),
            Part::Variable(variable) => text.push_str(variable.resolve(context)?),
        }
    }
    Some(text)
}

/// Whether any of `parts` depends on the request.
pub(crate) fn has_variable(parts: &[Part]) -> bool {
    parts.iter().any(|part| matches!(part, Part::Variable(_)))
}

/// A text to compare with, compiled as far as it does not depend on the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextPattern(Shape);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Fixed(Wildcard),
    /// Variables, but no wildcards and no folding: compared without building the text.
    Plain(Vec<Part>),
    Variable {
        parts: Vec<Part>,
        ignore_case: bool,
    },
}

impl TextPattern {
    pub(crate) fn new(text: &str, reading: Reading) -> Self {
        Self::from_parts(parts(text, reading), reading.ignore_case)
    }

    /// A value of `Resource` or `NotResource`: in an ARN, variables stand only after the fifth
    /// colon; before it `${` is text.
    pub(crate) fn resource(value: &str, variables: bool) -> Self {
        let fixed = Reading {
            wildcards: true,
            variables: false,
            ignore_case: false,
        };
        let rest = Reading { variables, ..fixed };
        let (head, tail) = value.split_at(crate::arn::start_of_resource(value));
        let mut parts = parts(head, fixed);
        parts.extend(self::parts(tail, rest));
        Self::from_parts(parts, false)
    }

    fn from_parts(parts: Vec<Part>, ignore_case: bool) -> Self {
        let wildcards = parts
            .iter()
            .any(|part| matches!(part, Part::One | Part::Run));
        match (has_variable(&parts), wildcards || ignore_case) {
            (true, true) => Self(Shape::Variable { parts, ignore_case }),
            (true, false) => Self(Shape::Plain(parts)),
            (false, _) => Self(Shape::Fixed(fixed(&parts, ignore_case))),
        }
    }

    /// Whether `text` matches; never, if a variable does not resolve. To ignore case, `text` comes
    /// in lower case.
    pub(crate) fn matches(&self, text: &str, context: &RequestContext) -> bool {
        match &self.0 {
            Shape::Fixed(pattern) => pattern.matches(text),
            Shape::Plain(parts) => equals(parts, text, context),
            Shape::Variable {
                parts,
                ignore_case: true,
            } => self::text(parts, context).is_some_and(|own| own.to_lowercase() == text),
            Shape::Variable {
                parts,
                ignore_case: false,
            } => tokens(parts, context)
                .is_some_and(|tokens| Wildcard::from_tokens(&tokens).matches(text)),
        }
    }
}

/// Compiles parts without variables.
fn fixed(parts: &[Part], ignore_case: bool) -> Wildcard {
    let mut tokens = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) if ignore_case => {
                tokens.extend(text.to_lowercase().encode_utf16().map(Token::Unit));
            }
            Part::Text(text) => tokens.extend(text.encode_utf16().map(Token::Unit)),
            Part::One => tokens.push(Token::One),
            Part::Run => tokens.push(Token::Run),
            Part::Variable(_) => {}
        }
    }
    Wildcard::from_tokens(&tokens)
}

fn equals(parts: &[Part], text: &str, context: &RequestContext) -> bool {
    let mut rest = text;
    for part in parts {
        let own = match part {
            Part::Text(literal) => Some(literal.as_str()),
            Part::Variable(variable) => variable.resolve(context),
            Part::One | Part::Run => None,
        };
        match own.and_then(|own| rest.strip_prefix(own)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}
