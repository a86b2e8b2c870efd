//! Codes of an authenticator app, against RFC 6238 and against `oathtool`.

use aws_lc_rs::hmac;
use jetway_identity::factors::{CodeRefused, TotpSecret, TotpStep};
use jetway_testkit::authenticator_app::shown_at;
use jetway_testkit::{counterparts, require};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::ExposeSecret;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use url::Url;

/// The start of a step.
const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);
const STEP: Duration = Duration::seconds(30);

/// The secret of RFC 6238 appendix B.
fn rfc_secret() -> TotpSecret {
    TotpSecret::from_bytes(b"12345678901234567890").unwrap()
}

fn step_of(instant: OffsetDateTime) -> TotpStep {
    u64::try_from(instant.unix_timestamp()).unwrap() / 30
}

/// The code at an instant, worked out here once more: the functions under test give none away.
fn code_at(secret: &TotpSecret, instant: OffsetDateTime) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let tag = hmac::sign(&key, &step_of(instant).to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 0xf);
    let number = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// The last six of the eight digits in the table, as RFC 4226 §5.3 cuts them.
#[test]
fn the_vectors_of_rfc_6238_hold() {
    for (seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        let instant = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let taken = rfc_secret().verify(code, instant, None);
        assert_eq!(taken, Ok(step_of(instant)), "{seconds}");
    }
}

#[test]
fn oathtool_and_the_identity_provider_agree_on_codes_and_on_the_secret_for_typing() {
    require!(counterparts::oathtool());
    for seed in 0..5 {
        let secret = TotpSecret::random(&mut StdRng::seed_from_u64(seed));
        let instant = NOON + Duration::seconds(i64::try_from(seed).unwrap() * 40_009);
        let typed = secret.for_typing();
        let code = shown_at(typed.expose_secret(), instant.unix_timestamp()).unwrap();
        let taken = secret.verify(&code, instant, None);
        assert_eq!(taken, Ok(step_of(instant)), "{code}");
    }
}

#[test]
fn a_clock_may_be_one_step_off_in_both_directions_and_no_more() {
    let secret = rfc_secret();
    let code = code_at(&secret, NOON);
    let last_moment = STEP - Duration::SECOND;
    for drift in [-STEP, Duration::ZERO, last_moment, STEP, STEP + last_moment] {
        let taken = secret.verify(&code, NOON + drift, None);
        assert_eq!(taken, Ok(step_of(NOON)), "{drift}");
    }
    for drift in [
        -STEP - Duration::SECOND,
        STEP * 2,
        Duration::HOUR,
        -Duration::DAY,
    ] {
        let taken = secret.verify(&code, NOON + drift, None);
        assert_eq!(taken, Err(CodeRefused::Wrong), "{drift}");
    }
}

#[test]
fn a_code_works_once() {
    let secret = rfc_secret();
    let code = code_at(&secret, NOON);
    let used = secret.verify(&code, NOON, None).unwrap();
    for later in [Duration::ZERO, STEP] {
        let again = secret.verify(&code, NOON + later, Some(used));
        assert_eq!(again, Err(CodeRefused::AlreadyUsed));
    }
}

#[test]
fn once_a_code_was_used_earlier_ones_are_refused_and_the_next_one_is_taken() {
    let secret = rfc_secret();
    let (earlier, next) = (code_at(&secret, NOON - STEP), code_at(&secret, NOON + STEP));
    let used = Some(step_of(NOON));
    let refused = secret.verify(&earlier, NOON, used);
    assert_eq!(refused, Err(CodeRefused::AlreadyUsed));
    assert_eq!(secret.verify(&next, NOON, used), Ok(step_of(NOON) + 1));
}

#[test]
fn spaces_in_a_code_do_not_matter() {
    let code = code_at(&rfc_secret(), NOON);
    let (first, last) = code.split_at(3);
    for typed in [format!("{first} {last}"), format!("  {code} ")] {
        assert!(rfc_secret().verify(&typed, NOON, None).is_ok(), "{typed}");
    }
}

