//! An administrator sets a password by a link: an accepted invitation, or a reset.

use secrecy::SecretString;

use crate::administrators::set_password::{SetBy, replace};
use crate::administrators::{Administrator, letters, links, rules};
use crate::credentials::UseLinkError;
use crate::links::{LinkPurpose, peek_link, redeem_link};
use crate::mail::{NewMail, queue_mail};
use crate::op::{Actor, Op};
use crate::passwords::{HashError, PasswordHashers};
use crate::sealing::SealingKey;
use crate::store::Store;

/// A link and what its holder typed.
#[derive(Debug)]
pub struct AdministratorPasswordByLink<'a> {
    /// [`LinkPurpose::InviteAdministrator`] or [`LinkPurpose::ResetAdministratorPassword`].
    pub purpose: LinkPurpose,
    pub token: &'a str,
    /// The administrator's name; `None` leaves it as it is.
    pub name: Option<&'a str>,
    pub password: SecretString,
}

/// Sets the password and uses the link up; of many at once exactly one succeeds. Ends all sessions
/// of the administrator and lifts a lock-out. After a reset a mail tells the administrator. Nobody
/// is signed in by it.
pub async fn set_administrator_password_by_link(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    new: AdministratorPasswordByLink<'_>,
) -> Result<Administrator, UseLinkError> {
    let mut read = store.read().await?;
    let subject = peek_link(read.as_mut(), op, new.purpose, new.token).await?;
    let subject = subject.ok_or(UseLinkError::LinkGone)?;
    let owner = links::owner(read.as_mut(), new.purpose, &subject).await?;
    let owner = owner.ok_or(UseLinkError::LinkGone)?;
    let settings = read.settings().await?.sections;
    drop(read);
    let name = new.name.map_or(owner.name.as_str(), str::trim);
    rules::check(&settings, name, &owner.email, &new.password).map_err(HashError::from)?;
    let hash = hashers.hash(&mut op.rng, new.password).await?;

    let mut write = store.write().await?;
    let subject = redeem_link(write.as_mut(), op, new.purpose, new.token).await?;
    let owner = match &subject {
        Some(subject) => links::owner(write.as_mut(), new.purpose, subject).await?,
        None => None,
    };
    let Some(mut owner) = owner else {
        write.commit().await?;
        return Err(UseLinkError::LinkGone);
    };
    op.actor = Actor::Administrator {
        id: owner.id,
        label: owner.email.clone(),
    };
    if name != owner.name {
        name.clone_into(&mut owner.name);
        owner.version += 1;
        write.put_administrator(&owner).await?;
    }
    let by = match new.purpose {
        LinkPurpose::ResetAdministratorPassword => SetBy::Link,
        _ => SetBy::Invitation,
    };
    replace(write.as_mut(), op, owner.id, &hash, by).await?;
    if new.purpose == LinkPurpose::ResetAdministratorPassword {
        let letter = letters::changed(&settings.profile.name, &owner);
        let mail = NewMail {
            to: &owner.email,
            subject: &letter.subject,
            text: &letter.text,
            link: None,
        };
        queue_mail(write.as_mut(), op, sealing, mail).await?;
    }
    write.commit().await?;
    Ok(owner)
}
