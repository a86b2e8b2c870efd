//! Every sample as Chromium shows it: nothing that shuts people out, and nothing wider than the
//! narrowest phone.

use std::fs;
use std::path::Path;

use jetway_pages::assets;
use jetway_testkit::accessibility::violations;
use jetway_testkit::browser::{Browser, ColorScheme, DESKTOP};
use jetway_testkit::{counterparts, require};

use crate::samples::{Sample, samples};

/// The narrowest page that must work, in CSS pixels (requirements.md §4.2).
const NARROW: (u32, u32) = (360, 740);

/// Writes the sample where the browser finds it, with its style sheets and the admin script. The
/// script that submits the single sign-on page stays away: the page would leave.
fn write(folder: &Path, sample: &Sample) -> String {
    let html = sample
        .html
        .replace("/static/auto-submit.js", "absent.js")
        .replace("=\"/static/", "=\"");
    let file = folder.join(format!("{}.html", sample.name));
    fs::write(&file, html).unwrap();
    format!("file://{}", file.display())
}

async fn widest(browser: &Browser) -> u64 {
    let script = "return document.documentElement.scrollWidth;";
    let width = browser.client().execute(script, Vec::new()).await.unwrap();
    width.as_u64().unwrap()
}

/// The areas are checked one by one, since together they take minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Outside,
    LocalAws,
    People,
    Directory,
    Applications,
    Settings,
}

impl Area {
    fn of(name: &str) -> Self {
        let starts = |prefixes: &[&str]| {
            prefixes.iter().any(|prefix| {
                name.strip_prefix("admin_")
                    .is_some_and(|n| n.starts_with(prefix))
            })
        };
        if name.starts_with("local_") {
            Self::LocalAws
        } else if !name.starts_with("admin_") {
            Self::Outside
        } else if starts(&["group", "activity", "event", "dest", "alert", "outbox"]) {
            Self::Directory
        } else if starts(&["appl", "diagnose"]) {
            Self::Applications
        } else if starts(&[
            "settings",
            "administrator",
            "api",
            "profile",
            "polic",
            "break",
        ]) {
            Self::Settings
        } else {
            Self::People
        }
    }
}

#[tokio::test]
async fn pages_outside_the_admin_portal_are_accessible_and_fit_a_phone() {
    check(Area::Outside).await;
}

#[tokio::test]
async fn pages_of_the_local_aws_are_accessible_and_fit_a_phone() {
    check(Area::LocalAws).await;
}

#[tokio::test]
async fn pages_about_people_are_accessible_and_fit_a_phone() {
    check(Area::People).await;
}

#[tokio::test]
async fn pages_about_groups_and_activity_are_accessible_and_fit_a_phone() {
    check(Area::Directory).await;
}

#[tokio::test]
async fn pages_about_applications_are_accessible_and_fit_a_phone() {
    check(Area::Applications).await;
}

#[tokio::test]
async fn pages_of_settings_are_accessible_and_fit_a_phone() {
    check(Area::Settings).await;
}

/// WCAG 2.2 as far as axe-core can tell, in both themes and at both widths.
async fn check(area: Area) {
    let programs = require!(counterparts::browser());
    let axe_core = require!(counterparts::axe_core());
    let folder = tempfile::tempdir().unwrap();
    for asset in assets::ASSETS {
        fs::write(folder.path().join(asset.name), asset.content).unwrap();
    }
    let browser = Browser::start(&programs).await.unwrap();
    let mut problems = Vec::new();
    for sample in samples() {
        if Area::of(sample.name) != area {
            continue;
        }
        let url = write(folder.path(), &sample);
        browser.client().goto(&url).await.unwrap();
        // What differs between the three is colours and room.
        for (size, scheme, rules) in [
            (DESKTOP, ColorScheme::Light, &[][..]),
            (DESKTOP, ColorScheme::Dark, &["color-contrast"]),
            (NARROW, ColorScheme::Light, &["target-size"]),
        ] {
            browser.set_size(size).await.unwrap();
            browser.set_color_scheme(scheme).await.unwrap();
            let found = violations(&browser, &axe_core, rules).await.unwrap();
            for violation in found.iter().filter(|violation| violation.is_serious()) {
                problems.push(format!(
                    "{} ({scheme:?}, {} px): {}: {}\n    {}",
                    sample.name,
                    size.0,
                    violation.id,
                    violation.help,
                    violation.elements.join("\n    ")
                ));
            }
        }
        let width = widest(&browser).await;
        if width > u64::from(NARROW.0) {
            problems.push(format!("{} is {width} px wide on a phone", sample.name));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
