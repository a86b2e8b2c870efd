//! The outbox and how mails leave it.

use jetway_identity::alerts::{Alert, AlertKind, list_alerts};
use jetway_identity::credentials::{invite_user, request_password_reset};
use jetway_identity::mail::{
    DeliveryProblem, OutgoingMails, RetryMailError, SendTestMailError, ViewMailError, count_mails,
    list_mails, prune_outbox, record_delivery, retry_mail, send_test_mail, take_due_mails,
    view_mail,
};
use jetway_identity::settings::{MailSecurity, MailServer};
use jetway_identity::{EventKind, Mail, MailId, MailState, NewUser, UserState, change_settings};
use time::Duration;
use url::Url;

use crate::bed::{Bed, EMAIL, new_user, on_both};

on_both!(
    without_a_mail_server_links_wait_for_an_administrator,
    opening_a_mail_with_a_live_link_is_noted,
    a_mail_is_lent_to_one_worker_at_a_time,
    a_sent_mail_with_a_link_forgets_its_text,
    a_failed_delivery_is_tried_again_later_and_less_often,
    a_refused_mail_is_not_tried_again,
    mails_that_are_not_delivered_are_an_alert_until_one_is_sent,
    a_mail_whose_link_has_expired_is_not_sent,
    the_password_of_the_mail_server_is_sealed,
    a_test_mail_goes_the_way_of_every_mail,
    a_failed_mail_is_handed_over_again_on_demand_while_it_is_of_use,
    old_mails_are_forgotten,
    names_cannot_forge_headers_or_turn_the_text,
    the_outbox_is_read_page_by_page,
);

const PENDING: &str = "wile.coyote@contractor.example";

fn url() -> Url {
    Url::parse("https://sso.acme.example").unwrap()
}

fn server() -> MailServer {
    MailServer {
        host: "localhost".to_owned(),
        port: 2525,
        security: MailSecurity::None,
        username: "jetway".to_owned(),
        sealed_password: None,
        from: "jetway@acme.com".to_owned(),
    }
}

async fn configure(bed: &Bed) {
    let sealed = MailServer::seal_password(bed.keys.sealing(), &mut bed.op().rng, "beep beep");
    let mail = MailServer {
        sealed_password: Some(sealed),
        ..server()
    };
    change_settings(&mut bed.op(), &bed.store, None, |s| s.mail = Some(mail))
        .await
        .unwrap();
}

async fn invite(bed: &Bed) -> MailId {
    let new = NewUser {
        state: UserState::Staged,
        password: None,
        ..new_user(PENDING)
    };
    let id = bed.user_with(new).await;
    let sealing = bed.keys.sealing();
    invite_user(&mut bed.op(), &bed.store, sealing, &url(), id)
        .await
        .unwrap()
}

async fn take(bed: &Bed) -> Option<OutgoingMails> {
    take_due_mails(&mut bed.op(), &bed.store, bed.keys.sealing(), 10)
        .await
        .unwrap()
}

async fn newest(bed: &Bed) -> Mail {
    list_mails(&bed.store, None, None, 1)
        .await
        .unwrap()
        .remove(0)
}

fn problem(permanent: bool) -> Result<(), DeliveryProblem> {
    Err(DeliveryProblem {
        text: "451 the cliff\nis not there".to_owned(),
        permanent,
    })
}

async fn record(bed: &Bed, id: MailId, outcome: Result<(), DeliveryProblem>) -> MailState {
    record_delivery(&mut bed.op(), &bed.store, bed.keys.sealing(), id, outcome)
        .await
        .unwrap()
}

async fn open_alerts(bed: &Bed) -> Vec<Alert> {
    let page = list_alerts(&bed.store, true, None, 10).await;
    page.unwrap().alerts
}

/// Requirement U03.
async fn mails_that_are_not_delivered_are_an_alert_until_one_is_sent(mut bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    take(&bed).await.unwrap();
    record(&bed, id, problem(false)).await;
    assert_eq!(open_alerts(&bed).await, [], "it is tried again");
    for times in 1..=2 {
        record(&bed, id, problem(true)).await;
        let alerts = open_alerts(&bed).await;
        assert_eq!((alerts.len(), alerts[0].times), (1, times));
        assert_eq!(alerts[0].kind, AlertKind::MailFailing);
        assert!(alerts[0].text.contains(PENDING) && alerts[0].text.contains("cliff"));
    }
    record(&bed, id, Ok(())).await;
    assert_eq!(open_alerts(&bed).await, []);
    // One that waited until it was of no use is one of them.
    send_test_mail(&mut bed.op(), &bed.store, bed.keys.sealing(), EMAIL)
        .await
        .unwrap();
    bed.pass(Duration::days(8));
    take(&bed).await.unwrap();
    assert_eq!(open_alerts(&bed).await.len(), 1);
}

