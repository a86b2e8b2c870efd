//! Cells as spreadsheets read them, and lists of group names in one cell.

/// What a spreadsheet takes for the beginning of a formula, and the mark against that.
fn needs_mark(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\'' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}'
    )
}

/// A text as it is written into a cell.
pub(super) fn to_cell(text: &str) -> String {
    if text.chars().next().is_some_and(needs_mark) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The reverse of [`to_cell`].
pub(super) fn from_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.chars().next().is_some_and(needs_mark) => rest,
        _ => cell,
    }
}

/// Group names in one text.
pub(super) fn join_names(names: &[String]) -> String {
    let escaped: Vec<_> = names
        .iter()
        .map(|name| name.replace('\\', "\\\\").replace(';', "\\;"))
        .collect();
    escaped.join(";")
}

/// The reverse of [`join_names`]; white space around names does not count.
pub(super) fn split_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let name = match c {
            ';' => {
                names.push(String::new());
                continue;
            }
            '\\' => chars.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = names.last_mut() {
            last.push(name);
        }
    }
    names
        .into_iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula_and_every_text_comes_back() {
        for text in [
            "",
            "=1+1",
            "+49 30 1",
            "-",
            "@x",
            "'",
            "'=",
            "''",
            "'tis",
            "a=b",
            "＝1",
            "\u{1F600}",
        ] {
            let cell = to_cell(text);
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝']), "{cell}");
            assert_eq!(from_cell(&cell), text);
        }
        assert_eq!(from_cell("'tis"), "'tis");
    }

    #[test]
    fn names_of_groups_come_back_whatever_they_hold() {
        let names = ["a;b", "c\\", "\\;", "ß d"].map(str::to_owned);
        assert_eq!(split_names(&join_names(&names)), names);
        assert_eq!(split_names(" a ; b;; "), ["a", "b"]);
    }
}
