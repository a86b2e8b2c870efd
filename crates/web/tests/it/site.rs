//! A small organisation behind the router.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use jetway_identity::credentials::invite_user;
use jetway_identity::mail::list_mails;
use jetway_identity::{
    Actor, AdministratorId, ApplicationId, AttributeSource, Clock, CreationMethod, Entropy, Event,
    EventFilter, EventKind, GroupId, KeyRing, MappedAttribute, NewAdministrator, NewApiKey,
    NewApplication, NewGroup, NewUser, Op, PasswordHashers, Role, Scope, SealingKey, Sections,
    Store, UserId, UserState, add_member, assign_group, change_settings, create_administrator,
    create_api_key, create_application, create_group, create_user, list_administrators,
    list_events,
};
use jetway_saml::{ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME};
use jetway_store_sql::SqlStore;
use jetway_web::{AppState, Outbound, WebSettings, router};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::browser::Browser;

pub(crate) const PASSWORD: &str = "that-is-all-folks";
/// In the group that has the applications.
pub(crate) const ROAD_RUNNER: &str = "road.runner@the-acme-corporation.com";
/// In no group.
pub(crate) const COYOTE: &str = "wile.coyote@the-acme-corporation.com";
pub(crate) const APPLICATION: &str = "acme-prod-aws-admin";
pub(crate) const LABEL: &str = "AWS Production";
pub(crate) const ACS_URL: &str = "http://localhost:4566/saml";
pub(crate) const ROLE: &str =
    "arn:aws:iam::012345678987:role/Admin,arn:aws:iam::012345678987:saml-provider/Jetway";

pub(crate) struct TestClock(Mutex<OffsetDateTime>);

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// A generator per call, all from one seed.
struct TestEntropy(Mutex<StdRng>);

impl Entropy for TestEntropy {
    fn rng(&self) -> StdRng {
        let mut seed = [0; 32];
        self.0.lock().unwrap().fill_bytes(&mut seed);
        StdRng::from_seed(seed)
    }
}

pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) origin: String,
    pub(crate) road_runner: UserId,
    pub(crate) operations: GroupId,
    pub(crate) application: ApplicationId,
    state: AppState,
    _folder: TempDir,
}

impl Site {
    /// The site as `jetwayd dev` runs it.
    pub(crate) async fn start() -> Self {
        Self::start_at("http://localhost:8700").await
    }

    /// As `jetwayd serve` runs it: administrators need a second factor.
    pub(crate) fn outside_dev(mut self) -> Self {
        let public_url = self.state.settings.public_url().clone();
        self.state.settings = WebSettings::new(public_url).unwrap();
        self.router = router(self.state.clone());
        self
    }

    /// The same site, where other servers are reached through `outbound`.
    pub(crate) fn with_outbound(mut self, outbound: Arc<dyn Outbound>) -> Self {
        self.state.outbound = outbound;
        self.router = router(self.state.clone());
        self
    }

