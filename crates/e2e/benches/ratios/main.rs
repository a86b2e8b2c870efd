//! Jetway's speed, as ratios against a physical limit measured in the same run.
//!
//! `cargo xtask bench` builds the release binaries and runs this. Everything is counted in CPU
//! time, not wall time, so that other work on the machine disturbs it little; slices of the two
//! sides of a ratio alternate, and the median of the pairs is printed.
#![expect(
    clippy::print_stdout,
    reason = "a benchmark's product is what it prints"
)]
#![expect(
    clippy::expect_used,
    reason = "a benchmark of something that fails must end"
)]

mod credentials;
mod http;
mod limits;
mod measure;
mod saml;
mod sign_ins;
mod startup;

fn main() -> anyhow::Result<()> {
    // `cargo bench` passes `--bench`; other arguments name the parts to run.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let run = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    println!("{:<62} {:>12} {:>10}", "measured", "value", "goal");
    if run("saml") {
        saml::run()?;
    }
    if run("http") {
        http::run()?;
    }
    if run("credentials") {
        credentials::run()?;
    }
    if run("sign-ins") {
        sign_ins::run()?;
    }
    if run("startup") {
        startup::run()?;
    }
    Ok(())
}
