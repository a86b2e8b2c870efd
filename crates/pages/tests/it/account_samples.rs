//! Samples of what people and administrators see before they are signed in.

use jetway_pages::{
    Message, SignInProblem,
    account::{
        AskForReset, NewPassword, NewPasswordErrors, NewPasswordReason, PasswordRule, PasswordRules,
    },
    admin::door::{
        AcceptInvitation, AdministratorSignIn, AdministratorSignInProblem, FirstRun, Provider,
    },
    admin::parts::Field,
};

use crate::samples::{HOSTILE, Sample, anonymous, sample};

const CSRF: &str = "c2FtcGxlLXRva2Vu";
const EMAIL: &str = "road.runner@the-acme-corporation.com";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = links();
    all.extend(new_passwords());
    all.extend(administrators());
    all.extend(invitations());
    all
}

fn rule(text: &str, broken: Option<&str>) -> PasswordRule {
    PasswordRule {
        text: text.to_owned(),
        broken: broken.map(str::to_owned),
    }
}

pub(crate) fn rules() -> PasswordRules {
    PasswordRules {
        rules: vec![
            rule("at least 12 characters long", None),
            rule("not one of the passwords that attackers try first", None),
            rule("without your name or your e-mail address", None),
        ],
    }
}

pub(crate) fn broken_rules() -> PasswordRules {
    PasswordRules {
        rules: vec![
            rule("at least 12 characters long", Some("This one has 8.")),
            rule(
                "not one of the passwords that attackers try first",
                Some("This one is on the list of common passwords."),
            ),
            rule("without your name or your e-mail address", None),
            rule("none of your last 5", None),
        ],
    }
}

fn links() -> Vec<Sample> {
    let ask = |email: Field, administrator, problem: Option<&str>| AskForReset {
        csrf: CSRF.to_owned(),
        email,
        administrator,
        problem: problem.map(str::to_owned),
    };
    let wrong = Field::new(HOSTILE).with_error("This is not an e-mail address: it has no @.");
    vec![
        sample("forgot", anonymous(), ask("".into(), false, None)),
        sample("forgot_hostile", anonymous(), ask(wrong, false, None)),
        sample(
            "admin_forgot",
            anonymous(),
            ask("".into(), true, Some("Wait 4 minutes, then try again.")),
        ),
        sample(
            "forgot_sent",
            anonymous(),
            Message::reset_requested(EMAIL, true, false),
        ),
        sample(
            "forgot_sent_without_mail",
            anonymous(),
            Message::reset_requested(EMAIL, false, false),
        ),
        sample(
            "admin_forgot_sent_hostile",
            anonymous(),
            Message::reset_requested(HOSTILE, true, true),
        ),
        sample("link_expired", anonymous(), Message::link_expired(false)),
        sample(
            "admin_link_expired",
            anonymous(),
            Message::administrator_link_expired(),
        ),
        sample(
            "password_changed",
            anonymous(),
            Message::password_changed(false),
        ),
        sample(
            "account_activated",
            anonymous(),
            Message::account_activated(),
        ),
    ]
}

fn new_passwords() -> Vec<Sample> {
    let page = |reason, email: &str, rules, errors| NewPassword {
        reason,
        action: "/login/reset/b25lLXRpbWU".to_owned(),
        csrf: CSRF.to_owned(),
        email: email.to_owned(),
        rules,
        errors,
    };
    let different = NewPasswordErrors {
        again: Some("The two are not the same.".to_owned()),
        ..NewPasswordErrors::default()
    };
    let wrong = NewPasswordErrors {
        current: Some("This is not your current password.".to_owned()),
        ..NewPasswordErrors::default()
    };
    vec![
        sample(
            "new_password",
            anonymous(),
            page(
                NewPasswordReason::Reset,
                EMAIL,
                rules(),
                NewPasswordErrors::default(),
            ),
        ),
        sample(
            "new_password_refused_hostile",
            anonymous(),
            page(NewPasswordReason::Reset, HOSTILE, broken_rules(), different),
        ),
        sample(
            "activate",
            anonymous(),
            page(
                NewPasswordReason::Activate,
                EMAIL,
                rules(),
                NewPasswordErrors::default(),
            ),
        ),
        sample(
            "password_expired",
            anonymous(),
            page(NewPasswordReason::Expired, EMAIL, rules(), wrong),
        ),
        sample(
            "admin_new_password",
            anonymous(),
            page(
                NewPasswordReason::AdministratorReset,
                EMAIL,
                rules(),
                NewPasswordErrors::default(),
            ),
        ),
    ]
}

