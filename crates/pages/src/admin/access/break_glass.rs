//! Break-glass accounts: sealing, drills, and what they were used for.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Field, Moment, Select};

/// A sealed account. Posts to `/admin/administrators/{id}/break-glass/drill`, `…/interval` (`days`),
/// `…/codes` (`reason`) and `…/unseal` (`reason`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassCard {
    pub id: String,
    pub name: String,
    pub email: String,
    pub sealed: Moment,
    pub sealed_by: String,
    /// Printed codes that are left.
    pub codes: usize,
    pub last_drill: Option<Moment>,
    pub drill_due: Moment,
    pub is_due: bool,
    /// Until when a sign-in is the drill that was announced, and who announced it.
    pub drill: Option<(Moment, String)>,
    pub days: Field,
    /// Why new codes are printed.
    pub codes_reason: Field,
    /// Why the seal is removed.
    pub unseal_reason: Field,
    /// Whose account it is may not change it.
    pub is_you: bool,
}

impl BreakGlassCard {
    fn codes_low(&self) -> bool {
        self.codes <= 3
    }
}

/// One use, or several attempts in a row. What nobody has acknowledged posts `note`, and
/// `what` and `times` as seen, to
/// `/admin/administrators/break-glass/uses/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassUseRow {
    pub id: String,
    pub email: String,
    /// The kind of use and the number of attempts, as they were read.
    pub seen: (&'static str, i64),
    /// `signed in`, `password given`, `3 failed attempts`.
    pub what: Badge,
    pub at: Moment,
    /// Where it came from; empty if that is not known.
    pub from: String,
    /// Who had announced it as a drill.
    pub drill_by: Option<String>,
    /// When, by whom, and what they said.
    pub acknowledged: Option<(Moment, String, String)>,
    pub note: Field,
    /// Whoever may acknowledge it.
    pub can_acknowledge: bool,
}

/// The page. Sealing posts `administrator` to itself.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/break_glass.html")]
pub struct BreakGlass {
    pub csrf: String,
    pub can_edit: bool,
    pub problem: Option<String>,
    pub accounts: Vec<BreakGlassCard>,
    /// Who can be sealed; `None` when there are two sealed accounts already.
    pub candidates: Option<Select>,
    /// What nobody has acknowledged yet, newest first.
    pub open: Vec<BreakGlassUseRow>,
    /// The last uses and drills, newest first.
    pub history: Vec<BreakGlassUseRow>,
}

impl Body for BreakGlass {
    fn title(&self) -> &'static str {
        "Break-glass accounts"
    }
}

/// The codes of an account, shown once, to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/break_glass_codes.html")]
pub struct BreakGlassCodes {
    pub email: String,
    pub codes: Vec<String>,
    /// When they were made, for the paper.
    pub made: Moment,
    /// The address where one signs in with them.
    pub address: String,
}

impl Body for BreakGlassCodes {
    fn title(&self) -> &'static str {
        "Break-glass codes"
    }
}
