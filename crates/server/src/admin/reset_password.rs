//! `jetwayd admin reset-password` and `jetwayd admin recover`: a locked-out administrator is let in
//! again. Whoever can read the
//! data folder is trusted with it.

use std::io::Write;

use anyhow::{Context, bail};
use jetway_config::{ProcessEnvironment, Settings};
use jetway_identity::administrators::Lost;
use jetway_store_sql::OpenError;

use crate::args::ResetPasswordFlags;
use crate::control::{self, Reply, Request};
use crate::data_dir::DataDir;
use crate::identity_provider;

/// Prints a one-time link with which the administrator chooses a new password. A running server is
/// asked through its socket.
pub(crate) async fn run(flags: ResetPasswordFlags, lost: Lost) -> anyhow::Result<()> {
    let email = flags.email.clone();
    let settings = Settings::resolve(&flags.into_flags(), &ProcessEnvironment)?;
    let Some(folder) = settings.data_dir.clone() else {
        bail!("say where the data is, with --data-dir, JETWAYD_DATA_DIR or --config");
    };
    if !folder.is_dir() {
        bail!("there is no data folder {}", folder.display());
    }
    let email_of = email.clone();
    let request = match lost {
        Lost::Password => Request::ResetPassword { email: email_of },
        Lost::PasswordAndFactors => Request::Recover { email: email_of },
    };
    let asked = control::ask(&folder, &request)?;
    let running = asked.is_some();
    let reply = if let Some(reply) = asked {
        reply
    } else {
        let data_dir = DataDir::open(Some(folder))?;
        let url = settings
            .identity_provider
            .url(settings.identity_provider.listen)?;
        let state = match identity_provider::open(&settings, data_dir.path(), url).await {
            Ok(state) => state,
            Err(error) if is_in_use(&error) => bail!(
                "the server that runs on {} cannot be asked: stop the server first",
                data_dir.path().display()
            ),
            Err(error) => return Err(error),
        };
        control::fulfil(&state, &request).await
    };
    match reply {
        Reply::Refused(reason) => bail!("{reason}"),
        Reply::Link(link) => {
            let start = if running {
                ""
            } else {
                " (start the server first)"
            };
            let mut out = std::io::stdout().lock();
            if lost == Lost::PasswordAndFactors {
                writeln!(
                    out,
                    "The second factors and recovery codes of {email} are taken away; the next sign-in sets new ones up.\n"
                )
                .context("cannot print")?;
            }
            writeln!(
                out,
                "Open this address within an hour{start} and choose a new password for {email}. It works once:\n\n  {link}"
            )
            .context("cannot print")
        }
    }
}

fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse { .. }))
}
