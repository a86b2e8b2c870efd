//! The INI dialect of `~/.aws/credentials`, `~/.aws/config` and `~/.saml2aws`, read and edited
//! line by line: every byte that is not ours stays as it was.
//!
//! Lines are understood as the AWS tools understand them (Python's `configparser` without inline
//! comments): a line indented deeper than the key above it continues that key's value; keys are
//! compared without case, section names with case. Where a section appears twice (an error for
//! the AWS CLI), the first one counts. `[ name ]` stands for `[name]` only where there is no
//! `[name]`: the SDKs for Go and Java trim the name, the AWS CLI sees two sections.

use std::ops::Range;

/// A parsed file that remembers every byte.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    /// With its line ending; the last line may have none.
    raw: Vec<u8>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Empty, or a comment.
    Note,
    /// Something nobody understands.
    Garbage,
    Header(String),
    /// `value_at` is the offset of the value in the line.
    Option {
        key: String,
        value_at: usize,
    },
    Continuation,
}

impl Ini {
    /// Understands `bytes`; anything is accepted.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut lines = Vec::new();
        // The indentation of the key whose value may go on, as in configparser.
        let mut open_key: Option<usize> = None;
        for (number, raw) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let kind = classify(without_bom(raw, number), &mut open_key, raw.len());
            lines.push(Line {
                raw: raw.to_owned(),
                kind,
            });
        }
        Self { lines }
    }

    /// The file as it stands now.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lines
            .iter()
            .flat_map(|line| line.raw.iter().copied())
            .collect()
    }

    /// The section names in order of appearance, repeated where the file repeats them.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| match &line.kind {
            Kind::Header(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The value of a key in the first section of that name, `None` when it is absent. Values of
    /// several lines are joined with `\n`.
    pub fn get(&self, section: &str, key: &str) -> Option<String> {
        let range = self.section(section)?;
        let at = range.clone().find(|&at| self.is_option(at, key))?;
        let Kind::Option { value_at, .. } = &self.lines[at].kind else {
            return None;
        };
        let mut value = text(self.lines[at].raw.get(*value_at..).unwrap_or_default());
        for next in at + 1..range.end {
            match self.lines[next].kind {
                Kind::Continuation => {
                    value.push('\n');
                    value.push_str(&text(&self.lines[next].raw));
                }
                Kind::Note => {}
                _ => break,
            }
        }
        Some(value)
    }

    /// The number of the line (from 1) on which [`Self::get`] finds a key.
    pub fn line_of(&self, section: &str, key: &str) -> Option<usize> {
        self.section(section)?
            .find(|&at| self.is_option(at, key))
            .map(|at| at + 1)
    }

    /// Sets `pairs` in the first section of that name, which is made at the end of the file when
    /// there is none. A key that exists keeps its place and spelling; a new one follows its
    /// predecessor in `pairs`, or the last key of the section. Repetitions of these keys in the
    /// section are removed, since AWS tools refuse them.
    ///
    /// Values must be free of line breaks, and `section` of brackets and line breaks.
    pub fn set(&mut self, section: &str, pairs: &[(&str, &str)]) {
        if self.section(section).is_none() {
            self.append_section(section, pairs);
            return;
        }
        self.tidy_header(section);
        let width = pairs.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        let mut previous = None;
        for (key, value) in pairs {
            let Some(range) = self.section(section) else {
                return;
            };
            let found = range.clone().find(|&at| self.is_option(at, key));
            previous = Some(if let Some(at) = found {
                self.replace_value(at, value);
                self.remove_repetitions(at, section, key);
                at
            } else {
                let before = previous.unwrap_or_else(|| self.last_content(&range));
                self.insert_option(before, range.start - 1, option_line(key, value, width));
                before + 1
            });
        }
    }

    /// The lines of the first section of that name, without its header.
    fn section(&self, name: &str) -> Option<Range<usize>> {
        let is_named = |line: &&Line| matches!(&line.kind, Kind::Header(found) if found == name);
        let named = || {
            self.lines
                .iter()
                .enumerate()
                .filter(|(_, line)| is_named(line))
        };
        let exact = named().find(|(_, line)| {
            brackets(&line.raw)
                .is_some_and(|(open, close)| line.raw.get(open + 1..close) == Some(name.as_bytes()))
        });
        let (header, _) = exact.or_else(|| named().next())?;
        let end = self.lines[header + 1..]
            .iter()
            .position(|line| matches!(line.kind, Kind::Header(_)))
            .map_or(self.lines.len(), |offset| header + 1 + offset);
        Some(header + 1..end)
    }

    fn is_option(&self, at: usize, wanted: &str) -> bool {
        matches!(&self.lines[at].kind, Kind::Option { key, .. } if key.eq_ignore_ascii_case(wanted))
    }

    /// `[ name ]` becomes `[name]`: the AWS CLI takes the spaces for a part of the name.
    fn tidy_header(&mut self, section: &str) {
        let Some(range) = self.section(section) else {
            return;
        };
        let line = &mut self.lines[range.start - 1];
        if let Some((open, close)) = brackets(&line.raw)
            && close - open - 1 != section.len()
        {
            line.raw.splice(open + 1..close, section.bytes());
        }
    }

    fn replace_value(&mut self, at: usize, value: &str) {
        let line = &mut self.lines[at];
        if let Kind::Option { value_at, .. } = line.kind {
            let ending = ending_of(&line.raw);
            line.raw.truncate(value_at);
            equals_sign(&mut line.raw);
            line.raw.extend_from_slice(value.as_bytes());
            line.raw.extend_from_slice(ending);
        }
        self.drop_continuations(at + 1);
    }

    /// Removes what continues a value; comments and blank lines in between stay.
    fn drop_continuations(&mut self, mut at: usize) {
        while let Some(line) = self.lines.get(at) {
            match line.kind {
                Kind::Continuation => drop(self.lines.remove(at)),
                Kind::Note | Kind::Garbage => at += 1,
                Kind::Header(_) | Kind::Option { .. } => return,
            }
        }
    }

    fn remove_repetitions(&mut self, first: usize, section: &str, key: &str) {
        while let Some(range) = self.section(section)
            && let Some(again) = (first + 1..range.end).find(|&at| self.is_option(at, key))
        {
            self.lines.remove(again);
            self.drop_continuations(again);
        }
    }

    /// The last line of the section that is no note; the header when there is none.
    fn last_content(&self, range: &Range<usize>) -> usize {
        let content = range
            .clone()
            .rev()
            .find(|&at| self.lines[at].kind != Kind::Note);
        content.unwrap_or(range.start - 1)
    }

    /// Inserts a key after the line `before`, indented like its neighbours: with less it would
    /// swallow the lines below, with more it would be swallowed itself.
    fn insert_option(&mut self, before: usize, header: usize, (text, value_at): (String, usize)) {
        let ending = self.line_ending(header);
        self.end_line(before, ending);
        let neighbour = (header + 1..=before)
            .rev()
            .find(|&at| matches!(self.lines[at].kind, Kind::Option { .. }))
            .or_else(|| {
                (before + 1..self.lines.len()).find(|&at| self.lines[at].kind != Kind::Note)
            });
        let mut raw = neighbour
            .map(|at| indent_of(&self.lines[at].raw).to_owned())
            .unwrap_or_default();
        let value_at = raw.len() + value_at;
        raw.extend_from_slice(text.as_bytes());
        raw.extend_from_slice(ending);
        let key = text.split(' ').next().unwrap_or_default().to_owned();
        self.lines.insert(
            before + 1,
            Line {
                raw,
                kind: Kind::Option { key, value_at },
            },
        );
    }

    /// Gives a line its ending if it is the last of the file and has none.
    fn end_line(&mut self, at: usize, ending: &[u8]) {
        if let Some(line) = self.lines.get_mut(at)
            && ending_of(&line.raw).is_empty()
        {
            line.raw.extend_from_slice(ending);
        }
    }

    /// The ending that the line at `at` uses, or else the file's first line.
    fn line_ending(&self, at: usize) -> &'static [u8] {
        let of_line = |at| self.lines.get(at).map(|line: &Line| ending_of(&line.raw));
        let own = of_line(at).filter(|own| !own.is_empty());
        own.or_else(|| of_line(0))
            .filter(|found| !found.is_empty())
            .unwrap_or(b"\n")
    }

    fn append_section(&mut self, section: &str, pairs: &[(&str, &str)]) {
        let ending = self.line_ending(self.lines.len());
        if let Some(last) = self.lines.len().checked_sub(1) {
            self.end_line(last, ending);
            if !self.lines[last].raw.trim_ascii().is_empty() {
                self.lines.push(Line {
                    raw: ending.to_owned(),
                    kind: Kind::Note,
                });
            }
        }
        let mut header = format!("[{section}]").into_bytes();
        header.extend_from_slice(ending);
        self.lines.push(Line {
            raw: header,
            kind: Kind::Header(section.to_owned()),
        });
        let header = self.lines.len() - 1;
        let width = pairs.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, value) in pairs {
            self.insert_option(self.lines.len() - 1, header, option_line(key, value, width));
        }
    }
}

