//! `jetwayd dev`: identity provider and local AWS with the sample organisation, on loopback.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jetway_config::{ProcessEnvironment, Settings};
use jetway_identity::{KeyRing, PasswordHashers, SealingKey, Store};
use jetway_local_aws::LocalAws;
use jetway_store_sql::SqlStore;
use jetway_web::{AppState, WebSettings};
use tokio::net::TcpListener;
use url::Url;

use crate::announce;
use crate::args::DevFlags;
use crate::clock::System;
use crate::data_dir::{DataDir, sealing_key};
use crate::dev_json::{Account, Application, Aws, DevJson, IdentityProvider, Person};
use crate::instance::Instance;
use crate::listener::{Shutdown, bind, serve};
use crate::local_aws;
use crate::log_streaming::LogStreaming;
use crate::mail;
use crate::sample::{self, directory::Directory};

pub(crate) async fn run(flags: DevFlags) -> anyhow::Result<()> {
    let mut given = flags.common.into_flags();
    given.identity_provider_listen = flags.idp_listen;
    given.database_url = flags.database_url;
    let settings = Settings::resolve(&given, &ProcessEnvironment)?;
    let shutdown = Shutdown::install()?;
    let data_dir = DataDir::open(settings.data_dir.clone())?;
    // Both ports before anything is written: a start that fails leaves nothing half-made.
    let ports = Ports::bind(&settings).await?;
    let idp_url = settings.identity_provider.url(ports.idp_bound)?;
    let local_aws_url = settings.local_aws.url(ports.aws_bound)?;

    let store = open_store(&settings, data_dir.path()).await?;
    let aws = local_aws::open(data_dir.path(), &local_aws_url, &settings.region)?;
    let sealing = sealing_key(data_dir.path(), &mut System::randomness())?;
    let keys = Arc::new(KeyRing::new(SealingKey::from_bytes(&sealing)));
    let hashers = Arc::new(PasswordHashers::start()?);
    let acs_url = format!("{}/saml", local_aws::text(&local_aws_url));
    let directory = Directory {
        store: store.as_ref(),
        hashers: &hashers,
        sealing: keys.sealing(),
        idp_url: &idp_url,
        acs_url: &acs_url,
    };
    directory.fill().await?;
    let production = sample::aws::fill(&aws, store.as_ref(), &idp_url, &acs_url).await?;

    let facts = facts(&idp_url, &local_aws_url, &settings.region, production);
    let instance = Instance {
        url: facts.aws.url.clone(),
        region: settings.region.clone(),
        accounts: facts.aws.accounts.clone(),
    };
    let _note = instance.announce(ports.aws_bound.port())?;
    let state = AppState {
        store,
        hashers,
        keys,
        clock: Arc::new(System),
        entropy: Arc::new(System),
        settings: WebSettings::new(idp_url)?,
    };
    tokio::spawn(mail::deliver(mail::Post {
        store: Arc::clone(&state.store),
        keys: Arc::clone(&state.keys),
        roots: Vec::new(),
    }));
    let log = LogStreaming::new(
        Arc::clone(&state.store),
        Arc::clone(&state.keys),
        data_dir.path().to_owned(),
    );
    let log = tokio::spawn(log.run(shutdown.clone()));
    facts.write(data_dir.path())?;
    announce::dev(&facts, ports.aws_bound.port())?;
    ports
        .serve(jetway_web::router(state), &aws, shutdown)
        .await?;
    // What the last requests wrote is sealed before the end.
    log.await?;
    Ok(())
}

/// The two bound ports.
struct Ports {
    idp: TcpListener,
    idp_bound: SocketAddr,
    aws: TcpListener,
    aws_bound: SocketAddr,
}

impl Ports {
    async fn bind(settings: &Settings) -> anyhow::Result<Self> {
        let (idp, idp_bound) = bind(
            "identity provider",
            "--idp-listen",
            settings.identity_provider.listen,
        )
        .await?;
        let (aws, aws_bound) = bind("local AWS", "--aws-listen", settings.local_aws.listen).await?;
        Ok(Self {
            idp,
            idp_bound,
            aws,
            aws_bound,
        })
    }

    async fn serve(
        self,
        idp: axum::Router,
        aws: &LocalAws,
        shutdown: Shutdown,
    ) -> anyhow::Result<()> {
        let idp = serve(self.idp, idp, shutdown.clone());
        let aws = serve(self.aws, aws.router(), shutdown);
        tokio::try_join!(idp, aws)?;
        Ok(())
    }
}

async fn open_store(settings: &Settings, data_dir: &Path) -> anyhow::Result<Arc<dyn Store>> {
    let store = match &settings.database_url {
        Some(url) => SqlStore::open_postgres(url).await?,
        None => SqlStore::open_folder(data_dir).await?,
    };
    Ok(Arc::new(store))
}

fn facts(idp_url: &Url, local_aws_url: &Url, region: &str, production: Account) -> DevJson {
    let idp = local_aws::text(idp_url);
    DevJson {
        people: sample::PEOPLE
            .iter()
            .map(|person| Person {
                email: person.email.to_owned(),
                password: sample::PASSWORD.to_owned(),
                groups: person
                    .groups
                    .iter()
                    .map(|group| (*group).to_owned())
                    .collect(),
                totp_secret: None,
            })
            .collect(),
        applications: sample::APPLICATIONS
            .iter()
            .map(|application| Application {
                slug: application.slug.to_owned(),
                kind: "aws-iam".to_owned(),
                url: format!("{idp}/saml2/{}", application.slug),
            })
            .collect(),
        aws: Aws {
            url: local_aws::text(local_aws_url),
            region: region.to_owned(),
            accounts: vec![production],
        },
        idp: IdentityProvider { url: idp },
    }
}