    pub(crate) async fn start_at(origin: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqlStore::open_folder(folder.path()).await.unwrap());
        let state = state_on(Arc::clone(&store), origin);
        let clock = Arc::new(TestClock(Mutex::new(datetime!(2026-03-02 09:00 UTC))));
        let state = AppState {
            clock: clock.clone(),
            ..state
        };
        let mut op = op_of(&state);
        change_settings(&mut op, store.as_ref(), None, |sections| {
            "The Acme Corporation".clone_into(&mut sections.profile.name);
        })
        .await
        .unwrap();
        let road_runner = add_person(&state, &mut op, ROAD_RUNNER, "Road", "Runner").await;
        add_person(&state, &mut op, COYOTE, "Wile", "Coyote").await;
        let operations = NewGroup {
            name: "operations".to_owned(),
            ..NewGroup::default()
        };
        let operations = create_group(&mut op, store.as_ref(), operations)
            .await
            .unwrap();
        add_member(&mut op, store.as_ref(), operations, road_runner)
            .await
            .unwrap();
        let application = add_application(&state, &mut op, APPLICATION, LABEL).await;
        assign_group(&mut op, store.as_ref(), application, operations)
            .await
            .unwrap();
        Self {
            router: router(state.clone()),
            store,
            clock,
            origin: origin.to_owned(),
            road_runner,
            operations,
            application,
            state,
            _folder: folder,
        }
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        &self.state.keys
    }

    pub(crate) fn op(&self) -> Op {
        op_of(&self.state)
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn browser_of(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// The key under which secrets of the settings are sealed.
    pub(crate) fn sealing(&self) -> &SealingKey {
        self.state.keys.sealing()
    }

    pub(crate) async fn add_administrator(&self, email: &str, role: Role) -> AdministratorId {
        let new = NewAdministrator {
            email: email.to_owned(),
            name: String::new(),
            role,
            password: Some(SecretString::from(PASSWORD)),
        };
        let hashers = &self.state.hashers;
        create_administrator(&mut self.op(), self.store.as_ref(), hashers, new)
            .await
            .unwrap()
    }

    /// A browser in which a new administrator with this role is signed in.
    pub(crate) async fn browser_of_administrator(&self, role: Role) -> Browser<'_> {
        let email = administrator_email(role);
        let known = list_administrators(self.store.as_ref()).await.unwrap();
        if !known.iter().any(|known| known.email == email) {
            self.add_administrator(&email, role).await;
        }
        let mut browser = self.browser();
        let answer = browser.sign_in_as_administrator(&email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// The secret of a new API key with this scope, owned by a full administrator.
    pub(crate) async fn api_key(&self, scope: Scope) -> String {
        let email = administrator_email(Role::Full);
        let known = list_administrators(self.store.as_ref()).await.unwrap();
        let owner = match known.iter().find(|known| known.email == email) {
            Some(known) => known.id,
            None => self.add_administrator(&email, Role::Full).await,
        };
        let new = NewApiKey {
            name: format!("key to {}", scope.as_str()),
            scopes: vec![scope],
            expires_at: None,
        };
        let created = create_api_key(&mut self.op(), self.store.as_ref(), owner, new)
            .await
            .unwrap();
        created.secret.expose_secret().to_owned()
    }

    pub(crate) async fn add_user(&self, email: &str, first: &str, last: &str) -> UserId {
        add_person(&self.state, &mut self.op(), email, first, last).await
    }

    pub(crate) async fn add_user_in_state(&self, email: &str, state: UserState) -> UserId {
        let new = NewUser {
            state,
            ..new_user(email, "A", "B")
        };
        create_user(
            &mut self.op(),
            self.store.as_ref(),
            &self.state.hashers,
            new,
        )
        .await
        .unwrap()
    }

    pub(crate) async fn add_user_without_password(&self, email: &str) -> UserId {
        let new = NewUser {
            password: None,
            ..new_user(email, "A", "B")
        };
        create_user(
            &mut self.op(),
            self.store.as_ref(),
            &self.state.hashers,
            new,
        )
        .await
        .unwrap()
    }

    /// An application that the group of the road runner has.
    pub(crate) async fn add_assigned(&self, slug: &str, label: &str) -> ApplicationId {
        let mut op = self.op();
        let id = add_application(&self.state, &mut op, slug, label).await;
        assign_group(&mut op, self.store.as_ref(), id, self.operations)
            .await
            .unwrap();
        id
    }

    /// The path of the link in the newest mail.
    pub(crate) async fn mailed_path(&self) -> String {
        let mail = list_mails(self.store.as_ref(), None, None, 1)
            .await
            .unwrap()
            .remove(0);
        let text = mail.text(self.state.keys.sealing()).unwrap().unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&self.origin));
        line.unwrap_or_else(|| panic!("{}", *text)).to_owned()
    }

    pub(crate) async fn mails(&self) -> usize {
        list_mails(self.store.as_ref(), None, None, 200)
            .await
            .unwrap()
            .len()
    }

    pub(crate) async fn invite(&self, user: UserId) -> String {
        let (store, keys) = (self.store.as_ref(), &self.state.keys);
        let url = self.state.settings.public_url();
        invite_user(&mut self.op(), store, keys.sealing(), url, user)
            .await
            .unwrap();
        self.mailed_path().await
    }

    pub(crate) async fn change_settings(&self, change: impl FnOnce(&mut Sections) + Send) {
        change_settings(&mut self.op(), self.store.as_ref(), None, change)
            .await
            .unwrap();
        // What pages know of the settings is a second old at most.
        self.clock.advance(Duration::seconds(1));
    }

    /// One that it has and that shows no tile.
    pub(crate) async fn add_hidden(&self, slug: &str, label: &str) -> ApplicationId {
        let mut op = self.op();
        let mut new = new_application(&self.state, slug, label);
        new.show_in_portal = false;
        let (store, sealing) = (self.store.as_ref(), self.state.keys.sealing());
        let id = create_application(&mut op, store, sealing, new)
            .await
            .unwrap();
        assign_group(&mut op, store, id, self.operations)
            .await
            .unwrap();
        id
    }

    /// The newest event of this kind.
    pub(crate) async fn last_event(&self, kind: EventKind) -> Option<Event> {
        let events = list_events(self.store.as_ref(), &EventFilter::default(), None, 100)
            .await
            .unwrap();
        events.into_iter().find(|event| event.kind == kind)
    }

    pub(crate) async fn count_events(&self, kind: EventKind) -> usize {
        let events = list_events(self.store.as_ref(), &EventFilter::default(), None, 1000)
            .await
            .unwrap();
        events
            .into_iter()
            .filter(|event| event.kind == kind)
            .count()
    }
}

