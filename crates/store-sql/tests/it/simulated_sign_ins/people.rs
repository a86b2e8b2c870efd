//! People with and without second factors, and how they prove them.

use jetway_identity::factors::webauthn::UserVerification;
use jetway_identity::factors::{FactorKind, PasskeyAnswer, Phone, give_enrolment_time};
use jetway_identity::sessions::push::{
    PhoneSays, ProvePushError, answer_push, prove_push, start_push,
};
use jetway_identity::sessions::{
    PasskeySignInError, PasskeyStepError, SecondFactorError, ask_for_any_passkey, ask_for_passkey,
    new_device, prove_code, prove_passkey, sign_in_with_passkey,
};
use jetway_identity::sign_in_policies::FactorKinds;
use jetway_identity::{
    Client, GroupId, Op, SignInAttempt, SignInError, SignedIn, UserId, Via, add_member, sign_in,
};
use jetway_testkit::security_key::{Said, SecurityKey};
use secrecy::SecretString;

use super::table::{PEOPLE, Row};
use crate::bed::{Bed, PASSWORD, hashers};
use crate::passkeys::{Place, VISITOR, known};
use crate::push::connect as connect_phone;
use crate::second_factor::{connect_in, shown};

pub(super) struct World {
    pub(super) place: Place,
    pub(super) people: Vec<Somebody>,
    /// Of which the policies speak.
    pub(super) groups: [GroupId; 2],
    pub(super) everybody: GroupId,
}

pub(super) struct Somebody {
    pub(super) id: UserId,
    email: String,
    /// What their app knows.
    secret: Option<String>,
    pub(super) key: Option<SecurityKey>,
    phone: Option<Phone>,
    pub(super) codes: Vec<String>,
    /// The cookie of the browser that they always use.
    browser: SecretString,
}

impl World {
    /// Nobody has the same: no factor (in a group, and in none), an app, a key, both, time to set a
    /// factor up, and an app with a phone.
    pub(super) async fn new(bed: Bed) -> Self {
        let groups = [
            bed.group("operations", &[]).await,
            bed.group("finance", &[]).await,
        ];
        let everybody = bed.group("everybody here", &[]).await;
        let mut world = Self {
            place: Place::new(bed),
            people: Vec::new(),
            groups,
            everybody,
        };
        for number in 0..PEOPLE {
            let somebody = world.somebody(number).await;
            world.people.push(somebody);
        }
        world
    }

    async fn somebody(&mut self, number: usize) -> Somebody {
        let bed = &self.place.bed;
        let email = format!("person-{number}@the-acme-corporation.com");
        let id = bed.user(&email).await;
        let of_them: &[GroupId] = match number {
            0 | 2 | 5 => &self.groups[..1],
            3 => &self.groups[1..],
            4 => &self.groups[..],
            _ => &[],
        };
        for group in of_them.iter().chain([&self.everybody]) {
            add_member(&mut bed.op(), &bed.store, *group, id)
                .await
                .unwrap();
        }
        let browser = new_device(&mut bed.op().rng);
        let attempt = attempt(&email, &browser);
        let tools = (hashers(), bed.keys.sealing());
        let signed_in = sign_in(&mut bed.stranger(), &bed.store, tools, attempt).await;
        let session = signed_in.unwrap().session;
        let mut somebody = Somebody {
            id,
            email,
            secret: None,
            key: None,
            phone: None,
            codes: Vec::new(),
            browser,
        };
        if number == 5 {
            let bed = &self.place.bed;
            let reason = "Their phone comes next month.";
            give_enrolment_time(&mut bed.op(), &bed.store, id, 90, reason)
                .await
                .unwrap();
        }
        if matches!(number, 2 | 4 | 6) {
            let (secret, codes) = connect_in(&mut self.place.bed, &session).await;
            (somebody.secret, somebody.codes) = (Some(secret), codes);
        }
        if matches!(number, 3 | 4) {
            let key = SecurityKey::new(format!("key of {number}").as_bytes());
            self.place.add(&session, &key, "key").await;
            somebody.key = Some(key);
        }
        if number == 6 {
            let phone = connect_phone(&self.place.bed, &session, "phone").await;
            somebody.phone = Some(phone.unwrap().1);
        }
        somebody
    }

    /// Somebody who has not signed in, from where the row says.
    pub(super) fn stranger(&self, row: &Row) -> Op {
        self.place.bed.stranger().from_client(Client {
            ip: Some(row.address.parse().unwrap()),
            user_agent: None,
        })
    }

