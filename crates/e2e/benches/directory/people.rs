//! People to fill a directory with, by the import of the API.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::server::{Server, pause};

const FIRST_NAMES: [&str; 8] = [
    "Road", "Wile", "Daffy", "Marvin", "Granny", "Yosemite", "Pepé", "Foghorn",
];
const DEPARTMENTS: [&str; 5] = ["Engineering", "Finance", "Legal", "Sales", "Support"];
const STATES: [&str; 4] = ["active", "active", "staged", "suspended"];

fn csv(numbers: Range<usize>) -> String {
    let mut csv = String::from("email,username,firstname,lastname,state,department,jobTitle\n");
    for number in numbers {
        // Writing to a String cannot fail.
        let _ = writeln!(
            csv,
            "coyote{number:06}@the-acme-corporation.com,coyote{number:06},{},Coyote{number:05},{},{},Tester {}",
            FIRST_NAMES[number % FIRST_NAMES.len()],
            STATES[number % STATES.len()],
            DEPARTMENTS[number % DEPARTMENTS.len()],
            number % 97,
        );
    }
    csv
}

/// Adds these people and waits until all are there.
pub(crate) fn import(server: &Server, numbers: Range<usize>) -> Result<()> {
    let count = numbers.len();
    let key = format!("Bearer {}", server.fact("/idp/api_key")?);
    let preview: Value = ureq::post(&server.url("/api/v1/user-imports")?)
        .header("Authorization", &key)
        .header("Content-Type", "text/csv")
        .send(csv(numbers))?
        .into_body()
        .read_json()?;
    let id = preview["id"].as_str().context("the import has no id")?;
    let address = server.url(&format!("/api/v1/user-imports/{id}"))?;
    ureq::post(&format!("{address}/confirm"))
        .header("Authorization", &key)
        .send_empty()?;
    let deadline = Instant::now() + Duration::from_mins(5);
    loop {
        let status: Value = ureq::get(&address)
            .header("Authorization", &key)
            .call()?
            .into_body()
            .read_json()?;
        if status["state"] == "done" {
            ensure!(
                status["added"] == count,
                "not everybody was added: {status}"
            );
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "the import takes too long: {status}"
        );
        pause();
    }
}
