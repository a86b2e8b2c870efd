//! What pages ask passkeys and security keys (requirement M01). `passkey.js` reads it.

/// A question for the browser, with what goes along with the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyForm {
    /// Where the answer goes. Absolute on the pages of the sign-in.
    pub action: String,
    pub csrf: String,
    /// Same-site path to go on to, already checked.
    pub next: Option<String>,
    /// `{"publicKey": …}`.
    pub options: String,
    /// What the server sealed; it comes back with the answer.
    pub ceremony: String,
}

/// Whether passkeys work at the address that the browser is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasskeyPlace {
    Here,
    /// They work at this address of the same site.
    Elsewhere(String),
    /// The site has an address for which browsers make none.
    Nowhere,
}
