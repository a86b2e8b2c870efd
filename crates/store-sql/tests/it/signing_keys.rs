//! The keys of an application: next, current, retired.

use jetway_identity::applications::{
    ChangeKeyError, KeyChange, KeyState, NewBookmark, NewKey, SigningKeyInfo, add_key, change_key,
    create_bookmark, list_keys,
};
use jetway_identity::{
    ApplicationId, AssertRequest, EventKind, Grant, KeyId, application_metadata, assert,
};
use jetway_saml::{KeyAlgorithm, UploadedKey, generate_signing_key};
use time::{Duration, OffsetDateTime};

use crate::applications::get;
use crate::bed::{Bed, EMAIL, new_application, on_both};

on_both!(
    a_generated_key_is_next_it_is_published_but_does_not_sign,
    a_key_takes_the_place_of_the_one_before_and_can_give_it_back,
    a_retired_key_is_in_the_metadata_no_more_and_can_come_back,
    only_what_is_retired_can_be_deleted,
    a_key_of_ones_own_signs_and_its_private_half_is_stored_sealed,
    a_certificate_that_ended_signs_nothing,
    an_application_has_ten_keys_at_most,
    two_applications_have_keys_of_their_own,
    a_bookmark_has_no_keys,
);

const SLUG: &str = "acme";

async fn keys(bed: &Bed, id: ApplicationId) -> Vec<SigningKeyInfo> {
    list_keys(&bed.store, id).await.unwrap().unwrap()
}

async fn states(bed: &Bed, id: ApplicationId) -> Vec<(KeyId, KeyState)> {
    let keys = keys(bed, id).await;
    keys.iter().map(|key| (key.id, key.state)).collect()
}

async fn add(
    bed: &Bed,
    id: ApplicationId,
    new: NewKey,
    use_now: bool,
) -> Result<KeyId, ChangeKeyError> {
    let sealing = bed.keys.sealing();
    add_key(&mut bed.op(), &bed.store, sealing, id, (new, use_now)).await
}

async fn change(
    bed: &Bed,
    id: ApplicationId,
    key: KeyId,
    change: KeyChange,
) -> Result<(), ChangeKeyError> {
    change_key(&mut bed.op(), &bed.store, id, key, change).await
}

/// The certificates that the service provider is told of, the one that signs first.
async fn published(bed: &Bed) -> Vec<Vec<u8>> {
    let url = "http://localhost:8700/saml2/acme";
    let metadata = application_metadata(&bed.store, SLUG, url).await.unwrap();
    metadata.unwrap().certificates
}

fn certificate(keys: &[SigningKeyInfo], id: KeyId) -> Vec<u8> {
    let found = keys.iter().find(|key| key.id == id).unwrap();
    found.certificate_der.clone()
}

/// A signed-in person who has the application.
async fn person(bed: &Bed, application: ApplicationId) -> String {
    let user = bed.user(EMAIL).await;
    let group = bed.group_of(user, "operations", &[]).await;
    bed.assign(application, group).await;
    bed.signed_in(EMAIL).await
}

async fn signed_with(bed: &Bed, token: &str) -> Vec<u8> {
    let request = AssertRequest {
        session_token: token,
        slug: SLUG,
        wish: None,
    };
    let grant: Grant = assert(&mut bed.stranger(), &bed.store, &bed.keys, request)
        .await
        .unwrap();
    grant.key.certificate_der().to_vec()
}

fn given(now: OffsetDateTime, until: OffsetDateTime) -> UploadedKey {
    let made = generate_signing_key("own", now, until, [9; 16]).unwrap();
    UploadedKey {
        pkcs8_der: made.pkcs8_der,
        certificate_der: made.certificate_der,
        not_before: now,
        not_after: until,
        algorithm: KeyAlgorithm::Rsa { bits: 2048 },
    }
}

