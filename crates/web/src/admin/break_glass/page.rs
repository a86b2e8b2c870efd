//! What the page shows.

use jetway_identity::break_glass::{
    BreakGlassUse, MAX_BREAK_GLASS_ACCOUNTS, SealedAccount, UseKind, break_glass_overview,
};
use jetway_identity::{AdministratorId, BreakGlassUseId, Permission};
use jetway_pages::admin::access::{BreakGlass, BreakGlassCard, BreakGlassUseRow};
use jetway_pages::admin::parts::{Badge, Choice, Field, Select, Tone};

use crate::shared::{AdminVisit, Failure, Site, moment};

/// What was typed into which form.
#[derive(Debug)]
pub(super) enum Typed {
    Codes(AdministratorId, String),
    Unseal(AdministratorId, String),
    Days(AdministratorId, String),
    Note(BreakGlassUseId, String),
}

/// The page as it is now; with what is wrong, beside its form if there is one.
pub(super) async fn page(
    site: &Site,
    visit: &AdminVisit,
    wrong: Option<(String, Option<Typed>)>,
) -> Result<BreakGlass, Failure> {
    let known = break_glass_overview(site.store.as_ref()).await?;
    let room = known.accounts.len() < MAX_BREAK_GLASS_ACCOUNTS;
    let candidates = known.candidates.iter();
    let others = candidates.filter(|one| one.id != visit.administrator.id);
    let choices = others.map(|one| {
        let text = match one.name.trim() {
            "" => one.email.clone(),
            name => format!("{name} ({})", one.email),
        };
        Choice::new(one.id.to_string(), text, false)
    });
    let candidates = Select {
        choices: choices.collect(),
        error: None,
    };
    let rows = |uses: &[BreakGlassUse]| uses.iter().map(|used| row(visit, used)).collect();
    let mut page = BreakGlass {
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::ManageAdministrators),
        problem: None,
        accounts: known.accounts.iter().map(|one| card(visit, one)).collect(),
        candidates: room.then_some(candidates),
        open: rows(&known.open),
        history: rows(&known.uses),
    };
    if let Some((problem, typed)) = wrong {
        put(&mut page, problem, typed.as_ref());
    }
    Ok(page)
}

fn put(page: &mut BreakGlass, problem: String, typed: Option<&Typed>) {
    let place = match typed {
        None => None,
        Some(Typed::Note(id, text)) => {
            let id = id.to_string();
            let row = page.open.iter_mut().find(|row| row.id == id);
            row.map(|row| (&mut row.note, text))
        }
        Some(Typed::Codes(id, text) | Typed::Unseal(id, text) | Typed::Days(id, text)) => {
            let id = id.to_string();
            let card = page.accounts.iter_mut().find(|card| card.id == id);
            card.map(|card| {
                let field = match typed {
                    Some(Typed::Codes(..)) => &mut card.codes_reason,
                    Some(Typed::Unseal(..)) => &mut card.unseal_reason,
                    _ => &mut card.days,
                };
                (field, text)
            })
        }
    };
    match place {
        Some((field, text)) => *field = Field::new(text.clone()).with_error(problem),
        None => page.problem = Some(problem),
    }
}

fn card(visit: &AdminVisit, sealed: &SealedAccount) -> BreakGlassCard {
    let at = |instant| moment(instant, visit.op.now);
    let account = &sealed.account;
    let drill = account.drill(visit.op.now).map(str::to_owned);
    BreakGlassCard {
        id: account.administrator.to_string(),
        name: sealed.administrator.label().to_owned(),
        email: account.email.clone(),
        sealed: at(account.sealed_at),
        sealed_by: account.sealed_by.clone(),
        codes: sealed.codes,
        last_drill: account.drilled_at.map(at),
        drill_due: at(account.drill_due_at),
        is_due: account.is_drill_due(visit.op.now),
        drill: account.drill_until.map(at).zip(drill),
        days: Field::new(account.drill_days.to_string()),
        codes_reason: Field::default(),
        unseal_reason: Field::default(),
        is_you: account.administrator == visit.administrator.id,
    }
}

fn row(visit: &AdminVisit, used: &BreakGlassUse) -> BreakGlassUseRow {
    let at = |instant| moment(instant, visit.op.now);
    let what = match (used.what, used.times) {
        (UseKind::SignedIn, _) => Badge::new(Tone::Bad, "signed in"),
        (UseKind::PasswordGiven, 1) => Badge::new(Tone::Bad, "password given"),
        (UseKind::PasswordGiven, times) => {
            Badge::new(Tone::Bad, format!("password given, {times} attempts"))
        }
        (UseKind::Failed, 1) => Badge::new(Tone::Waiting, "failed attempt"),
        (UseKind::Failed, times) => Badge::new(Tone::Waiting, format!("{times} failed attempts")),
    };
    let acknowledged = used.acknowledged.as_ref();
    let own = used.administrator == visit.administrator.id;
    BreakGlassUseRow {
        id: used.id.to_string(),
        email: used.email.clone(),
        seen: (used.what.as_str(), used.times),
        what,
        at: at(used.last_at),
        from: used.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        drill_by: used.drill_by.clone(),
        acknowledged: acknowledged
            .map(|known| (at(known.at), known.by.clone(), known.note.clone())),
        note: Field::default(),
        can_acknowledge: visit.may(Permission::ManageAdministrators) && !own,
    }
}
