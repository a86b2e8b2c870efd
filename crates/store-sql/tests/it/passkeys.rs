//! Passkeys and security keys, from adding them to signing in. The key is one in software.

use jetway_identity::alerts::{AlertKind, list_alerts};
use jetway_identity::factors::webauthn::{RelyingParty, UserVerification, WebauthnRefused};
use jetway_identity::factors::{
    ChangeFactorError, ChangePasskeyError, FactorKind, FactorOwner, PasskeyAnswer,
    PasskeyEnrolment, PasskeyTools, SignedInOwner, begin_passkey, finish_passkey, list_passkeys,
    owned_factors, remove_passkey, rename_passkey, reset_factors,
};
use jetway_identity::sessions::{
    FirstProof, PasskeySignInError, PasskeyStepError, ask_for_any_passkey, ask_for_passkey,
    prove_passkey, sign_in_with_passkey,
};
use jetway_identity::{
    EventKind, Session, SignInError, SignedIn, Store, UserId, UserState, current_session,
    delete_user, set_user_state,
};
use jetway_testkit::security_key::{ORIGIN, Said, SecurityKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::Duration;
use url::Url;

use crate::bed::{Bed, EMAIL, PASSWORD, on_both};

on_both!(
    a_key_is_added_renamed_and_removed_and_its_owner_is_told,
    a_key_is_added_once_and_within_one_sign_in,
    a_key_is_the_second_step,
    a_wrong_answer_counts_like_a_wrong_code,
    a_passkey_signs_in_without_a_password,
    a_passkey_of_nobody_here_says_nothing_about_accounts,
    a_passkey_opens_nothing_for_who_may_not_sign_in,
    a_key_that_went_back_in_counting_is_not_believed_again_and_alarms,
    an_administrator_takes_keys_away_too,
    who_is_deleted_takes_their_keys_along,
);

pub(crate) const VISITOR: &str = "a browser";

/// Where keys are made.
pub(crate) struct Place {
    pub(crate) bed: Bed,
    party: RelyingParty,
}

impl Place {
    pub(crate) fn new(bed: Bed) -> Self {
        let url = Url::parse(ORIGIN).unwrap();
        let party = RelyingParty::new(&url, "The ACME Corporation").unwrap();
        Self { bed, party }
    }

    pub(crate) fn tools(&self) -> PasskeyTools<'_> {
        PasskeyTools {
            sealing: self.bed.keys.sealing(),
            party: &self.party,
        }
    }

    async fn begin(&self, session: &Session) -> PasskeyEnrolment {
        let (mut op, tools) = (self.bed.op(), self.tools());
        begin_passkey(&mut op, &self.bed.store, tools, session.into())
            .await
            .unwrap()
    }

    async fn finish(
        &self,
        who: SignedInOwner,
        sealed: &str,
        (answer, name): (&Value, &str),
    ) -> Result<usize, ChangePasskeyError> {
        let json = answer.to_string();
        let given = PasskeyAnswer {
            sealed,
            json: json.as_bytes(),
        };
        let (mut op, tools) = (self.bed.op(), self.tools());
        let codes = finish_passkey(&mut op, &self.bed.store, tools, who, (given, name)).await?;
        Ok(codes.map_or(0, |codes| codes.len()))
    }

    /// Adds the key; gives the number of recovery codes that were handed out.
    pub(crate) async fn add(&self, session: &Session, key: &SecurityKey, name: &str) -> usize {
        let begun = self.begin(session).await;
        let options = serde_json::to_value(&begun.options).unwrap();
        let answer = key.create(&Said::to_create(&options));
        let made = self.finish(session.into(), &begun.sealed, (&answer, name));
        made.await.unwrap()
    }

    /// Somebody who has a key.
    async fn somebody(&self, key: &SecurityKey) -> UserId {
        let user = self.bed.user(EMAIL).await;
        let signed_in = self.bed.try_sign_in(EMAIL, PASSWORD).await.unwrap();
        assert_eq!(self.add(&signed_in.session, key, "blue key").await, 10);
        user
    }

    /// The token of the first step.
    async fn first_step(&self) -> String {
        match self.bed.try_sign_in(EMAIL, PASSWORD).await {
            Err(SignInError::FactorNeeded(needed)) => {
                let expected = [FactorKind::Webauthn, FactorKind::RecoveryCode];
                assert_eq!(needed.kinds, expected);
                needed.token.expose_secret().to_owned()
            }
            other => panic!("{other:?}"),
        }
    }

    async fn second_step(
        &self,
        token: &str,
        answer: impl FnOnce(&Value) -> Value,
    ) -> Result<SignedIn, PasskeyStepError> {
        let verification = UserVerification::Preferred;
        let (mut op, store) = (self.bed.stranger(), &self.bed.store);
        let asked = ask_for_passkey(&mut op, store, self.tools(), token, verification);
        let asked = asked.await.unwrap().unwrap();
        let answer = answer(&serde_json::to_value(&asked.options).unwrap()).to_string();
        let given = PasskeyAnswer {
            sealed: &asked.sealed,
            json: answer.as_bytes(),
        };
        let done = prove_passkey(&mut op, store, self.tools(), token, given).await;
        let again = prove_passkey(&mut op, store, self.tools(), token, given).await;
        assert!(again.is_err(), "no answer works twice");
        done
    }

    async fn without_password(
        &self,
        answer: impl FnOnce(&Value) -> Value,
    ) -> Result<SignedIn, PasskeySignInError> {
        let (mut op, store) = (self.bed.stranger(), &self.bed.store);
        let asked = ask_for_any_passkey(&mut op, self.tools(), VISITOR);
        let options = serde_json::to_value(&asked.options).unwrap();
        assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
        let answer = answer(&options).to_string();
        let given = PasskeyAnswer {
            sealed: &asked.sealed,
            json: answer.as_bytes(),
        };
        let other =
            sign_in_with_passkey(&mut op, store, self.tools(), ("another", None), given).await;
        let other = other.unwrap_err();
        assert!(matches!(
            other,
            PasskeySignInError::Refused(WebauthnRefused::OtherCeremony)
        ));
        sign_in_with_passkey(&mut op, store, self.tools(), (VISITOR, None), given).await
    }
}

