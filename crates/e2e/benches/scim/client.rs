//! One connection that is kept open, and as little work as possible on this side of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// A connection to a SCIM endpoint.
pub(crate) struct Client {
    connection: BufReader<TcpStream>,
    /// Path of the endpoint, without a slash at the end.
    base: String,
    token: String,
}

impl Client {
    /// Connects to the endpoint at `url` (http).
    pub(crate) fn connect(url: &str, token: &str) -> Result<Self> {
        let rest = url.strip_prefix("http://").context("not an http address")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let connection = TcpStream::connect(host)?;
        connection.set_nodelay(true)?;
        let base = match path.trim_end_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        };
        Ok(Self {
            connection: BufReader::new(connection),
            base,
            token: token.to_owned(),
        })
    }

    /// Sends a request and gives the body of the answer, which must have this status.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
        expected: u16,
    ) -> Result<Vec<u8>> {
        let request = format!(
            "{method} {}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            self.base,
            self.token,
            body.len(),
        );
        self.connection.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.connection.read_line(&mut line)?;
        let status: u16 = line
            .split(' ')
            .nth(1)
            .with_context(|| format!("no answer: {line:?}"))?
            .parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.connection.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
        }
        let mut content = vec![0; length];
        self.connection.read_exact(&mut content)?;
        ensure!(
            status == expected,
            "{method} {path}: {status} {}",
            String::from_utf8_lossy(&content)
        );
        Ok(content)
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&self.ask("GET", path, "", 200)?)?)
    }
}
