//! Samples of a person's own page.

use jetway_pages::{
    ConnectApp, OwnPhone, PasskeyPlace, Profile, ProfileFact, QrPicture, RecoveryCodes,
    account::{
        AddPasskey, ChangePasskey, NewPasswordErrors, OwnPasskey, OwnPasskeys, OwnSession,
        OwnSessions,
    },
    admin::parts::Moment,
};

use crate::account_samples::{broken_rules, rules};
use crate::admin::NOW;
use crate::samples::{HOSTILE, Sample, passkey_form, road_runner, sample, signed_in};

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

pub(crate) fn passkeys(names: &[&str], place: PasskeyPlace) -> OwnPasskeys {
    let key = |(at, name): (usize, &&str)| OwnPasskey {
        id: format!("01912345-6789-7abc-8def-0123456789{at:02}"),
        name: (*name).to_owned(),
        added: ago(50),
        used: (at == 0).then(|| ago(2)),
        synced: at == 0,
        distrusted: at == 1,
    };
    OwnPasskeys {
        base: "/profile/passkeys",
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        keys: names.iter().enumerate().map(key).collect(),
        place,
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
        passkeys: passkeys(&[], PasskeyPlace::Here),
        totp: None,
        recovery_codes: 0,
        phones: Vec::new(),
        done: None,
        email: "road.runner@the-acme-corporation.com".to_owned(),
    }
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub(crate) fn samples() -> Vec<Sample> {
    let bare = Profile {
        facts: Vec::new(),
        password_set: None,
        password_expires: Some(Moment::new(NOW + 72 * HOUR, NOW)),
        sessions: own_sessions("/profile/sessions", "Jetway command line", 1),
        passkeys: passkeys(
            &["Work laptop"],
            PasskeyPlace::Elsewhere(HOSTILE.to_owned()),
        ),
        recovery_codes: 10,
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
        passkeys: passkeys(&[HOSTILE, "Blue key"], PasskeyPlace::Nowhere),
        totp: Some(ago(1)),
        recovery_codes: 9,
        phones: vec![OwnPhone {
            id: "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
            name: HOSTILE.to_owned(),
            connected: ago(2),
        }],
        ..profile()
    };
    let connect = |secret: &str, uri: &str, problem: Option<&str>| ConnectApp {
        action: "/profile/totp/finish".to_owned(),
        next: None,
        cancel: "/profile".to_owned(),
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        secret: secret.to_owned(),
        picture: QrPicture::of(uri),
        problem: problem.map(str::to_owned),
    };
    let uri = "otpauth://totp/Acme:road.runner%40the-acme-corporation.com?secret=GEZDGNBVGY3TQOJQ\
               GEZDGNBVGY3TQOJQ&issuer=Acme&algorithm=SHA1&digits=6&period=30";
    let secret = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ";
    let codes = RecoveryCodes {
        codes: vec!["23456-789AB-CDEFG".to_owned(); 10],
        go_on: "/profile".to_owned(),
        done: "The authenticator app is connected.",
    };
    let add = |name: &str, problem: Option<&str>| AddPasskey {
        form: passkey_form("/profile/passkeys/finish"),
        name: name.to_owned(),
        back: "/profile",
        problem: problem.map(str::to_owned),
    };
    let change = |name: &str, problem: Option<&str>| ChangePasskey {
        action: "/profile/passkeys/01912345-6789-7abc-8def-012345678900".to_owned(),
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        name: name.to_owned(),
        back: "/profile",
        problem: problem.map(str::to_owned),
    };
    vec![
        sample("profile_passkey_add", road_runner(), add("", None)),
        sample(
            "profile_passkey_add_hostile",
            signed_in(HOSTILE, HOSTILE),
            add(HOSTILE, Some(HOSTILE)),
        ),
        sample("profile_passkey", road_runner(), change("Blue key", None)),
        sample(
            "profile_passkey_hostile",
            signed_in(HOSTILE, HOSTILE),
            change(HOSTILE, Some(HOSTILE)),
        ),
        sample("profile_totp", road_runner(), connect(secret, uri, None)),
        sample(
            "profile_totp_hostile",
            signed_in(HOSTILE, HOSTILE),
            connect(secret, &"x".repeat(4000), Some(HOSTILE)),
        ),
        sample("profile_recovery_codes", road_runner(), codes),
        sample("profile", road_runner(), profile()),
        sample("profile_bare", road_runner(), bare),
        sample("profile_hostile", signed_in(HOSTILE, HOSTILE), hostile),
    ]
}
