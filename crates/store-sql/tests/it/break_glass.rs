//! Break-glass accounts: sealing them, using them, and being told.

use jetway_identity::administrators::{
    AdministratorFactorError, Lost, prove_administrator_code, sign_in_administrator,
};
use jetway_identity::alerts::{Alert, AlertKind, list_alerts};
use jetway_identity::break_glass::{
    BreakGlassError, BreakGlassUse, SeenUse, UseKind, acknowledge_break_glass_use,
    break_glass_notices, break_glass_overview, remind_of_drills, renew_break_glass_codes,
    seal_break_glass_account, set_drill_interval, start_drill, unseal_break_glass_account,
};
use jetway_identity::factors::{
    ChangeFactorError, ResetFactorsError, SignedInOwner, begin_totp, owned_factors, reset_factors,
};
use jetway_identity::mail::list_mails;
use jetway_identity::sessions::new_device;
use jetway_identity::sign_in_policies::{
    Applications, Conditions, Effect, Networks, PolicyRule, Who, create_sign_in_policy,
};
use jetway_identity::{
    AdministratorChange, AdministratorId, AdministratorSignIn, AdministratorSignInError,
    AdministratorState, CreateApiKeyError, DeleteAdministratorError, EventKind, NewApiKey, Role,
    Scope, SignedInAs, UpdateAdministratorError, create_api_key, delete_administrator,
    issue_administrator_reset_link, seal_events, update_administrator,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use crate::administrators::{ADMIN, add, op_of};
use crate::bed::{Bed, PASSWORD, hashers, on_both};

on_both!(
    a_sealed_account_signs_in_with_its_password_and_one_printed_code_alone,
    no_policy_binds_a_sealed_account,
    nobody_deletes_or_demotes_a_sealed_account,
    two_people_stand_behind_every_change_of_a_seal,
    at_most_two_accounts_that_are_ready_are_sealed,
    a_sealed_account_has_no_api_keys,
    a_removed_seal_leaves_a_suspended_administrator,
    every_attempt_is_told_to_all_full_administrators,
    attempts_that_fail_are_one_use_until_somebody_acknowledges,
    the_account_itself_does_not_acknowledge,
    an_announced_sign_in_is_the_drill_and_is_told_of_all_the_same,
    a_drill_that_is_due_is_told_of_once_a_week,
    guessing_elsewhere_does_not_lock_out_a_browser_that_is_known,
    the_host_makes_an_ordinary_account_of_a_sealed_one,
    new_codes_replace_the_printed_ones,
);

pub(crate) const GLASS: &str = "glass-1@the-acme-corporation.com";

/// The use as it is read.
pub(crate) fn seen(used: &BreakGlassUse) -> SeenUse {
    SeenUse {
        id: used.id,
        what: used.what,
        times: used.times,
    }
}

/// An organisation with an administrator for every day and a sealed one.
pub(crate) struct Place {
    pub(crate) bed: Bed,
    pub(crate) admin: AdministratorId,
    pub(crate) glass: AdministratorId,
    pub(crate) codes: Vec<SecretString>,
}

impl Place {
    pub(crate) async fn new(bed: Bed) -> Self {
        let admin = add(&bed, ADMIN, Role::Full).await;
        let glass = add(&bed, GLASS, Role::Full).await;
        let mut place = Self {
            bed,
            admin,
            glass,
            codes: Vec::new(),
        };
        place.codes = place.seal(glass).await.unwrap();
        place
    }

    pub(crate) async fn seal(
        &self,
        id: AdministratorId,
    ) -> Result<Vec<SecretString>, BreakGlassError> {
        let mut op = op_of(&self.bed, self.admin).await;
        let (store, sealing) = (&self.bed.store, self.bed.keys.sealing());
        seal_break_glass_account(&mut op, store, sealing, id).await
    }

    pub(crate) async fn give_password(
        &self,
        password: &str,
        device: Option<&str>,
    ) -> Result<SignedInAs, AdministratorSignInError> {
        let attempt = AdministratorSignIn {
            email: GLASS.to_owned(),
            password: SecretString::from(password),
            device: device.map(SecretString::from),
            dev: false,
        };
        let mut op = self.bed.stranger();
        let tools = (hashers(), self.bed.keys.sealing());
        sign_in_administrator(&mut op, &self.bed.store, tools, attempt).await
    }

    /// What the first step waits with.
    pub(crate) async fn first_step(&self, device: Option<&str>) -> String {
        match self.give_password(PASSWORD, device).await {
            Err(AdministratorSignInError::FactorNeeded(needed)) => {
                needed.token.expose_secret().to_owned()
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn give_code(
        &self,
        token: &str,
        code: &str,
    ) -> Result<SignedInAs, AdministratorFactorError> {
        let (store, sealing) = (&self.bed.store, self.bed.keys.sealing());
        let mut op = self.bed.stranger();
        prove_administrator_code(&mut op, store, sealing, (token, code), false).await
    }

    /// A whole sign-in with the printed code of this number.
    pub(crate) async fn sign_in(&self, number: usize, device: Option<&str>) -> SignedInAs {
        let token = self.first_step(device).await;
        let code = self.codes[number].expose_secret();
        self.give_code(&token, code).await.unwrap()
    }

    pub(crate) async fn open(&self) -> Vec<BreakGlassUse> {
        let notices = break_glass_notices(&self.bed.store, self.bed.now).await;
        notices.unwrap().open
    }

    pub(crate) async fn acknowledge(
        &self,
        by: AdministratorId,
        used: &BreakGlassUse,
    ) -> Result<(), BreakGlassError> {
        let mut op = op_of(&self.bed, by).await;
        let said = (seen(used), "The identity provider was down");
        acknowledge_break_glass_use(&mut op, &self.bed.store, said).await
    }

    /// What the job of the log does every second: seals, and raises what the events give cause for.
    pub(crate) async fn settle(&mut self) {
        self.bed.pass(Duration::seconds(10));
        let sealing = self.bed.keys.sealing();
        seal_events(&mut self.bed.op(), &self.bed.store, sealing)
            .await
            .unwrap();
    }

    pub(crate) async fn alerts(&self, kind: AlertKind) -> Vec<Alert> {
        let page = list_alerts(&self.bed.store, true, None, 100).await.unwrap();
        let mut alerts = page.alerts;
        alerts.retain(|alert| alert.kind == kind);
        alerts
    }

    /// Mails to this address whose subject is that of urgent alerts.
    pub(crate) async fn urgent_mails(&self, to: &str) -> usize {
        let mails = list_mails(&self.bed.store, None, None, 200).await.unwrap();
        let mails = mails.iter();
        mails
            .filter(|mail| mail.to == to && mail.subject.starts_with("Urgent"))
            .count()
    }
}

/// The break-glass kit of requirements.md (11).
async fn a_sealed_account_signs_in_with_its_password_and_one_printed_code_alone(bed: Bed) {
    let place = Place::new(bed).await;
    assert_eq!(place.codes.len(), 10);
    let token = place.first_step(None).await;
    let wrong = place.give_code(&token, "AAAAA-AAAAA-AAAAA").await;
    assert!(matches!(wrong, Err(AdministratorFactorError::Refused(_))));
    let code = place.codes[4].expose_secret();
    let signed_in = place.give_code(&token, code).await.unwrap();
    assert_eq!(signed_in.administrator.id, place.glass);
    let token = place.first_step(None).await;
    let again = place.give_code(&token, code).await;
    assert!(matches!(again, Err(AdministratorFactorError::Refused(_))));
    // Not even in an emergency does it get an app of its own: whoever prints the codes is another.
    let who = SignedInOwner::from(&signed_in.session);
    let mut op = op_of(&place.bed, place.glass).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let app = begin_totp(&mut op, store, sealing, who).await;
    assert!(matches!(app, Err(ChangeFactorError::Sealed)), "{app:?}");
    // All codes used: no way in, rather than one without a second factor.
    for number in (0..10).filter(|number| *number != 4) {
        place.sign_in(number, None).await;
    }
    let refused = place.give_password(PASSWORD, None).await;
    assert!(
        matches!(&refused, Err(AdministratorSignInError::Denied { text }) if text.contains("printed codes")),
        "{refused:?}"
    );
    let event = place.bed.last_event(EventKind::BreakGlassUsed).await;
    assert_eq!(event.detail["what"], "password", "and told of as such");
}

async fn no_policy_binds_a_sealed_account(bed: Bed) {
    let place = Place::new(bed).await;
    let conditions = Conditions {
        networks: Networks {
            inside: vec!["192.0.2.0/24".parse().unwrap()],
            ..Default::default()
        },
        ..Conditions::default()
    };
    let policy = PolicyRule {
        name: "Nobody from here".to_owned(),
        enabled: true,
        order: 1,
        who: Who::Administrators,
        application: Applications::Any,
        conditions,
        effect: Effect::Deny,
    };
    create_sign_in_policy(&mut place.bed.op(), &place.bed.store, policy)
        .await
        .unwrap();
    let everyday = AdministratorSignIn {
        email: ADMIN.to_owned(),
        password: SecretString::from(PASSWORD),
        device: None,
        dev: false,
    };
    let mut op = place.bed.stranger();
    let tools = (hashers(), place.bed.keys.sealing());
    let refused = sign_in_administrator(&mut op, &place.bed.store, tools, everyday).await;
    assert!(matches!(
        refused,
        Err(AdministratorSignInError::Denied { .. })
    ));
    place.sign_in(0, None).await;
}

async fn nobody_deletes_or_demotes_a_sealed_account(bed: Bed) {
    let place = Place::new(bed).await;
    let (store, glass) = (&place.bed.store, place.glass);
    let sealing = place.bed.keys.sealing();
    for by in [place.admin, glass] {
        let mut op = op_of(&place.bed, by).await;
        let deleted = delete_administrator(&mut op, store, glass).await;
        assert!(matches!(deleted, Err(DeleteAdministratorError::Sealed)));
        let demoted = AdministratorChange {
            role: Some(Role::ReadOnly),
            ..AdministratorChange::default()
        };
        let changed = update_administrator(&mut op, store, glass, None, demoted).await;
        assert!(matches!(changed, Err(UpdateAdministratorError::Sealed)));
        let reset = reset_factors(&mut op, store, sealing, glass.into(), "lost").await;
        assert!(matches!(reset, Err(ResetFactorsError::Sealed)));
    }
    let renamed = AdministratorChange {
        name: Some("Red envelope".to_owned()),
        ..AdministratorChange::default()
    };
    let mut op = op_of(&place.bed, place.admin).await;
    let renamed = update_administrator(&mut op, store, glass, None, renamed).await;
    assert_eq!(renamed.unwrap().name, "Red envelope");
}

async fn two_people_stand_behind_every_change_of_a_seal(bed: Bed) {
    let place = Place::new(bed).await;
    let help = add(&place.bed, "help@acme.example", Role::HelpDesk).await;
    let (store, glass) = (&place.bed.store, place.glass);
    let sealing = place.bed.keys.sealing();
    let mut own = op_of(&place.bed, glass).await;
    let mut helper = op_of(&place.bed, help).await;
    let why = (glass, "Because");
    let outcomes = [
        unseal_break_glass_account(&mut own, store, sealing, why).await,
        start_drill(&mut own, store, glass).await,
        set_drill_interval(&mut own, store, (glass, 30)).await,
        renew_break_glass_codes(&mut own, store, sealing, why)
            .await
            .map(drop),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(BreakGlassError::Yourself)));
    }
    let outcomes = [
        unseal_break_glass_account(&mut helper, store, sealing, why).await,
        start_drill(&mut helper, store, glass).await,
        set_drill_interval(&mut helper, store, (glass, 30)).await,
        seal_break_glass_account(&mut helper, store, sealing, place.admin)
            .await
            .map(drop),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(BreakGlassError::NotAllowed(_))));
    }
    let myself = place.seal(place.admin).await;
    assert!(matches!(myself, Err(BreakGlassError::Yourself)));
    let mut op = op_of(&place.bed, place.admin).await;
    for silent in ["", "  ", "two\nlines", &"x".repeat(501)] {
        let outcome = unseal_break_glass_account(&mut op, store, sealing, (glass, silent)).await;
        assert!(matches!(outcome, Err(BreakGlassError::Reason)), "{silent}");
    }
}

