//! The organisation's own look: a logo and one accent colour.
//!
//! The Content-Security-Policy forbids inline styles, so the colour travels as a style sheet of its
//! own, made by [`Brand::style_sheet`] and served by the caller.

/// Where the organisation's logo and colour are served. The default is Jetway's own look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brand {
    /// Same-site address of the logo, with its version; shown 24 px high.
    pub logo: Option<String>,
    /// Same-site address of the text that [`Brand::style_sheet`] made, with its version.
    pub colours: Option<String>,
}

/// Grounds that the accent has to stand out from: the tokens `surface-0` of both themes.
const LIGHT_GROUND: [f64; 3] = [0xf5 as f64, 0xf6 as f64, 0xf8 as f64];
const DARK_GROUND: [f64; 3] = [0x23 as f64, 0x28 as f64, 0x33 as f64];
const WHITE: [f64; 3] = [255.0; 3];
const BLACK: [f64; 3] = [0.0; 3];
/// A little above WCAG's 4.5, since the result is rounded to whole steps.
const LEAST: f64 = 4.7;

impl Brand {
    /// The style sheet of an accent colour `#rrggbb`; `None` when it is not one. The colour is
    /// darkened for the light theme and lightened for the dark one until text in it can be read
    /// (WCAG 2.2, 1.4.3), so every colour is a good one.
    pub fn style_sheet(colour: &str) -> Option<String> {
        let base = rgb(colour)?;
        let light = until(base, BLACK, |ink| contrast(ink, LIGHT_GROUND) >= LEAST);
        let light_strong = mix(light, BLACK, 0.25);
        let light_surface = mix(light, WHITE, 0.92);
        let light = until(light, BLACK, |ink| contrast(ink, light_surface) >= LEAST);
        let dark = until(base, WHITE, |ink| contrast(ink, DARK_GROUND) >= LEAST);
        let dark_strong = mix(dark, WHITE, 0.3);
        let dark_surface = mix(dark, [16.0, 18.0, 24.0], 0.82);
        let dark = until(dark, WHITE, |ink| contrast(ink, dark_surface) >= LEAST);
        let on_dark = mix(dark, BLACK, 0.85);
        Some(format!(
            ":root {{\n  --accent: {};\n  --accent-strong: {};\n  --accent-surface: {};\n  \
             --on-accent: #ffffff;\n}}\n@media (prefers-color-scheme: dark) {{\n  :root {{\n    \
             --accent: {};\n    --accent-strong: {};\n    --accent-surface: {};\n    \
             --on-accent: {};\n  }}\n}}\n",
            hex(light),
            hex(light_strong),
            hex(light_surface),
            hex(dark),
            hex(dark_strong),
            hex(dark_surface),
            hex(on_dark),
        ))
    }
}

fn rgb(text: &str) -> Option<[f64; 3]> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?.into(), part(2)?.into(), part(4)?.into()])
}

fn mix(from: [f64; 3], to: [f64; 3], share: f64) -> [f64; 3] {
    std::array::from_fn(|at| from[at] + (to[at] - from[at]) * share)
}

/// Moves towards `to` in small steps until the colour is good enough.
fn until(from: [f64; 3], to: [f64; 3], good: impl Fn([f64; 3]) -> bool) -> [f64; 3] {
    (0..=50)
        .map(|step| mix(from, to, f64::from(step) / 50.0))
        .find(|colour| good(*colour))
        .unwrap_or(to)
}

fn hex(colour: [f64; 3]) -> String {
    let mut text = String::from("#");
    for part in colour {
        let digits = [16.0, 1.0].map(|place| {
            let digit = (part.round().clamp(0.0, 255.0) / place).floor() % 16.0;
            (0..16_u8)
                .find(|candidate| f64::from(*candidate) >= digit)
                .map_or('f', |digit| {
                    char::from(b"0123456789abcdef"[usize::from(digit)])
                })
        });
        text.extend(digits);
    }
    text
}

fn luminance(colour: [f64; 3]) -> f64 {
    let part = |at: usize| {
        let part = colour[at] / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_colour_becomes_one_that_can_be_read_in_both_themes() {
        for colour in [
            "#ffd84d", "#000000", "#ffffff", "#2b50c4", "#00ff00", "#808080",
        ] {
            let css = Brand::style_sheet(colour).expect(colour);
            let values: Vec<[f64; 3]> = css
                .lines()
                .filter_map(|line| line.split_once(": ")?.1.strip_suffix(';').and_then(rgb))
                .collect();
            let [
                light,
                light_strong,
                light_surface,
                on_light,
                dark,
                dark_strong,
                dark_surface,
                on_dark,
            ] = values[..]
            else {
                panic!("{colour}: {css}");
            };
            for (ink, ground) in [
                (light, LIGHT_GROUND),
                (light, light_surface),
                (on_light, light),
                (on_light, light_strong),
                (dark, DARK_GROUND),
                (dark, dark_surface),
                (on_dark, dark),
                (on_dark, dark_strong),
            ] {
                let found = contrast(ink, ground);
                assert!(
                    found >= 4.5,
                    "{colour}: {} on {}: {found:.2}",
                    hex(ink),
                    hex(ground)
                );
            }
        }
    }

    #[test]
    fn what_is_not_a_colour_makes_no_style_sheet() {
        for text in [
            "",
            "red",
            "#fff",
            "#12345g",
            "#1234567",
            "}body{display:none",
        ] {
            assert_eq!(Brand::style_sheet(text), None, "{text}");
        }
    }
}
