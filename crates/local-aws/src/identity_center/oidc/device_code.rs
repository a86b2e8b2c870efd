//! Device codes: a program without a browser polls until its person has answered (RFC 8628).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    OidcError,
    client::Proved,
    error::Kind,
    family::{self, Granted, Holder},
};
use crate::{
    LocalAws, Op, StoreError,
    identity_center::portal_session::hash,
    state::store::{Batch, Table},
};

/// Seconds that a code is good for.
pub(super) const LIFETIME: i64 = 600;
/// Seconds between two polls.
pub(super) const INTERVAL: i64 = 1;
/// The command line polls twice at once before it begins to wait.
const FREE_POLLS: u32 = 2;
/// Milliseconds below which two polls are too close; a timer of one second may come early.
const TOO_SOON: i128 = 800;
/// Seconds for which a code that is over is told so.
const AFTERWARDS: i64 = 3600;
/// Letters that nobody takes for others, and that form no words.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What a device code stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DeviceGrant {
    /// Hash of the client's id.
    client: String,
    pub(super) client_name: String,
    pub(super) scopes: Vec<String>,
    renews: bool,
    /// `ABCD-EFGH`
    pub(super) user_code: String,
    outcome: Outcome,
    polls: u32,
    /// Unix milliseconds.
    polled_at: i64,
    /// When the code is over; Unix seconds.
    ends_at: i64,
    /// When it is forgotten; Unix seconds.
    expires_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Outcome {
    Pending,
    Allowed { holder: Holder, session_end: i64 },
    Denied,
    Used,
}

/// What somebody answered.
#[derive(Debug)]
pub(super) enum Reply {
    /// Yes, as this person, until the sign-in ends.
    Allow {
        holder: Holder,
        session_end: i64,
    },
    Deny,
}

#[derive(Debug, Serialize, Deserialize)]
struct UserCode {
    /// Key of the grant.
    grant: String,
    /// Unix seconds.
    expires_at: i64,
}

/// Gives a device code and the user code that goes with it. Anybody can ask for one, so there is an
/// end to how many are open.
pub(super) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    proved: &Proved,
) -> Result<(String, String), OidcError> {
    let now = op.unix();
    aws.store().prune_expired(Table::Grants, now)?;
    if aws.store().is_full(Table::Grants)? {
        tracing::warn!("too many device codes wait for their answer");
        return Err(OidcError::new(
            Kind::SlowDown,
            "Too many requests wait for an answer",
        ));
    }
    let device_code = URL_SAFE_NO_PAD.encode(op.random::<32>());
    let user_code = new_user_code(op);
    let grant = DeviceGrant {
        client: proved.key.clone(),
        client_name: proved.client.name.clone(),
        scopes: proved.client.scopes.clone(),
        renews: proved.client.renews(),
        user_code: user_code.clone(),
        outcome: Outcome::Pending,
        polls: 0,
        polled_at: 0,
        ends_at: now + LIFETIME,
        expires_at: now + LIFETIME + AFTERWARDS,
    };
    let key = key(&device_code);
    let typed = UserCode {
        grant: key.clone(),
        expires_at: now + LIFETIME,
    };
    let mut batch = Batch::default();
    batch.put(Table::Grants, &key, &grant)?;
    batch.put(Table::Grants, &user_key(&user_code), &typed)?;
    aws.store().commit(&batch)?;
    Ok((device_code, user_code))
}

/// Eight letters: 34 bits, which the few guesses that a person has do not find.
fn new_user_code(op: &mut Op) -> String {
    let random: [u8; 64] = op.random();
    // The bytes up to 240 fall on 20 letters evenly; of 64 nearly always enough are left.
    let mut letters = random
        .iter()
        .filter(|byte| **byte < 240)
        .map(|byte| char::from(LETTERS[usize::from(byte % 20)]));
    let mut four = || letters.by_ref().take(4).collect::<String>();
    format!("{}-{}", four(), four())
}

/// The program that waits with this code, however it was typed.
pub(super) fn waiting(
    aws: &LocalAws,
    op: &Op,
    typed: &str,
) -> Result<Option<DeviceGrant>, StoreError> {
    let Some(code) = tidy(typed) else {
        return Ok(None);
    };
    let Some(found) = aws
        .store()
        .read::<UserCode>(Table::Grants, &user_key(&code))?
    else {
        return Ok(None);
    };
    let grant: Option<DeviceGrant> = aws.store().read(Table::Grants, &found.grant)?;
    Ok(grant.filter(|grant| grant.outcome == Outcome::Pending && grant.ends_at > op.unix()))
}

