//! Break-glass accounts: at most two administrators who are sealed for the day on which nobody else
//! gets in.
//!
//! A sealed account has a password as everybody has, and ten printed codes, which are its only second
//! factor. No conditional policy binds it. Nobody deletes or demotes it while it is sealed; somebody
//! else can suspend it, so that an intruder is out at once.
//! Every attempt to sign in with it is told of, until another full administrator says why it was made;
//! and it is to be tried in a drill now and then, since what was never tried does not work.

mod acknowledge;
mod drill;
mod list;
mod note_use;
mod remind;
mod seal;
mod told;
mod unseal;

use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use crate::administrators::{Administrator, NotAllowed, Permission, require};
use crate::events::named;
use crate::ids::{AdministratorId, BreakGlassUseId};
use crate::op::{Actor, Op};
use crate::store::{Read, StoreError};

pub use acknowledge::{SeenUse, acknowledge_break_glass_use};
pub use drill::{DRILL_DAYS, DRILL_WINDOW, set_drill_interval, start_drill};
pub use list::{
    BreakGlassNotices, BreakGlassOverview, SealedAccount, break_glass_ids, break_glass_notices,
    break_glass_overview,
};
pub(crate) use note_use::note_use;
pub use remind::remind_of_drills;
pub use seal::{renew_break_glass_codes, seal_break_glass_account};
pub(crate) use told::{alert_of_state, alert_of_use};
pub use unseal::unseal_break_glass_account;
pub(crate) use unseal::{Unsealed, remove_seal};

/// How many accounts can be sealed.
pub const MAX_BREAK_GLASS_ACCOUNTS: usize = 2;

/// Days between drills, unless somebody chooses another number.
const USUAL_DRILL_DAYS: u32 = 90;

/// Longest note or reason, in characters.
const MAX_NOTE: usize = 500;

/// The page where all of this is.
const PAGE: &str = "/admin/administrators/break-glass";

/// A sealed account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassAccount {
    pub administrator: AdministratorId,
    /// An administrator's address never changes.
    pub email: String,
    pub sealed_at: OffsetDateTime,
    /// Who sealed it, as the activity log names them.
    pub sealed_by: String,
    pub drill_days: u32,
    pub drill_due_at: OffsetDateTime,
    /// The last drill.
    pub drilled_at: Option<OffsetDateTime>,
    /// A sign-in before this is the drill that was announced.
    pub drill_until: Option<OffsetDateTime>,
    /// Who announced it.
    pub drill_by: Option<String>,
    /// When administrators were last told that a drill is due.
    pub reminded_at: Option<OffsetDateTime>,
}

impl BreakGlassAccount {
    /// Who announced the drill that is under way at `now`.
    pub fn drill(&self, now: OffsetDateTime) -> Option<&str> {
        let under_way = self.drill_until.is_some_and(|until| now < until);
        self.drill_by.as_deref().filter(|_| under_way)
    }

    /// Whether the time for the next drill has come.
    pub fn is_drill_due(&self, now: OffsetDateTime) -> bool {
        self.drill_due_at <= now
    }

    fn next_drill(&self) -> OffsetDateTime {
        let last = self.drilled_at.unwrap_or(self.sealed_at);
        last + Duration::days(i64::from(self.drill_days))
    }

    fn drill_key(&self) -> String {
        format!("break_glass/{}/drill", self.administrator)
    }
}

named!(
    /// How far somebody came. The order is that of how far.
    UseKind {
        Failed = "failed",
        PasswordGiven = "password",
        SignedIn = "signed_in",
    }
);

impl UseKind {
    fn rank(self) -> u8 {
        match self {
            Self::Failed => 0,
            Self::PasswordGiven => 1,
            Self::SignedIn => 2,
        }
    }
}

