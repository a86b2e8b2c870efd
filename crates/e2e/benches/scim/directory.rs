//! The users of one server, and the questions about them.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::client::Client;
use crate::servers::{Jetway, Peer};

const PAGE: usize = 100;

/// How the pages of a list are asked for.
enum Paging {
    Cursor,
    StartIndex,
}

/// A server and what was created in it.
pub(crate) struct Directory {
    client: Client,
    paging: Paging,
    created: usize,
    /// The address of the page in the middle.
    middle: String,
}

impl Directory {
    pub(crate) fn of_jetway(server: &Jetway) -> Result<Self> {
        Ok(Self::of(server.connect()?, Paging::Cursor))
    }

    pub(crate) fn of_peer(server: &Peer) -> Result<Self> {
        Ok(Self::of(server.connect()?, Paging::StartIndex))
    }

    fn of(client: Client, paging: Paging) -> Self {
        Self {
            client,
            paging,
            created: 0,
            middle: String::new(),
        }
    }

    /// Creates the user with this number.
    pub(crate) fn create(&mut self, number: usize) -> Result<()> {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("coyote{number:05}@acme.example"),
            "externalId": format!("e-{number:05}"),
            "displayName": format!("Wile E. Coyote {number:05}"),
            "name": { "givenName": "Wile", "familyName": format!("Coyote {number:05}") },
            "emails": [{
                "value": format!("coyote{number:05}@acme.example"),
                "type": "work",
                "primary": true,
            }],
            "active": true,
        });
        self.client.ask("POST", "/Users", &body.to_string(), 201)?;
        self.created = self.created.max(number + 1);
        Ok(())
    }

    /// Finds one user by name.
    pub(crate) fn look_up(&mut self, round: usize) -> Result<()> {
        // Steps of a prime, so that the names lie all over the directory.
        let number = round * 7919 % self.created;
        let path = format!("/Users?filter=userName%20eq%20%22coyote{number:05}@acme.example%22");
        let content = self.client.ask("GET", &path, "", 200)?;
        let name = format!("coyote{number:05}@acme.example");
        ensure!(contains(&content, &name), "{name} was not found");
        Ok(())
    }

    /// Walks to the page in the middle, once.
    pub(crate) fn find_middle(&mut self) -> Result<()> {
        let half = self.created / 2;
        self.middle = match self.paging {
            Paging::StartIndex => format!("/Users?startIndex={half}&count={PAGE}"),
            Paging::Cursor => {
                let mut cursor = String::new();
                for _ in 0..half / PAGE {
                    let path = format!("/Users?cursor={cursor}&count={PAGE}");
                    let page = self.client.get(&path)?;
                    let next = page["nextCursor"].as_str();
                    next.context("the list ended before its middle")?
                        .clone_into(&mut cursor);
                }
                format!("/Users?cursor={cursor}&count={PAGE}")
            }
        };
        Ok(())
    }

    /// Reads the page in the middle.
    pub(crate) fn page(&mut self, _round: usize) -> Result<()> {
        let content = self.client.ask("GET", &self.middle, "", 200)?;
        ensure!(content.len() > 100 * PAGE, "the page is not full");
        Ok(())
    }
}

fn contains(content: &[u8], text: &str) -> bool {
    content
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
