//! The sample administrator with an API key.

use anyhow::Context;
use jetway_identity::{
    NewAdministrator, NewApiKey, PasswordHashers, Role, Scope, Store, create_administrator,
    create_api_key, list_administrators, list_api_keys, revoke_api_key,
};
use secrecy::{ExposeSecret, SecretString};

use crate::jobs;
use crate::sample::PASSWORD;

pub(crate) const EMAIL: &str = "admin@the-acme-corporation.com";
const KEY: &str = "jetwayd dev";

/// What `dev.json` tells of it.
pub(crate) struct SampleAdministrator {
    /// The secret of this start's key.
    pub(crate) api_key: String,
}

/// Completes the sample administrator. The secret of a key is known only when it is made, so each
/// start makes one and revokes that of the start before.
pub(crate) async fn fill(
    store: &dyn Store,
    hashers: &PasswordHashers,
) -> anyhow::Result<SampleAdministrator> {
    let mut op = jobs::op("sample data");
    let known = list_administrators(store).await?;
    let found = known.iter().find(|known| known.email == EMAIL);
    let id = if let Some(known) = found {
        known.id
    } else {
        let new = NewAdministrator {
            email: EMAIL.to_owned(),
            name: "Granny Webster".to_owned(),
            role: Role::Full,
            password: Some(SecretString::from(PASSWORD)),
        };
        create_administrator(&mut op, store, hashers, new)
            .await
            .context("cannot make the sample administrator")?
    };
    for (key, _) in list_api_keys(store).await? {
        if key.owner == id && key.name == KEY {
            revoke_api_key(&mut op, store, key.id).await?;
        }
    }
    let new = NewApiKey {
        name: KEY.to_owned(),
        scopes: vec![Scope::Full],
        expires_at: None,
    };
    let created = create_api_key(&mut op, store, id, new).await?;
    Ok(SampleAdministrator {
        api_key: created.secret.expose_secret().to_owned(),
    })
}
