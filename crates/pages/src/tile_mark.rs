//! The image of a tile, or its coloured initials. Those are drawn as SVG with presentation
//! attributes, since the Content-Security-Policy forbids inline styles.

/// Grounds for applications without a colour of their own. White text reaches 4.5:1 on each.
const PALETTE: [&str; 8] = [
    "#2b50c4", "#7a3fb5", "#a12a6d", "#a8391b", "#7a5a00", "#2c6e2f", "#0b6b6b", "#475063",
];

/// Initials on a ground, or an image in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileMark {
    pub(crate) image: Option<String>,
    pub(crate) initials: String,
    /// Always `#` and six hexadecimal digits.
    pub(crate) ground: String,
    pub(crate) ink: &'static str,
}

impl TileMark {
    /// `colour` is taken when it is `#rrggbb`; otherwise one is chosen by the name, so that an
    /// application keeps its colour.
    pub fn new(label: &str, colour: Option<&str>) -> Self {
        let ground = colour
            .filter(|text| rgb(text).is_some())
            .unwrap_or_else(|| chosen(label));
        Self {
            image: None,
            initials: initials(label),
            ground: ground.to_ascii_lowercase(),
            ink: ink(ground),
        }
    }

    /// The same with an image at this same-site address, where there is one.
    #[must_use]
    pub fn with_image(self, address: Option<String>) -> Self {
        Self {
            image: address,
            ..self
        }
    }
}

/// The first letters of the first and the last word, or the first two of a single word.
pub(crate) fn initials(label: &str) -> String {
    let words: Vec<&str> = label
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let letters: String = match words.as_slice() {
        [] => "?".to_owned(),
        [one] => one.chars().take(2).collect(),
        [first, .., last] => first.chars().take(1).chain(last.chars().take(1)).collect(),
    };
    letters.to_uppercase()
}

fn chosen(label: &str) -> &'static str {
    let sum: usize = label.bytes().map(usize::from).sum();
    PALETTE[sum % PALETTE.len()]
}

fn rgb(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Black or white, whichever stands out more (WCAG 2.2, relative luminance).
fn ink(ground: &str) -> &'static str {
    let light = rgb(ground).map_or(0.0, luminance);
    // Equal contrast with black and white lies at sqrt(1.05 * 0.05) - 0.05.
    if light > 0.179 { "#000000" } else { "#ffffff" }
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("AWS Production"), "AP");
        assert_eq!(initials("acme-prod-aws-admin"), "AA");
        assert_eq!(initials("payroll"), "PA");
        assert_eq!(initials("  \"<>  "), "?");
        assert_eq!(initials("Über Zürich"), "ÜZ");
    }

    #[test]
    fn a_colour_that_is_not_six_digits_is_not_used() {
        for hostile in [
            "red",
            "#fff",
            "#12345g",
            "url(x)",
            "#123456\" onload=\"x",
            "#+12345",
        ] {
            let mark = TileMark::new("AWS", Some(hostile));
            assert!(PALETTE.contains(&mark.ground.as_str()), "{hostile}");
        }
        assert_eq!(TileMark::new("AWS", Some("#FF9900")).ground, "#ff9900");
    }

    #[test]
    fn the_initials_stand_out_from_every_ground() {
        for ground in PALETTE
            .into_iter()
            .chain(["#ffffff", "#000000", "#ff9900", "#808080"])
        {
            let ground_light = luminance(rgb(ground).unwrap());
            let ink_light = luminance(rgb(ink(ground)).unwrap());
            let (high, low) = (ground_light.max(ink_light), ground_light.min(ink_light));
            let contrast = (high + 0.05) / (low + 0.05);
            assert!(contrast >= 4.5, "{ground}: {contrast}");
        }
    }
}
