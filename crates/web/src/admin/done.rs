//! The confirmation of what was just done (requirement U02). The address carries only its code, so
//! that nobody can put words of their own on a page by a link.

use jetway_pages::admin::Toast;
use jetway_pages::admin::parts::Tone;

use crate::shared::{Failure, Fields};

/// The sentence for the code `done` of the address, if it is one of `known`.
pub(crate) fn done(query: &Fields<'_>, known: &[(&str, &str)]) -> Result<Option<Toast>, Failure> {
    let code = query.get("done")?.unwrap_or_default();
    let sentence = known.iter().find(|(name, _)| *name == code);
    Ok(sentence.map(|(_, text)| Toast {
        tone: Tone::Good,
        text: (*text).to_owned(),
    }))
}
