//! The parser of filters: recursive descent over bytes; `not` binds before `and` before `or`.

use super::{Filter, FilterError, Literal, MAX_FILTER_BYTES, MAX_FILTER_DEPTH, Operator};
use crate::path::AttributePath;

pub(super) fn parse(text: &str) -> Result<Filter, FilterError> {
    if text.len() > MAX_FILTER_BYTES {
        return Err(FilterError::TooLong);
    }
    let mut parser = Parser {
        text,
        at: 0,
        inside_value_path: false,
    };
    let filter = parser.disjunction(0)?;
    parser.spaces();
    if parser.at == text.len() {
        Ok(filter)
    } else {
        Err(FilterError::Unexpected(parser.at))
    }
}

/// Reads the bracket that opens at `open`; answers the filter and where the bracket has closed.
pub(crate) fn parse_value_path(text: &str, open: usize) -> Result<(Filter, usize), FilterError> {
    if text.len() > MAX_FILTER_BYTES {
        return Err(FilterError::TooLong);
    }
    let mut parser = Parser {
        text,
        at: open,
        inside_value_path: false,
    };
    let filter = parser.brackets(0)?;
    Ok((filter, parser.at))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    inside_value_path: bool,
}

impl<'a> Parser<'a> {
    fn disjunction(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut parts = vec![self.conjunction(depth)?];
        while self.keyword("or") {
            parts.push(self.conjunction(depth)?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn conjunction(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut parts = vec![self.term(depth)?];
        while self.keyword("and") {
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn term(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if depth >= MAX_FILTER_DEPTH {
            return Err(FilterError::TooDeep);
        }
        self.spaces();
        if self.peek() == Some(b'(') {
            return self.parentheses(depth);
        }
        let start = self.at;
        if self.word().eq_ignore_ascii_case("not") {
            self.spaces();
            if self.peek() == Some(b'(') {
                return Ok(Filter::Not(Box::new(self.parentheses(depth)?)));
            }
        }
        self.at = start;
        self.expression(depth)
    }

    fn parentheses(&mut self, depth: usize) -> Result<Filter, FilterError> {
        self.at += 1;
        let inner = self.disjunction(depth + 1)?;
        self.close(b')')?;
        Ok(inner)
    }

    fn brackets(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if self.inside_value_path {
            return Err(FilterError::Unexpected(self.at));
        }
        self.at += 1;
        self.inside_value_path = true;
        let inner = self.disjunction(depth + 1)?;
        self.inside_value_path = false;
        self.close(b']')?;
        Ok(inner)
    }

    fn close(&mut self, bracket: u8) -> Result<(), FilterError> {
        self.spaces();
        if self.peek() != Some(bracket) {
            return Err(FilterError::Unexpected(self.at));
        }
        self.at += 1;
        Ok(())
    }

    fn expression(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let start = self.at;
        let path = AttributePath::parse(self.word()).ok_or(FilterError::Attribute(start))?;
        if self.peek() == Some(b'[') {
            if path.sub.is_some() {
                return Err(FilterError::Unexpected(self.at));
            }
            return Ok(Filter::ValuePath(path, Box::new(self.brackets(depth)?)));
        }
        self.spaces();
        let at_operator = self.at;
        let word = self.word();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let operator = Operator::from_word(word).ok_or(FilterError::Operator(at_operator))?;
        if self.peek() != Some(b' ') {
            return Err(FilterError::Value(self.at));
        }
        self.spaces();
        let at_value = self.at;
        let value = self.literal()?;
        let comparable = match operator {
            Operator::Eq | Operator::Ne => true,
            Operator::Co | Operator::Sw | Operator::Ew => matches!(value, Literal::Text(_)),
            _ => matches!(value, Literal::Text(_) | Literal::Number(_)),
        };
        if comparable {
            Ok(Filter::Compare(path, operator, value))
        } else {
            Err(FilterError::Comparison(at_value))
        }
    }

    fn literal(&mut self) -> Result<Literal, FilterError> {
        let start = self.at;
        if self.peek() == Some(b'"') {
            let bytes = self.text.as_bytes();
            let mut end = start + 1;
            while bytes.get(end).is_some_and(|byte| *byte != b'"') {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let raw = self
                .text
                .get(start..=end)
                .ok_or(FilterError::Value(start))?;
            self.at = end + 1;
            return serde_json::from_str(raw)
                .map(Literal::Text)
                .map_err(|_| FilterError::Value(start));
        }
        match self.word() {
            "true" => Ok(Literal::Bool(true)),
            "false" => Ok(Literal::Bool(false)),
            "null" => Ok(Literal::Null),
            number => serde_json::from_str(number)
                .map(Literal::Number)
                .map_err(|_| FilterError::Value(start)),
        }
    }

    /// `and` or `or`, between spaces (a parenthesis may follow it at once).
    fn keyword(&mut self, keyword: &str) -> bool {
        let start = self.at;
        self.spaces();
        let apart = self.at > start || self.text[..start].ends_with([')', ']']);
        if apart
            && self.word().eq_ignore_ascii_case(keyword)
            && matches!(self.peek(), Some(b' ' | b'('))
        {
            return true;
        }
        self.at = start;
        false
    }

    /// What stands up to the next space, bracket or quote.
    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest
            .find([' ', '(', ')', '[', ']', '"'])
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

fn one_or(mut parts: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}
