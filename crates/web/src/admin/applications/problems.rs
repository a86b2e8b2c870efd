//! What is wrong with the fields that the wizard and the general tab share, put beside them.

use jetway_identity::applications::InvalidApplication;
use jetway_pages::admin::applications::ColorChoice;
use jetway_pages::admin::parts::Field;

use crate::admin::custom_attributes::sentence;
use crate::shared::{Failure, Fields};

/// Label, description and colour as stored or typed.
pub(super) struct Appearance {
    pub(super) label: Field,
    pub(super) description: Field,
    pub(super) color: ColorChoice,
}

/// The fields of a form that problems are put beside.
pub(super) struct Marked<'a> {
    pub(super) appearance: &'a mut Appearance,
    pub(super) bookmark_url: Option<&'a mut Field>,
    pub(super) slug: Option<&'a mut Field>,
}

/// Puts each problem beside its field; what has none in the form is returned.
pub(super) fn mark(invalid: InvalidApplication, mut marked: Marked<'_>) -> Option<String> {
    let mut others = Vec::new();
    for problem in invalid.0 {
        let reason = sentence(&problem.reason);
        let field = match problem.field.as_str() {
            "label" => Some(&mut marked.appearance.label),
            "description" => Some(&mut marked.appearance.description),
            "bookmark_url" => marked.bookmark_url.as_deref_mut(),
            "slug" => marked.slug.as_deref_mut(),
            "color" => {
                marked.appearance.color.set_error(reason);
                continue;
            }
            _ => None,
        };
        match field {
            Some(field) => field.error = Some(reason),
            None => others.push(reason),
        }
    }
    (!others.is_empty()).then(|| others.join(" "))
}

/// The colour that a form sent: one of the palette, or the one beside it.
pub(super) fn typed_color(fields: &Fields<'_>) -> Result<Option<String>, Failure> {
    let color = match fields.get("color")? {
        Some(ColorChoice::OWN) => fields.get("own_color")?,
        chosen => chosen,
    };
    Ok(color.map(|color| color.trim().to_owned()))
}
