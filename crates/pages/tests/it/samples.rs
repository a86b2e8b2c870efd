//! One rendered page per thing that a page can show. Names become names of snapshots.

use jetway_pages::admin::parts::Moment;
use jetway_pages::{
    Body, Brand, Chrome, EnrolNow, EnrolReminder, Message, Page, PasskeyForm, Person, Portal,
    Product, SecondStep, SecondStepProblem, SignIn, SignInProblem, SignOut, SingleSignOn, Tile,
    TileMark,
};

/// What people could have typed into any field.
pub(crate) const HOSTILE: &str = "\"><script>alert('x')</script>&amp;<!--";

pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) html: String,
}

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = sign_in();
    all.extend(enrol_now());
    all.extend(second_step());
    all.extend(portal());
    all.extend(single_sign_on());
    all.extend(messages());
    all.extend(crate::account_samples::samples());
    all.extend(crate::profile_samples::samples());
    all.extend(crate::device_samples::samples());
    all.extend(crate::push_samples::samples());
    all.extend(crate::local_samples::samples());
    all.extend(crate::center::samples());
    all.extend(crate::admin::samples());
    all
}

pub(crate) fn sample(name: &'static str, chrome: Chrome, body: impl Body) -> Sample {
    Sample {
        name,
        html: Page { chrome, body }.to_html().unwrap(),
    }
}

pub(crate) fn anonymous() -> Chrome {
    Chrome {
        product: Product::IdentityProvider,
        organisation: "The Acme Corporation".to_owned(),
        brand: Brand::default(),
        asset_prefix: "/static",
        person: None,
        sign_out: None,
    }
}

pub(crate) fn signed_in(name: &str, email: &str) -> Chrome {
    Chrome {
        person: Some(Person {
            name: name.to_owned(),
            detail: email.to_owned(),
        }),
        sign_out: Some(SignOut {
            action: "/logout".to_owned(),
            csrf: Some("c2FtcGxlLXRva2Vu".to_owned()),
        }),
        ..anonymous()
    }
}

pub(crate) fn road_runner() -> Chrome {
    signed_in("Road Runner", "road.runner@the-acme-corporation.com")
}

fn form(email: &str, next: Option<&str>, problem: Option<SignInProblem>) -> SignIn {
    SignIn {
        action: "http://localhost:8700/login".to_owned(),
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        next: next.map(str::to_owned),
        email: email.to_owned(),
        problem,
        passkey: None,
    }
}

pub(crate) fn passkey_form(action: &str) -> PasskeyForm {
    PasskeyForm {
        action: action.to_owned(),
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        next: Some("/saml2/acme-prod-aws-admin".to_owned()),
        options: r#"{"publicKey":{"challenge":"c2FtcGxl","timeout":300000,"rpId":"localhost"}}"#
            .to_owned(),
        ceremony: "c2VhbGVk".to_owned(),
    }
}

/// Somebody without a second factor is asked to set one up.
fn enrol_now() -> Vec<Sample> {
    let enrol = |next: Option<&str>, totp| EnrolNow {
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        action: "/login/enrol",
        next: next.map(str::to_owned),
        kinds: "a code of an authenticator app or a passkey or security key".to_owned(),
        totp,
        somebody_else: "/login",
    };
    vec![
        sample("enrol_now", anonymous(), enrol(Some("/profile"), true)),
        sample("enrol_now_other", anonymous(), enrol(None, false)),
        sample(
            "enrol_reminder",
            anonymous(),
            EnrolReminder {
                until: Moment::new(1_790_000_000_000, 1_789_000_000_000),
                next: "/saml2/acme-prod-aws-admin".to_owned(),
            },
        ),
    ]
}

