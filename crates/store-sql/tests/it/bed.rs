//! A fresh database with everything a use case needs, and a clock that stands still.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jetway_identity::{
    Actor, ApplicationId, Client, CreationMethod, CustomAttributes, CustomValue, Event,
    EventFilter, EventKind, GroupId, KeyRing, NewApplication, NewGroup, NewUser, Op,
    PasswordHashers, SealingKey, SignInAttempt, SignInError, SignedIn, UserId, UserState, Via,
    add_member, assign_group, create_application, create_group, create_user, list_events, sign_in,
};
use jetway_saml::ATTRIBUTE_ROLE;
use jetway_store_sql::SqlStore;
use jetway_testkit::postgres::Database;
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use url::Url;

pub(crate) const PASSWORD: &str = "that-is-all-folks";
pub(crate) const EMAIL: &str = "road.runner@the-acme-corporation.com";
pub(crate) const ROLE: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin";
pub(crate) const PROVIDER: &str = "arn:aws:iam::012345678987:saml-provider/acme-jumpcloud";

/// One set of hashing threads for all tests: each would hold 19 MiB.
static HASHERS: LazyLock<PasswordHashers> =
    LazyLock::new(|| PasswordHashers::with_threads(NonZeroUsize::new(2).unwrap()).unwrap());

/// Each operation has randomness of its own.
static SEED: AtomicU64 = AtomicU64::new(1);

pub(crate) struct Bed {
    pub(crate) store: SqlStore,
    pub(crate) keys: KeyRing,
    pub(crate) now: OffsetDateTime,
    folder: Option<TempDir>,
    database: Option<Database>,
}

/// Declares that these `async fn name(bed: Bed)` run on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::bed::Bed::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let server = jetway_testkit::require!(jetway_testkit::postgres::server());
                super::$name(crate::bed::Bed::postgres(&server).await).await;
            })+
        }
    };
}
pub(crate) use on_both;

