//! Start-up: CPU time and memory of `jetway --version`, and of `jetwayd dev` until it is ready.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

use crate::measure::{children_cpu, cpu_of, median, memory_of, row};

const ROUNDS: usize = 25;

pub(crate) fn run() -> anyhow::Result<()> {
    let (cpu, memory) = short_lived(&crate::http::binary("jetway")?, &["--version"])?;
    let (floor_cpu, floor_memory) = short_lived("/bin/true".as_ref(), &[])?;
    row("jetway --version: CPU", &format!("{cpu:.2} ms"), "<= 2.5");
    row(
        "  /bin/true in the same run",
        &format!("{floor_cpu:.2} ms"),
        "",
    );
    row(
        "jetway --version: peak memory",
        &format!("{memory:.1} MiB"),
        "<= 6",
    );
    row(
        "  /bin/true in the same run",
        &format!("{floor_memory:.1} MiB"),
        "",
    );
    let mut walls = Vec::new();
    let mut last = None;
    for _ in 0..5 {
        let start = Instant::now();
        let server = crate::http::Dev::start()?;
        walls.push(start.elapsed().as_secs_f64() * 1000.0);
        let pid = server.pid();
        last = Some((cpu_of(pid)?.as_secs_f64() * 1000.0, memory_of(pid)?.0));
    }
    let (cpu, memory) = last.context("no round ran")?;
    row(
        "jetwayd dev, new sample organisation, to ready: wall",
        &format!("{:.0} ms", median(walls)),
        "",
    );
    row(
        "  CPU (three RSA-2048 keys are made)",
        &format!("{cpu:.0} ms"),
        "",
    );
    row("  memory when ready", &format!("{memory:.1} MiB"), "");
    Ok(())
}

/// Median CPU milliseconds and peak MiB over many runs.
fn short_lived(program: &Path, arguments: &[&str]) -> anyhow::Result<(f64, f64)> {
    let (mut times, mut peaks) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = children_cpu()?;
        let status = Command::new(program)
            .args(arguments)
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "{} failed", program.display());
        times.push(children_cpu()?.saturating_sub(before).as_secs_f64() * 1000.0);
        peaks.push(peak_memory(program, arguments)?);
    }
    Ok((median(times), median(peaks)))
}

/// Peak memory in MiB, told by GNU time: read from here it would include this process's own
/// pages before the exec.
fn peak_memory(program: &Path, arguments: &[&str]) -> anyhow::Result<f64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(program)
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .context("GNU time is needed: apt-get install time")?;
    let text = String::from_utf8(output.stderr)?;
    Ok(text
        .trim()
        .parse::<f64>()
        .context("GNU time answered something else")?
        / 1024.0)
}