async fn without_a_mail_server_links_wait_for_an_administrator(bed: Bed) {
    let id = invite(&bed).await;
    assert!(take(&bed).await.is_none());
    let view = view_mail(&mut bed.op(), &bed.store, bed.keys.sealing(), id).await;
    let view = view.unwrap();
    assert!(view.link_is_live);
    assert!(
        view.text
            .unwrap()
            .contains("https://sso.acme.example/activate/")
    );
    assert_eq!(view.mail.state, MailState::Waiting);
}

async fn opening_a_mail_with_a_live_link_is_noted(mut bed: Bed) {
    let id = invite(&bed).await;
    let sealing = || bed.keys.sealing();
    view_mail(&mut bed.op(), &bed.store, sealing(), id)
        .await
        .unwrap();
    let event = bed.last_event(EventKind::MailView).await;
    assert_eq!(event.target.unwrap().label, PENDING);
    assert_eq!(event.detail["link"], "activate_user");
    bed.pass(Duration::days(8));
    let sealing = bed.keys.sealing();
    let view = view_mail(&mut bed.op(), &bed.store, sealing, id)
        .await
        .unwrap();
    assert!(!view.link_is_live);
    assert_eq!(bed.events(EventKind::MailView).await.len(), 1);
    let other = MailId::new(bed.now, &mut bed.op().rng);
    let missing = view_mail(&mut bed.op(), &bed.store, sealing, other).await;
    assert!(matches!(missing, Err(ViewMailError::NoSuchMail)));
}

async fn a_mail_is_lent_to_one_worker_at_a_time(mut bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    let taken = take(&bed).await.unwrap();
    assert_eq!(taken.mails.len(), 1);
    assert_eq!(
        (taken.mails[0].id, taken.mails[0].to.as_str()),
        (id, PENDING)
    );
    assert!(take(&bed).await.unwrap().mails.is_empty());
    // The worker died with it.
    bed.pass(Duration::minutes(2));
    assert_eq!(take(&bed).await.unwrap().mails.len(), 1);
    assert_eq!(newest(&bed).await.attempts, 2);
}

async fn a_sent_mail_with_a_link_forgets_its_text(bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    take(&bed).await.unwrap();
    record(&bed, id, Ok(())).await;
    let mail = newest(&bed).await;
    assert_eq!((mail.state, mail.sent_at), (MailState::Sent, Some(bed.now)));
    let view = view_mail(&mut bed.op(), &bed.store, bed.keys.sealing(), id).await;
    assert!(view.unwrap().text.is_none());
    assert!(bed.events(EventKind::MailView).await.is_empty());
    assert!(take(&bed).await.unwrap().mails.is_empty());
}

async fn a_failed_delivery_is_tried_again_later_and_less_often(mut bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    let mut waits = Vec::new();
    for _ in 0..5 {
        assert_eq!(take(&bed).await.unwrap().mails.len(), 1);
        let state = record(&bed, id, problem(false)).await;
        assert_eq!(state, MailState::Waiting);
        let mail = newest(&bed).await;
        assert_eq!(
            mail.last_error.as_deref(),
            Some("451 the cliff is not there")
        );
        let wait = mail.next_attempt_at - bed.now;
        waits.push(wait.whole_minutes());
        bed.pass(wait - Duration::SECOND);
        assert!(take(&bed).await.unwrap().mails.is_empty());
        bed.pass(Duration::SECOND);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16]);
}

async fn a_refused_mail_is_not_tried_again(mut bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    take(&bed).await.unwrap();
    let state = record(&bed, id, problem(true)).await;
    assert_eq!(state, MailState::Failed);
    bed.pass(Duration::days(1));
    assert!(take(&bed).await.unwrap().mails.is_empty());
    let view = view_mail(&mut bed.op(), &bed.store, bed.keys.sealing(), id).await;
    assert!(
        view.unwrap().text.is_some(),
        "an administrator can still pass the link on"
    );
}

async fn a_mail_whose_link_has_expired_is_not_sent(mut bed: Bed) {
    bed.user(EMAIL).await;
    let sealing = bed.keys.sealing();
    request_password_reset(&mut bed.stranger(), &bed.store, sealing, &url(), EMAIL)
        .await
        .unwrap();
    configure(&bed).await;
    bed.pass(Duration::hours(1));
    assert!(take(&bed).await.unwrap().mails.is_empty());
    let mail = newest(&bed).await;
    assert_eq!(mail.state, MailState::Failed);
    assert!(mail.last_error.unwrap().contains("while it was of use"));
}