impl Bed {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open_folder(folder.path()).await.unwrap();
        Self::new(store, Some(folder), None)
    }

    /// On a folder that outlives it.
    pub(crate) async fn sqlite_in(folder: &std::path::Path) -> Self {
        let store = SqlStore::open_folder(folder).await.unwrap();
        Self::new(store, None, None)
    }

    pub(crate) async fn postgres(server: &jetway_testkit::postgres::Server) -> Self {
        let database = server.create_database().unwrap();
        let url = SecretString::from(database.url().to_owned());
        let store = SqlStore::open_postgres(&url).await.unwrap();
        Self::new(store, None, Some(database))
    }

    fn new(store: SqlStore, folder: Option<TempDir>, database: Option<Database>) -> Self {
        Self {
            store,
            keys: KeyRing::new(SealingKey::from_bytes(&[7; 32])),
            now: datetime!(2026-03-14 09:12:30.250 UTC),
            folder,
            database,
        }
    }

    /// Where the SQLite database is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().unwrap().path()
    }

    /// The address of the PostgreSQL database.
    pub(crate) fn url(&self) -> &str {
        self.database.as_ref().unwrap().url()
    }

    /// Everything that is stored, as whoever copies the database sees it.
    pub(crate) async fn dump(&self) -> String {
        if let Some(folder) = &self.folder {
            self.store.close().await;
            let mut bytes = Vec::new();
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                bytes.extend(std::fs::read(entry.unwrap().path()).unwrap_or_default());
            }
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        let output = std::process::Command::new("pg_dump")
            .arg(self.url())
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Another server on the same PostgreSQL database.
    pub(crate) async fn second_node(&self) -> SqlStore {
        SqlStore::open_postgres(&SecretString::from(self.url().to_owned()))
            .await
            .unwrap()
    }

    /// Goes on as a server that was started again, or as another one on the same database.
    pub(crate) async fn restart(&mut self) {
        if self.database.is_some() {
            self.store = self.second_node().await;
            return;
        }
        // The folder is free when the store that holds it is gone.
        let aside = tempfile::tempdir().unwrap();
        self.store.close().await;
        self.store = SqlStore::open_folder(aside.path()).await.unwrap();
        self.store = SqlStore::open_folder(self.folder()).await.unwrap();
    }

    /// The database as somebody reaches it who goes past the program.
    pub(crate) fn outside_url(&self) -> String {
        match &self.database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite://{}/jetway.db", self.folder().display()),
        }
    }

    /// Another server on the same database, where there can be one.
    pub(crate) async fn second_store(&self) -> Option<SqlStore> {
        match &self.database {
            Some(_) => Some(self.second_node().await),
            None => None,
        }
    }

    /// An operation of the program itself, at the present time.
    pub(crate) fn op(&self) -> Op {
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        let rng = StdRng::seed_from_u64(seed);
        let client = Client {
            ip: Some("192.0.2.7".parse().unwrap()),
            user_agent: Some("test/1".to_owned()),
        };
        Op::new(
            self.now,
            rng,
            Actor::System("test".to_owned()),
            format!("request-{seed}"),
        )
        .from_client(client)
    }

    /// An operation of somebody who has not signed in.
    pub(crate) fn stranger(&self) -> Op {
        Op {
            actor: Actor::Anonymous,
            ..self.op()
        }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(crate) async fn user(&self, email: &str) -> UserId {
        self.user_with(new_user(email)).await
    }

    pub(crate) async fn user_with(&self, new: NewUser) -> UserId {
        create_user(&mut self.op(), &self.store, hashers(), new)
            .await
            .unwrap()
    }

    pub(crate) async fn group(&self, name: &str, attributes: &[(&str, &str)]) -> GroupId {
        let new = NewGroup {
            name: name.to_owned(),
            attributes: custom(attributes),
            ..NewGroup::default()
        };
        create_group(&mut self.op(), &self.store, new)
            .await
            .unwrap()
    }

    /// A group with one member.
    pub(crate) async fn group_of(
        &self,
        user: UserId,
        name: &str,
        attributes: &[(&str, &str)],
    ) -> GroupId {
        let group = self.group(name, attributes).await;
        assert!(
            add_member(&mut self.op(), &self.store, group, user)
                .await
                .unwrap()
        );
        group
    }

    pub(crate) async fn application(&self, new: NewApplication) -> ApplicationId {
        create_application(&mut self.op(), &self.store, self.keys.sealing(), new)
            .await
            .unwrap()
    }

    pub(crate) async fn assign(&self, application: ApplicationId, group: GroupId) {
        assert!(
            assign_group(&mut self.op(), &self.store, application, group)
                .await
                .unwrap()
        );
    }

    pub(crate) async fn try_sign_in(
        &self,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let attempt = SignInAttempt {
            email: email.to_owned(),
            password: SecretString::from(password.to_owned()),
            via: Via::Browser,
            device: None,
        };
        sign_in(&mut self.stranger(), &self.store, self.tools(), attempt).await
    }

    /// What a sign-in with a password needs.
    pub(crate) fn tools(&self) -> (&'static PasswordHashers, &SealingKey) {
        (hashers(), self.keys.sealing())
    }

    /// The session token of a successful sign-in.
    pub(crate) async fn signed_in(&self, email: &str) -> String {
        let signed_in = self.try_sign_in(email, PASSWORD).await.unwrap();
        signed_in.token.expose_secret().to_owned()
    }

    /// Events of a kind, oldest first.
    pub(crate) async fn events(&self, kind: EventKind) -> Vec<Event> {
        let mut events = list_events(&self.store, &EventFilter::default(), None, 1000)
            .await
            .unwrap();
        events.retain(|event| event.kind == kind);
        events.reverse();
        events
    }

    pub(crate) async fn last_event(&self, kind: EventKind) -> Event {
        self.events(kind).await.pop().unwrap()
    }
}

pub(crate) fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Custom attributes that are texts.
pub(crate) fn custom(pairs: &[(&str, &str)]) -> CustomAttributes {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), CustomValue::String((*value).to_owned())))
        .collect()
}

pub(crate) fn hashers() -> &'static PasswordHashers {
    &HASHERS
}

/// An active person whose password is [`PASSWORD`].
pub(crate) fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        username: email.split('@').next().unwrap().to_owned(),
        first_name: "Road".to_owned(),
        last_name: "Runner".to_owned(),
        display_name: String::new(),
        password: Some(SecretString::from(PASSWORD.to_owned())),
        state: UserState::Active,
        attributes: BTreeMap::new(),
        custom_attributes: CustomAttributes::new(),
        password_never_expires: false,
        created_by: CreationMethod::Manual,
    }
}

/// An active AWS application with one role.
pub(crate) fn new_application(slug: &str) -> NewApplication {
    let public = Url::parse("http://localhost:8700").unwrap();
    let mut new = NewApplication::aws_iam(slug, &format!("Label of {slug}"), &public);
    new.active = true;
    new.saml.constant_attributes = vec![(ATTRIBUTE_ROLE.to_owned(), format!("{ROLE},{PROVIDER}"))];
    new
}
