//! Mails that tell somebody what was done to the factors of their account.

use super::KnownOwner;
use crate::mail::{NewMail, isolated, letter, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};

/// Tells the owner. `what` goes on after "Just now": `a passkey was added`.
pub(crate) async fn queue_factor_notice(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    owner: &KnownOwner,
    what: &str,
) -> Result<(), StoreError> {
    let organisation = write.settings().await?.sections.profile.name;
    let said = format!(
        "the ways to sign in to your account {} at {} were changed just now: {what}.",
        isolated(&owner.email),
        isolated(&organisation)
    );
    let unexpected = "If you know of it, there is nothing to do. If you do not, change your \
                      password, look at the second factors in your profile, and tell your \
                      administrator.";
    let subject = format!("The ways to sign in at {organisation} were changed");
    let text = letter(&organisation, &owner.name, &[&said, unexpected]);
    let mail = NewMail {
        to: &owner.email,
        subject: &subject,
        text: &text,
        link: None,
    };
    queue_mail(write, op, sealing, mail).await?;
    Ok(())
}
