//! The colours of the tokens reach WCAG 2.2 AA, light and dark, in both products.

use std::collections::HashMap;

use jetway_pages::assets;

type Tokens = HashMap<String, String>;

/// Text and what it stands on, with the least contrast (1.4.3 text 4.5, 1.4.11 parts 3).
const PAIRS: &[(&str, &str, f64)] = &[
    ("text", "surface-0", 4.5),
    ("text", "surface-1", 4.5),
    ("text", "surface-2", 4.5),
    ("text-muted", "surface-0", 4.5),
    ("text-muted", "surface-1", 4.5),
    ("text-muted", "surface-2", 4.5),
    ("accent", "surface-0", 4.5),
    ("accent", "surface-1", 4.5),
    ("accent", "accent-surface", 4.5),
    ("accent-strong", "surface-1", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("danger", "danger-surface", 4.5),
    ("warning", "warning-surface", 4.5),
    ("success", "success-surface", 4.5),
    ("info", "info-surface", 4.5),
    ("danger", "surface-1", 4.5),
    ("on-danger", "danger", 4.5),
    ("text", "info-surface", 4.5),
    ("text", "accent-surface", 4.5),
    ("text", "danger-surface", 4.5),
    ("text", "warning-surface", 4.5),
    ("text", "success-surface", 4.5),
    ("border-strong", "surface-0", 3.0),
    ("border-strong", "surface-1", 3.0),
];

fn declarations(block: &str) -> Tokens {
    block
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("--")?
                .strip_suffix(';')?
                .split_once(": ")
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The declarations of the `at`-th rule with this selector.
fn rule(css: &str, selector: &str, at: usize) -> Tokens {
    let head = format!("{selector} {{");
    let block = css
        .split(&head)
        .nth(at + 1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    declarations(block)
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap();
    let part = |at: usize| {
        let part = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

#[test]
fn text_stands_out_in_light_and_dark_and_in_both_products() {
    let css = assets::find(assets::STYLE_SHEET).unwrap().content;
    let light = rule(css, ":root", 0);
    let mut dark = light.clone();
    dark.extend(rule(css, ":root", 1));
    let local = |base: &Tokens, at: usize| {
        let mut tokens = base.clone();
        tokens.extend(rule(css, ".product-local", at));
        tokens
    };
    let schemes = [
        ("light", light.clone()),
        ("dark", dark.clone()),
        ("local light", local(&light, 0)),
        ("local dark", local(&dark, 1)),
    ];
    for (scheme, tokens) in schemes {
        for (ink, ground, least) in PAIRS {
            let (ink_light, ground_light) = (luminance(&tokens[*ink]), luminance(&tokens[*ground]));
            let (high, low) = (ink_light.max(ground_light), ink_light.min(ground_light));
            let contrast = (high + 0.05) / (low + 0.05);
            assert!(
                contrast >= *least,
                "{scheme}: {ink} on {ground} has {contrast:.2}"
            );
        }
    }
}