async fn at_most_two_accounts_that_are_ready_are_sealed(bed: Bed) {
    let place = Place::new(bed).await;
    let again = place.seal(place.glass).await;
    assert!(matches!(again, Err(BreakGlassError::Sealed)));
    let help = add(&place.bed, "help@acme.example", Role::HelpDesk).await;
    let lesser = place.seal(help).await;
    assert!(matches!(lesser, Err(BreakGlassError::NotReady)));
    let nobody = AdministratorId::new(place.bed.now, &mut place.bed.op().rng);
    let nobody = place.seal(nobody).await;
    assert!(matches!(nobody, Err(BreakGlassError::NoSuchAdministrator)));
    let second = add(&place.bed, "glass-2@acme.example", Role::Full).await;
    let third = add(&place.bed, "glass-3@acme.example", Role::Full).await;
    let other = place.seal(second).await.unwrap();
    assert_ne!(other[0].expose_secret(), place.codes[0].expose_secret());
    let third = place.seal(third).await;
    assert!(matches!(third, Err(BreakGlassError::TooMany)));
    let overview = break_glass_overview(&place.bed.store).await.unwrap();
    let sealed = overview.accounts.iter();
    let sealed: Vec<_> = sealed
        .map(|known| (known.administrator.id, known.codes))
        .collect();
    assert_eq!(sealed, [(place.glass, 10), (second, 10)]);
    let candidates = overview.candidates.iter().map(|known| known.email.as_str());
    assert!(candidates.eq([ADMIN, "glass-3@acme.example"]));
}

