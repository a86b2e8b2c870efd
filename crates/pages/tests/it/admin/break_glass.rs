//! Samples of break-glass accounts.

use jetway_pages::Link;
use jetway_pages::admin::access::{BreakGlass, BreakGlassCard, BreakGlassCodes, BreakGlassUseRow};
use jetway_pages::admin::parts::{Badge, Choice, Field, Moment, Select, Tone};
use jetway_pages::admin::{AdminFrame, Banner, NavItem};

use super::{CSRF, LONG_NAME, NOW, frame, framed, sample};
use crate::samples::{HOSTILE, Sample};

const DAY: i64 = 86_400_000;

fn card(id: &str, name: &str) -> BreakGlassCard {
    BreakGlassCard {
        id: id.to_owned(),
        name: name.to_owned(),
        email: "glass-1@the-acme-corporation.com".to_owned(),
        sealed: Moment::new(NOW - 80 * DAY, NOW),
        sealed_by: "admin@the-acme-corporation.com".to_owned(),
        codes: 9,
        last_drill: None,
        drill_due: Moment::new(NOW + 10 * DAY, NOW),
        is_due: false,
        drill: None,
        days: "90".into(),
        codes_reason: Field::default(),
        unseal_reason: Field::default(),
        is_you: false,
    }
}

fn used(id: &str, what: Badge, drill: bool) -> BreakGlassUseRow {
    BreakGlassUseRow {
        id: id.to_owned(),
        email: "glass-1@the-acme-corporation.com".to_owned(),
        seen: ("failed", 3),
        what,
        at: Moment::new(NOW - 60_000, NOW),
        from: "192.0.2.7".to_owned(),
        drill_by: drill.then(|| "admin@the-acme-corporation.com".to_owned()),
        acknowledged: None,
        note: Field::default(),
        can_acknowledge: true,
    }
}

fn acknowledged(row: BreakGlassUseRow, note: &str) -> BreakGlassUseRow {
    let at = Moment::new(NOW - 30_000, NOW);
    let by = "admin@the-acme-corporation.com".to_owned();
    BreakGlassUseRow {
        acknowledged: Some((at, by, note.to_owned())),
        ..row
    }
}

fn page(accounts: Vec<BreakGlassCard>, open: Vec<BreakGlassUseRow>) -> BreakGlass {
    let mut history = open.clone();
    let done = used("3", Badge::new(Tone::Bad, "signed in"), true);
    history.push(acknowledged(done, "The quarterly drill, with the envelope"));
    BreakGlass {
        csrf: CSRF.to_owned(),
        can_edit: true,
        problem: None,
        accounts,
        candidates: None,
        open,
        history,
    }
}

fn busy_frame() -> AdminFrame {
    let link = |text: &str| Link {
        href: "/admin/administrators/break-glass".to_owned(),
        text: text.to_owned(),
    };
    let banner = |tone, text: &str, words| Banner {
        tone,
        text: text.to_owned(),
        link: link(words),
    };
    AdminFrame {
        banners: vec![
            banner(
                Tone::Bad,
                "The break-glass account glass-1@the-acme-corporation.com was used to sign in.",
                "Look and acknowledge",
            ),
            banner(
                Tone::Waiting,
                "A drill of the break-glass account glass-2@the-acme-corporation.com is due.",
                "Start it",
            ),
        ],
        ..frame(NavItem::Administrators)
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let nav = NavItem::Administrators;
    let signed_in = used("1", Badge::new(Tone::Bad, "signed in"), true);
    let failed = used("2", Badge::new(Tone::Waiting, "3 failed attempts"), false);
    let under_way = BreakGlassCard {
        drill: Some((
            Moment::new(NOW + 3_000_000, NOW),
            "admin@the-acme-corporation.com".to_owned(),
        )),
        last_drill: Some(Moment::new(NOW - 95 * DAY, NOW)),
        drill_due: Moment::new(NOW - 5 * DAY, NOW),
        is_due: true,
        codes: 3,
        ..card("b", LONG_NAME)
    };
    let full = page(
        vec![card("a", "Red envelope"), under_way],
        vec![signed_in.clone(), failed],
    );
    let choice = |name: &str| Choice::new("c", name, false);
    let empty = BreakGlass {
        candidates: Some(Select {
            choices: vec![choice("Granny Webster (granny@the-acme-corporation.com)")],
            error: None,
        }),
        history: Vec::new(),
        ..page(Vec::new(), Vec::new())
    };
    let nobody = BreakGlass {
        candidates: Some(Select::default()),
        problem: Some("This is your own account.".to_owned()),
        ..empty.clone()
    };
    let wrong = || Field::new(HOSTILE).with_error("Say why.");
    let hostile = BreakGlassCard {
        email: HOSTILE.to_owned(),
        sealed_by: HOSTILE.to_owned(),
        days: wrong(),
        codes_reason: wrong(),
        unseal_reason: wrong(),
        ..card("a", HOSTILE)
    };
    let hostile_use = BreakGlassUseRow {
        email: HOSTILE.to_owned(),
        drill_by: Some(HOSTILE.to_owned()),
        note: wrong(),
        ..signed_in
    };
    let mut hostile = page(vec![hostile], vec![hostile_use.clone()]);
    hostile.history = vec![acknowledged(hostile_use, HOSTILE)];
    let own = BreakGlassCard {
        is_you: true,
        ..card("a", "Red envelope")
    };
    let codes = |email: &str| BreakGlassCodes {
        email: email.to_owned(),
        codes: vec!["ABCDE-FGHJK-MNPQR".to_owned(); 10],
        made: Moment::new(NOW, NOW),
        address: "http://localhost:8700/admin/login".to_owned(),
    };
    vec![
        framed("admin_break_glass", busy_frame(), full),
        sample("admin_break_glass_empty", nav, empty),
        sample("admin_break_glass_nobody", nav, nobody),
        sample("admin_break_glass_own", nav, page(vec![own], Vec::new())),
        sample("admin_break_glass_hostile", nav, hostile),
        sample(
            "admin_break_glass_codes",
            nav,
            codes("glass-1@the-acme-corporation.com"),
        ),
        sample("admin_break_glass_codes_hostile", nav, codes(HOSTILE)),
    ]
}