fn administrators() -> Vec<Sample> {
    let page = |email: &str, problem, provider: Option<&str>| AdministratorSignIn {
        csrf: CSRF.to_owned(),
        next: (!email.is_empty()).then(|| "/admin/users?state=staged".to_owned()),
        email: email.into(),
        problem,
        provider: provider.map(|name| Provider {
            name: name.to_owned(),
            href: "/admin/oidc/start".to_owned(),
        }),
    };
    let form = |problem| Some(AdministratorSignInProblem::Form(problem));
    let google = || "Google".to_owned();
    vec![
        sample("admin_sign_in", anonymous(), page("", None, None)),
        sample(
            "admin_sign_in_provider",
            anonymous(),
            page("", form(SignInProblem::SignedOut), Some("Google")),
        ),
        sample(
            "admin_sign_in_refused",
            anonymous(),
            page(EMAIL, form(SignInProblem::Refused), Some("Google")),
        ),
        sample(
            "admin_sign_in_wait",
            anonymous(),
            page(EMAIL, form(SignInProblem::Wait { seconds: 61 }), None),
        ),
        sample(
            "admin_sign_in_unknown",
            anonymous(),
            page(
                "",
                Some(AdministratorSignInProblem::Unknown { provider: google() }),
                Some("Google"),
            ),
        ),
        sample(
            "admin_sign_in_hostile",
            anonymous(),
            page(
                HOSTILE,
                Some(AdministratorSignInProblem::ProviderFailed {
                    provider: HOSTILE.to_owned(),
                }),
                Some(HOSTILE),
            ),
        ),
    ]
}

fn invitations() -> Vec<Sample> {
    let invitation = |by: Option<&str>, rules, name| AcceptInvitation {
        action: "/admin/invitations/b25lLXRpbWU".to_owned(),
        csrf: CSRF.to_owned(),
        email: EMAIL.to_owned(),
        role: "Help desk".to_owned(),
        invited_by: by.map(str::to_owned),
        name,
        rules,
        errors: NewPasswordErrors::default(),
    };
    let first_run = |text: &str, rules, name| FirstRun {
        action: "/admin/setup/b25lLXRpbWU".to_owned(),
        csrf: CSRF.to_owned(),
        organisation: text.into(),
        name,
        email: if text.is_empty() { "" } else { EMAIL }.into(),
        rules,
        errors: NewPasswordErrors {
            form: (!text.is_empty()).then(|| "Two fields need your attention.".to_owned()),
            ..NewPasswordErrors::default()
        },
    };
    let wrong = || Field::new(HOSTILE).with_error("Give a name of at most 256 characters.");
    vec![
        sample(
            "admin_invitation",
            anonymous(),
            invitation(Some("Wile E. Coyote"), rules(), "".into()),
        ),
        sample(
            "admin_invitation_hostile",
            anonymous(),
            invitation(Some(HOSTILE), broken_rules(), wrong()),
        ),
        sample(
            "admin_first_run",
            anonymous(),
            first_run("", rules(), "".into()),
        ),
        sample(
            "admin_first_run_hostile",
            anonymous(),
            first_run(HOSTILE, broken_rules(), wrong()),
        ),
    ]
}