async fn a_sealed_account_has_no_api_keys(bed: Bed) {
    let place = Place::new(bed).await;
    let store = &place.bed.store;
    let key = || NewApiKey {
        name: "Nightly export".to_owned(),
        scopes: vec![Scope::ALL[0]],
        expires_at: None,
    };
    let mut op = op_of(&place.bed, place.glass).await;
    let refused = create_api_key(&mut op, store, place.glass, key()).await;
    assert!(matches!(refused, Err(CreateApiKeyError::BreakGlass)));
    let second = add(&place.bed, "glass-2@acme.example", Role::Full).await;
    let mut op = op_of(&place.bed, second).await;
    create_api_key(&mut op, store, second, key()).await.unwrap();
    let refused = place.seal(second).await;
    assert!(matches!(refused, Err(BreakGlassError::HasApiKeys)));
}

/// The old password alone protects nothing: somebody else decides who has the account now.
async fn a_removed_seal_leaves_a_suspended_administrator(bed: Bed) {
    let place = Place::new(bed).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let mut op = op_of(&place.bed, place.admin).await;
    let why = (place.glass, "Another account takes its place");
    unseal_break_glass_account(&mut op, store, sealing, why)
        .await
        .unwrap();
    let event = place.bed.last_event(EventKind::BreakGlassUnseal).await;
    assert_eq!(event.detail["reason"], "Another account takes its place");
    let left = owned_factors(store, place.glass.into()).await.unwrap();
    assert_eq!(left.recovery_codes, 0);
    let next = place.give_password(PASSWORD, None).await;
    assert!(matches!(next, Err(AdministratorSignInError::Refused)));
    let activated = AdministratorChange {
        state: Some(AdministratorState::Active),
        ..AdministratorChange::default()
    };
    update_administrator(&mut op, store, place.glass, None, activated)
        .await
        .unwrap();
    let next = place.give_password(PASSWORD, None).await;
    assert!(matches!(next, Err(AdministratorSignInError::MustEnrol(_))));
    assert!(place.open().await.is_empty(), "no longer watched");
    let again = unseal_break_glass_account(&mut op, store, sealing, why).await;
    assert!(matches!(again, Err(BreakGlassError::NotSealed)));
    delete_administrator(&mut op, store, place.glass)
        .await
        .unwrap();
    assert_eq!(place.alerts(AlertKind::BreakGlassChanged).await.len(), 2);
}

