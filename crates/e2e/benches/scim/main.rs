//! The SCIM endpoint of the local AWS: users created per second by one client on one connection,
//! and the time of a look-up and of a page in the middle with 10,000 and with 100,000 users, beside
//! scim2-server (PyPI) in the same run.
//!
//! The servers are asked in turns, so that other work on the machine meets all of them.
#![expect(
    clippy::print_stdout,
    reason = "a benchmark's product is what it prints"
)]

mod client;
mod directory;
mod servers;

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::directory::Directory;
use crate::servers::{Jetway, Peer};

const SMALL: usize = 10_000;
const LARGE: usize = 100_000;
/// Questions per kind and server.
const ROUNDS: usize = 200;
/// The peer's pages take a tenth of a second each.
const PEER_ROUNDS: usize = 20;

fn main() -> Result<()> {
    println!("{:<58} {:>14} {:>10}", "measured", "value", "goal");
    let (small, large) = (Jetway::start()?, Jetway::start()?);
    let mut small = Directory::of_jetway(&small)?;
    let mut large = Directory::of_jetway(&large)?;
    let rate = created_per_second(&mut small, SMALL)?;
    row(
        "users created per second, up to 10,000",
        &format!("{rate:.0}"),
        ">= 4000",
    );
    let rate = created_per_second(&mut large, LARGE)?;
    row(
        "users created per second, up to 100,000",
        &format!("{rate:.0}"),
        ">= 4000",
    );
    small.find_middle()?;
    large.find_middle()?;
    for (what, ask) in [
        (
            "userName eq",
            Directory::look_up as fn(&mut Directory, usize) -> Result<()>,
        ),
        ("page of 100 in the middle", Directory::page),
    ] {
        let [ten, hundred] = medians([&mut small, &mut large], ROUNDS, ask)?;
        row(&format!("{what}, ms, 10,000 users"), &ms(ten), "<= 1");
        row(&format!("{what}, ms, 100,000 users"), &ms(hundred), "<= 1");
        let ratio = hundred.as_secs_f64() / ten.as_secs_f64();
        row(&format!("{what}, ratio"), &format!("{ratio:.2}"), "<= 1.5");
    }
    match Peer::start()? {
        Some(peer) => beside(&peer, &mut small)?,
        None => println!("scim2-server was not measured: run cargo xtask install"),
    }
    Ok(())
}

/// The peer with as many users as the smaller directory.
fn beside(peer: &Peer, small: &mut Directory) -> Result<()> {
    let mut other = Directory::of_peer(peer)?;
    let rate = created_per_second(&mut other, SMALL)?;
    row(
        "scim2-server: users created per second, up to 10,000",
        &format!("{rate:.0}"),
        "",
    );
    other.find_middle()?;
    for (what, ask) in [
        (
            "userName eq",
            Directory::look_up as fn(&mut Directory, usize) -> Result<()>,
        ),
        ("page of 100 in the middle", Directory::page),
    ] {
        let [ours, theirs] = medians([small, &mut other], PEER_ROUNDS, ask)?;
        row(
            &format!("scim2-server: {what}, ms, 10,000 users"),
            &ms(theirs),
            "",
        );
        let times = theirs.as_secs_f64() / ours.as_secs_f64();
        row(
            &format!("{what}: how much faster than scim2-server"),
            &format!("{times:.1}"),
            "",
        );
    }
    Ok(())
}

fn created_per_second(directory: &mut Directory, count: usize) -> Result<f64> {
    let started = Instant::now();
    for number in 0..count {
        directory.create(number)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a hundred thousand fits")]
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// The median time of a question, asked of both in turns.
fn medians(
    mut directories: [&mut Directory; 2],
    rounds: usize,
    ask: fn(&mut Directory, usize) -> Result<()>,
) -> Result<[Duration; 2]> {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for (directory, times) in directories.iter_mut().zip(&mut times) {
            let started = Instant::now();
            ask(directory, round)?;
            times.push(started.elapsed());
        }
    }
    Ok(times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    }))
}

fn ms(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1000.0)
}

fn row(what: &str, value: &str, goal: &str) {
    println!("{what:<58} {value:>14} {goal:>10}");
}
