//! Samples of a person's own page.

use jetway_pages::{
    Factor, Profile, ProfileFact,
    account::{NewPasswordErrors, OwnSession, OwnSessions},
    admin::parts::Moment,
};

use crate::account_samples::{broken_rules, rules};
use crate::admin::NOW;
use crate::samples::{HOSTILE, Sample, road_runner, sample, signed_in};

const HOUR: i64 = 3_600_000;

pub(crate) fn ago(hours: i64) -> Moment {
    Moment::new(NOW - hours * HOUR, NOW)
}

pub(crate) fn own_sessions(base: &'static str, client: &str, count: usize) -> OwnSessions {
    let session = |at: usize| OwnSession {
        id: format!("5f8d0d55b54764421b7156{at:02}"),
        client: client.to_owned(),
        address: "2001:db8:85a3::8a2e:370:7334".to_owned(),
        signed_in: ago(30),
        last_seen: ago(i64::try_from(at).unwrap()),
        current: at == 0,
    };
    OwnSessions {
        base,
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        sessions: (0..count).map(session).collect(),
    }
}

fn fact(label: &str, value: &str) -> ProfileFact {
    ProfileFact {
        label: label.to_owned(),
        value: value.to_owned(),
    }
}

fn profile() -> Profile {
    Profile {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        facts: vec![
            fact("Name", "Road Runner"),
            fact("E-mail", "road.runner@the-acme-corporation.com"),
            fact("Username", "road.runner"),
            fact("Department", "Rockets"),
            fact("Location", "تل أبيب"),
        ],
        password_set: Some(ago(700)),
        password_expires: None,
        rules: rules(),
        errors: NewPasswordErrors::default(),
        sessions: own_sessions("/profile/sessions", "Firefox on Linux", 3),
        factors: Vec::new(),
        done: None,
        email: "road.runner@the-acme-corporation.com".to_owned(),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let bare = Profile {
        facts: Vec::new(),
        password_set: None,
        password_expires: Some(Moment::new(NOW + 72 * HOUR, NOW)),
        sessions: own_sessions("/profile/sessions", "Jetway command line", 1),
        done: Some("Your new password is set.".to_owned()),
        ..profile()
    };
    let hostile = Profile {
        facts: vec![fact(HOSTILE, HOSTILE)],
        rules: broken_rules(),
        errors: NewPasswordErrors {
            form: Some(HOSTILE.to_owned()),
            current: Some("This is not your current password.".to_owned()),
            ..NewPasswordErrors::default()
        },
        sessions: own_sessions("/profile/sessions", HOSTILE, 2),
        factors: vec![Factor {
            name: HOSTILE.to_owned(),
            added: ago(1),
        }],
        ..profile()
    };
    vec![
        sample("profile", road_runner(), profile()),
        sample("profile_bare", road_runner(), bare),
        sample("profile_hostile", signed_in(HOSTILE, HOSTILE), hostile),
    ]
}