/// Somebody signed in with a sealed account, or tried to. Attempts from one address shortly after each
/// other are one use, until somebody gets in or acknowledges them. One that is within a drill is never
/// one with another that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassUse {
    pub id: BreakGlassUseId,
    pub administrator: AdministratorId,
    pub email: String,
    pub what: UseKind,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    /// How many attempts this stands for.
    pub times: i64,
    /// Where the last one came from.
    pub ip: Option<IpAddr>,
    /// Who had announced it as a drill; `None`: nobody.
    pub drill_by: Option<String>,
    /// `None`: nobody has looked at it yet.
    pub acknowledged: Option<Acknowledged>,
}

/// Which attempts are one use: those of one address, all within the drill of one announcement or all
/// outside of drills, the last of them after `since`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameAttempts {
    pub administrator: AdministratorId,
    pub ip: Option<IpAddr>,
    pub drill_by: Option<String>,
    pub since: OffsetDateTime,
}

/// Somebody has looked at a use and said what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub at: OffsetDateTime,
    pub by: String,
    pub note: String,
}

impl BreakGlassUse {
    fn alert_key(&self, what: UseKind) -> String {
        alert_key(&self.id.to_string(), what.as_str())
    }
}

/// The alert about a use that came so far.
fn alert_key(id: &str, what: &str) -> String {
    format!("break_glass/{id}/{what}")
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BreakGlassError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("this is your own account: another full administrator has to do it")]
    Yourself,
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error("this account is not sealed")]
    NotSealed,
    #[error("this account is sealed already")]
    Sealed,
    #[error(
        "there are {MAX_BREAK_GLASS_ACCOUNTS} break-glass accounts already; remove the seal of one first"
    )]
    TooMany,
    #[error("only an active full administrator who has chosen a password can be sealed")]
    NotReady,
    #[error("this administrator has API keys; delete them first, nobody is asked for a code there")]
    HasApiKeys,
    #[error(
        "this is the last full administrator who is not sealed and can sign in; make another one a full administrator first"
    )]
    LastFull,
    #[error("there is no such use of a break-glass account")]
    NoSuchUse,
    /// Attempts were added to the use after it was read.
    #[error(
        "more happened while you wrote; look at it again, and acknowledge it if your note still says what it was"
    )]
    Changed,
    #[error("say why, in one line of at most {MAX_NOTE} characters: the activity log keeps it")]
    Reason,
    #[error("use a number of days from {} to {}", DRILL_DAYS.start(), DRILL_DAYS.end())]
    Days,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Refuses whoever may not change administrators, and the owner of the account: two people stand
/// behind every change.
async fn require_somebody_else(
    read: &mut dyn Read,
    op: &Op,
    account: AdministratorId,
) -> Result<(), BreakGlassError> {
    let actor = require(read, op, Permission::ManageAdministrators).await??;
    if actor.is_some_and(|actor| actor.id == account) {
        return Err(BreakGlassError::Yourself);
    }
    Ok(())
}

/// The account, if it is sealed, with its administrator.
async fn sealed(
    read: &mut dyn Read,
    id: AdministratorId,
) -> Result<(BreakGlassAccount, Administrator), BreakGlassError> {
    let account = read.break_glass_account(id).await?;
    let account = account.ok_or(BreakGlassError::NotSealed)?;
    let administrator = read.administrator(id).await?;
    let administrator = administrator.ok_or(BreakGlassError::NoSuchAdministrator)?;
    Ok((account, administrator))
}

/// The text, if it says something that the log can keep.
fn checked_note(text: &str) -> Result<&str, BreakGlassError> {
    let text = text.trim();
    let long = text.chars().count() > MAX_NOTE;
    if text.is_empty() || long || text.contains(char::is_control) {
        return Err(BreakGlassError::Reason);
    }
    Ok(text)
}

/// Who acts, as the page and the mails name them.
fn actor_label(op: &Op) -> &str {
    match &op.actor {
        Actor::Anonymous => "",
        Actor::System(label)
        | Actor::User { label, .. }
        | Actor::Administrator { label, .. }
        | Actor::ApiKey { label, .. } => label,
    }
}
