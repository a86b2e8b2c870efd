//! Rules that hold for all samples.

use jetway_pages::assets;
use roxmltree::{Document, Node};

use crate::samples::{HOSTILE, Sample, samples};

/// The document without its first line, which is HTML and not XML.
fn xml(sample: &Sample) -> &str {
    sample
        .html
        .strip_prefix("<!doctype html>\n")
        .expect(sample.name)
}

fn each_element(check: impl Fn(&str, Node<'_, '_>)) {
    for sample in samples() {
        let document = Document::parse(xml(&sample))
            .unwrap_or_else(|error| panic!("{} is not well-formed: {error}", sample.name));
        for node in document.descendants().filter(Node::is_element) {
            check(sample.name, node);
        }
    }
}

#[test]
fn looks_as_recorded() {
    for sample in samples() {
        // Versions of files change with each edit; another test checks them.
        let mut html = sample.html;
        for asset in assets::ASSETS {
            html = html.replace(asset.version.as_str(), "VERSION");
        }
        insta::assert_snapshot!(sample.name, html);
    }
}

#[test]
fn has_no_inline_script_style_or_handler() {
    each_element(|page, node| {
        match node.tag_name().name() {
            "script" => {
                assert!(
                    node.attribute("src").is_some(),
                    "{page}: script without src"
                );
                assert_eq!(
                    node.text().unwrap_or_default().trim(),
                    "",
                    "{page}: inline script"
                );
            }
            "style" | "iframe" | "object" | "embed" | "base" => {
                panic!("{page}: <{}>", node.tag_name().name());
            }
            _ => {}
        }
        for attribute in node.attributes() {
            assert!(
                !attribute.name().starts_with("on"),
                "{page}: {}",
                attribute.name()
            );
            assert_ne!(attribute.name(), "style", "{page}: inline style");
        }
    });
}

#[test]
fn loads_only_files_that_exist_and_only_from_here() {
    each_element(|page, node| {
        let loaded = match node.tag_name().name() {
            "script" | "img" => node.attribute("src"),
            "link" => node.attribute("href"),
            _ => None,
        };
        let Some(address) = loaded else { return };
        // The organisation's own logo and colours, and images of applications, are made by whoever
        // serves them.
        let made = ["/brand/", "/images/", "/admin/applications/"];
        if made.iter().any(|start| address.starts_with(start)) {
            return;
        }
        let (path, version) = address.split_once("?v=").expect(page);
        let name = path.strip_prefix("/static/").expect(page);
        assert_eq!(
            assets::find(name).expect(page).version.as_str(),
            version,
            "{page}: {name}"
        );
    });
}

/// Labels, hints and errors are tied to their controls by ids.
#[test]
fn every_id_that_is_referred_to_exists() {
    each_element(|page, node| {
        for name in [
            "for",
            "aria-describedby",
            "aria-labelledby",
            "data-copy",
            "form",
        ] {
            for id in node.attribute(name).unwrap_or_default().split(' ') {
                let found = id.is_empty()
                    || node
                        .document()
                        .descendants()
                        .any(|other| other.attribute("id") == Some(id));
                assert!(found, "{page}: {name} refers to {id}, which is not there");
            }
        }
    });
}

/// saml2aws stops at an `input` without a name.
#[test]
fn every_input_has_a_name_and_a_label() {
    each_element(|page, node| {
        if !["input", "select", "textarea"].contains(&node.tag_name().name()) {
            return;
        }
        assert!(
            node.attribute("name").is_some_and(|name| !name.is_empty()),
            "{page}"
        );
        if node.attribute("type") == Some("hidden") {
            return;
        }
        let labelled = node.attribute("aria-label").is_some()
            || node.document().descendants().any(|other| {
                other.tag_name().name() == "label"
                    && other
                        .attribute("for")
                        .is_some_and(|id| node.attribute("id") == Some(id))
            });
        assert!(labelled, "{page}: an input without a label");
    });
}

#[test]
fn has_one_main_heading_a_language_and_unique_ids() {
    for sample in samples() {
        let document = Document::parse(xml(&sample)).unwrap();
        let count = |name: &str| {
            document
                .descendants()
                .filter(|node| node.tag_name().name() == name)
                .count()
        };
        // A drawing may have titles of its own.
        let titles = document
            .descendants()
            .filter(|node| node.has_tag_name("title"))
            .filter(|node| {
                node.parent()
                    .is_some_and(|parent| parent.has_tag_name("head"))
            })
            .count();
        assert_eq!(
            (count("h1"), count("main"), titles),
            (1, 1, 1),
            "{}",
            sample.name
        );
        assert_eq!(document.root_element().attribute("lang"), Some("en"));
        let mut ids: Vec<&str> = document
            .descendants()
            .filter_map(|node| node.attribute("id"))
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{}: an id twice", sample.name);
    }
}

#[test]
fn shows_hostile_values_as_text_and_nothing_else() {
    for sample in samples()
        .iter()
        .filter(|sample| sample.name.ends_with("_hostile"))
    {
        assert!(!sample.html.contains("<script>"), "{}", sample.name);
        let document = Document::parse(xml(sample)).unwrap();
        let shown = document.descendants().any(|node| {
            node.attributes()
                .any(|attribute| attribute.value().contains(HOSTILE))
                || node.text().is_some_and(|text| text.contains(HOSTILE))
        });
        assert!(shown, "{}: the value must arrive unchanged", sample.name);
    }
}

/// The script submits the first form; command-line tools take the last.
#[test]
fn sign_in_and_single_sign_on_have_exactly_one_form() {
    for sample in samples() {
        if sample.name.starts_with("single_sign_on") || sample.name.starts_with("sign_in") {
            assert_eq!(sample.html.matches("<form").count(), 1, "{}", sample.name);
        }
    }
}

#[test]
fn every_refusal_of_a_sign_in_has_the_same_text() {
    let refused = samples()
        .into_iter()
        .find(|sample| sample.name == "sign_in_refused")
        .unwrap();
    assert!(refused.html.contains("or this account cannot sign in"));
}

#[test]
fn the_local_aws_wears_its_mark_and_the_identity_provider_does_not() {
    for sample in samples() {
        let local = sample.name.starts_with("local_");
        assert_eq!(
            sample.html.contains("class=\"local-mark\""),
            local,
            "{}",
            sample.name
        );
        assert_eq!(
            sample.html.contains("product-local"),
            local,
            "{}",
            sample.name
        );
    }
}