fn second_step() -> Vec<Sample> {
    let step = |next: Option<&str>, recovery, problem| SecondStep {
        somebody_else: "/login",
        action: "http://localhost:8700/login/code".to_owned(),
        csrf: "c2FtcGxlLXRva2Vu".to_owned(),
        next: next.map(str::to_owned),
        totp: true,
        push: true,
        recovery,
        passkey: None,
        elsewhere: None,
        problem,
    };
    let wait = SecondStepProblem::Wait { seconds: 240 };
    vec![
        sample("second_step", anonymous(), step(None, true, None)),
        sample(
            "second_step_refused",
            anonymous(),
            step(Some(HOSTILE), false, Some(SecondStepProblem::Refused)),
        ),
        sample(
            "second_step_passkey",
            anonymous(),
            SecondStep {
                passkey: Some(passkey_form("http://localhost:8700/login/code/passkey")),
                ..step(None, true, None)
            },
        ),
        sample(
            "second_step_passkey_alone",
            anonymous(),
            SecondStep {
                totp: false,
                push: false,
                passkey: Some(passkey_form("http://localhost:8700/login/code/passkey")),
                ..step(
                    None,
                    false,
                    Some(SecondStepProblem::Passkey(HOSTILE.to_owned())),
                )
            },
        ),
        sample(
            "second_step_phone_alone",
            anonymous(),
            SecondStep {
                totp: false,
                ..step(Some("/profile"), false, None)
            },
        ),
        sample(
            "second_step_elsewhere",
            anonymous(),
            SecondStep {
                elsewhere: Some("http://localhost:8700".to_owned()),
                ..step(None, true, None)
            },
        ),
        sample(
            "second_step_wait",
            anonymous(),
            step(None, true, Some(wait)),
        ),
    ]
}

fn sign_in() -> Vec<Sample> {
    let email = "road.runner@the-acme-corporation.com";
    let next = Some("/saml2/acme-prod-aws-admin");
    let local = Chrome {
        product: Product::LocalAws,
        ..anonymous()
    };
    vec![
        sample("sign_in", anonymous(), form("", None, None)),
        sample("sign_in_with_next", anonymous(), form("", next, None)),
        sample(
            "sign_in_refused",
            anonymous(),
            form(email, next, Some(SignInProblem::Refused)),
        ),
        sample(
            "sign_in_wait",
            anonymous(),
            form(email, None, Some(SignInProblem::Wait { seconds: 245 })),
        ),
        sample(
            "sign_in_passkey",
            anonymous(),
            SignIn {
                passkey: Some(passkey_form("http://localhost:8700/login/passkey")),
                ..form("", next, None)
            },
        ),
        sample(
            "sign_in_passkey_refused",
            anonymous(),
            SignIn {
                passkey: Some(passkey_form("http://localhost:8700/login/passkey")),
                ..form("", None, Some(SignInProblem::Passkey(HOSTILE.to_owned())))
            },
        ),
        sample(
            "sign_in_busy",
            anonymous(),
            form(email, None, Some(SignInProblem::Busy)),
        ),
        sample(
            "sign_in_stale",
            anonymous(),
            form("", None, Some(SignInProblem::Stale)),
        ),
        sample(
            "sign_in_signed_out",
            anonymous(),
            form("", None, Some(SignInProblem::SignedOut)),
        ),
        sample(
            "sign_in_hostile",
            Chrome {
                organisation: HOSTILE.to_owned(),
                ..anonymous()
            },
            form(HOSTILE, Some(HOSTILE), Some(SignInProblem::Refused)),
        ),
        sample("local_frame", local, form("", None, None)),
    ]
}

fn tile(label: &str, description: &str, colour: Option<&str>) -> Tile {
    Tile {
        href: format!("/saml2/{}", label.to_lowercase().replace(' ', "-")),
        opens_elsewhere: false,
        label: label.to_owned(),
        description: description.to_owned(),
        mark: TileMark::new(label, colour),
    }
}

fn many_tiles() -> Vec<Tile> {
    vec![
        tile(
            "AWS Production",
            "Account 012345678987. Read-only and full access.",
            Some("#c2410c"),
        ),
        tile(
            "AWS Staging",
            "Where releases wait for a day",
            Some("#1d4ed8"),
        ),
        tile("AWS Sandbox", "Emptied every Sunday", None),
        tile("AWS A", "", None),
        tile("AWS B", "", None),
        tile("Identity Center", "All accounts, one list", Some("#0f766e")),
        tile(
            "Billing",
            "Invoices and cost reports of every account",
            Some("#ffd84d"),
        ),
        tile("Audit archive", "Read-only", None),
        tile(
            "A connector with a very long name that somebody typed without mercy",
            "And a description that goes on and on, over more than the two lines that a tile has, \
             so that the rest of it has to be cut off with an ellipsis",
            None,
        ),
        tile("Disaster recovery", "Second region", None),
    ]
}