/// An honest answer of a key that knows whose it is.
pub(crate) fn known(
    key: &SecurityKey,
    owner: UserId,
    counter: u32,
) -> impl FnOnce(&Value) -> Value {
    move |options| {
        let mut said = Said::to_get(options, counter);
        said.user_handle = Some(FactorOwner::from(owner).to_string().into_bytes());
        key.get(&said)
    }
}

/// Requirements M01, M02.
async fn a_key_is_added_renamed_and_removed_and_its_owner_is_told(bed: Bed) {
    let mut place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    let keys = list_passkeys(&place.bed.store, user.into()).await.unwrap();
    assert_eq!((keys.len(), keys[0].name.as_str()), (1, "blue key"));
    assert_eq!(keys[0].transports, ["nfc", "usb"]);
    let event = place
        .bed
        .last_event(EventKind::WebauthnFinishEnrollment)
        .await;
    assert_eq!(event.detail["name"], "blue key");
    let token = place.first_step().await;
    let signed_in = place
        .second_step(&token, |options| key.get(&Said::to_get(options, 1)))
        .await
        .unwrap();
    let who: SignedInOwner = (&signed_in.session).into();
    // The second key brings no second set of codes.
    let second = SecurityKey::new(b"red");
    assert_eq!(place.add(&signed_in.session, &second, "red key").await, 0);
    let store = &place.bed.store;
    let id = keys[0].id;
    rename_passkey(&mut place.bed.op(), store, who, (id, " Desk "))
        .await
        .unwrap();
    let empty = rename_passkey(&mut place.bed.op(), store, who, (id, " ")).await;
    assert!(matches!(
        empty,
        Err(ChangePasskeyError::Refused(WebauthnRefused::Name(_)))
    ));
    let event = place.bed.last_event(EventKind::WebauthnRename).await;
    assert_eq!(
        (&event.detail["from"], &event.detail["to"]),
        (&json!("blue key"), &json!("Desk"))
    );
    let other = place.bed.user("wile.e@the-acme-corporation.com").await;
    let stranger = SignedInOwner {
        owner: other.into(),
        since: place.bed.now,
    };
    let sealing = place.bed.keys.sealing();
    let foreign = remove_passkey(&mut place.bed.op(), store, sealing, stranger, id).await;
    assert!(matches!(foreign, Err(ChangePasskeyError::Gone)));
    remove_passkey(&mut place.bed.op(), store, sealing, who, id)
        .await
        .unwrap();
    let left = owned_factors(store, user.into()).await.unwrap();
    assert_eq!((left.passkeys, left.recovery_codes), (1, 10));
    let id = list_passkeys(store, user.into()).await.unwrap()[0].id;
    place.bed.pass(Duration::minutes(10));
    let store = &place.bed.store;
    let sealing = place.bed.keys.sealing();
    let stale = remove_passkey(&mut place.bed.op(), store, sealing, who, id).await;
    assert!(matches!(
        stale,
        Err(ChangePasskeyError::Change(ChangeFactorError::NotFresh))
    ));
    let fresh = SignedInOwner {
        since: place.bed.now,
        ..who
    };
    remove_passkey(&mut place.bed.op(), store, sealing, fresh, id)
        .await
        .unwrap();
    let left = owned_factors(store, user.into()).await.unwrap();
    assert_eq!((left.passkeys, left.recovery_codes), (0, 0));
    place.bed.signed_in(EMAIL).await;
    let mails = jetway_identity::mail::list_mails(store, None, None, 100)
        .await
        .unwrap();
    let told = mails
        .iter()
        .filter(|mail| mail.subject.starts_with("The ways to sign in"));
    assert_eq!(told.count(), 4, "two added, two removed");
}