/// Where the brackets of a header are.
fn brackets(raw: &[u8]) -> Option<(usize, usize)> {
    let open = raw.iter().position(|byte| *byte == b'[')?;
    let close = raw.iter().position(|byte| *byte == b']')?;
    (open < close).then_some((open, close))
}

/// `key : ` becomes `key = `: the SDKs for Go and Java know no colon, and would take the first
/// `=` inside a session token for the delimiter.
fn equals_sign(start: &mut [u8]) {
    let delimiter = start.iter().position(|byte| matches!(byte, b'=' | b':'));
    if let Some(delimiter) = delimiter.and_then(|at| start.get_mut(at)) {
        *delimiter = b'=';
    }
}

/// A line without its ending, and where its value begins.
fn option_line(key: &str, value: &str, width: usize) -> (String, usize) {
    let start = format!("{key:width$} = ");
    let value_at = start.len();
    (start + value, value_at)
}

fn indent_of(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    &raw[..raw.len() - raw.trim_ascii_start().len()]
}

fn without_bom(raw: &[u8], number: usize) -> &[u8] {
    if number == 0 {
        raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw)
    } else {
        raw
    }
}

/// `full` is the length of the line in the file, which may begin with a byte order mark.
fn classify(line: &[u8], open_key: &mut Option<usize>, full: usize) -> Kind {
    if is_blank_or_comment(line) {
        return Kind::Note;
    }
    let indent = line.len() - line.trim_ascii_start().len();
    if open_key.is_some_and(|open| indent > open) {
        return Kind::Continuation;
    }
    let content = line.trim_ascii();
    if let Some(rest) = content.strip_prefix(b"[") {
        *open_key = None;
        return match rest.iter().position(|byte| *byte == b']') {
            Some(end) => Kind::Header(text(&rest[..end])),
            None => Kind::Garbage,
        };
    }
    let Some(delimiter) = content.iter().position(|byte| matches!(byte, b'=' | b':')) else {
        return Kind::Garbage;
    };
    *open_key = Some(indent);
    let key = text(&content[..delimiter]);
    let after = &content[delimiter + 1..];
    let spaces = after.len() - after.trim_ascii_start().len();
    let value_at = full - line.len() + indent + delimiter + 1 + spaces;
    // With an empty value the spaces before it are trailing ones, which were trimmed away.
    let value_at = if after.is_empty() {
        value_at + blanks_at_end(line)
    } else {
        value_at
    };
    Kind::Option { key, value_at }
}

/// How many spaces or tabs stand before the line ending.
fn blanks_at_end(line: &[u8]) -> usize {
    let body = &line[..line.len() - ending_of(line).len()];
    body.iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

fn is_blank_or_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii().first(), None | Some(b'#' | b';'))
}

fn ending_of(raw: &[u8]) -> &'static [u8] {
    if raw.ends_with(b"\r\n") {
        b"\r\n"
    } else if raw.ends_with(b"\n") {
        b"\n"
    } else {
        b""
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.trim_ascii()).into_owned()
}
