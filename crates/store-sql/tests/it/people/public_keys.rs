//! Public keys of people.

use jetway_identity::events::EventFilter;
use jetway_identity::users::{
    AddPublicKeyError, InvalidPublicKey, add_public_key, list_public_keys, remove_public_key,
};
use jetway_identity::{EventKind, list_events};

use crate::bed::{Bed, EMAIL, on_both};

on_both!(
    a_key_is_added_once_and_removed_once,
    a_private_key_is_neither_stored_nor_logged,
);

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOIuuU4M4rJPYQBto4rSDJh1z84YuIXmcXH1kp2n9hkJ road.runner@desert";

/// Requirement C14.
async fn a_key_is_added_once_and_removed_once(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let add = async |name: &str, text: &str| {
        add_public_key(&mut bed.op(), &bed.store, id, name, text).await
    };
    let key = add("", KEY).await.unwrap();
    assert_eq!(
        (key.name.as_str(), key.algorithm.as_str()),
        ("road.runner@desert", "ssh-ed25519")
    );
    assert!(key.fingerprint.starts_with("SHA256:"));
    let again = add("another name", KEY).await;
    assert!(matches!(again, Err(AddPublicKeyError::Known(name)) if name == key.name));
    assert_eq!(
        list_public_keys(&bed.store, id).await.unwrap(),
        std::slice::from_ref(&key)
    );
    let event = bed.last_event(EventKind::UserUpdate).await;
    let shown = event.detail["changes"][0]["to"].as_str().unwrap();
    assert!(shown.contains(&key.fingerprint), "{shown}");
    let other = bed.user("wile@acme.com").await;
    let not_theirs = remove_public_key(&mut bed.op(), &bed.store, other, key.id).await;
    assert!(!not_theirs.unwrap());
    assert!(
        remove_public_key(&mut bed.op(), &bed.store, id, key.id)
            .await
            .unwrap()
    );
    assert!(list_public_keys(&bed.store, id).await.unwrap().is_empty());
}

/// Requirement C14: pasting a private key is refused with the reason.
async fn a_private_key_is_neither_stored_nor_logged(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAAsecret\n";
    for (name, text) in [("laptop", private), (private, KEY)] {
        let refused = add_public_key(&mut bed.op(), &bed.store, id, name, text).await;
        let Err(error) = refused else {
            panic!("{refused:?}")
        };
        assert!(!error.to_string().contains("secret"));
        if text == private {
            let expected = InvalidPublicKey::Private;
            assert!(matches!(error, AddPublicKeyError::Key(found) if found == expected));
        }
    }
    assert!(list_public_keys(&bed.store, id).await.unwrap().is_empty());
    let events = list_events(&bed.store, &EventFilter::default(), None, 100)
        .await
        .unwrap();
    assert!(
        events
            .iter()
            .all(|event| !event.detail.to_string().contains("secret"))
    );
}