async fn every_attempt_is_told_to_all_full_administrators(bed: Bed) {
    let mut place = Place::new(bed).await;
    add(&place.bed, "second@acme.example", Role::Full).await;
    add(&place.bed, "help@acme.example", Role::HelpDesk).await;
    let wrong = place.give_password("not-the-password", None).await;
    assert!(matches!(wrong, Err(AdministratorSignInError::Refused)));
    place.settle().await;
    let alerts = place.alerts(AlertKind::BreakGlassUsed).await;
    assert_eq!(alerts.len(), 1);
    assert!(
        alerts[0]
            .text
            .contains("tried to sign in with it from 192.0.2.7")
    );
    for to in [ADMIN, "second@acme.example", GLASS] {
        assert_eq!(place.urgent_mails(to).await, 1, "{to}");
    }
    assert_eq!(place.urgent_mails("help@acme.example").await, 0);
    place.sign_in(0, None).await;
    place.settle().await;
    let texts = place.alerts(AlertKind::BreakGlassUsed).await;
    let signed_in = texts.iter().find(|alert| alert.text.contains("signed in"));
    assert!(signed_in.unwrap().text.contains("codes left: 9"));
    assert_eq!(place.urgent_mails(ADMIN).await, 3, "password, then in");
    let event = place.bed.last_event(EventKind::BreakGlassUsed).await;
    assert!(event.success);
    assert_eq!(event.detail["what"], "signed_in");
}

