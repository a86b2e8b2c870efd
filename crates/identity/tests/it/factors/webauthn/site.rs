//! The site under test, with its people.

use std::net::IpAddr;

use jetway_identity::factors::FactorOwner;
use jetway_identity::factors::webauthn::{
    Authenticated, AuthenticationAnswer, Ceremony, ClaimedCeremony, NewPasskey, PasskeyRecord,
    Registrant, RegistrationAnswer, RelyingParty, UserVerification, WebauthnRefused,
    finish_passwordless, finish_registration, finish_second_factor, start_passwordless,
    start_registration, start_second_factor,
};
use jetway_identity::{Actor, Client, Op, SealingKey, UserId};
use jetway_testkit::security_key::{ORIGIN, Said, SecurityKey};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;
use url::Url;

pub(super) const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

pub(super) struct Site {
    pub(super) op: Op,
    pub(super) party: RelyingParty,
    pub(super) sealing: SealingKey,
}

/// A half that is open: what the browser got, and what is kept.
pub(super) struct Begun {
    pub(super) options: Value,
    pub(super) ceremony: Ceremony,
}

impl Site {
    pub(super) fn new() -> Self {
        let url = Url::parse(ORIGIN).unwrap();
        Self {
            op: Op {
                now: NOON,
                rng: StdRng::seed_from_u64(1),
                actor: Actor::Anonymous,
                request_id: "test".to_owned(),
                client: Client {
                    ip: Some(IpAddr::from([192, 0, 2, 1])),
                    user_agent: None,
                },
            },
            party: RelyingParty::new(&url, "The ACME Corporation").unwrap(),
            sealing: SealingKey::from_bytes(&[7; 32]),
        }
    }

    pub(super) fn somebody(&mut self) -> FactorOwner {
        UserId::random(&mut self.op.rng).into()
    }

    /// Through the browser and back, for the first time.
    pub(super) fn claimed(&mut self, ceremony: &Ceremony) -> ClaimedCeremony {
        let sealed = ceremony.seal(&self.sealing, &mut self.op.rng, "tie");
        let open = Ceremony::open(&self.sealing, (&sealed, "tie"), self.op.now).unwrap();
        open.claim(true).unwrap()
    }

    pub(super) fn begin_registration(
        &mut self,
        user: FactorOwner,
        existing: &[PasskeyRecord],
    ) -> Result<Begun, WebauthnRefused> {
        let who = Registrant {
            owner: user,
            account: "wile.coyote@acme.example",
            display_name: "Wile E. Coyote",
        };
        let (options, ceremony) = start_registration(&mut self.op, &self.party, &who, existing)?;
        let options = serde_json::to_value(&options).unwrap();
        Ok(Begun { options, ceremony })
    }

    pub(super) fn end_registration(
        &mut self,
        begun: &Begun,
        answer: &Value,
        new: NewPasskey<'_>,
    ) -> Result<PasskeyRecord, WebauthnRefused> {
        let ceremony = self.claimed(&begun.ceremony);
        let answer = RegistrationAnswer::from_json(answer.to_string().as_bytes())?;
        finish_registration(&mut self.op, &self.party, &ceremony, &answer, new)
    }

    /// Somebody new with a registered key.
    pub(super) fn registered(&mut self, key: &SecurityKey) -> PasskeyRecord {
        let user = self.somebody();
        self.registered_to(user, key)
    }

    pub(super) fn registered_to(&mut self, user: FactorOwner, key: &SecurityKey) -> PasskeyRecord {
        let begun = self.begin_registration(user, &[]).unwrap();
        let answer = key.create(&Said::to_create(&begun.options));
        let new = NewPasskey {
            owner: user,
            name: "blue key",
            existing: &[],
        };
        self.end_registration(&begun, &answer, new).unwrap()
    }

    pub(super) fn begin_second_factor(
        &mut self,
        passkey: &PasskeyRecord,
        verification: UserVerification,
    ) -> Begun {
        let passkeys = std::slice::from_ref(passkey);
        let op = &mut self.op;
        let begun = start_second_factor(op, &self.party, passkey.owner, passkeys, verification);
        let (options, ceremony) = begun.unwrap();
        let options = serde_json::to_value(&options).unwrap();
        Begun { options, ceremony }
    }

    pub(super) fn begin_passwordless(&mut self) -> Begun {
        let (options, ceremony) = start_passwordless(&mut self.op, &self.party);
        let options = serde_json::to_value(&options).unwrap();
        Begun { options, ceremony }
    }

    pub(super) fn end_second_factor(
        &mut self,
        begun: &Begun,
        answer: &Value,
        user: FactorOwner,
        passkey: Option<&PasskeyRecord>,
    ) -> Result<Authenticated, WebauthnRefused> {
        let ceremony = self.claimed(&begun.ceremony);
        let answer = AuthenticationAnswer::from_json(answer.to_string().as_bytes())?;
        finish_second_factor(&self.op, &self.party, &ceremony, &answer, user, passkey)
    }

    pub(super) fn end_passwordless(
        &mut self,
        begun: &Begun,
        answer: &Value,
        passkey: Option<&PasskeyRecord>,
    ) -> Result<Authenticated, WebauthnRefused> {
        let ceremony = self.claimed(&begun.ceremony);
        let answer = AuthenticationAnswer::from_json(answer.to_string().as_bytes())?;
        finish_passwordless(&self.op, &self.party, &ceremony, &answer, passkey)
    }
}

/// The handle that a key is given for `user`.
pub(super) fn handle_of(user: FactorOwner) -> Vec<u8> {
    user.to_string().into_bytes()
}
