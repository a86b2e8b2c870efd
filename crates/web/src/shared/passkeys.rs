//! Passkeys and security keys at this site: the relying party, and what pages say of keys.

use jetway_identity::factors::webauthn::{PasskeyRecord, RelyingParty};
use jetway_identity::factors::{PasskeyQuestion, PasskeyTools};
use jetway_pages::account::OwnPasskey;
use jetway_pages::{PasskeyForm, PasskeyPlace};
use serde::Serialize;
use time::OffsetDateTime;

use crate::shared::{Failure, Site, moment};

/// Who asks for keys; `None` where the public address is one for which browsers make none.
pub(crate) fn relying_party(site: &Site) -> Option<RelyingParty> {
    RelyingParty::new(site.settings.public_url(), &site.chrome().organisation).ok()
}

/// Who asks for keys on pages at `origin`: keys work at the public address alone, also where others
/// lead to the same server.
pub(crate) fn relying_party_at(site: &Site, origin: &str) -> Option<RelyingParty> {
    relying_party(site).filter(|party| party.origin() == origin)
}

/// What a page at `origin` says about it.
pub(crate) fn place(site: &Site, origin: &str) -> PasskeyPlace {
    match relying_party(site) {
        None => PasskeyPlace::Nowhere,
        Some(party) if party.origin() == origin => PasskeyPlace::Here,
        Some(party) => PasskeyPlace::Elsewhere(party.origin().to_owned()),
    }
}

pub(crate) fn tools<'a>(site: &'a Site, party: &'a RelyingParty) -> PasskeyTools<'a> {
    PasskeyTools {
        sealing: site.keys.sealing(),
        party,
    }
}

/// The form that carries a question to sign in with.
pub(crate) fn form(
    question: &PasskeyQuestion,
    (action, csrf): (String, String),
    next: Option<String>,
) -> Result<PasskeyForm, Failure> {
    Ok(PasskeyForm {
        action,
        csrf,
        next,
        options: json(&question.options)?,
        ceremony: question.sealed.clone(),
    })
}

/// Options for the browser.
pub(crate) fn json(options: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(options).map_err(|_| Failure::internal("options cannot be written"))
}

pub(crate) fn own_passkey(key: &PasskeyRecord, now: OffsetDateTime) -> OwnPasskey {
    OwnPasskey {
        id: key.id.to_string(),
        name: key.name.clone(),
        added: moment(key.created_at, now),
        used: key.last_used_at.map(|at| moment(at, now)),
        synced: key.backed_up,
        distrusted: key.distrusted_at.is_some(),
    }
}