    fn browser(&self, row: &Row) -> SecretString {
        if row.own_browser {
            self.people[row.person].browser.clone()
        } else {
            new_device(&mut self.place.bed.op().rng)
        }
    }

    /// By password, or by passkey alone.
    pub(super) async fn first_step(
        &self,
        row: &Row,
        by_key: bool,
    ) -> Result<SignedIn, SignInError> {
        let (mut op, store) = (self.stranger(row), &self.place.bed.store);
        let somebody = &self.people[row.person];
        let browser = self.browser(row);
        let key = somebody.key.as_ref().filter(|_| by_key);
        let Some(key) = key else {
            let attempt = attempt(&somebody.email, &browser);
            let tools = (hashers(), self.place.bed.keys.sealing());
            return sign_in(&mut op, store, tools, attempt).await;
        };
        let asked = ask_for_any_passkey(&mut op, self.place.tools(), VISITOR);
        let options = serde_json::to_value(&asked.options).unwrap();
        let json = known(key, somebody.id, 0)(&options).to_string();
        let given = PasskeyAnswer {
            sealed: &asked.sealed,
            json: json.as_bytes(),
        };
        let visitor = (VISITOR, Some(&browser));
        match sign_in_with_passkey(&mut op, store, self.place.tools(), visitor, given).await {
            Ok(signed_in) => Ok(signed_in),
            Err(PasskeySignInError::SignIn(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }

    /// One of the kinds that the person still has; the last recovery code is kept.
    pub(super) fn choose(&self, row: &Row, kinds: &FactorKinds) -> Option<FactorKind> {
        let codes = self.people[row.person].codes.len();
        let usable = |kind: &&FactorKind| **kind != FactorKind::RecoveryCode || codes > 1;
        let usable: Vec<_> = kinds.iter().filter(usable).collect();
        (!usable.is_empty()).then(|| *usable[row.choice % usable.len()])
    }

    /// Proves a second factor for the sign-in that waits.
    pub(super) async fn prove(
        &mut self,
        row: &Row,
        token: &str,
        kind: FactorKind,
    ) -> Result<SignedIn, SignInError> {
        if kind == FactorKind::Webauthn {
            return self.prove_key(row, token).await;
        }
        if kind == FactorKind::Push {
            return self.prove_phone(row, token).await;
        }
        let mut op = self.stranger(row);
        let bed = &self.place.bed;
        let somebody = &mut self.people[row.person];
        let code = match (kind, &somebody.secret) {
            (FactorKind::Totp, Some(secret)) => shown(secret, bed.now),
            _ => somebody.codes.pop().unwrap(),
        };
        let given = (token, code.as_str());
        match prove_code(&mut op, &bed.store, bed.keys.sealing(), given).await {
            Ok(signed_in) => Ok(signed_in),
            Err(SecondFactorError::SignIn(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn prove_phone(&self, row: &Row, token: &str) -> Result<SignedIn, SignInError> {
        let bed = &self.place.bed;
        let asked = start_push(&mut self.stranger(row), &bed.store, token, None)
            .await
            .unwrap();
        let phone = self.people[row.person].phone.as_ref().unwrap();
        let says = PhoneSays::Yes {
            number: asked.number,
        };
        answer_push(&mut bed.stranger(), &bed.store, phone, (asked.id, says))
            .await
            .unwrap();
        let (mut op, sealing) = (self.stranger(row), bed.keys.sealing());
        match prove_push(&mut op, &bed.store, sealing, (token, asked.id)).await {
            Ok(signed_in) => Ok(signed_in),
            Err(ProvePushError::SignIn(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn prove_key(&self, row: &Row, token: &str) -> Result<SignedIn, SignInError> {
        let (mut op, store) = (self.stranger(row), &self.place.bed.store);
        let verification = UserVerification::Preferred;
        let asked = ask_for_passkey(&mut op, store, self.place.tools(), token, verification);
        let asked = asked.await.unwrap().unwrap();
        let options = serde_json::to_value(&asked.options).unwrap();
        let key = self.people[row.person].key.as_ref().unwrap();
        let json = key.get(&Said::to_get(&options, 0)).to_string();
        let given = PasskeyAnswer {
            sealed: &asked.sealed,
            json: json.as_bytes(),
        };
        match prove_passkey(&mut op, store, self.place.tools(), token, given).await {
            Ok(signed_in) => Ok(signed_in),
            Err(PasskeyStepError::SignIn(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn attempt(email: &str, browser: &SecretString) -> SignInAttempt {
    SignInAttempt {
        email: email.to_owned(),
        password: SecretString::from(PASSWORD.to_owned()),
        via: Via::Browser,
        device: Some(browser.clone()),
    }
}
