//! Handing mails over: what the worker takes, and what it reports.
//!
//! Taking a mail lends it for two minutes. If the worker dies with it, it is sent again, by this
//! node or another; its Message-ID stays the same, so that the reader's program sees one mail.

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert, resolve_alert};
use crate::ids::MailId;
use crate::mail::letter::plain;
use crate::mail::{Mail, MailState};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::settings::MailServer;
use crate::store::{Delivery, Store, StoreError, Write};

/// How long a worker may take for what it took.
const LEASE: Duration = Duration::minutes(2);
/// The wait after the first failure; it doubles each time …
const FIRST_WAIT: Duration = Duration::minutes(1);
/// … up to this.
const LONGEST_WAIT: Duration = Duration::hours(2);
/// Longest text of an error that is kept, in characters.
const MAX_ERROR: usize = 500;

/// Mails to send now, and where.
#[derive(Debug)]
pub struct OutgoingMails {
    pub server: MailServer,
    /// The password for the mail server.
    pub password: Option<Zeroizing<String>>,
    /// The name beside the sender's address, on one line.
    pub from_name: String,
    pub mails: Vec<OutgoingMail>,
}

/// One mail to send.
#[derive(Debug)]
pub struct OutgoingMail {
    pub id: MailId,
    pub to: String,
    pub subject: String,
    pub text: Zeroizing<String>,
    pub created_at: OffsetDateTime,
}

/// Why a mail was not handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryProblem {
    /// For the administrator; never holds the mail's text.
    pub text: String,
    /// Trying again cannot help (RFC 5321 §4.2.1: a reply of 5yz).
    pub permanent: bool,
}

/// Lends at most `limit` mails that are due. `None` when no mail server is configured: then mails
/// wait in the outbox for an administrator.
pub async fn take_due_mails(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    limit: u32,
) -> Result<Option<OutgoingMails>, StoreError> {
    let mut read = store.read().await?;
    let settings = read.settings().await?.sections;
    let Some(server) = settings.mail else {
        return Ok(None);
    };
    let any = !read.due_mails(op.now, 1).await?.is_empty();
    drop(read);
    let password = server.password(sealing);
    let mut mails = Vec::new();
    if any {
        let mut write = store.write().await?;
        for mail in write.due_mails(op.now, limit).await? {
            let text = mail.text(sealing);
            let (delivery, text) = match text {
                _ if mail.useful_until <= op.now => (failed(&mail, TOO_LATE), None),
                Ok(Some(text)) => (lent(&mail, op.now), Some(text)),
                Ok(None) => (failed(&mail, "its text was forgotten"), None),
                Err(error) => (failed(&mail, &error.to_string()), None),
            };
            write.put_delivery(mail.id, &delivery).await?;
            if delivery.state == MailState::Failed {
                let reason = delivery.last_error.as_deref().unwrap_or_default();
                alert(write.as_mut(), op, sealing, &mail, reason).await?;
            }
            mails.extend(text.map(|text| OutgoingMail {
                id: mail.id,
                to: mail.to,
                subject: mail.subject,
                text,
                created_at: mail.created_at,
            }));
        }
        write.commit().await?;
    }
    Ok(Some(OutgoingMails {
        server,
        password,
        from_name: plain(&settings.profile.name),
        mails,
    }))
}

const TOO_LATE: &str = "it could not be sent while it was of use";

fn lent(mail: &Mail, now: OffsetDateTime) -> Delivery {
    Delivery {
        state: MailState::Waiting,
        attempts: mail.attempts.saturating_add(1),
        next_attempt_at: now + LEASE,
        last_error: mail.last_error.clone(),
        sent_at: None,
        forget_text: false,
    }
}

fn failed(mail: &Mail, reason: &str) -> Delivery {
    let before = mail.last_error.as_deref();
    let text = before.map_or_else(|| reason.to_owned(), |text| format!("{reason}; {text}"));
    Delivery {
        state: MailState::Failed,
        attempts: mail.attempts,
        next_attempt_at: mail.next_attempt_at,
        last_error: Some(text.chars().take(MAX_ERROR).collect()),
        sent_at: None,
        forget_text: false,
    }
}

/// The key of the alert that mails are not delivered.
const ALERT: &str = "mail";

/// Says that a mail will not be sent.
async fn alert(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    mail: &Mail,
    reason: &str,
) -> Result<(), StoreError> {
    let new = NewAlert {
        kind: AlertKind::MailFailing,
        severity: Severity::Warning,
        text: format!("A mail to {} was not delivered: {reason}.", mail.to),
        link: "/admin/outbox".to_owned(),
        dedupe_key: ALERT.to_owned(),
    };
    raise_alert(write, op, sealing, new).await?;
    Ok(())
}

/// Notes how the delivery of a lent mail ended. One that will not be sent raises an alert, and the
/// next one that is sent takes it back. The text of a mail with a link is forgotten once
/// the mail server has it: then only its recipient should.
pub async fn record_delivery(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: MailId,
    outcome: Result<(), DeliveryProblem>,
) -> Result<MailState, StoreError> {
    let mut write = store.write().await?;
    let Some(mail) = write.mail(id).await? else {
        return Ok(MailState::Sent);
    };
    let delivery = match outcome {
        Ok(()) => Delivery {
            state: MailState::Sent,
            attempts: mail.attempts,
            next_attempt_at: mail.next_attempt_at,
            last_error: None,
            sent_at: Some(op.now),
            forget_text: mail.link.is_some(),
        },
        Err(problem) => {
            let next = op.now + wait_after(mail.attempts);
            let over = problem.permanent || next >= mail.useful_until;
            Delivery {
                state: if over {
                    MailState::Failed
                } else {
                    MailState::Waiting
                },
                attempts: mail.attempts,
                next_attempt_at: next,
                last_error: Some(visible(&problem.text)),
                sent_at: None,
                forget_text: false,
            }
        }
    };
    write.put_delivery(id, &delivery).await?;
    match delivery.state {
        MailState::Sent => {
            resolve_alert(write.as_mut(), op, ALERT).await?;
        }
        MailState::Failed => {
            let reason = delivery.last_error.as_deref().unwrap_or_default();
            alert(write.as_mut(), op, sealing, &mail, reason).await?;
        }
        MailState::Waiting => {}
    }
    write.commit().await?;
    Ok(delivery.state)
}

fn wait_after(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(10);
    (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
}

/// A mail server may say anything.
fn visible(text: &str) -> String {
    let letters = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.take(MAX_ERROR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_two_hours() {
        let minutes: Vec<_> = (1..=10).map(|n| wait_after(n).whole_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
