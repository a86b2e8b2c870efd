//! A mail in the form that travels (RFC 5322).

use anyhow::Context;
use jetway_identity::mail::OutgoingMail;
use jetway_identity::settings::MailServer;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};

/// The message. Every value goes through lettre's encoders, and none holds a line break when it
/// comes out of the outbox, so no value can begin another header.
pub(super) fn message(
    server: &MailServer,
    from_name: &str,
    mail: &OutgoingMail,
) -> anyhow::Result<Message> {
    let from = server.from.parse().context("the sender's address")?;
    let to = mail.to.parse().context("the recipient's address")?;
    // The same for every attempt: the reader's program takes a second copy for the first.
    let domain = server.from.rsplit('@').next().unwrap_or("localhost");
    let id = format!("<{}@{domain}>", mail.id);
    // RFC 3834 §5: nobody's holiday reply comes back.
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    let message = Message::builder()
        .from(Mailbox::new(Some(from_name.to_owned()), from))
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .date(mail.created_at.into())
        .message_id(Some(id))
        .raw_header(automatic)
        .singlepart(
            SinglePart::builder()
                .header(ContentType::TEXT_PLAIN)
                .header(ContentTransferEncoding::QuotedPrintable)
                .body(mail.text.to_string()),
        )?;
    Ok(message)
}
