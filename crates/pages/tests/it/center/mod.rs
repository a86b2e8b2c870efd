//! Samples of the local IAM Identity Center.

mod access;
mod outside;
mod people;
mod permission_sets;
mod settings;

use jetway_pages::{
    Body, Brand, Chrome, Person, Product, SignOut,
    local::identity_center::console::{CenterFrame, CenterNav, CenterPage},
};

use crate::samples::Sample;

/// Hidden field of every sample form.
pub(crate) const CSRF: &str = "c2FtcGxlLXRva2Vu";
/// 2026-03-01T12:00:00Z.
pub(crate) const NOW: i64 = 1_772_366_400_000;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = outside::samples();
    all.extend(settings::samples());
    all.extend(people::samples());
    all.extend(access::samples());
    all.extend(permission_sets::samples());
    all
}

/// The frame of the management account's administrator.
pub(crate) fn frame(current: CenterNav) -> CenterFrame {
    CenterFrame {
        asset_prefix: "/static",
        account: "management 111122223300".to_owned(),
        person: Person {
            name: "Administrator".to_owned(),
            detail: "arn:aws:iam::111122223300:root".to_owned(),
        },
        sign_out: SignOut {
            action: "/console/sign-in/out".to_owned(),
            csrf: Some(CSRF.to_owned()),
        },
        current,
        enabled: true,
        toast: None,
    }
}

/// A page of the console.
pub(crate) fn page(name: &'static str, current: CenterNav, body: impl Body) -> Sample {
    let frame = frame(current);
    Sample {
        name,
        html: CenterPage { frame, body }.to_html().unwrap(),
    }
}

/// Nobody is signed in.
pub(crate) fn local() -> Chrome {
    Chrome {
        product: Product::LocalAws,
        organisation: "AWS access portal".to_owned(),
        brand: Brand::default(),
        asset_prefix: "/static",
        person: None,
        sign_out: None,
    }
}

/// Somebody is signed in to the access portal.
pub(crate) fn in_portal() -> Chrome {
    Chrome {
        person: Some(Person {
            name: "Road Runner".to_owned(),
            detail: "road.runner@the-acme-corporation.com".to_owned(),
        }),
        sign_out: Some(SignOut {
            action: "/start/sign-out".to_owned(),
            csrf: Some(CSRF.to_owned()),
        }),
        ..local()
    }
}
