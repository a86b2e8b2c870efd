//! Samples of the admin portal, one file per area.

mod activity;
mod application_aws;
mod application_preview;
mod applications;
mod applications_wizard;
mod break_glass;
mod frame;
mod groups;
mod home;
mod people_forms;
mod people_list;
mod person;
mod person_tabs;
mod policies;
mod settings;

use jetway_pages::admin::{AdminFrame, AdminPage, NavItem};
use jetway_pages::{Body, Brand, Link, Person};

use crate::samples::Sample;

/// Hidden field of every sample form.
pub(crate) const CSRF: &str = "c2FtcGxlLXRva2Vu";
/// Long, right to left, and beyond the Basic Multilingual Plane.
pub(crate) const LONG_NAME: &str = "عبد الرحمن بن محمد 𠮷野家 Wolfeschlegelsteinhausenbergerdorff";
/// 2026-03-01T12:00:00Z.
pub(crate) const NOW: i64 = 1_772_366_400_000;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = frame::samples();
    all.extend(people_list::samples());
    all.extend(person::samples());
    all.extend(groups::samples());
    all.extend(person_tabs::samples());
    all.extend(people_forms::samples());
    all.extend(home::samples());
    all.extend(activity::samples());
    all.extend(applications::samples());
    all.extend(applications_wizard::samples());
    all.extend(settings::samples());
    all.extend(break_glass::samples());
    all.extend(policies::samples());
    all.extend(application_preview::samples());
    all.extend(application_aws::samples());
    all
}

/// The frame of a full administrator without anything special.
pub(crate) fn frame(current: NavItem) -> AdminFrame {
    AdminFrame {
        organisation: "The Acme Corporation".to_owned(),
        brand: Brand::default(),
        asset_prefix: "/static",
        current: Some(current),
        administrator: Person {
            name: "Granny Webster".to_owned(),
            detail: "admin@the-acme-corporation.com".to_owned(),
        },
        role: "Full administrator".to_owned(),
        can: NavItem::ALL.to_vec(),
        alerts: 0,
        checklist: None,
        help: vec![Link {
            href: "/api/v1/docs".to_owned(),
            text: "API reference".to_owned(),
        }],
        csrf: CSRF.to_owned(),
        toast: None,
        banners: Vec::new(),
    }
}

/// A page in the plain frame.
pub(crate) fn sample(name: &'static str, current: NavItem, body: impl Body) -> Sample {
    framed(name, frame(current), body)
}

/// A page in a frame of its own.
pub(crate) fn framed(name: &'static str, frame: AdminFrame, body: impl Body) -> Sample {
    Sample {
        name,
        html: AdminPage { frame, body }.to_html().unwrap(),
    }
}
