//! What a large directory costs an administrator: the time of each page with 100,000 people, as a
//! ratio to its time with 10,000, on both databases.
//!
//! Two servers run side by side, one of each size, and are asked in turns, so that other work on
//! the machine meets both. PostgreSQL is measured when `JETWAY_TEST_POSTGRES_URL` names a server,
//! as `cargo xtask bench` sees to.
#![expect(
    clippy::print_stdout,
    reason = "a benchmark's product is what it prints"
)]

mod administrator;
mod people;
mod server;

use std::time::Instant;

use anyhow::Result;
use jetway_testkit::postgres;

use crate::administrator::Administrator;
use crate::server::Server;

const SMALL: usize = 10_000;
const LARGE: usize = 100_000;
/// Questions per page and server.
const ROUNDS: usize = 40;

/// A page, its address, and how often its time may double.
const PAGES: &[(&str, &str, &str)] = &[
    ("list of users", "/admin/users?rows=50", "<= 1.5"),
    (
        "list of users, suspended, by e-mail",
        "/admin/users?rows=50&state=suspended&sort=email",
        "<= 1.5",
    ),
    (
        "one user's highlights",
        "/admin/users/{user}/highlights",
        "<= 1.5",
    ),
    (
        "one user's details",
        "/admin/users/{user}/details",
        "<= 1.5",
    ),
    (
        "search for one person",
        "/admin/users?q=coyote00042",
        "<= 3",
    ),
    (
        "search for two words",
        "/admin/users?q=wile+engineering",
        "<= 3",
    ),
    ("search that many match", "/admin/users?q=wile", "<= 3"),
];

fn main() -> Result<()> {
    println!(
        "{:<58} {:>10} {:>10} {:>7} {:>7}",
        "page", "10,000", "100,000", "ratio", "goal"
    );
    let settled = || Ok(());
    measure(
        "SQLite",
        &Server::start(&[])?,
        &Server::start(&[])?,
        settled,
    )?;
    match postgres::server() {
        Ok(postgres) => {
            // They go after the servers: what is declared first is dropped last.
            let databases = [postgres.create_database()?, postgres.create_database()?];
            let [small, large] = databases
                .each_ref()
                .map(|database| Server::start(&["--database-url", database.url()]));
            let settle = || databases.iter().try_for_each(postgres::Database::vacuum);
            measure("PostgreSQL", &small?, &large?, settle)?;
        }
        Err(missing) => println!("PostgreSQL was not measured: {missing}"),
    }
    Ok(())
}

/// `settle` lets the database do what it would do by itself a little later.
fn measure(
    database: &str,
    small: &Server,
    large: &Server,
    settle: impl Fn() -> Result<()>,
) -> Result<()> {
    let started = Instant::now();
    people::import(small, 0..SMALL)?;
    let small_import = started.elapsed();
    for start in (0..LARGE).step_by(SMALL) {
        people::import(large, start..start + SMALL)?;
    }
    println!(
        "{database}: {SMALL} people were imported in {:.1} s",
        small_import.as_secs_f64()
    );
    settle()?;
    let (small, large) = (
        Administrator::sign_in(small)?,
        Administrator::sign_in(large)?,
    );
    for (name, address, goal) in PAGES {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            before.push(small.time(address)?);
            after.push(large.time(address)?);
        }
        let (before, after) = (median(before), median(after));
        println!(
            "{:<58} {:>7.2} ms {:>7.2} ms {:>7.2} {:>7}",
            format!("{database}: {name}"),
            before * 1e3,
            after * 1e3,
            after / before,
            goal
        );
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