/// Requirements H02, I04 and I06.
async fn a_generated_key_is_next_it_is_published_but_does_not_sign(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let first = keys(&bed, id).await.remove(0);
    assert_eq!(first.state, KeyState::Current);
    let token = person(&bed, id).await;
    let next = add(&bed, id, NewKey::Generated, false).await.unwrap();
    let present = keys(&bed, id).await;
    assert_eq!(
        states(&bed, id).await,
        [(first.id, KeyState::Current), (next, KeyState::Next)]
    );
    let second = certificate(&present, next);
    assert_eq!(
        published(&bed).await,
        [first.certificate_der.clone(), second]
    );
    assert_eq!(signed_with(&bed, &token).await, first.certificate_der);
    let five_years = bed.now.replace_year(bed.now.year() + 5).unwrap();
    assert_eq!(present[1].not_after, five_years);
    assert_eq!(present[1].fingerprint.len(), 64);
    let event = bed.last_event(EventKind::ApplicationUpdate).await;
    assert_eq!(event.detail["key"]["op"], "add");
    assert_eq!(
        event.detail["key"]["certificate_sha256"],
        present[1].fingerprint
    );
    assert_eq!(get(&bed, id).await.version, 2);
}

/// Requirements I04 and I05.
async fn a_key_takes_the_place_of_the_one_before_and_can_give_it_back(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let first = keys(&bed, id).await.remove(0).id;
    let token = person(&bed, id).await;
    let next = add(&bed, id, NewKey::Generated, false).await.unwrap();
    for (current, other) in [(next, first), (first, next)] {
        change(&bed, id, current, KeyChange::Use).await.unwrap();
        let present = keys(&bed, id).await;
        assert_eq!(
            states(&bed, id).await,
            [(current, KeyState::Current), (other, KeyState::Next)]
        );
        let signing = certificate(&present, current);
        assert_eq!(
            published(&bed).await,
            [signing.clone(), certificate(&present, other)],
            "both, so that nobody is locked out while the service provider is told"
        );
        assert_eq!(signed_with(&bed, &token).await, signing);
    }
    let events = bed.events(EventKind::ApplicationUpdate).await.len();
    change(&bed, id, first, KeyChange::Use).await.unwrap();
    let after = bed.events(EventKind::ApplicationUpdate).await.len();
    assert_eq!(events, after, "it signs already");
}

/// Requirement I04.
async fn a_retired_key_is_in_the_metadata_no_more_and_can_come_back(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let first = keys(&bed, id).await.remove(0).id;
    let second = add(&bed, id, NewKey::Generated, true).await.unwrap();
    change(&bed, id, first, KeyChange::Retire).await.unwrap();
    let present = keys(&bed, id).await;
    assert_eq!(
        states(&bed, id).await,
        [(second, KeyState::Current), (first, KeyState::Retired)]
    );
    assert_eq!(published(&bed).await, [certificate(&present, second)]);
    let refused = change(&bed, id, second, KeyChange::Retire).await;
    assert!(
        matches!(refused, Err(ChangeKeyError::Current)),
        "{refused:?}"
    );
    change(&bed, id, first, KeyChange::Use).await.unwrap();
    assert_eq!(
        states(&bed, id).await,
        [(first, KeyState::Current), (second, KeyState::Next)]
    );
    let words: Vec<_> = bed.events(EventKind::ApplicationUpdate).await;
    let words: Vec<_> = words
        .iter()
        .map(|event| event.detail["key"]["op"].clone())
        .collect();
    assert_eq!(words, ["add", "use", "retire", "use"]);
}

async fn only_what_is_retired_can_be_deleted(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let current = keys(&bed, id).await.remove(0).id;
    let next = add(&bed, id, NewKey::Generated, false).await.unwrap();
    let refused = change(&bed, id, current, KeyChange::Delete).await;
    assert!(matches!(refused, Err(ChangeKeyError::Current)));
    let refused = change(&bed, id, next, KeyChange::Delete).await;
    assert!(matches!(refused, Err(ChangeKeyError::NotRetired)));
    change(&bed, id, next, KeyChange::Retire).await.unwrap();
    change(&bed, id, next, KeyChange::Delete).await.unwrap();
    assert_eq!(states(&bed, id).await, [(current, KeyState::Current)]);
    let gone = change(&bed, id, next, KeyChange::Use).await;
    assert!(matches!(gone, Err(ChangeKeyError::NoSuchKey)));
}

