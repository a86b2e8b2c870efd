//! Samples of the pages about command lines that ask to sign in.

use jetway_pages::{DeviceCode, DeviceConsent, DeviceProblem, Message};

use crate::profile_samples::ago;
use crate::samples::{HOSTILE, Sample, road_runner, sample, signed_in};

fn form(code: &str, problem: Option<DeviceProblem>) -> DeviceCode {
    DeviceCode {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        code: code.to_owned(),
        problem,
    }
}

fn consent() -> DeviceConsent {
    DeviceConsent {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        code: "BCDF-GHJK".to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
        machine: "mesa-4.acme.internal".to_owned(),
        program: "jetway/0.1.0".to_owned(),
        address: Some("2001:db8:85a3::8a2e:370:7334".to_owned()),
        elsewhere: true,
        asked: ago(0),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let silent = DeviceConsent {
        machine: String::new(),
        program: String::new(),
        address: None,
        elsewhere: false,
        ..consent()
    };
    let hostile = DeviceConsent {
        email: HOSTILE.to_owned(),
        machine: HOSTILE.to_owned(),
        program: HOSTILE.to_owned(),
        address: Some(HOSTILE.to_owned()),
        ..consent()
    };
    let wait = DeviceProblem::Wait { seconds: 540 };
    vec![
        sample("device_code", road_runner(), form("BCDF-GHJK", None)),
        sample(
            "device_code_unknown",
            signed_in(HOSTILE, HOSTILE),
            form(HOSTILE, Some(DeviceProblem::Unknown)),
        ),
        sample("device_code_wait", road_runner(), form("", Some(wait))),
        sample("device_consent", road_runner(), consent()),
        sample("device_consent_silent", road_runner(), silent),
        sample(
            "device_consent_hostile",
            signed_in(HOSTILE, HOSTILE),
            hostile,
        ),
        sample("device_approved", road_runner(), Message::device_approved()),
        sample("device_denied", road_runner(), Message::device_denied()),
    ]
}