#[test]
fn anything_but_six_digits_is_refused_as_such() {
    let code = code_at(&rfc_secret(), NOON);
    for typed in [
        "",
        "      ",
        &code[1..],
        &format!("0{code}"),
        &format!("{code}0"),
        &format!("{code}\n"),
        &format!("{code}\0"),
        &format!("-{}", &code[1..]),
        &format!("+{}", &code[1..]),
        &code.replace(&code[..1], "x"),
        &format!("{}-{}", &code[..3], &code[3..]),
        "１２３４５６",
        "٠١٢٣٤٥",
        &format!("{code}{}", " ".repeat(100)),
        &"1".repeat(1_000_000),
    ] {
        let refused = rfc_secret().verify(typed, NOON, None);
        assert_eq!(refused, Err(CodeRefused::NotACode), "{typed:.40}");
    }
}

#[test]
fn a_code_of_another_secret_is_wrong() {
    let other = TotpSecret::random(&mut StdRng::seed_from_u64(1));
    let code = code_at(&other, NOON);
    let refused = rfc_secret().verify(&code, NOON, None);
    assert_eq!(refused, Err(CodeRefused::Wrong));
}

#[test]
fn a_clock_before_1970_refuses_and_does_not_fail() {
    let code = code_at(&rfc_secret(), NOON);
    let refused = rfc_secret().verify(&code, datetime!(1960-01-01 0:00 UTC), None);
    assert_eq!(refused, Err(CodeRefused::Wrong));
}

/// The rule of security.md item 29.
#[test]
fn secrets_have_160_bits_differ_and_come_back_from_their_bytes() {
    let mut rng = StdRng::seed_from_u64(1);
    let (one, other) = (TotpSecret::random(&mut rng), TotpSecret::random(&mut rng));
    assert_eq!(one.as_bytes().len() * 8, 160);
    assert_ne!(one.as_bytes(), other.as_bytes());
    let back = TotpSecret::from_bytes(one.as_bytes()).unwrap();
    assert_eq!(back.as_bytes(), one.as_bytes());
    assert!(TotpSecret::from_bytes(&one.as_bytes()[1..]).is_none());
    assert!(TotpSecret::from_bytes(&[0; 21]).is_none());
}

#[test]
fn the_secret_for_typing_is_base32_in_groups_of_four() {
    let typed = rfc_secret().for_typing();
    assert_eq!(
        typed.expose_secret(),
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    );
}

#[test]
fn the_address_in_the_qr_code_has_the_form_that_apps_read() {
    let uri = rfc_secret().uri("The ACME Corporation", "wile.coyote@acme.example");
    assert_eq!(
        uri.expose_secret(),
        "otpauth://totp/The%20ACME%20Corporation:wile.coyote%40acme.example\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=The%20ACME%20Corporation\
         &algorithm=SHA1&digits=6&period=30"
    );
}

#[test]
fn whatever_a_name_contains_the_address_keeps_its_secret_and_its_parts() {
    for name in [
        "A&secret=AAAA&issuer=B",
        "A?secret=AAAA#x",
        "A:B:C",
        "A%26secret%3DAAAA",
        "../../A",
        "A\nB\0C\u{202E}D",
        "Ä + 漢字 🦊",
        "\"'<>\\",
        ":",
        "",
        &"long ".repeat(1000),
    ] {
        let uri = rfc_secret().uri(name, name);
        let uri = uri.expose_secret();
        assert!(uri.len() < 3000, "{name:.40}");
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
        let url = Url::parse(uri).unwrap();
        let keys: Vec<_> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
        let expected = ["secret", "issuer", "algorithm", "digits", "period"];
        assert_eq!(keys, expected, "{name:.40}");
        let mut pairs = url.query_pairs();
        assert_eq!(pairs.next().unwrap().1, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let issuer = pairs.next().unwrap().1;
        assert!(!issuer.is_empty() && issuer.chars().count() <= 64);
        assert!(!issuer.contains([':', '\n', '\0', '\u{202E}']), "{issuer}");
        assert_eq!(url.path().matches(':').count(), 1, "{uri}");
        assert_eq!(url.path().matches('/').count(), 1, "{uri}");
        assert_eq!(url.fragment(), None);
    }
}

#[test]
fn the_secret_is_not_printed() {
    assert_eq!(format!("{:?}", rfc_secret()), "TotpSecret(***)");
}

#[test]
fn what_a_person_reads_says_what_to_do() {
    assert_eq!(
        CodeRefused::AlreadyUsed.to_string(),
        "this code has been used already; wait for the next one"
    );
    assert!(CodeRefused::NotACode.to_string().contains("six digits"));
    assert!(CodeRefused::Wrong.to_string().contains("clock"));
}
