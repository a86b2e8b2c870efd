//! What lies between the two halves of a ceremony.

use jetway_identity::SealingKey;
use jetway_identity::factors::webauthn::{Ceremony, Purpose, UserVerification, WebauthnRefused};
use jetway_testkit::security_key::{Said, SecurityKey};
use time::Duration;

use super::site::{Begun, NOON, Site};

const LIFETIME: Duration = Duration::minutes(5);

fn begun(site: &mut Site) -> Begun {
    let passkey = site.registered(&SecurityKey::new(b"blue"));
    site.begin_second_factor(&passkey, UserVerification::Preferred)
}

#[test]
fn a_ceremony_comes_back_as_it_was_sealed() {
    let mut site = Site::new();
    let user = site.somebody();
    let passkey = site.registered_to(user, &SecurityKey::new(b"blue"));
    let registration = site.begin_registration(user, &[]).unwrap();
    let second_factor = site.begin_second_factor(&passkey, UserVerification::Discouraged);
    let passwordless = site.begin_passwordless();
    for (begun, purpose) in [
        (registration, Purpose::Register(user)),
        (
            second_factor,
            Purpose::SecondFactor(user, UserVerification::Discouraged),
        ),
        (passwordless, Purpose::Passwordless),
    ] {
        let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "tie");
        let open = Ceremony::open(&site.sealing, (&sealed, "tie"), NOON).unwrap();
        assert_eq!(open.purpose(), purpose);
        assert_eq!(open.expires_at(), NOON + LIFETIME);
    }
}

/// The rule of security.md item 31.
#[test]
fn a_ceremony_lasts_five_minutes() {
    let mut site = Site::new();
    let begun = begun(&mut site);
    let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "tie");
    let last_moment = LIFETIME - Duration::MILLISECOND;
    for age in [Duration::ZERO, last_moment] {
        assert!(Ceremony::open(&site.sealing, (&sealed, "tie"), NOON + age).is_ok());
    }
    for age in [LIFETIME, Duration::DAY, -Duration::SECOND, -Duration::DAY] {
        let refused = Ceremony::open(&site.sealing, (&sealed, "tie"), NOON + age);
        assert_eq!(refused.unwrap_err(), WebauthnRefused::Expired, "{age}");
    }
}

#[test]
fn a_ceremony_that_was_claimed_in_time_and_kept_is_over_all_the_same() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let answer = key.get(&Said::to_get(&begun.options, 1));
    let answer = answer.to_string();
    let answer = serde_json::from_str(&answer).unwrap();
    let ceremony = site.claimed(&begun.ceremony);
    site.op.now = NOON + LIFETIME;
    let refused = jetway_identity::factors::webauthn::finish_second_factor(
        &site.op,
        &site.party,
        &ceremony,
        &answer,
        passkey.owner,
        Some(&passkey),
    );
    assert_eq!(refused, Err(WebauthnRefused::Expired));
}

#[test]
fn a_ceremony_that_was_used_before_is_refused() {
    let mut site = Site::new();
    let begun = begun(&mut site);
    let mut ids = Vec::new();
    for _ in 0..2 {
        // Sealed anew, it is another text and the same ceremony.
        let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "tie");
        let open = Ceremony::open(&site.sealing, (&sealed, "tie"), NOON).unwrap();
        let first_use = !ids.contains(&open.id());
        ids.push(open.id());
        let claimed = open.claim(first_use).map(|_| ());
        let expected = first_use.then_some(()).ok_or(WebauthnRefused::AlreadyUsed);
        assert_eq!(claimed, expected);
    }
    assert_eq!(ids[0], ids[1]);
    let challenge = begun.options["publicKey"]["challenge"].as_str().unwrap();
    assert!(!ids[0].contains(challenge));
}

/// Security.md item 31.
#[test]
fn a_ceremony_of_another_browser_cannot_be_finished() {
    let mut site = Site::new();
    let begun = begun(&mut site);
    let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "mine");
    for tie in ["", "min", "theirs"] {
        let refused = Ceremony::open(&site.sealing, (&sealed, tie), NOON).unwrap_err();
        assert_eq!(refused, WebauthnRefused::OtherCeremony);
    }
    assert!(Ceremony::open(&site.sealing, (&sealed, "mine"), NOON).is_ok());
}

#[test]
fn what_was_not_sealed_here_as_a_ceremony_is_refused() {
    let mut site = Site::new();
    let begun = begun(&mut site);
    let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "tie");
    let foreign = SealingKey::from_bytes(&[8; 32]);
    let foreign = begun.ceremony.seal(&foreign, &mut site.op.rng, "tie");
    let changed = format!("{}{}", &sealed[..sealed.len() - 2], "AA");
    for text in [
        "",
        "AAAA",
        "{}",
        &foreign,
        &changed,
        &sealed[1..],
        &format!("{sealed}="),
        &format!("{sealed}AAAA"),
        &"A".repeat(1_000_000),
    ] {
        let refused = Ceremony::open(&site.sealing, (text, "tie"), NOON).unwrap_err();
        assert_eq!(refused, WebauthnRefused::OtherCeremony, "{text:.40}");
    }
}

#[test]
fn the_sealed_text_shows_neither_challenge_nor_person() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let sealed = begun.ceremony.seal(&site.sealing, &mut site.op.rng, "tie");
    let challenge = begun.options["publicKey"]["challenge"].as_str().unwrap();
    assert!(!sealed.contains(challenge) && !sealed.contains(&user.to_string()));
    assert!(
        sealed.len() <= 512,
        "it fits into a cookie or a form: {}",
        sealed.len()
    );
}
