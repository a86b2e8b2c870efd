//! What every page of the admin portal tells of break-glass accounts.

use jetway_identity::Permission;
use jetway_identity::break_glass::{BreakGlassUse, UseKind};
use jetway_pages::Link;
use jetway_pages::admin::Banner;
use jetway_pages::admin::parts::Tone;

use crate::shared::AdminVisit;

const PAGE: &str = "/admin/administrators/break-glass";

/// A use that nobody has acknowledged is told to everybody; a drill that is due, to those who can
/// start it.
pub(crate) fn banners(visit: &AdminVisit) -> Vec<Banner> {
    let notices = &visit.notices.break_glass;
    let mut banners = Vec::new();
    let used = match notices.open.as_slice() {
        [] => None,
        [used] => Some(sentence(used)),
        [last, ..] => Some(format!(
            "{} And more uses of break-glass accounts wait: {} in all.",
            sentence(last),
            notices.open.len()
        )),
    };
    if let Some(text) = used {
        let own = notices.open.iter().all(|used| is_own(visit, used));
        let words = if visit.may(Permission::ManageAdministrators) && !own {
            "Look and acknowledge"
        } else {
            "Look"
        };
        banners.push(banner(Tone::Bad, text, words));
    }
    if visit.may(Permission::ManageAdministrators) {
        banners.extend(notices.due.iter().map(|account| {
            let text = format!(
                "A drill of the break-glass account {} is due.",
                account.email
            );
            banner(Tone::Waiting, text, "Start it")
        }));
    }
    banners
}

fn is_own(visit: &AdminVisit, used: &BreakGlassUse) -> bool {
    used.administrator == visit.administrator.id
}

fn banner(tone: Tone, text: String, words: &str) -> Banner {
    Banner {
        tone,
        text,
        link: Link {
            href: PAGE.to_owned(),
            text: words.to_owned(),
        },
    }
}

fn sentence(used: &BreakGlassUse) -> String {
    let email = &used.email;
    let what = match used.what {
        UseKind::SignedIn => format!("The break-glass account {email} was used to sign in."),
        UseKind::PasswordGiven => {
            format!("Somebody gave the password of the break-glass account {email}.")
        }
        UseKind::Failed => {
            format!("Somebody tried to sign in with the break-glass account {email}.")
        }
    };
    match &used.drill_by {
        Some(by) => format!("{what} {by} had announced a drill."),
        None => what,
    }
}
