//! The identity provider as `serve` and `dev` run it: its database, its keys, its jobs.

use std::path::Path;
use std::sync::Arc;

use jetway_config::Settings;
use jetway_identity::{KeyRing, PasswordHashers, SealingKey, Store, list_administrators};
use jetway_store_sql::SqlStore;
use jetway_web::{AppState, WebSettings};
use url::Url;

use crate::clock::System;
use crate::data_dir::sealing_key;
use crate::outbound::Http;

/// Opens the database and makes what the router needs.
pub(crate) async fn open(
    settings: &Settings,
    data_dir: &Path,
    public_url: Url,
) -> anyhow::Result<AppState> {
    let web = WebSettings::new(public_url)?.behind(settings.trusted_proxies.clone());
    let store = open_store(settings, data_dir).await?;
    // A database that holds sealed secrets has its key already; another would not open them.
    let unused = list_administrators(store.as_ref()).await?.is_empty();
    let source = &settings.sealing_key;
    let sealing = sealing_key(source, data_dir, unused, &mut System::randomness())?;
    Ok(AppState {
        store,
        hashers: Arc::new(PasswordHashers::start()?),
        keys: Arc::new(KeyRing::new(SealingKey::from_bytes(&sealing))),
        clock: Arc::new(System),
        entropy: Arc::new(System),
        outbound: Arc::new(Http::new()),
        settings: web,
    })
}

async fn open_store(settings: &Settings, data_dir: &Path) -> anyhow::Result<Arc<dyn Store>> {
    let store = match &settings.database_url {
        Some(url) => SqlStore::open_postgres(url).await?,
        None => SqlStore::open_folder(data_dir).await?,
    };
    Ok(Arc::new(store))
}
