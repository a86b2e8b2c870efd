//! Patterns with `*` (any run of characters) and `?` (one UTF-16 unit).

/// One element of a pattern. AWS counts UTF-16 units: `?` matches half of a character beyond the
/// basic plane, `??` the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Unit(u16),
    One,
    Run,
}

/// A compiled pattern. `*` crosses every character, `/`, `:` and line breaks included; brackets
/// and backslashes are literal. Matching is case-sensitive and never backtracks over a `*`: a
/// pattern without `?` takes linear time, one with `?` at most text × longest piece between stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard(Shape);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Everything,
    Exact(Box<str>),
    Prefix(Box<str>),
    Pieces(Pieces),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pieces {
    head: Box<[Unit]>,
    /// `None` if the pattern has no `*`.
    after_star: Option<AfterStar>,
}

/// Each piece of `middle` in order, then `tail` at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AfterStar {
    middle: Box<[Search]>,
    tail: Box<[Unit]>,
}

/// One unit, `None` for `?`.
type Unit = Option<u16>;

/// A piece between two stars.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Search {
    units: Box<[Unit]>,
    /// The Knuth-Morris-Pratt failure table, for pieces without `?`.
    failure: Option<Box<[usize]>>,
}

impl Wildcard {
    /// Compiles `pattern`.
    pub fn new(pattern: &str) -> Self {
        let tokens: Vec<Token> = tokens(pattern).collect();
        Self::from_tokens(&tokens)
    }

    pub(crate) fn from_tokens(tokens: &[Token]) -> Self {
        if !tokens.is_empty() && tokens.iter().all(|token| *token == Token::Run) {
            return Self(Shape::Everything);
        }
        let (body, run_at_end) = match tokens {
            [body @ .., Token::Run] => (body, true),
            body => (body, false),
        };
        if let Some(text) = plain_text(body) {
            return Self(if run_at_end {
                Shape::Prefix(text)
            } else {
                Shape::Exact(text)
            });
        }
        Self(Shape::Pieces(Pieces::new(tokens)))
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_counting(text, &mut 0)
    }

    fn matches_counting(&self, text: &str, steps: &mut u64) -> bool {
        match &self.0 {
            Shape::Everything => true,
            Shape::Exact(exact) => **exact == *text,
            Shape::Prefix(prefix) => text.starts_with(&**prefix),
            Shape::Pieces(pieces) if text.is_ascii() => pieces.matches(text.as_bytes(), steps),
            Shape::Pieces(pieces) => {
                pieces.matches(&text.encode_utf16().collect::<Vec<u16>>(), steps)
            }
        }
    }
}

/// The tokens of a pattern text.
fn tokens(pattern: &str) -> impl Iterator<Item = Token> + '_ {
    pattern.encode_utf16().map(|unit| match unit {
        0x2A => Token::Run,
        0x3F => Token::One,
        unit => Token::Unit(unit),
    })
}

/// The text of tokens that are all literal.
fn plain_text(tokens: &[Token]) -> Option<Box<str>> {
    let units = tokens.iter().map(|token| match token {
        Token::Unit(unit) => Some(*unit),
        Token::One | Token::Run => None,
    });
    let units: Vec<u16> = units.collect::<Option<_>>()?;
    String::from_utf16(&units).ok().map(String::into_boxed_str)
}

impl Pieces {
    fn new(tokens: &[Token]) -> Self {
        let mut pieces = tokens.split(|token| *token == Token::Run).map(units);
        let head = pieces.next().unwrap_or_default();
        let mut others: Vec<Box<[Unit]>> = pieces.collect();
        let after_star = others.pop().map(|tail| {
            let middle = others.into_iter().filter(|piece| !piece.is_empty());
            AfterStar {
                middle: middle.map(Search::new).collect(),
                tail,
            }
        });
        Self { head, after_star }
    }