pub(crate) fn administrator_email(role: Role) -> String {
    format!(
        "{}@the-acme-corporation.com",
        role.as_str().replace('_', "-")
    )
}

/// The state of a site on any store, with a clock that stands still.
pub(crate) fn state_on(store: Arc<dyn Store>, origin: &str) -> AppState {
    let public_url = Url::parse(origin).unwrap();
    AppState {
        store,
        hashers: Arc::new(PasswordHashers::start().unwrap()),
        keys: Arc::new(KeyRing::new(SealingKey::from_bytes(&[7; 32]))),
        clock: Arc::new(TestClock(Mutex::new(datetime!(2026-03-02 09:00 UTC)))),
        outbound: Arc::new(crate::outbound::Loopback),
        entropy: Arc::new(TestEntropy(Mutex::new(StdRng::seed_from_u64(1)))),
        // Administrators sign in with a password alone; `administrator_factors` is about the other case.
        settings: WebSettings::new(public_url).unwrap().in_dev(),
    }
}

fn op_of(state: &AppState) -> Op {
    let actor = Actor::System("test".to_owned());
    Op::new(
        state.clock.now(),
        state.entropy.rng(),
        actor,
        "test".to_owned(),
    )
}

fn new_user(email: &str, first: &str, last: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        username: email.split('@').next().unwrap().to_owned(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        display_name: String::new(),
        password: Some(SecretString::from(PASSWORD)),
        state: UserState::Active,
        attributes: BTreeMap::new(),
        custom_attributes: BTreeMap::new(),
        password_never_expires: false,
        created_by: CreationMethod::Manual,
    }
}

async fn add_person(state: &AppState, op: &mut Op, email: &str, first: &str, last: &str) -> UserId {
    let new = new_user(email, first, last);
    create_user(op, state.store.as_ref(), &state.hashers, new)
        .await
        .unwrap()
}

async fn add_application(state: &AppState, op: &mut Op, slug: &str, label: &str) -> ApplicationId {
    let new = new_application(state, slug, label);
    create_application(op, state.store.as_ref(), state.keys.sealing(), new)
        .await
        .unwrap()
}

fn new_application(state: &AppState, slug: &str, label: &str) -> NewApplication {
    let mut new = NewApplication::aws_iam(slug, label, state.settings.public_url());
    new.active = true;
    "Account 012345678987".clone_into(&mut new.description);
    ACS_URL.clone_into(&mut new.saml.acs_url);
    new.saml.constant_attributes = vec![(ATTRIBUTE_ROLE.to_owned(), ROLE.to_owned())];
    new.saml.user_attribute_mapping = vec![MappedAttribute {
        name: ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
        source: AttributeSource::Email,
    }];
    new
}