async fn the_password_of_the_mail_server_is_sealed(bed: Bed) {
    configure(&bed).await;
    let taken = take(&bed).await.unwrap();
    assert_eq!(
        taken.password.as_deref().map(String::as_str),
        Some("beep beep")
    );
    assert!(!bed.dump().await.contains("beep beep"));
    let event = bed.last_event(EventKind::OrganizationUpdate).await;
    assert!(!event.detail.to_string().contains("beep beep"));
}

async fn a_test_mail_goes_the_way_of_every_mail(bed: Bed) {
    let sealing = bed.keys.sealing();
    let none = send_test_mail(&mut bed.op(), &bed.store, sealing, EMAIL).await;
    assert!(matches!(none, Err(SendTestMailError::NoServer)));
    configure(&bed).await;
    let odd = send_test_mail(&mut bed.op(), &bed.store, sealing, "a@b\nBcc: c@d").await;
    assert!(matches!(odd, Err(SendTestMailError::Address(_))));
    let id = send_test_mail(&mut bed.op(), &bed.store, sealing, EMAIL).await;
    let id = id.unwrap();
    assert_eq!(take(&bed).await.unwrap().mails[0].id, id);
}

async fn a_failed_mail_is_handed_over_again_on_demand_while_it_is_of_use(mut bed: Bed) {
    configure(&bed).await;
    let id = invite(&bed).await;
    take(&bed).await.unwrap();
    record(&bed, id, problem(true)).await;
    let counts = count_mails(&bed.store).await.unwrap();
    assert_eq!((counts.waiting, counts.sent, counts.failed), (0, 0, 1));
    retry_mail(&mut bed.op(), &bed.store, id).await.unwrap();
    assert_eq!(bed.events(EventKind::MailRetry).await.len(), 1);
    assert_eq!(take(&bed).await.unwrap().mails[0].id, id);
    record(&bed, id, Ok(())).await;
    let again = retry_mail(&mut bed.op(), &bed.store, id).await;
    assert!(matches!(again, Err(RetryMailError::Over)), "it was sent");
    let sent = list_mails(&bed.store, Some(MailState::Sent), None, 9)
        .await
        .unwrap();
    let failed = list_mails(&bed.store, Some(MailState::Failed), None, 9)
        .await
        .unwrap();
    assert_eq!((sent.len(), failed.len()), (1, 0));

    bed.user(EMAIL).await;
    let mut op = bed.stranger();
    let sealing = bed.keys.sealing();
    request_password_reset(&mut op, &bed.store, sealing, &url(), EMAIL)
        .await
        .unwrap();
    let id = newest(&bed).await.id;
    bed.pass(Duration::hours(1));
    let again = retry_mail(&mut bed.op(), &bed.store, id).await;
    assert!(
        matches!(again, Err(RetryMailError::Over)),
        "its link has expired"
    );
}

async fn old_mails_are_forgotten(mut bed: Bed) {
    invite(&bed).await;
    bed.pass(Duration::days(30));
    prune_outbox(&mut bed.op(), &bed.store).await.unwrap();
    assert_eq!(
        list_mails(&bed.store, None, None, 10).await.unwrap().len(),
        1
    );
    bed.pass(Duration::SECOND);
    prune_outbox(&mut bed.op(), &bed.store).await.unwrap();
    assert!(
        list_mails(&bed.store, None, None, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn names_cannot_forge_headers_or_turn_the_text(bed: Bed) {
    let name = "Acme\u{202E}gnp שלום".to_owned();
    change_settings(&mut bed.op(), &bed.store, None, |s| s.profile.name = name)
        .await
        .unwrap();
    let id = invite(&bed).await;
    let view = view_mail(&mut bed.op(), &bed.store, bed.keys.sealing(), id).await;
    let view = view.unwrap();
    assert!(view.mail.subject.starts_with("Activate your account at "));
    let text = view.text.unwrap();
    assert!(text.contains("\u{2068}Acmegnp שלום\u{2069}"), "{}", *text);
    assert!(!text.contains('\u{202E}'));
    assert!(!view.mail.subject.contains('\u{202E}'));
}

async fn the_outbox_is_read_page_by_page(bed: Bed) {
    configure(&bed).await;
    let mut ids = Vec::new();
    for _ in 0..7 {
        let sealing = bed.keys.sealing();
        ids.push(
            send_test_mail(&mut bed.op(), &bed.store, sealing, EMAIL)
                .await
                .unwrap(),
        );
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = list_mails(&bed.store, None, before, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page.into_iter().map(|mail| mail.id));
    }
    ids.reverse();
    assert_eq!(seen, ids);
}