fn portal() -> Vec<Sample> {
    let three = many_tiles().into_iter().take(3).collect::<Vec<_>>();
    let mut with_image = three.clone();
    let mark = with_image[0].mark.clone();
    with_image[0].mark =
        mark.with_image(Some("/images/65e1c2a9f0b3d4e5a6b7c8d8/5f70bf18".to_owned()));
    let hostile = Tile {
        href: HOSTILE.to_owned(),
        ..tile(HOSTILE, HOSTILE, Some(HOSTILE))
    };
    vec![
        sample("portal", road_runner(), Portal::new(three, "")),
        sample("portal_image", road_runner(), Portal::new(with_image, "")),
        sample("portal_many", road_runner(), Portal::new(many_tiles(), "")),
        sample(
            "portal_search",
            road_runner(),
            Portal::new(many_tiles(), " aws ACCESS "),
        ),
        sample(
            "portal_search_nothing",
            road_runner(),
            Portal::new(many_tiles(), "payroll"),
        ),
        sample("portal_empty", road_runner(), Portal::new(Vec::new(), "")),
        sample(
            "portal_hostile",
            signed_in(HOSTILE, HOSTILE),
            Portal::new(vec![hostile], "script"),
        ),
    ]
}

fn single_sign_on() -> Vec<Sample> {
    let page = |label: &str, relay_state: Option<&str>| SingleSignOn {
        application_label: label.to_owned(),
        acs_url: "https://signin.aws.amazon.com/saml".to_owned(),
        saml_response: "PHNhbXBsZS8+".to_owned(),
        relay_state: relay_state.map(str::to_owned),
    };
    vec![
        sample("single_sign_on", anonymous(), page("AWS Production", None)),
        sample(
            "single_sign_on_relay_state",
            anonymous(),
            page("AWS", Some("https://x/?a=1&b")),
        ),
        sample(
            "single_sign_on_hostile",
            anonymous(),
            page(HOSTILE, Some(HOSTILE)),
        ),
    ]
}

fn messages() -> Vec<Sample> {
    let email = "wile.coyote@the-acme-corporation.com";
    let reference = "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48";
    let here = || signed_in("Wile Coyote", email);
    vec![
        sample(
            "refused_not_assigned",
            here(),
            Message::not_assigned("AWS Production", email),
        ),
        sample(
            "refused_hostile",
            here(),
            Message::not_assigned(HOSTILE, HOSTILE),
        ),
        sample(
            "refused_inactive",
            here(),
            Message::application_inactive("AWS Production"),
        ),
        sample(
            "refused_misconfigured",
            here(),
            Message::application_misconfigured(
                "AWS needs a session name of 2 to 64 letters.",
                reference,
            ),
        ),
        sample(
            "refused_saml_request",
            here(),
            Message::request_not_accepted(
                "the request asks for a response to \"https://evil.example/\", which is not registered for the application",
            ),
        ),
        sample(
            "refused_relay_state",
            here(),
            Message::relay_state_too_long(),
        ),
        sample("error_400", anonymous(), Message::bad_request()),
        sample("error_403_csrf", anonymous(), Message::cross_site()),
        sample("error_403_role", anonymous(), Message::not_permitted()),
        sample("error_404", anonymous(), Message::not_found()),
        sample("error_405", anonymous(), Message::method_not_allowed()),
        sample("error_408", anonymous(), Message::too_slow()),
        sample("error_413", anonymous(), Message::too_large()),
        sample(
            "error_421",
            anonymous(),
            Message::wrong_host("https://sso.acme.example/"),
        ),
        sample("error_500", anonymous(), Message::internal(reference)),
        sample("error_503", anonymous(), Message::unavailable(reference)),
    ]
}
