//! Whether an answer of a key is believed: the second half of every ceremony that signs in, with
//! what is to be stored of it.

use super::FactorOwner;
use super::webauthn::{
    Authenticated, AuthenticationAnswer, Ceremony, PasskeyRecord, RelyingParty, RequestOptions,
    WebauthnRefused, finish_passwordless, finish_second_factor,
};
use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert};
use crate::factors::KnownOwner;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};

/// What asking for keys and believing them takes.
#[derive(Debug, Clone, Copy)]
pub struct PasskeyTools<'a> {
    pub sealing: &'a SealingKey,
    pub party: &'a RelyingParty,
}

/// What a browser or a command line is asked.
#[derive(Debug)]
pub struct PasskeyQuestion {
    pub options: RequestOptions,
    /// The ceremony. It comes back with the answer.
    pub sealed: String,
}

/// What comes back.
#[derive(Debug, Clone, Copy)]
pub struct PasskeyAnswer<'a> {
    pub sealed: &'a str,
    /// `PublicKeyCredential` in JSON.
    pub json: &'a [u8],
}

/// Whose key is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked {
    /// One of this owner.
    Of(FactorOwner),
    /// Any that says itself whose it is, and has checked that it is this person.
    Any,
}

/// What became of an answer.
pub(crate) struct CheckedPasskey {
    /// The key that answered, if it is registered here.
    pub(crate) known: Option<PasskeyRecord>,
    pub(crate) verdict: Result<Authenticated, WebauthnRefused>,
}

/// Reads an answer, and notes the use of the ceremony and of the key. The caller commits whatever
/// the verdict is. A key that went back in counting is not believed again, and alarms.
pub(crate) async fn check_passkey(
    op: &mut Op,
    write: &mut dyn Write,
    tools: PasskeyTools<'_>,
    (given, tie): (PasskeyAnswer<'_>, &str),
    asked: Asked,
) -> Result<CheckedPasskey, StoreError> {
    let mut known = None;
    let verdict = match claim(op, write, tools, (given, tie)).await? {
        Err(refused) => Err(refused),
        Ok((ceremony, answer)) => {
            known = write.passkey_by_credential(answer.credential_id()).await?;
            let key = known.as_ref();
            match asked {
                Asked::Of(owner) => {
                    finish_second_factor(op, tools.party, &ceremony, &answer, owner, key)
                }
                Asked::Any => finish_passwordless(op, tools.party, &ceremony, &answer, key),
            }
        }
    };
    let verdict = match (verdict, &known) {
        (Ok(found), Some(before)) => {
            let noted = write.note_passkey_use(&found.passkey, &before.credential);
            if noted.await? {
                Ok(found)
            } else {
                Err(WebauthnRefused::AlreadyUsed)
            }
        }
        (Err(refused), Some(key)) if refused.is_alarming() => {
            write.distrust_passkey(key.id, op.now).await?;
            alarm(op, write, tools.sealing, key).await?;
            Err(refused)
        }
        (verdict, _) => verdict,
    };
    Ok(CheckedPasskey { known, verdict })
}

type Claimed = (super::webauthn::ClaimedCeremony, AuthenticationAnswer);

async fn claim(
    op: &Op,
    write: &mut dyn Write,
    tools: PasskeyTools<'_>,
    (given, tie): (PasskeyAnswer<'_>, &str),
) -> Result<Result<Claimed, WebauthnRefused>, StoreError> {
    let open = match Ceremony::open(tools.sealing, (given.sealed, tie), op.now) {
        Ok(open) => open,
        Err(refused) => return Ok(Err(refused)),
    };
    write.prune_used_ceremonies(op.now).await?;
    let first = write.use_ceremony(&open.id(), open.expires_at()).await?;
    Ok(open.claim(first).and_then(|ceremony| {
        let answer = AuthenticationAnswer::from_json(given.json)?;
        Ok((ceremony, answer))
    }))
}

async fn alarm(
    op: &mut Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    key: &PasskeyRecord,
) -> Result<(), StoreError> {
    let owner = KnownOwner::read(write, key.owner).await?;
    let link = match key.owner {
        FactorOwner::User(user) => format!("/admin/users/{user}/highlights"),
        FactorOwner::Administrator(_) => "/admin/administrators".to_owned(),
    };
    let alert = NewAlert {
        kind: AlertKind::PasskeyCopied,
        severity: Severity::Critical,
        text: format!(
            "The passkey or security key {:?} of {} went back in counting: there may be a copy of \
             it. It is not believed any longer. Ask its owner, and reset their second factors.",
            key.name, owner.email
        ),
        link,
        dedupe_key: format!("passkey/{}", key.id),
    };
    raise_alert(write, op, sealing, alert).await?;
    Ok(())
}
