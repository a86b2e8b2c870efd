//! XML with white space added for people. What is shown is text on a page and nothing else.

/// Spaces that one level is moved in by.
const STEP: usize = 2;

/// A document of ours, with each element on a line of its own. Elements that hold only text stay on
/// one line. Nothing but white space between tags is added.
pub(crate) fn readable(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len() * 2);
    let mut depth = 0_usize;
    // Whether the line ends in a start tag, whose end tag may follow on the same line.
    let mut opened = false;
    let mut rest = xml;
    while !rest.is_empty() {
        let (piece, after) = split(rest);
        rest = after;
        if !piece.starts_with('<') {
            if piece.trim().is_empty() {
                continue;
            }
            if !opened {
                new_line(&mut out, depth);
            }
            out.push_str(piece);
            continue;
        }
        if piece.starts_with("</") {
            depth = depth.saturating_sub(1);
            if !opened {
                new_line(&mut out, depth);
            }
            opened = false;
        } else {
            new_line(&mut out, depth);
            let holds =
                !piece.ends_with("/>") && !piece.starts_with("<?") && !piece.starts_with("<!");
            depth += usize::from(holds);
            opened = holds;
        }
        out.push_str(piece);
    }
    out
}

/// The first tag or text, and what follows. A `>` in a quoted value ends no tag.
fn split(text: &str) -> (&str, &str) {
    if !text.starts_with('<') {
        return text.split_at(text.find('<').unwrap_or(text.len()));
    }
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '>') => return text.split_at(at + 1),
            _ => {}
        }
    }
    (text, "")
}

fn new_line(out: &mut String, depth: usize) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', depth * STEP));
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn each_element_has_its_line_and_text_stays_with_its_element() {
        assert_eq!(
            readable("<a x=\"1 > 0\"><b>text &lt;</b><c></c><d/><e><f>1</f></e></a>"),
            "<a x=\"1 > 0\">\n  <b>text &lt;</b>\n  <c></c>\n  <d/>\n  <e>\n    <f>1</f>\n  </e>\n</a>"
        );
    }

    #[test]
    fn what_is_no_xml_comes_out_as_text_too() {
        for odd in ["", "<", "a < b", "</x></x>", "<a 'b"] {
            let shown: String = readable(odd).split_whitespace().collect();
            let given: String = odd.split_whitespace().collect();
            assert_eq!(shown, given, "{odd}");
        }
    }
}
