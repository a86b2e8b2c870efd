//! On which line a row begins, as editors count them. The reader of CSV counts from where the row
//! before ended: before the `\n` of `\r\n`, and before empty lines.

/// The lines of a text, asked for from its beginning to its end.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line, counted from 1, of the row that the reader found at `position`.
    pub(super) fn at(&mut self, position: Option<&csv::Position>) -> u64 {
        let found = position.and_then(|position| usize::try_from(position.byte()).ok());
        let end = found.unwrap_or_default().min(self.text.len());
        while let Some(byte) = self.text.get(self.at) {
            if self.at >= end && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let next = self.text.get(self.at + 1);
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<u64> {
        let mut lines = Lines::of(text);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let records = reader.records().map(Result::unwrap);
        records.map(|record| lines.at(record.position())).collect()
    }

    #[test]
    fn rows_are_on_the_lines_that_an_editor_shows() {
        assert_eq!(lines_of("a,b\n1,2\n3,4\n"), [2, 3]);
        assert_eq!(lines_of("a,b\r\n1,2\r\n3,4\r\n"), [2, 3]);
        assert_eq!(lines_of("a,b\r1,2\r3,4"), [2, 3]);
        assert_eq!(lines_of("\n\na,b\r\n\r\n1,2\n\n\n3,4"), [5, 8]);
        assert_eq!(lines_of("a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n"), [2, 4]);
    }
}
