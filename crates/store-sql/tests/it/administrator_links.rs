//! How administrators come in and get back in: set-up, invitation, reset, their own change.

use std::sync::Arc;

use jetway_identity::AdministratorSignInError;
use jetway_identity::administrators::ProviderBrowser;
use jetway_identity::alerts::{AlertKind, list_alerts};
use jetway_identity::credentials::{ChangeOwnPasswordError, RequestResetError, UseLinkError};
use jetway_identity::events::seal_events;
use jetway_identity::links::LinkPurpose;
use jetway_identity::mail::{Mail, list_mails};
use jetway_identity::passwords::{HashError, PasswordError};
use jetway_identity::{
    Administrator, AdministratorPasswordByLink, ChangeAdministratorPassword, EventKind, Invitation,
    InviteAdministratorError, Role, SetUp, SetUpError, administrator_of_link,
    change_own_administrator_password, current_administrator, invite_administrator,
    invite_administrator_again, issue_set_up_link, list_administrators,
    request_administrator_reset, set_administrator_password, set_administrator_password_by_link,
    set_up, set_up_is_open, sign_in_administrator_by_email,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;
use url::Url;

use crate::administrators::{ADMIN, add, op_of, sign_in};
use crate::bed::{Bed, PASSWORD, hashers, on_both};

on_both!(
    the_first_start_makes_the_organisation_and_its_first_administrator,
    twenty_set_ups_at_once_make_one_administrator,
    a_set_up_link_is_replaced_by_the_next_start_and_expires,
    an_invited_administrator_chooses_a_name_and_a_password,
    a_second_invitation_replaces_the_first,
    nobody_below_a_full_administrator_invites,
    a_reset_link_works_once_and_lifts_the_lock,
    a_new_password_ends_the_links_that_were_sent_before,
    a_password_that_was_set_by_a_reset_link_is_an_alert,
    asking_for_a_reset_looks_the_same_for_a_stranger,
    one_address_gets_three_reset_mails_in_an_hour,
    a_password_of_the_common_list_is_refused_everywhere,
    ones_own_change_takes_the_present_password_and_ends_the_other_sessions,
    a_provider_lets_in_whom_it_verified_and_nobody_new,
);

const NEW_PASSWORD: &str = "tunnel painted on a rock";

fn public_url() -> Url {
    Url::parse("https://sso.acme.com").unwrap()
}

fn acme() -> SetUp {
    SetUp {
        organisation: "The Acme Corporation".to_owned(),
        name: "Bugs".to_owned(),
        email: ADMIN.to_owned(),
        password: SecretString::from(NEW_PASSWORD),
    }
}

async fn mails(bed: &Bed) -> Vec<Mail> {
    list_mails(&bed.store, None, None, 100).await.unwrap()
}

/// The token in the newest mail.
async fn mailed_token(bed: &Bed, path: &str) -> String {
    let mail = mails(bed)
        .await
        .into_iter()
        .find(|mail| mail.link.is_some());
    let text = mail.unwrap().text(bed.keys.sealing()).unwrap().unwrap();
    let start = format!("https://sso.acme.com{path}/");
    let line = text.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{}", *text)).to_owned()
}

async fn invite(bed: &Bed, email: &str, role: Role) -> Administrator {
    let invitation = Invitation {
        email: email.to_owned(),
        name: String::new(),
        role,
    };
    let url = public_url();
    invite_administrator(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        &url,
        invitation,
    )
    .await
    .unwrap()
}

async fn use_link(
    bed: &Bed,
    purpose: LinkPurpose,
    token: &str,
    password: &str,
) -> Result<Administrator, UseLinkError> {
    let new = AdministratorPasswordByLink {
        purpose,
        token,
        name: (purpose == LinkPurpose::InviteAdministrator).then_some(" Daffy Duck "),
        password: SecretString::from(password),
    };
    let sealing = bed.keys.sealing();
    set_administrator_password_by_link(&mut bed.stranger(), &bed.store, hashers(), sealing, new)
        .await
}

async fn ask_for_reset(bed: &Bed, email: &str) -> Result<(), RequestResetError> {
    let (mut op, url) = (bed.stranger(), public_url());
    request_administrator_reset(&mut op, &bed.store, bed.keys.sealing(), &url, email).await
}

/// Requirement A12, security.md item 36.
async fn the_first_start_makes_the_organisation_and_its_first_administrator(bed: Bed) {
    let link = issue_set_up_link(&mut bed.op(), &bed.store).await.unwrap();
    let token = link.unwrap().expose().to_owned();
    assert!(set_up_is_open(&bed.op(), &bed.store, &token).await.unwrap());
    set_up(&mut bed.stranger(), &bed.store, hashers(), &token, acme())
        .await
        .unwrap();
    let signed_in = sign_in(&bed, ADMIN, NEW_PASSWORD).await.unwrap();
    assert_eq!(signed_in.administrator.role, Role::Full);
    let token_of_session = signed_in.token.expose_secret();
    let found = current_administrator(&bed.op(), &bed.store, token_of_session)
        .await
        .unwrap();
    let name = found.unwrap().settings.sections.profile.name;
    assert_eq!(name, "The Acme Corporation");
    let created = bed.last_event(EventKind::AdminCreate).await;
    assert_eq!(created.detail["role"], "full");
    // It has closed itself.
    assert!(!set_up_is_open(&bed.op(), &bed.store, &token).await.unwrap());
    let again = set_up(&mut bed.stranger(), &bed.store, hashers(), &token, acme()).await;
    assert!(matches!(again, Err(SetUpError::LinkGone)));
    assert!(
        issue_set_up_link(&mut bed.op(), &bed.store)
            .await
            .unwrap()
            .is_none()
    );
}

/// security.md item 36.
async fn twenty_set_ups_at_once_make_one_administrator(bed: Bed) {
    let link = issue_set_up_link(&mut bed.op(), &bed.store).await.unwrap();
    let token = link.unwrap().expose().to_owned();
    let bed = Arc::new(bed);
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (bed, token) = (Arc::clone(&bed), token.clone());
            tokio::spawn(async move {
                let typed = || SetUp {
                    email: format!("admin{number}@acme.com"),
                    ..acme()
                };
                loop {
                    let mut op = bed.stranger();
                    match set_up(&mut op, &bed.store, hashers(), &token, typed()).await {
                        Ok(_) => return true,
                        Err(SetUpError::LinkGone) => return false,
                        // A busy machine: whoever is beyond a queue asks again.
                        Err(SetUpError::Password(HashError::Busy(_)) | SetUpError::Store(_)) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 1);
    assert_eq!(list_administrators(&bed.store).await.unwrap().len(), 1);
}

async fn a_set_up_link_is_replaced_by_the_next_start_and_expires(mut bed: Bed) {
    let first = issue_set_up_link(&mut bed.op(), &bed.store)
        .await
        .unwrap()
        .unwrap();
    let second = issue_set_up_link(&mut bed.op(), &bed.store)
        .await
        .unwrap()
        .unwrap();
    for (token, open) in [
        (first.expose(), false),
        (second.expose(), true),
        ("x", false),
    ] {
        assert_eq!(
            set_up_is_open(&bed.op(), &bed.store, token).await.unwrap(),
            open
        );
    }
    bed.pass(Duration::hours(24));
    let token = second.expose();
    assert!(!set_up_is_open(&bed.op(), &bed.store, token).await.unwrap());
}

async fn an_invited_administrator_chooses_a_name_and_a_password(mut bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let invited = invite(&bed, "daffy@acme.com", Role::HelpDesk).await;
    assert_eq!(invited.password_changed_at, None);
    let mail = mails(&bed).await.remove(0);
    assert_eq!(mail.to, "daffy@acme.com");
    assert!(mail.is_for_administrators());
    let token = mailed_token(&bed, "/admin/invitations").await;
    let purpose = LinkPurpose::InviteAdministrator;
    for (purpose, found) in [
        (purpose, true),
        (LinkPurpose::ResetAdministratorPassword, false),
    ] {
        let owner = administrator_of_link(&bed.op(), &bed.store, purpose, &token).await;
        assert_eq!(owner.unwrap().is_some(), found);
    }
    let accepted = use_link(&bed, purpose, &token, NEW_PASSWORD).await.unwrap();
    assert_eq!(accepted.name, "Daffy Duck");
    let signed_in = sign_in(&bed, "daffy@acme.com", NEW_PASSWORD).await.unwrap();
    assert_eq!(signed_in.administrator.role, Role::HelpDesk);
    let again = use_link(&bed, purpose, &token, NEW_PASSWORD).await;
    assert!(matches!(again, Err(UseLinkError::LinkGone)));

    invite(&bed, "late@acme.com", Role::ReadOnly).await;
    let token = mailed_token(&bed, "/admin/invitations").await;
    bed.pass(Duration::days(3));
    let late = use_link(&bed, purpose, &token, NEW_PASSWORD).await;
    assert!(matches!(late, Err(UseLinkError::LinkGone)));
}

async fn a_second_invitation_replaces_the_first(bed: Bed) {
    let boss = add(&bed, ADMIN, Role::Full).await;
    let invited = invite(&bed, "daffy@acme.com", Role::HelpDesk).await;
    let first = mailed_token(&bed, "/admin/invitations").await;
    let (mut op, url) = (op_of(&bed, boss).await, public_url());
    let sealing = bed.keys.sealing();
    invite_administrator_again(&mut op, &bed.store, sealing, &url, invited.id)
        .await
        .unwrap();
    let purpose = LinkPurpose::InviteAdministrator;
    let old = use_link(&bed, purpose, &first, NEW_PASSWORD).await;
    assert!(matches!(old, Err(UseLinkError::LinkGone)));
    let token = mailed_token(&bed, "/admin/invitations").await;
    use_link(&bed, purpose, &token, NEW_PASSWORD).await.unwrap();
    let again = invite_administrator_again(&mut op, &bed.store, sealing, &url, invited.id).await;
    assert!(matches!(again, Err(InviteAdministratorError::HasPassword)));
}

async fn nobody_below_a_full_administrator_invites(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let help = add(&bed, "help@acme.com", Role::HelpDesk).await;
    let invitation = Invitation {
        email: "friend@acme.com".to_owned(),
        name: String::new(),
        role: Role::Full,
    };
    let (mut op, url) = (op_of(&bed, help).await, public_url());
    let sealing = bed.keys.sealing();
    let refused = invite_administrator(&mut op, &bed.store, sealing, &url, invitation).await;
    assert!(matches!(
        refused,
        Err(InviteAdministratorError::NotAllowed(_))
    ));
    assert!(mails(&bed).await.is_empty());
}

/// Requirement A05, security.md item 35.
async fn a_reset_link_works_once_and_lifts_the_lock(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let before = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    for _ in 0..5 {
        let _ = sign_in(&bed, ADMIN, "wrong").await;
    }
    ask_for_reset(&bed, " ADMIN@the-acme-corporation.com")
        .await
        .unwrap();
    let token = mailed_token(&bed, "/admin/login/reset").await;
    let purpose = LinkPurpose::ResetAdministratorPassword;
    use_link(&bed, purpose, &token, NEW_PASSWORD).await.unwrap();
    let before = before.token.expose_secret();
    let found = current_administrator(&bed.op(), &bed.store, before)
        .await
        .unwrap();
    assert!(found.is_none(), "its sessions have ended");
    sign_in(&bed, ADMIN, NEW_PASSWORD).await.unwrap();
    let again = use_link(&bed, purpose, &token, NEW_PASSWORD).await;
    assert!(matches!(again, Err(UseLinkError::LinkGone)));
    let told = mails(&bed).await.remove(0);
    assert!(told.subject.contains("was changed") && told.link.is_none());
}

/// Security.md item 35: whoever reads the mailbox later must not replace the new password.
async fn a_new_password_ends_the_links_that_were_sent_before(bed: Bed) {
    let id = add(&bed, ADMIN, Role::Full).await;
    let invited = invite(&bed, "daffy@acme.com", Role::HelpDesk).await;
    let invitation = mailed_token(&bed, "/admin/invitations").await;
    ask_for_reset(&bed, ADMIN).await.unwrap();
    let reset = mailed_token(&bed, "/admin/login/reset").await;
    for id in [id, invited.id] {
        let password = SecretString::from(NEW_PASSWORD);
        set_administrator_password(&mut bed.op(), &bed.store, hashers(), id, password)
            .await
            .unwrap();
    }
    for (purpose, token) in [
        (LinkPurpose::InviteAdministrator, invitation),
        (LinkPurpose::ResetAdministratorPassword, reset),
    ] {
        let answer = use_link(&bed, purpose, &token, PASSWORD).await;
        assert!(matches!(answer, Err(UseLinkError::LinkGone)), "{purpose:?}");
    }
}

/// Requirement U03: whoever reads the mailbox of an administrator can take the account over.
async fn a_password_that_was_set_by_a_reset_link_is_an_alert(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let alerts = async || {
        seal_events(&mut bed.op(), &bed.store, bed.keys.sealing())
            .await
            .unwrap();
        let page = list_alerts(&bed.store, true, None, 10).await.unwrap();
        let kinds = page.alerts.into_iter().map(|alert| alert.kind);
        kinds
            .filter(|kind| *kind == AlertKind::AdministratorReset)
            .count()
    };
    ask_for_reset(&bed, ADMIN).await.unwrap();
    assert_eq!(alerts().await, 0);
    let token = mailed_token(&bed, "/admin/login/reset").await;
    let purpose = LinkPurpose::ResetAdministratorPassword;
    use_link(&bed, purpose, &token, NEW_PASSWORD).await.unwrap();
    let event = bed.last_event(EventKind::AdminPasswordChange).await;
    assert_eq!(event.detail["by"], "link");
    assert_eq!(alerts().await, 1);
    // An accepted invitation is no reset.
    invite(&bed, "daffy@acme.com", Role::HelpDesk).await;
    let token = mailed_token(&bed, "/admin/invitations").await;
    let purpose = LinkPurpose::InviteAdministrator;
    use_link(&bed, purpose, &token, NEW_PASSWORD).await.unwrap();
    assert_eq!(alerts().await, 1);
}

/// security.md item 27.
async fn asking_for_a_reset_looks_the_same_for_a_stranger(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    for nobody in ["nobody@acme.com", "not an address", "", "a\0b@acme.com"] {
        ask_for_reset(&bed, nobody).await.unwrap();
    }
    assert!(mails(&bed).await.is_empty());
    let event = bed.last_event(EventKind::AdminPasswordResetRequest).await;
    assert!(!event.success);
    assert_eq!(event.detail["reason"], "unknown_administrator");
}

async fn one_address_gets_three_reset_mails_in_an_hour(mut bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    for email in [ADMIN, "nobody@acme.com"] {
        for _ in 0..3 {
            ask_for_reset(&bed, email).await.unwrap();
        }
        assert!(matches!(
            ask_for_reset(&bed, email).await,
            Err(RequestResetError::TooMany { .. })
        ));
    }
    assert_eq!(mails(&bed).await.len(), 3);
    bed.pass(Duration::hours(1));
    ask_for_reset(&bed, ADMIN).await.unwrap();
}

/// security.md items 22 and 23.
async fn a_password_of_the_common_list_is_refused_everywhere(bed: Bed) {
    let link = issue_set_up_link(&mut bed.op(), &bed.store).await.unwrap();
    let typed = SetUp {
        password: SecretString::from("theacmecorporation"),
        ..acme()
    };
    let token = link.unwrap().expose().to_owned();
    let refused = set_up(&mut bed.stranger(), &bed.store, hashers(), &token, typed).await;
    assert!(matches!(
        refused,
        Err(SetUpError::Password(HashError::Password(
            PasswordError::Personal
        )))
    ));
    set_up(&mut bed.stranger(), &bed.store, hashers(), &token, acme())
        .await
        .unwrap();
    ask_for_reset(&bed, ADMIN).await.unwrap();
    let token = mailed_token(&bed, "/admin/login/reset").await;
    let purpose = LinkPurpose::ResetAdministratorPassword;
    let refused = use_link(&bed, purpose, &token, "passwordpassword").await;
    assert!(matches!(refused, Err(UseLinkError::Password(_))));
    // A refused password does not use the link up.
    use_link(&bed, purpose, &token, "a quite different phrase")
        .await
        .unwrap();
}

/// security.md item 34.
async fn ones_own_change_takes_the_present_password_and_ends_the_other_sessions(bed: Bed) {
    let id = add(&bed, ADMIN, Role::Full).await;
    let here = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    let there = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    let change = async |current: &str, new: &str| {
        let change = ChangeAdministratorPassword {
            administrator: id,
            current: SecretString::from(current),
            new: SecretString::from(new),
            keep: here.session.id,
        };
        let mut op = op_of(&bed, id).await;
        let sealing = bed.keys.sealing();
        change_own_administrator_password(&mut op, &bed.store, hashers(), sealing, change).await
    };
    let wrong = change("wrong", NEW_PASSWORD).await;
    assert!(matches!(wrong, Err(ChangeOwnPasswordError::WrongPassword)));
    let same = change(PASSWORD, PASSWORD).await;
    assert!(matches!(same, Err(ChangeOwnPasswordError::Password(_))));
    change(PASSWORD, NEW_PASSWORD).await.unwrap();
    for (session, lives) in [(&here, true), (&there, false)] {
        let token = session.token.expose_secret();
        let found = current_administrator(&bed.op(), &bed.store, token)
            .await
            .unwrap();
        assert_eq!(found.is_some(), lives);
    }
    assert_eq!(mails(&bed).await.len(), 1, "told by mail");
    for _ in 0..5 {
        let _ = change("wrong", "another new pass phrase").await;
    }
    assert!(matches!(
        change(NEW_PASSWORD, "another new pass phrase").await,
        Err(ChangeOwnPasswordError::LockedOut { .. })
    ));
}

/// Requirement A04.
async fn a_provider_lets_in_whom_it_verified_and_nobody_new(bed: Bed) {
    let invited = invite(&bed, "daffy@acme.com", Role::ReadOnly).await;
    let by_email = async |email: &str| {
        let browser = ProviderBrowser {
            device: None,
            dev: true,
        };
        let sealing = bed.keys.sealing();
        let mut op = bed.stranger();
        sign_in_administrator_by_email(&mut op, &bed.store, sealing, email, &browser).await
    };
    let signed_in = by_email("Daffy@Acme.com").await.unwrap();
    assert_eq!(signed_in.administrator.id, invited.id);
    let event = bed.last_event(EventKind::AdminLoginAttempt).await;
    assert_eq!(event.detail["auth_method"], "openid_connect");
    for stranger in ["nobody@acme.com", "", "not an address", "a\0b@acme.com"] {
        let refused = by_email(stranger).await;
        let refused = matches!(refused, Err(AdministratorSignInError::Refused));
        assert!(refused, "{stranger}");
    }
    assert_eq!(list_administrators(&bed.store).await.unwrap().len(), 1);
}
