//! `jetwayd admin verify-log`: was the activity log tampered with? Works beside a running server.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use jetway_config::{ProcessEnvironment, Settings};
use jetway_identity::SealingKey;
use jetway_identity::events::{LogReport, verify_log};
use jetway_store_sql::SqlStore;

use crate::args::VerifyLogFlags;
use crate::clock::System;
use crate::data_dir::sealing_key;
use crate::log_streaming::noted_heads;

/// Exit code 0: the log is whole; 3: it is not. 1, as everywhere: it could not be checked.
pub(crate) async fn run(flags: VerifyLogFlags) -> anyhow::Result<ExitCode> {
    let settings = Settings::resolve(&flags.to_settings(), &ProcessEnvironment)?;
    let Some(data_dir) = settings.data_dir else {
        bail!("name the server's data folder with --data-dir; it holds the sealing key");
    };
    let source = &settings.sealing_key;
    let key = sealing_key(source, &data_dir, false, &mut System::randomness())?;
    let key = SealingKey::from_bytes(&key);
    let store = match &settings.database_url {
        Some(url) => SqlStore::open_postgres(url).await?,
        None => SqlStore::open_folder_beside(&data_dir).await?,
    };
    let mut expected = flags.expect;
    expected.extend(noted_heads(&data_dir));
    let report = verify_log(&store, &key, &expected)
        .await
        .context("the activity log could not be read to its end")?;
    print(&report, flags.json)?;
    Ok(if report.broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}

fn print(report: &LogReport, json: bool) -> std::io::Result<()> {
    let head = report.head.map(|head| head.to_string());
    let breaks: Vec<_> = report.breaks.iter().map(ToString::to_string).collect();
    let mut out = std::io::stdout().lock();
    if json {
        let text = serde_json::json!({
            "whole": report.broken == 0,
            "seals": report.seals,
            "events": report.events,
            "unsealed": report.unsealed,
            "head": head,
            "broken": report.broken,
            "breaks": breaks,
        });
        return writeln!(out, "{text}");
    }
    if report.broken == 0 {
        writeln!(
            out,
            "The activity log is whole: {} events under {} seals.",
            report.events, report.seals
        )?;
    } else {
        writeln!(
            out,
            "The activity log was tampered with, in {} places:",
            report.broken
        )?;
        for line in &breaks {
            writeln!(out, "  {line}")?;
        }
        if report.broken > breaks.len() as u64 {
            writeln!(out, "  … and more")?;
        }
    }
    if report.unsealed > 0 {
        writeln!(
            out,
            "Not sealed yet: {} events. A running server seals within a second.",
            report.unsealed
        )?;
    }
    if let Some(head) = head {
        writeln!(
            out,
            "End of the log, to be kept elsewhere and checked later with --expect:\n{head}"
        )?;
    }
    Ok(())
}
