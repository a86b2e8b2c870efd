//! `jetwayd dev`: identity provider and local AWS with the sample organisation, on loopback.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::Context;
use jetway_config::{ProcessEnvironment, Settings};
use jetway_identity::application_metadata;
use jetway_local_aws::{LocalAws, identity_center};
use jetway_web::AppState;
use tokio::net::TcpListener;
use url::Url;

use crate::announce;
use crate::args::DevFlags;
use crate::control::ControlSocket;
use crate::data_dir::DataDir;
use crate::dev_json::{
    Account, Admin, Application, Aws, DevJson, IdentityCenter, IdentityProvider, Person,
};
use crate::identity_provider;
use crate::instance::Instance;
use crate::jobs::Jobs;
use crate::listener::{Shutdown, bind, serve};
use crate::local_aws;
use crate::sample::{
    self,
    administrator::SampleAdministrator,
    directory::{Directory, ServiceProvider},
};

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

    let state = identity_provider::open(&settings, data_dir.path(), idp_url.clone()).await?;
    // The sample administrator signs in with a password alone.
    let state = AppState {
        settings: state.settings.clone().in_dev(),
        ..state
    };
    let store = state.store.as_ref();
    let aws = local_aws::open(data_dir.path(), &local_aws_url, &settings.region)?;
    let acs_url = format!("{}/saml", local_aws::text(&local_aws_url));
    let accounts = sample::aws::accounts(&aws)?;
    let center = sample::identity_center::open(&aws, data_dir.path())?;
    let directory = Directory {
        store,
        hashers: &state.hashers,
        sealing: state.keys.sealing(),
        idp_url: &idp_url,
        acs_url: &acs_url,
        identity_center: ServiceProvider {
            audience: center.issuer_url(),
            acs_url: identity_center::acs_url(&aws, &center),
        },
    };
    let apps = directory.fill().await?;
    sample::aws::fill(&aws, store, &idp_url, &acs_url).await?;
    let sso_url = format!(
        "{}/saml2/{}",
        local_aws::text(&idp_url),
        sample::PORTAL.slug
    );
    let metadata = application_metadata(store, sample::PORTAL.slug, &sso_url)
        .await?
        .context("the access portal's application has no key")?
        .to_xml()?;
    let center = sample::identity_center::fill(&aws, &metadata, data_dir.path())?;

    let administrator = sample::administrator::fill(store, &state.hashers).await?;

    let facts = facts(
        &idp_url,
        &local_aws_url,
        &settings.region,
        (accounts, center),
        (administrator, &apps),
    );
    let instance = Instance {
        url: facts.aws.url.clone(),
        region: settings.region.clone(),
        accounts: facts.aws.accounts.clone(),
    };
    let _note = instance.announce(ports.aws_bound.port())?;
    let jobs = Jobs::start(&state, data_dir.path(), &shutdown);
    let _control = ControlSocket::open(data_dir.path(), &state);
    facts.write(data_dir.path())?;
    announce::dev(&facts, ports.aws_bound.port())?;
    let router = jetway_web::router(state);
    ports.serve(router, &aws, shutdown).await?;
    jobs.finish().await;
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

fn facts(
    idp_url: &Url,
    local_aws_url: &Url,
    region: &str,
    (accounts, identity_center): (Vec<Account>, IdentityCenter),
    (administrator, apps): (SampleAdministrator, &BTreeMap<&str, String>),
) -> DevJson {
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
                totp_secret: apps.get(person.email).cloned(),
            })
            .collect(),
        applications: sample::APPLICATIONS
            .iter()
            .map(|application| Application {
                slug: application.slug.to_owned(),
                kind: "aws-iam".to_owned(),
                url: format!("{idp}/saml2/{}", application.slug),
            })
            .chain([Application {
                slug: sample::PORTAL.slug.to_owned(),
                kind: "aws-identity-center".to_owned(),
                url: format!("{idp}/saml2/{}", sample::PORTAL.slug),
            }])
            .collect(),
        aws: Aws {
            url: local_aws::text(local_aws_url),
            region: region.to_owned(),
            accounts,
            identity_center,
        },
        idp: IdentityProvider {
            url: idp,
            api_key: administrator.api_key,
            admin: Admin {
                email: sample::administrator::EMAIL.to_owned(),
                password: sample::PASSWORD.to_owned(),
            },
        },
    }
}
