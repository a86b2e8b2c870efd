//! Writing a mail into the outbox.

use time::Duration;

use crate::ids::MailId;
use crate::links::LinkToken;
use crate::mail::letter::plain;
use crate::mail::{Mail, MailLink, MailState, context};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};

/// A mail without a link is still worth sending after this long.
const USEFUL: Duration = Duration::days(3);

/// Longest subject, in characters.
const MAX_SUBJECT: usize = 200;

/// A mail to write.
#[derive(Debug)]
pub(crate) struct NewMail<'a> {
    pub(crate) to: &'a str,
    /// One line; line breaks and other control characters are dropped.
    pub(crate) subject: &'a str,
    /// Plain text.
    pub(crate) text: &'a str,
    /// The link that the text holds.
    pub(crate) link: Option<&'a LinkToken>,
}

/// Adds the mail to the transaction of its cause. It is sent after the commit, if there is a mail
/// server.
pub(crate) async fn queue_mail(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    new: NewMail<'_>,
) -> Result<MailId, StoreError> {
    let id = MailId::new(op.now, &mut op.rng);
    let sealed = sealing.seal(&mut op.rng, &context(id), new.text.as_bytes());
    let mail = Mail {
        id,
        to: plain(new.to),
        subject: plain(new.subject).chars().take(MAX_SUBJECT).collect(),
        link: new.link.map(|link| MailLink {
            purpose: link.purpose,
            hash: link.hash.clone(),
        }),
        created_at: op.now,
        useful_until: new.link.map_or(op.now + USEFUL, |link| link.expires_at),
        state: MailState::Waiting,
        attempts: 0,
        next_attempt_at: op.now,
        last_error: None,
        sent_at: None,
        sealed_text: Some(sealed),
    };
    write.insert_mail(&mail).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_begin_another_header() {
        assert_eq!(plain("Hello\r\nBcc: x@y.z\u{0}\u{85}"), "HelloBcc: x@y.z");
        assert_eq!(plain("Grüße an 道"), "Grüße an 道");
    }
}
