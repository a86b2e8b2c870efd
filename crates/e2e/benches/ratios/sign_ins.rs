//! Signing in with a password in a browser: what it costs beside its one Argon2id hash, what others
//! notice of it, and what it leaves in memory.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::http::{Dev, agent, get, sign_in, stay_on_core};
use crate::limits::RawArgon2id;
use crate::measure::{cpu_of, median, memory_of, rate, row};

const ROUNDS: usize = 7;
const SIGN_INS_PER_ROUND: u32 = 60;
/// Single sign-ons whose times are looked at, after as many to get warm.
const SIGN_ONS: usize = 2_000;
const STORM: u32 = 500;
/// Browsers that sign in at the same time.
const BROWSERS: usize = 16;

pub(crate) fn run() -> Result<()> {
    stay_on_core(1)?;
    let dev = Dev::start()?;
    let idp = dev.fact("/idp/url")?.trim_end_matches('/').to_owned();
    let (before, _) = memory_of(dev.pid())?;
    storm(&dev, &idp)?;
    let (after, peak) = memory_of(dev.pid())?;
    row(
        &format!("memory before / after / highest in a storm of {STORM} sign-ins"),
        &format!("{before:.0}/{after:.0}/{peak:.0} MiB"),
        // Both sides of dev on one core: one hashing thread.
        "<= 44",
    );

    let mut raw = RawArgon2id::new()?;
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let hash = 1.0 / rate(|| raw.hash());
        let start = cpu_of(dev.pid())?;
        for _ in 0..SIGN_INS_PER_ROUND {
            ensure!(signs_in(&dev, &idp)?, "a quiet server is not busy");
        }
        let spent = cpu_of(dev.pid())?.saturating_sub(start).as_secs_f64();
        shares.push(spent / f64::from(SIGN_INS_PER_ROUND) / hash);
    }
    row(
        "CPU per password sign-in over HTTP, in Argon2id hashes",
        &format!("{:.3}", median(shares)),
        "<= 1.05",
    );

    let session = sign_in(&dev, &idp)?;
    let sso = format!("{idp}/saml2/acme-prod-aws-admin");
    let quiet = times(|| get(&session, &sso).map(drop))?;
    row("SSO, nobody else signing in: p50 / p99", &quiet, "");
    let stop = AtomicBool::new(false);
    let done = AtomicU32::new(0);
    let (busy, per_second) = std::thread::scope(|scope| -> Result<(String, f64)> {
        let browsers: Vec<_> = (0..BROWSERS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while !stop.load(Ordering::Relaxed) {
                        done.fetch_add(u32::from(signs_in(&dev, &idp)?), Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        let (since, counted) = (Instant::now(), done.load(Ordering::Relaxed));
        let busy = times(|| get(&session, &sso).map(drop));
        let counted = done.load(Ordering::Relaxed) - counted;
        let per_second = f64::from(counted) / since.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        for browser in browsers {
            browser.join().expect("no panic")?;
        }
        Ok((busy?, per_second))
    })?;
    row(
        "SSO while sign-ins keep the server's core busy: p50 / p99",
        &busy,
        "<= 25 ms",
    );
    row(
        "  sign-ins per second meanwhile",
        &format!("{per_second:.0}"),
        "",
    );
    Ok(())
}

/// The 50th and the 99th percentile.
fn times(work: impl Fn() -> Result<()>) -> Result<String> {
    for _ in 0..SIGN_ONS / 10 {
        work()?;
    }
    let mut times = Vec::with_capacity(SIGN_ONS);
    for _ in 0..SIGN_ONS {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    let at = |share: usize| milliseconds(times[SIGN_ONS * share / 100]);
    Ok(format!("{:.1}/{:.1} ms", at(50), at(99)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Many browsers at once.
fn storm(dev: &Dev, idp: &str) -> Result<()> {
    let left = AtomicU32::new(STORM);
    std::thread::scope(|scope| {
        let browsers: Vec<_> = (0..BROWSERS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while left.load(Ordering::Relaxed) > 0 {
                        if signs_in(dev, idp)? {
                            let _ =
                                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                                    left.checked_sub(1)
                                });
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        browsers
            .into_iter()
            .try_for_each(|browser| browser.join().expect("no panic"))
    })
}

/// A new browser opens the sign-in page and sends the first sample person's password. Whether that
/// began a session: the server may be too busy, and says so.
fn signs_in(dev: &Dev, idp: &str) -> Result<bool> {
    let agent = agent();
    let login = format!("{idp}/login");
    let page = agent.get(&login).call()?.into_body().read_to_string()?;
    let (_, rest) = page
        .split_once("name=\"csrf\" value=\"")
        .context("no csrf field")?;
    let (csrf, _) = rest.split_once('"').context("no end of field")?;
    let form = [
        ("csrf", csrf),
        ("username", dev.fact("/people/0/email")?),
        ("password", dev.fact("/people/0/password")?),
    ];
    let answer = agent
        .post(&login)
        .header("Origin", idp)
        .config()
        .http_status_as_error(false)
        .build()
        .send_form(form)?;
    let status = answer.status().as_u16();
    ensure!(
        matches!(status, 303 | 429 | 503),
        "the server answers {status}"
    );
    Ok(status == 303)
}