/// Answers a program that waits. `false` when it does not any more.
pub(super) fn answer(
    aws: &LocalAws,
    op: &Op,
    grant: &DeviceGrant,
    reply: Reply,
) -> Result<bool, StoreError> {
    let Some(found) = aws
        .store()
        .read::<UserCode>(Table::Grants, &user_key(&grant.user_code))?
    else {
        return Ok(false);
    };
    let now = op.unix();
    let key = found.grant;
    aws.store().read_then_commit(
        Table::Grants,
        &key,
        |current: Option<DeviceGrant>, batch| {
            let waits =
                |grant: &DeviceGrant| grant.outcome == Outcome::Pending && grant.ends_at > now;
            let Some(mut current) = current.filter(waits) else {
                return Ok::<_, StoreError>(false);
            };
            current.outcome = match reply {
                Reply::Allow {
                    holder,
                    session_end,
                } => Outcome::Allowed {
                    holder,
                    session_end,
                },
                Reply::Deny => Outcome::Denied,
            };
            batch.remove(Table::Grants, &user_key(&current.user_code));
            batch.put(Table::Grants, &key, &current)?;
            Ok(true)
        },
    )
}

/// One poll of a program.
pub(super) fn poll(
    aws: &LocalAws,
    op: &mut Op,
    proved: &Proved,
    device_code: &str,
) -> Result<Value, OidcError> {
    let key = key(device_code);
    let now = op.unix();
    let milliseconds = op.now.unix_timestamp_nanos() / 1_000_000;
    let store = aws.store();
    store.read_then_commit(Table::Grants, &key, |grant: Option<DeviceGrant>, batch| {
        let Some(mut grant) = grant.filter(|grant| grant.client == proved.key) else {
            return Ok(Err(OidcError::invalid_grant()));
        };
        match &grant.outcome {
            Outcome::Used => return Ok(Err(OidcError::invalid_grant())),
            Outcome::Denied => {
                return Ok(Err(OidcError::new(
                    Kind::AccessDenied,
                    "The request was denied",
                )));
            }
            _ if grant.ends_at <= now => {
                return Ok(Err(OidcError::new(
                    Kind::ExpiredToken,
                    "The device code has expired",
                )));
            }
            Outcome::Pending => {}
            Outcome::Allowed {
                holder,
                session_end,
            } => {
                let granted = Granted {
                    holder: holder.clone(),
                    client: grant.client.clone(),
                    renews: grant.renews,
                    session_end: *session_end,
                };
                let begun = family::begin(aws, op, &granted, batch)?;
                grant.outcome = Outcome::Used;
                batch.put(Table::Grants, &key, &grant)?;
                return Ok(Ok(begun.answer));
            }
        }
        let too_soon = milliseconds - i128::from(grant.polled_at) < TOO_SOON;
        let slow_down = grant.polls >= FREE_POLLS && too_soon;
        grant.polls = grant.polls.saturating_add(1);
        grant.polled_at = i64::try_from(milliseconds).unwrap_or_default();
        batch.put(Table::Grants, &key, &grant)?;
        let kind = if slow_down {
            Kind::SlowDown
        } else {
            Kind::AuthorizationPending
        };
        Ok::<_, OidcError>(Err(OidcError::bare(kind)))
    })?
}

/// The code as it is stored: spaces, case and a missing hyphen do not count.
fn tidy(typed: &str) -> Option<String> {
    let letters: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .take(9)
        .collect();
    (letters.len() == 8 && letters.bytes().all(|byte| LETTERS.contains(&byte)))
        .then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

fn key(device_code: &str) -> String {
    format!("device:{}", hash(device_code))
}

fn user_key(user_code: &str) -> String {
    format!("user:{}", hash(user_code))
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        for typed in ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "bc-df-gh-jk"] {
            assert_eq!(tidy(typed).as_deref(), Some("BCDF-GHJK"), "{typed}");
        }
        for no_code in ["", "BCDF-GHJ", "BCDF-GHJKL", "AEIO-UAEI", "ééééé"] {
            assert_eq!(tidy(no_code), None, "{no_code}");
        }
    }
}
