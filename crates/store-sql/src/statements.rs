//! The registry of SQL statements.

use crate::entities::{
    access, administrators, alerts, api_keys, application_images, applications, break_glass,
    device_sign_ins, events, factors, groups, idempotency, imports, links, log_destinations, mails,
    passkeys, passwords, public_keys, push, schedules, sessions, settings, sign_in_policies,
    signing_keys, taken, user_list, user_words, users,
};

/// Every statement that this crate runs on both databases, outside migrations and connection
/// set-up.
pub fn all() -> impl Iterator<Item = &'static str> {
    [
        users::STATEMENTS,
        user_list::statements::STATEMENTS,
        user_words::STATEMENTS,
        public_keys::STATEMENTS,
        schedules::STATEMENTS,
        taken::STATEMENTS,
        imports::STATEMENTS,
        groups::STATEMENTS,
        applications::STATEMENTS,
        application_images::STATEMENTS,
        access::STATEMENTS,
        signing_keys::STATEMENTS,
        sessions::STATEMENTS,
        factors::STATEMENTS,
        passkeys::STATEMENTS,
        sign_in_policies::STATEMENTS,
        device_sign_ins::STATEMENTS,
        events::STATEMENTS,
        settings::STATEMENTS,
        idempotency::STATEMENTS,
        mails::STATEMENTS,
        links::STATEMENTS,
        passwords::STATEMENTS,
        push::STATEMENTS,
        administrators::STATEMENTS,
        api_keys::STATEMENTS,
        events::search::STATEMENTS,
        events::seals::STATEMENTS,
        events::associated::STATEMENTS,
        alerts::STATEMENTS,
        break_glass::STATEMENTS,
        log_destinations::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(events::batch_statements())
    .chain(events::associated::batch_statements())
    .chain(user_words::batch_statements())
    .chain(taken::batch_statements())
    .chain(groups::batch_statements())
    .chain(schedules::batch_statements())
    .chain(sessions::batch_statements())
    .chain(factors::batch_statements())
}

/// Declares SQL texts as constants and lists them all in `STATEMENTS`.
macro_rules! statements {
    ($($visible:vis $name:ident = $sql:expr;)+) => {
        $($visible const $name: &str = $sql;)+
        pub(crate) const STATEMENTS: &[&str] = &[$($name),+];
    };
}
pub(crate) use statements;