/// Requirements I04 to I06.
async fn a_key_of_ones_own_signs_and_its_private_half_is_stored_sealed(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let token = person(&bed, id).await;
    let own = given(bed.now, bed.now + Duration::days(1095));
    let (certificate, private) = (own.certificate_der.clone(), own.pkcs8_der.clone());
    let key = add(&bed, id, NewKey::Given(own), true).await.unwrap();
    assert_eq!(signed_with(&bed, &token).await, certificate);
    let mut read = jetway_identity::Store::read(&bed.store).await.unwrap();
    let stored = read.signing_key(key).await.unwrap().unwrap();
    let middle = &private[private.len() / 2..private.len() / 2 + 32];
    let sealed = &stored.sealed_private_key;
    assert!(!sealed.windows(32).any(|window| window == middle));
}

async fn a_certificate_that_ended_signs_nothing(mut bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let ended = given(bed.now - Duration::days(2), bed.now);
    let refused = add(&bed, id, NewKey::Given(ended), false).await;
    assert!(matches!(refused, Err(ChangeKeyError::Expired(_))));
    let short = given(bed.now, bed.now + Duration::days(1));
    let key = add(&bed, id, NewKey::Given(short), false).await.unwrap();
    bed.pass(Duration::days(1));
    let refused = change(&bed, id, key, KeyChange::Use).await;
    assert!(
        matches!(refused, Err(ChangeKeyError::Expired(_))),
        "{refused:?}"
    );
    assert_eq!(keys(&bed, id).await.len(), 2);
}

async fn an_application_has_ten_keys_at_most(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let own = given(bed.now, bed.now + Duration::days(30));
    let again = || {
        NewKey::Given(UploadedKey {
            pkcs8_der: own.pkcs8_der.clone(),
            certificate_der: own.certificate_der.clone(),
            ..own
        })
    };
    for _ in 1..10 {
        add(&bed, id, again(), false).await.unwrap();
    }
    let refused = add(&bed, id, again(), false).await;
    assert!(matches!(refused, Err(ChangeKeyError::TooMany)));
    assert_eq!(keys(&bed, id).await.len(), 10);
}

/// Requirements F07 and I12.
async fn two_applications_have_keys_of_their_own(bed: Bed) {
    let first = bed.application(new_application(SLUG)).await;
    let second = bed.application(new_application("other")).await;
    let of_first = keys(&bed, first).await.remove(0);
    let of_second = keys(&bed, second).await.remove(0);
    assert_ne!(of_first.fingerprint, of_second.fingerprint);
    let mixed = change(&bed, first, of_second.id, KeyChange::Use).await;
    assert!(matches!(mixed, Err(ChangeKeyError::NoSuchKey)));
}

async fn a_bookmark_has_no_keys(bed: Bed) {
    let new = NewBookmark {
        slug: "wiki".to_owned(),
        label: "Wiki".to_owned(),
        description: String::new(),
        color: "#4a5568".to_owned(),
        show_in_portal: true,
        url: "https://wiki.acme.example/".to_owned(),
    };
    let id = create_bookmark(&mut bed.op(), &bed.store, new)
        .await
        .unwrap();
    assert!(keys(&bed, id).await.is_empty());
    let refused = add(&bed, id, NewKey::Generated, false).await;
    assert!(matches!(refused, Err(ChangeKeyError::Bookmark)));
    let metadata = application_metadata(&bed.store, "wiki", "http://localhost:8700/saml2/wiki");
    assert!(metadata.await.unwrap().is_none());
}
