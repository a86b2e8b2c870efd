//! CPU clocks and alternating slices.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

/// How long one slice of a pair runs, in CPU time.
const SLICE: Duration = Duration::from_millis(400);
/// Pairs of slices per ratio.
const PAIRS: usize = 9;

/// CPU time of this process so far.
pub(crate) fn own_cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)
        .expect("Linux has this clock")
        .into()
}

/// CPU time of all ended and awaited children so far.
pub(crate) fn children_cpu() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(microseconds.unsigned_abs()))
}

/// CPU time of another process so far, all its threads, to the nanosecond.
pub(crate) fn cpu_of(pid: u32) -> anyhow::Result<Duration> {
    let mut total = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).context("the process is gone")? {
        // A thread may end between the listing and the reading.
        if let Ok(text) = std::fs::read_to_string(task?.path().join("schedstat")) {
            total += text.split(' ').next().unwrap_or("0").parse::<u64>()?;
        }
    }
    Ok(Duration::from_nanos(total))
}

/// Resident memory of another process in MiB: (now, highest so far).
pub(crate) fn memory_of(pid: u32) -> anyhow::Result<(f64, f64)> {
    let text = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status"))?;
    let field = |name: &str| -> anyhow::Result<f64> {
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .context("no such field")?;
        let kibibytes: f64 = line
            .split_whitespace()
            .nth(1)
            .context("no value")?
            .parse()?;
        Ok(kibibytes / 1024.0)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

/// Operations per CPU second of `work` in this process.
pub(crate) fn rate(mut work: impl FnMut()) -> f64 {
    work();
    let start = own_cpu();
    let mut count = 0_u32;
    loop {
        for _ in 0..8 {
            work();
        }
        count += 8;
        let spent = own_cpu().saturating_sub(start);
        if spent >= SLICE {
            return f64::from(count) / spent.as_secs_f64();
        }
    }
}

/// The median over alternating pairs: (rate of `subject`, rate of `limit`, their ratio).
pub(crate) fn ratio(mut subject: impl FnMut(), mut limit: impl FnMut()) -> (f64, f64, f64) {
    let mut pairs: Vec<(f64, f64, f64)> = (0..PAIRS)
        .map(|_| {
            let (ours, bound) = (rate(&mut subject), rate(&mut limit));
            (ours, bound, ours / bound)
        })
        .collect();
    pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
    pairs[PAIRS / 2]
}

/// The median of `values`.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One row of the report.
pub(crate) fn row(what: &str, value: &str, goal: &str) {
    println!("{what:<62} {value:>12} {goal:>10}");
}