    fn matches<U: Copy + Into<u16>>(&self, text: &[U], steps: &mut u64) -> bool {
        let Some(AfterStar { middle, tail }) = &self.after_star else {
            return text.len() == self.head.len() && same(&self.head, text, steps);
        };
        if text.len() < self.head.len() + tail.len() {
            return false;
        }
        let (start, text) = text.split_at(self.head.len());
        let (mut text, end) = text.split_at(text.len() - tail.len());
        if !same(&self.head, start, steps) || !same(tail, end, steps) {
            return false;
        }
        // Taking the leftmost place for each piece leaves the most room for the next ones, so no
        // other choice can succeed where this one fails.
        for piece in middle {
            match piece.end_of_first(text, steps) {
                Some(end) => text = &text[end..],
                None => return false,
            }
        }
        true
    }
}

fn units(tokens: &[Token]) -> Box<[Unit]> {
    let unit = |token: &Token| match token {
        Token::Unit(unit) => Some(*unit),
        Token::One | Token::Run => None,
    };
    tokens.iter().map(unit).collect()
}

/// Whether `text`, of the same length, fits `piece`.
fn same<U: Copy + Into<u16>>(piece: &[Unit], text: &[U], steps: &mut u64) -> bool {
    piece.iter().zip(text).all(|(unit, found)| {
        *steps += 1;
        unit.is_none_or(|unit| unit == (*found).into())
    })
}

impl Search {
    fn new(units: Box<[Unit]>) -> Self {
        let failure = units
            .iter()
            .all(Option::is_some)
            .then(|| failure_table(&units));
        Self { units, failure }
    }

    /// Where the first occurrence in `text` ends.
    fn end_of_first<U: Copy + Into<u16>>(&self, text: &[U], steps: &mut u64) -> Option<usize> {
        let Some(failure) = &self.failure else {
            let places = text.windows(self.units.len());
            let found = places
                .enumerate()
                .find(|(_, place)| same(&self.units, place, steps));
            return found.map(|(at, _)| at + self.units.len());
        };
        let mut matched = 0;
        for (at, found) in text.iter().enumerate() {
            let found = Some((*found).into());
            *steps += 1;
            while matched > 0 && self.units[matched] != found {
                matched = failure[matched - 1];
                *steps += 1;
            }
            if self.units[matched] == found {
                matched += 1;
            }
            if matched == self.units.len() {
                return Some(at + 1);
            }
        }
        None
    }
}

/// For each prefix of `units`, the length of its longest proper border.
fn failure_table(units: &[Unit]) -> Box<[usize]> {
    let mut table = vec![0; units.len()];
    let mut border = 0;
    for at in 1..units.len() {
        while border > 0 && units[border] != units[at] {
            border = table[border - 1];
        }
        if units[border] == units[at] {
            border += 1;
        }
        table[at] = border;
    }
    table.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::Wildcard;

    fn steps(pattern: &str, text: &str) -> (bool, u64) {
        let mut steps = 0;
        let matched = Wildcard::new(pattern).matches_counting(text, &mut steps);
        (matched, steps)
    }

    #[test]
    fn a_hundred_stars_cost_no_more_than_a_walk_over_the_text() {
        let pattern = format!("{}b", "*a".repeat(100));
        let text = "a".repeat(2_000);
        let (matched, steps) = steps(&pattern, &text);
        assert!(!matched);
        assert!(steps <= 2 * text.len() as u64, "{steps} steps");
    }

    #[test]
    fn a_near_miss_repeated_at_every_position_stays_linear() {
        let pattern = format!("*{}b*", "a".repeat(1_000));
        let text = "a".repeat(4_000);
        let (matched, steps) = steps(&pattern, &text);
        assert!(!matched);
        assert!(steps <= 2 * text.len() as u64 + 2, "{steps} steps");
    }

    #[test]
    fn question_marks_cost_at_most_text_times_piece() {
        let pattern = format!("{}c", "*a?a?b".repeat(50));
        let text = "a".repeat(2_000);
        let (matched, steps) = steps(&pattern, &text);
        assert!(!matched);
        assert!(steps <= text.len() as u64 * 5 + 1, "{steps} steps");
    }
}
