//! The mail about a sign-in with a browser that is new to its owner.

use jetway_identity::mail::list_mails;
use jetway_identity::{
    AdministratorSignIn, EventKind, Mail, Role, SignInAttempt, Store, Via, prune_sessions, sign_in,
    sign_in_administrator,
};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use secrecy::SecretString;
use time::Duration;

use crate::administrators::{ADMIN, add};
use crate::bed::{Bed, EMAIL, PASSWORD, on_both};

on_both!(
    a_new_browser_gets_its_owner_a_mail_once,
    the_first_sign_in_of_all_gets_nobody_a_mail,
    what_keeps_no_cookie_gets_nobody_a_mail,
    a_wrong_password_in_a_new_browser_gets_nobody_a_mail,
    a_new_browser_of_an_administrator_gets_them_a_mail,
    a_browser_that_nobody_used_for_half_a_year_is_new_again,
);

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What a browser sends as its cookie.
fn cookie(number: u64) -> SecretString {
    let mut rng = StdRng::seed_from_u64(number);
    jetway_identity::sessions::new_device(&mut rng)
}

async fn sign_in_with(bed: &Bed, device: Option<SecretString>, password: &str) -> bool {
    let mut op = bed.stranger();
    op.client.user_agent = Some(BROWSER.to_owned());
    let attempt = SignInAttempt {
        email: EMAIL.to_owned(),
        password: SecretString::from(password),
        via: Via::Browser,
        device,
    };
    let outcome = sign_in(&mut op, &bed.store, bed.tools(), attempt).await;
    outcome.is_ok()
}

async fn mails(bed: &Bed) -> Vec<Mail> {
    list_mails(&bed.store, None, None, 50).await.unwrap()
}

async fn a_new_browser_gets_its_owner_a_mail_once(bed: Bed) {
    bed.user(EMAIL).await;
    assert!(sign_in_with(&bed, Some(cookie(1)), PASSWORD).await);
    assert!(sign_in_with(&bed, Some(cookie(2)), PASSWORD).await);
    let sent = mails(&bed).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, EMAIL);
    let text = sent[0].text(bed.keys.sealing()).unwrap().unwrap();
    for part in [
        "Time: 14 March 2026, 09:12 UTC",
        "Network address: 192.0.2.7",
        "Browser: Firefox on Linux",
        "If it was not, change your password",
    ] {
        assert!(text.contains(part), "{part}: {}", *text);
    }
    // Both are known from then on.
    assert!(sign_in_with(&bed, Some(cookie(1)), PASSWORD).await);
    assert!(sign_in_with(&bed, Some(cookie(2)), PASSWORD).await);
    assert_eq!(mails(&bed).await.len(), 1);
    let event = &bed.events(EventKind::UserLoginAttempt).await[1];
    assert_eq!(event.detail["new_device"], true);
}

async fn the_first_sign_in_of_all_gets_nobody_a_mail(bed: Bed) {
    bed.user(EMAIL).await;
    assert!(sign_in_with(&bed, Some(cookie(1)), PASSWORD).await);
    assert!(mails(&bed).await.is_empty());
}

async fn what_keeps_no_cookie_gets_nobody_a_mail(bed: Bed) {
    bed.user(EMAIL).await;
    for _ in 0..2 {
        assert!(sign_in_with(&bed, None, PASSWORD).await);
    }
    assert!(mails(&bed).await.is_empty());
}

async fn a_wrong_password_in_a_new_browser_gets_nobody_a_mail(bed: Bed) {
    let user = bed.user(EMAIL).await;
    assert!(sign_in_with(&bed, Some(cookie(1)), PASSWORD).await);
    assert!(!sign_in_with(&bed, Some(cookie(2)), "wrong").await);
    assert!(mails(&bed).await.is_empty());
    // Nor does it make the browser known.
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.known_devices(user.into()).await.unwrap().len(), 1);
}

async fn a_new_browser_of_an_administrator_gets_them_a_mail(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    for number in [1, 1, 2] {
        let attempt = AdministratorSignIn {
            email: ADMIN.to_owned(),
            password: SecretString::from(PASSWORD),
            device: Some(cookie(number)),
            dev: true,
        };
        let mut op = bed.stranger();
        sign_in_administrator(&mut op, &bed.store, bed.tools(), attempt)
            .await
            .unwrap();
    }
    let sent = mails(&bed).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, ADMIN);
    let text = sent[0].text(bed.keys.sealing()).unwrap().unwrap();
    assert!(text.contains("your administrator account"), "{}", *text);
}

async fn a_browser_that_nobody_used_for_half_a_year_is_new_again(mut bed: Bed) {
    bed.user(EMAIL).await;
    for (days, mails_by_then) in [(0, 0), (179, 0), (181, 1)] {
        bed.pass(Duration::days(days));
        prune_sessions(&bed.op(), &bed.store).await.unwrap();
        assert!(sign_in_with(&bed, Some(cookie(1)), PASSWORD).await);
        assert_eq!(mails(&bed).await.len(), mails_by_then, "after {days} days");
    }
}
