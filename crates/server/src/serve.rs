//! `jetwayd serve`: the identity provider alone.

use anyhow::bail;
use jetway_config::{ProcessEnvironment, Settings};
use jetway_identity::{ensure_everyone, issue_set_up_link};

use crate::args::ServeFlags;
use crate::control::ControlSocket;
use crate::data_dir::DataDir;
use crate::jobs::Jobs;
use crate::listener::{Shutdown, bind, serve};
use crate::{announce, identity_provider, jobs};

pub(crate) async fn run(flags: ServeFlags) -> anyhow::Result<()> {
    let settings = Settings::resolve(&flags.into_flags(), &ProcessEnvironment)?;
    if settings.data_dir.is_none() {
        bail!(
            "say where to keep the data, with --data-dir, JETWAYD_DATA_DIR or data_dir in the settings file (jetwayd dev needs no folder)"
        );
    }
    let shutdown = Shutdown::install()?;
    let data_dir = DataDir::open(settings.data_dir.clone())?;
    // Before anything is written: a start that fails leaves nothing half-made.
    let listen = settings.identity_provider.listen;
    let (socket, bound) = bind("identity provider", "--listen", listen).await?;
    let url = settings.identity_provider.url(bound)?;
    let state = identity_provider::open(&settings, data_dir.path(), url.clone()).await?;
    let store = state.store.as_ref();
    ensure_everyone(&mut jobs::op("first start"), store).await?;
    let link = issue_set_up_link(&mut jobs::op("first start"), store).await?;
    let set_up = link.map(|link| link.url(&url, "/admin/setup"));
    let jobs = Jobs::start(&state, data_dir.path(), &shutdown);
    let _control = ControlSocket::open(data_dir.path(), &state);
    announce::serve(&url, set_up.as_deref())?;
    serve(socket, jetway_web::router(state), shutdown).await?;
    jobs.finish().await;
    Ok(())
}