async fn attempts_that_fail_are_one_use_until_somebody_acknowledges(bed: Bed) {
    let mut place = Place::new(bed).await;
    for _ in 0..4 {
        let wrong = place.give_password("not-the-password", None).await;
        assert!(wrong.is_err());
    }
    place.settle().await;
    let open = place.open().await;
    assert_eq!((open.len(), open[0].times), (1, 4));
    assert_eq!(open[0].what, UseKind::Failed);
    assert_eq!(place.urgent_mails(ADMIN).await, 1, "one mail for all four");
    place.acknowledge(place.admin, &open[0]).await.unwrap();
    place.acknowledge(place.admin, &open[0]).await.unwrap();
    assert!(place.open().await.is_empty());
    assert!(place.alerts(AlertKind::BreakGlassUsed).await.is_empty());
    let events = place.bed.events(EventKind::BreakGlassAcknowledge).await;
    assert_eq!(events.len(), 1, "the second changed nothing");
    assert_eq!(events[0].detail["note"], "The identity provider was down");
    // A sign-in is a use of its own, and so is the next attempt.
    place.sign_in(0, None).await;
    place.sign_in(1, None).await;
    assert!(place.give_password("not-the-password", None).await.is_err());
    let open = place.open().await;
    let kinds: Vec<_> = open.iter().map(|used| used.what).collect();
    assert_eq!(
        kinds,
        [UseKind::Failed, UseKind::SignedIn, UseKind::SignedIn]
    );
    let overview = break_glass_overview(&place.bed.store).await.unwrap();
    assert_eq!(overview.uses.len(), 4);
    assert_eq!(overview.uses[3].acknowledged.as_ref().unwrap().by, ADMIN);
}

async fn the_account_itself_does_not_acknowledge(bed: Bed) {
    let place = Place::new(bed).await;
    place.sign_in(0, None).await;
    let open = place.open().await;
    let own = place.acknowledge(place.glass, &open[0]).await;
    assert!(matches!(own, Err(BreakGlassError::Yourself)));
    let help = add(&place.bed, "help@acme.example", Role::HelpDesk).await;
    let lesser = place.acknowledge(help, &open[0]).await;
    assert!(matches!(lesser, Err(BreakGlassError::NotAllowed(_))));
    let mut op = op_of(&place.bed, place.admin).await;
    let silent =
        acknowledge_break_glass_use(&mut op, &place.bed.store, (seen(&open[0]), " ")).await;
    assert!(matches!(silent, Err(BreakGlassError::Reason)));
    assert_eq!(place.open().await.len(), 1);
}

async fn an_announced_sign_in_is_the_drill_and_is_told_of_all_the_same(bed: Bed) {
    let mut place = Place::new(bed).await;
    let mut op = op_of(&place.bed, place.admin).await;
    start_drill(&mut op, &place.bed.store, place.glass)
        .await
        .unwrap();
    place.bed.pass(Duration::minutes(59));
    place.sign_in(0, None).await;
    let drilled_at = place.bed.now;
    place.settle().await;
    let open = place.open().await;
    assert_eq!(open[0].drill_by.as_deref(), Some(ADMIN));
    let alerts = place.alerts(AlertKind::BreakGlassUsed).await;
    assert!(alerts[0].text.contains("within a drill that admin@"));
    assert!(place.urgent_mails(ADMIN).await > 0);
    let overview = break_glass_overview(&place.bed.store).await.unwrap();
    let account = &overview.accounts[0].account;
    assert_eq!(account.drilled_at, Some(drilled_at));
    assert_eq!(account.drill_due_at, drilled_at + Duration::days(90));
    assert_eq!(account.drill(place.bed.now), None, "one sign-in, one drill");
    // Announced, and nobody came in time.
    let mut op = op_of(&place.bed, place.admin).await;
    start_drill(&mut op, &place.bed.store, place.glass)
        .await
        .unwrap();
    place.bed.pass(Duration::minutes(60));
    place.sign_in(1, None).await;
    let open = place.open().await;
    assert_eq!(open[0].drill_by, None);
}

