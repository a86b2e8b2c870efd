//! Samples of approval on the phone: where the sign-in is, and on the phone.

use jetway_pages::{
    ConnectPhone, Message, PhoneConnect, PhoneQuestion, PhoneWaiting, PushOver, PushWaiting,
    QrPicture,
};

use crate::samples::{HOSTILE, Sample, anonymous, road_runner, sample, signed_in};

const EMAIL: &str = "road.runner@the-acme-corporation.com";

fn again() -> String {
    "/login/code?next=%2Fsaml2%2Facme-prod-aws-admin".to_owned()
}

fn question() -> PhoneQuestion {
    PhoneQuestion {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        id: "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        email: EMAIL.to_owned(),
        choices: [42, 17, 88],
        application: Some("acme-prod-aws-admin".to_owned()),
        client: "Firefox on Linux".to_owned(),
        address: Some("2001:db8:85a3::8a2e:370:7334".to_owned()),
    }
}

fn connect(name: &str, problem: Option<&str>) -> PhoneConnect {
    PhoneConnect {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        token: "A".repeat(43),
        email: EMAIL.to_owned(),
        name: name.to_owned(),
        problem: problem.map(str::to_owned),
    }
}

fn waiting(text: &str, done: Option<&str>) -> PhoneWaiting {
    PhoneWaiting {
        email: text.to_owned(),
        name: text.to_owned(),
        done: done.map(str::to_owned),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let address = format!("https://sso.acme.example/phone/connect/{}", "A".repeat(43));
    let code = ConnectPhone {
        picture: QrPicture::of(&address),
        address,
    };
    let number = PushWaiting {
        number: 42,
        seconds: 58,
        again: again(),
    };
    let hostile = PhoneQuestion {
        email: HOSTILE.to_owned(),
        application: Some(HOSTILE.to_owned()),
        client: HOSTILE.to_owned(),
        address: None,
        ..question()
    };
    vec![
        sample("push_waiting", anonymous(), number),
        sample("push_denied", anonymous(), PushOver::denied(again())),
        sample("push_expired", anonymous(), PushOver::expired(again())),
        sample(
            "push_too_many",
            anonymous(),
            PushOver::too_many(250, again()),
        ),
        sample("profile_phone", road_runner(), code),
        sample(
            "phone_connect",
            anonymous(),
            connect("Chrome on Android", None),
        ),
        sample(
            "phone_connect_hostile",
            signed_in(HOSTILE, HOSTILE),
            connect(HOSTILE, Some(HOSTILE)),
        ),
        sample("phone_waiting", anonymous(), waiting("Road phone", None)),
        sample(
            "phone_waiting_hostile",
            anonymous(),
            waiting(HOSTILE, Some(HOSTILE)),
        ),
        sample("phone_question", anonymous(), question()),
        sample("phone_question_hostile", anonymous(), hostile),
        sample("phone_link_gone", anonymous(), Message::phone_link_gone()),
        sample(
            "phone_not_connected",
            anonymous(),
            Message::phone_not_connected(),
        ),
        sample("phone_denied", anonymous(), Message::phone_denied()),
    ]
}
