//! `jetwayd local-aws`: the local AWS alone, and `env`, which points other tools at it.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use jetway_config::{ProcessEnvironment, Settings};
use jetway_local_aws::LocalAws;
use secrecy::ExposeSecret;
use url::Url;

use crate::announce;
use crate::args::{EnvFlags, LocalAwsFlags};
use crate::clock::System;
use crate::data_dir::DataDir;
use crate::dev_json::Account;
use crate::instance::Instance;
use crate::listener::{Shutdown, bind, serve};

/// The account of a local AWS that is started without `--account`.
const DEFAULT_ACCOUNT: &str = "000000000000";

pub(crate) async fn run(flags: LocalAwsFlags) -> anyhow::Result<()> {
    let settings = Settings::resolve(&flags.common.into_flags(), &ProcessEnvironment)?;
    let shutdown = Shutdown::install()?;
    let data_dir = DataDir::open(settings.data_dir.clone())?;
    let (socket, bound) = bind("local AWS", "--listen", settings.local_aws.listen).await?;
    let url = settings.local_aws.url(bound)?;
    let aws = open(data_dir.path(), &url, &settings.region)?;
    let wanted = if flags.accounts.is_empty() {
        vec![DEFAULT_ACCOUNT.to_owned()]
    } else {
        flags.accounts
    };
    let accounts = wanted
        .iter()
        .map(|id| account(&aws, id, "local"))
        .collect::<anyhow::Result<Vec<Account>>>()?;
    let instance = Instance {
        url: text(&url),
        region: settings.region,
        accounts,
    };
    let _note = instance.announce(bound.port())?;
    announce::local_aws(&instance, bound.port())?;
    serve(socket, aws.router(), shutdown).await
}

/// Opens the local AWS in its folder below the data folder.
pub(crate) fn open(data_dir: &Path, url: &Url, region: &str) -> anyhow::Result<LocalAws> {
    let settings = jetway_local_aws::Settings {
        public_url: url.clone(),
        data_dir: data_dir.join("local-aws"),
        region: region.to_owned(),
    };
    Ok(LocalAws::open(
        settings,
        Arc::new(System),
        Arc::new(System),
    )?)
}

/// An account and its administrator's access key.
pub(crate) fn account(aws: &LocalAws, id: &str, name: &str) -> anyhow::Result<Account> {
    let keys = aws
        .ensure_account(id, name)
        .map_err(|error| anyhow::anyhow!("--account: {error}"))?;
    Ok(Account {
        id: id.to_owned(),
        name: name.to_owned(),
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key.expose_secret().to_owned(),
    })
}

/// The URL as people write it, without the slash at the end.
pub(crate) fn text(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// `jetwayd local-aws env`
pub(crate) fn print_environment(flags: &EnvFlags) -> anyhow::Result<()> {
    let instance = Instance::find(flags.port)?;
    let mut lines = vec![
        format!("export AWS_ENDPOINT_URL={}", instance.url),
        format!("export AWS_REGION={}", instance.region),
        format!("export AWS_DEFAULT_REGION={}", instance.region),
    ];
    if let Some(id) = &flags.account {
        let Some(account) = instance.accounts.iter().find(|account| account.id == *id) else {
            let known: Vec<&str> = instance
                .accounts
                .iter()
                .map(|account| account.id.as_str())
                .collect();
            bail!(
                "--account: the local AWS has no account {id}; it has {}",
                known.join(", ")
            );
        };
        lines.push(format!(
            "export AWS_ACCESS_KEY_ID={}",
            account.access_key_id
        ));
        lines.push(format!(
            "export AWS_SECRET_ACCESS_KEY={}",
            account.secret_access_key
        ));
        lines.push("unset AWS_SESSION_TOKEN AWS_PROFILE".to_owned());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", lines.join("\n")).context("cannot print")
}