async fn a_drill_that_is_due_is_told_of_once_a_week(bed: Bed) {
    let mut place = Place::new(bed).await;
    let remind = async |place: &Place| {
        let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
        remind_of_drills(&mut place.bed.op(), store, sealing)
            .await
            .unwrap()
    };
    place.bed.pass(Duration::days(89));
    assert_eq!(remind(&place).await, 0);
    place.bed.pass(Duration::days(1));
    let due = break_glass_notices(&place.bed.store, place.bed.now).await;
    assert_eq!(due.unwrap().due.len(), 1);
    assert_eq!(remind(&place).await, 1);
    place.bed.pass(Duration::hours(1));
    assert_eq!(remind(&place).await, 0);
    place.bed.pass(Duration::days(7));
    assert_eq!(remind(&place).await, 1);
    let alerts = place.alerts(AlertKind::BreakGlassDrillDue).await;
    assert_eq!(alerts.len(), 1);
    assert!(alerts[0].text.contains("There was none yet"));
    let mut op = op_of(&place.bed, place.admin).await;
    let store = &place.bed.store;
    start_drill(&mut op, store, place.glass).await.unwrap();
    place.sign_in(0, None).await;
    assert!(place.alerts(AlertKind::BreakGlassDrillDue).await.is_empty());
    assert_eq!(remind(&place).await, 0);
    let none = set_drill_interval(&mut op, store, (place.glass, 6)).await;
    assert!(matches!(none, Err(BreakGlassError::Days)));
    set_drill_interval(&mut op, store, (place.glass, 7))
        .await
        .unwrap();
    place.bed.pass(Duration::days(7));
    assert_eq!(remind(&place).await, 1);
}

/// Security.md item 26, for administrators.
async fn guessing_elsewhere_does_not_lock_out_a_browser_that_is_known(bed: Bed) {
    let place = Place::new(bed).await;
    let device = new_device(&mut place.bed.op().rng);
    let device = device.expose_secret();
    place.sign_in(0, Some(device)).await;
    for _ in 0..5 {
        assert!(place.give_password("not-the-password", None).await.is_err());
    }
    let stranger = place.give_password(PASSWORD, None).await;
    assert!(matches!(
        stranger,
        Err(AdministratorSignInError::LockedOut { .. })
    ));
    place.sign_in(1, Some(device)).await;
    let stranger = place.give_password(PASSWORD, None).await;
    assert!(
        matches!(stranger, Err(AdministratorSignInError::LockedOut { .. })),
        "the owner's sign-in does not forgive the guesses: {stranger:?}"
    );
    // Not without limits either.
    let mut outcome = place.give_password("not-the-password", Some(device)).await;
    for _ in 0..5 {
        outcome = place.give_password("not-the-password", Some(device)).await;
    }
    assert!(matches!(
        outcome,
        Err(AdministratorSignInError::LockedOut { .. })
    ));
}

/// Requirement A05.
async fn the_host_makes_an_ordinary_account_of_a_sealed_one(bed: Bed) {
    let mut place = Place::new(bed).await;
    place.bed.pass(Duration::days(90));
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    remind_of_drills(&mut place.bed.op(), store, sealing)
        .await
        .unwrap();
    for (lost, seals) in [(Lost::Password, 0), (Lost::PasswordAndFactors, 1)] {
        issue_administrator_reset_link(&mut place.bed.op(), store, sealing, (GLASS, lost))
            .await
            .unwrap();
        let events = place.bed.events(EventKind::BreakGlassUnseal).await;
        assert_eq!(events.len(), seals, "{lost:?}");
        let told = place.alerts(AlertKind::BreakGlassChanged).await;
        assert_eq!(told.len(), 1 + seals, "sealing was told of too: {lost:?}");
        let due = place.alerts(AlertKind::BreakGlassDrillDue).await;
        assert_eq!(due.len(), 1 - seals, "{lost:?}");
    }
    let next = place.give_password(PASSWORD, None).await;
    assert!(matches!(next, Err(AdministratorSignInError::MustEnrol(_))));
}

async fn new_codes_replace_the_printed_ones(bed: Bed) {
    let mut place = Place::new(bed).await;
    let old = place.codes[0].clone();
    let mut op = op_of(&place.bed, place.admin).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let why = (place.glass, "The envelope was opened");
    let new = renew_break_glass_codes(&mut op, store, sealing, why).await;
    place.codes = new.unwrap();
    let token = place.first_step(None).await;
    let refused = place.give_code(&token, old.expose_secret()).await;
    assert!(matches!(refused, Err(AdministratorFactorError::Refused(_))));
    place.sign_in(0, None).await;
    let event = place.bed.last_event(EventKind::BreakGlassCodesRenew).await;
    assert_eq!(event.detail["reason"], "The envelope was opened");
}
