//! A mail about a sign-in with a browser that its owner has not used before.

use crate::mail::{NewMail, date_in_words, isolated, letter, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::{PendingSignIn, client_name};
use crate::store::{StoreError, Write};

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewDevice<'a> {
    pub(crate) email: &'a str,
    /// As people call them; may be empty.
    pub(crate) name: &'a str,
    /// Nobody is told of their very first sign-in.
    pub(crate) signed_in_before: bool,
    /// `your account`, in the middle of a sentence.
    pub(crate) place: &'a str,
}

/// Writes the mail into the transaction of the session, if the browser is new to somebody who has
/// signed in before. What keeps no cookies, such as a command line, is told of in the activity log
/// alone: it would be new each time.
pub(crate) async fn tell_of_new_device(
    op: &mut Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    (proved, new): (&PendingSignIn, NewDevice<'_>),
) -> Result<(), StoreError> {
    let is_new = proved.device.is_some() && !proved.device_known;
    if !is_new || !new.signed_in_before || new.email.is_empty() {
        return Ok(());
    }
    let organisation = write.settings().await?.sections.profile.name;
    let program = client_name(op.user_agent().as_deref(), proved.via);
    let address = op.client.ip.map_or_else(
        || "an address that is not known".to_owned(),
        |address| address.to_string(),
    );
    let said = format!(
        "somebody signed in to {} {} at {} with a browser that you have not used before.",
        new.place,
        isolated(new.email),
        isolated(&organisation)
    );
    let facts = format!(
        "Time: {}\nNetwork address: {address}\nBrowser: {program}",
        date_in_words(op.now)
    );
    let unexpected = "If it was you, there is nothing to do. If it was not, change your password, \
                      sign out everywhere else in your profile, and tell your administrator.";
    let subject = format!("A sign-in with a new browser at {organisation}");
    let text = letter(&organisation, new.name, &[&said, &facts, unexpected]);
    let mail = NewMail {
        to: new.email,
        subject: &subject,
        text: &text,
        link: None,
    };
    queue_mail(write, op, sealing, mail).await?;
    Ok(())
}