/// Security.md item 31.
async fn a_key_is_added_once_and_within_one_sign_in(bed: Bed) {
    let mut place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    place.bed.user(EMAIL).await;
    let session = place
        .bed
        .try_sign_in(EMAIL, PASSWORD)
        .await
        .unwrap()
        .session;
    let other = place.bed.user("wile.e@the-acme-corporation.com").await;
    let begun = place.begin(&session).await;
    let options = serde_json::to_value(&begun.options).unwrap();
    let answer = key.create(&Said::to_create(&options));
    let stranger = SignedInOwner {
        owner: other.into(),
        since: place.bed.now,
    };
    let foreign = place
        .finish(stranger, &begun.sealed, (&answer, "key"))
        .await;
    assert!(matches!(
        foreign,
        Err(ChangePasskeyError::Refused(WebauthnRefused::OtherCeremony))
    ));
    let own = (&session).into();
    place
        .finish(own, &begun.sealed, (&answer, "key"))
        .await
        .unwrap();
    let again = place.finish(own, &begun.sealed, (&answer, "key")).await;
    assert!(matches!(
        again,
        Err(ChangePasskeyError::Refused(WebauthnRefused::AlreadyUsed))
    ));
    // The same key again, also for somebody else.
    let begun = place.begin(&session).await;
    let options = serde_json::to_value(&begun.options).unwrap();
    let answer = key.create(&Said::to_create(&options));
    let twice = place.finish(own, &begun.sealed, (&answer, "key")).await;
    assert!(matches!(
        twice,
        Err(ChangePasskeyError::Refused(
            WebauthnRefused::AlreadyRegistered
        ))
    ));
    // What failed used the ceremony up too, and is noted until it would be over anyway.
    let again = place.finish(own, &begun.sealed, (&answer, "key")).await;
    assert!(matches!(
        again,
        Err(ChangePasskeyError::Refused(WebauthnRefused::AlreadyUsed))
    ));
    place.bed.pass(Duration::minutes(5));
    let late = place.finish(own, &begun.sealed, (&answer, "key")).await;
    assert!(matches!(
        late,
        Err(ChangePasskeyError::Refused(WebauthnRefused::Expired))
    ));
}

/// Requirements L06, M01.
async fn a_key_is_the_second_step(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    let token = place.first_step().await;
    let signed_in = place
        .second_step(&token, |options| key.get(&Said::to_get(options, 3)))
        .await
        .unwrap();
    assert_eq!(signed_in.user.id, user);
    let factor = signed_in.session.factor.map(|factor| factor.kind);
    assert_eq!(factor, Some(FactorKind::Webauthn));
    assert_eq!(signed_in.session.first_proof, FirstProof::Password);
    let keys = list_passkeys(&place.bed.store, user.into()).await.unwrap();
    assert_eq!(keys[0].last_used_at, Some(place.bed.now));
    assert_eq!(keys[0].sign_count().unwrap(), 3);
    let event = place.bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["reason"], Value::Null);
    assert_eq!(event.detail["mfa_meta"]["type"], "webauthn");
}

/// Security.md items 26, 31 and 33: an answer for another address counts, and says so in the log.
async fn a_wrong_answer_counts_like_a_wrong_code(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    place.somebody(&key).await;
    for counter in 1..=5 {
        let token = place.first_step().await;
        let refused = place
            .second_step(&token, |options| {
                let said = Said::to_get(options, counter);
                key.get(&said.at("https://id.acme.example.evil.example", "id.acme.example"))
            })
            .await
            .unwrap_err();
        assert!(matches!(
            refused,
            PasskeyStepError::Refused(WebauthnRefused::OtherOrigin { .. })
                | PasskeyStepError::LockedOut { .. }
        ));
        let next = place.bed.try_sign_in(EMAIL, PASSWORD).await;
        if matches!(next, Err(SignInError::LockedOut { .. })) {
            let attempts = place.bed.events(EventKind::UserLoginAttempt).await;
            let mut reasons = attempts.iter().map(|event| &event.detail["reason"]);
            assert!(reasons.any(|reason| reason == "other_origin"));
            return;
        }
    }
    panic!("five wrong answers lock the account");
}

