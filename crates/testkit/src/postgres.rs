//! A database of its own for each test, on the PostgreSQL server of the run.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, bail};

use crate::counterparts::{self, Missing};

/// The server and the client program with which databases are made there.
#[derive(Debug, Clone)]
pub struct Server {
    url: String,
    psql: std::path::PathBuf,
}

/// The server of this run; missing when `JETWAY_TEST_POSTGRES_URL` is not set or `psql` is not
/// there.
pub fn server() -> Result<Server, Missing> {
    Ok(Server {
        url: counterparts::postgres()?,
        psql: counterparts::psql()?,
    })
}

impl Server {
    /// Makes an empty database.
    ///
    /// # Errors
    ///
    /// When the server refuses, with its own words.
    pub fn create_database(&self) -> Result<Database> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "jetway_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        // A process with the same id may have been killed before it could tidy up.
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.run(&format!("CREATE DATABASE {name}"))?;
        let url = sibling(&self.url, &name);
        Ok(Database {
            server: self.clone(),
            name,
            url,
        })
    }

    fn run(&self, statement: &str) -> Result<()> {
        self.run_in(&self.url, statement)
    }

    fn run_in(&self, url: &str, statement: &str) -> Result<()> {
        let output = Command::new(&self.psql)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--dbname",
                url,
            ])
            .args(["--command", statement])
            .output()
            .with_context(|| format!("cannot start {}", self.psql.display()))?;
        if !output.status.success() {
            bail!(
                "{statement}: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(())
    }
}

/// An empty database, removed when this value is dropped.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
    url: String,
}

impl Database {
    /// `postgres://user@host:port/name`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Does at once what the server does within a minute after much was written.
    ///
    /// # Errors
    ///
    /// When the server refuses, with its own words.
    pub fn vacuum(&self) -> Result<()> {
        self.server.run_in(&self.url, "VACUUM ANALYZE")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A left-over database does no harm: the whole server goes when the run ends.
        self.server
            .run(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ))
            .ok();
    }
}

/// The same address with another database.
fn sibling(url: &str, database: &str) -> String {
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    format!("{host}/{database}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::sibling;

    #[test]
    fn a_sibling_keeps_host_user_and_parameters() {
        assert_eq!(
            sibling(
                "postgres://me@127.0.0.1:6000/postgres?sslmode=disable",
                "other"
            ),
            "postgres://me@127.0.0.1:6000/other?sslmode=disable"
        );
    }
}
