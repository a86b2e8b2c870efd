//! What a command prints: a table for people, the API's JSON for programs.

use serde_json::{Value, json};

use super::AdminError;
use crate::printer::{Printer, printable};

#[derive(Clone, Copy)]
pub(super) struct Output {
    json: bool,
    printer: Printer,
}

impl Output {
    pub(super) fn new(json: bool, printer: Printer) -> Self {
        Self { json, printer }
    }

    /// A list; `columns` are headings with the fields under them.
    pub(super) fn list(self, items: &[Value], columns: &[(&str, &str)]) -> Result<(), AdminError> {
        if self.json {
            return self.print(&pretty(&json!({ "items": items })));
        }
        if items.is_empty() {
            self.printer.note("Nothing found.");
            return Ok(());
        }
        self.print(&table(&rows_of(items, columns)))
    }

    /// One thing, field by field.
    pub(super) fn one(self, item: &Value) -> Result<(), AdminError> {
        if self.json {
            return self.print(&pretty(item));
        }
        let mut rows = Vec::new();
        lines(String::new(), item, &mut rows);
        self.print(&table(&rows))
    }

    /// What was done, for people; the thing as it is now, for programs.
    pub(super) fn done(self, said: &str, item: &Value) -> Result<(), AdminError> {
        if self.json {
            return self.print(&pretty(item));
        }
        self.printer.note(said);
        Ok(())
    }

    /// A table for people, beside the data.
    pub(super) fn note_table(self, items: &[Value], columns: &[(&str, &str)]) {
        self.printer.note(&table(&rows_of(items, columns)));
    }

    /// A line for people, beside the data.
    pub(super) fn note(self, text: &str) {
        self.printer.note(text);
    }

    /// Text as it is.
    pub(super) fn text(self, text: &str) -> Result<(), AdminError> {
        self.print(text)
    }

    fn print(self, text: &str) -> Result<(), AdminError> {
        self.printer.data(text).map_err(AdminError::Output)
    }
}

fn rows_of(items: &[Value], columns: &[(&str, &str)]) -> Vec<Vec<String>> {
    let headings = columns.iter().map(|(heading, _)| (*heading).to_owned());
    let mut rows = vec![headings.collect()];
    for item in items {
        let cells = columns.iter().map(|(_, field)| cell(item, field));
        rows.push(cells.collect());
    }
    rows
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

/// The value at a path with dots, as text; of several paths with `|` between, the first that has
/// one. A path through a list leads to a value of each of its items.
fn cell(item: &Value, paths: &str) -> String {
    let at = |path: &str| {
        let found = path.split('.').fold(vec![item], |values, name| {
            let members = values.into_iter().flat_map(spread);
            members.filter_map(|value| value.get(name)).collect()
        });
        let texts: Vec<_> = found.into_iter().map(said).collect();
        Some(texts.join(", ")).filter(|text| !text.is_empty())
    };
    paths.split('|').find_map(at).unwrap_or_default()
}

fn spread(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        value => std::slice::from_ref(value),
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => printable(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(said).collect();
            items.join(", ")
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => printable(&value.to_string()),
    }
}

/// `path` and value of each member that has one; items of a list of objects are numbered as in what
/// the API says of them.
fn lines(path: String, value: &Value, rows: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let inner = if path.is_empty() {
                    printable(name)
                } else {
                    format!("{path}.{}", printable(name))
                };
                lines(inner, value, rows);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                lines(format!("{path}[{index}]"), item, rows);
            }
        }
        value => {
            let text = said(value);
            if !text.is_empty() {
                rows.push(vec![path, text]);
            }
        }
    }
}

/// Columns of equal width, the last one ragged.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let padding = width.saturating_sub(cell.chars().count());
            format!("{cell}{}", " ".repeat(padding))
        });
        let cells: Vec<_> = cells.collect();
        cells.join("  ").trim_end().to_owned()
    };
    let lines: Vec<_> = rows.iter().map(line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_by_characters_and_cannot_drive_the_terminal() {
        let item = json!({"name": "Zoë\u{1b}[2J", "inner": {"list": ["a", "b"]}, "none": null});
        assert_eq!(cell(&item, "name"), "Zoë[2J");
        assert_eq!(cell(&item, "inner.list"), "a, b");
        assert_eq!(cell(&item, "none"), "");
        assert_eq!(cell(&item, "absent.field"), "");
        assert_eq!(cell(&item, "absent|none|inner.list"), "a, b");
        let item = json!({"groups": [{"name": "a"}, {"name": "b"}], "empty": []});
        assert_eq!(cell(&item, "groups.name"), "a, b");
        assert_eq!(cell(&item, "empty.name"), "");
        let mut rows = Vec::new();
        lines(String::new(), &item, &mut rows);
        let expected = [["groups[0].name", "a"], ["groups[1].name", "b"]];
        assert_eq!(rows, expected.map(|row| row.map(str::to_owned).to_vec()));
        let rows = [["Zoë", "x"], ["Annabel", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "Zoë      x\nAnnabel");
    }
}