/// Requirement M01: a passkey alone is both factors.
async fn a_passkey_signs_in_without_a_password(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    let signed_in = place.without_password(known(&key, user, 1)).await.unwrap();
    assert_eq!(signed_in.user.id, user);
    let factor = signed_in.session.factor.map(|factor| factor.kind);
    assert_eq!(factor, Some(FactorKind::Webauthn));
    assert_eq!(signed_in.session.first_proof, FirstProof::Passkey);
    let token = signed_in.token.expose_secret();
    let current = current_session(&mut place.bed.stranger(), &place.bed.store, token).await;
    assert_eq!(current.unwrap().unwrap().session, signed_in.session);
    let event = place.bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["auth_method"], "passkey");
    assert_eq!(event.detail["mfa"], true);
}

/// Security.md item 27.
async fn a_passkey_of_nobody_here_says_nothing_about_accounts(bed: Bed) {
    let place = Place::new(bed);
    let user = place.somebody(&SecurityKey::new(b"blue")).await;
    let refused = place
        .without_password(known(&SecurityKey::new(b"other"), user, 1))
        .await
        .unwrap_err();
    assert!(matches!(
        refused,
        PasskeySignInError::Refused(WebauthnRefused::UnknownCredential)
    ));
    let event = place.bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["reason"], "unknown_credential");
    assert_eq!((event.success, event.target), (false, None));
}

async fn a_passkey_opens_nothing_for_who_may_not_sign_in(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    set_user_state(
        &mut place.bed.op(),
        &place.bed.store,
        user,
        UserState::Suspended,
    )
    .await
    .unwrap();
    let refused = place.without_password(known(&key, user, 1)).await;
    assert!(matches!(refused, Err(PasskeySignInError::NotAdmitted)));
    let event = place.bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["reason"], "suspended");
}

/// Security.md item 33.
async fn a_key_that_went_back_in_counting_is_not_believed_again_and_alarms(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    place.without_password(known(&key, user, 7)).await.unwrap();
    let copy = place.without_password(known(&key, user, 7)).await;
    assert!(matches!(
        copy,
        Err(PasskeySignInError::Refused(
            WebauthnRefused::CounterWentBack {
                stored: 7,
                received: 7
            }
        ))
    ));
    let alerts = list_alerts(&place.bed.store, true, None, 10).await.unwrap();
    let alert = &alerts.alerts[0];
    assert_eq!(alert.kind, AlertKind::PasskeyCopied);
    assert!(alert.text.contains("blue key") && alert.text.contains(EMAIL));
    let later = place.without_password(known(&key, user, 100)).await;
    assert!(matches!(
        later,
        Err(PasskeySignInError::Refused(WebauthnRefused::Distrusted))
    ));
    // Nor does it count as no factor: the password alone still opens nothing.
    place.first_step().await;
}

/// Requirement M02.
async fn an_administrator_takes_keys_away_too(bed: Bed) {
    let place = Place::new(bed);
    let user = place.somebody(&SecurityKey::new(b"blue")).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    reset_factors(&mut place.bed.op(), store, sealing, user.into(), "Lost")
        .await
        .unwrap();
    assert!(list_passkeys(store, user.into()).await.unwrap().is_empty());
    let event = place
        .bed
        .last_event(EventKind::WebauthnDeleteEnrollment)
        .await;
    assert_eq!(event.detail["passkeys"], 1);
    assert!(
        place
            .bed
            .events(EventKind::TotpDeleteEnrollment)
            .await
            .is_empty()
    );
    place.bed.signed_in(EMAIL).await;
}

async fn who_is_deleted_takes_their_keys_along(bed: Bed) {
    let place = Place::new(bed);
    let key = SecurityKey::new(b"blue");
    let user = place.somebody(&key).await;
    delete_user(&mut place.bed.op(), &place.bed.store, user, None)
        .await
        .unwrap();
    let mut read = place.bed.store.read().await.unwrap();
    let left = read.passkey_by_credential(b"blue").await.unwrap();
    assert_eq!(left, None);
}
