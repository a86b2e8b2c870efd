//! Creating an application with its own signing key.

use std::thread;

use jetway_saml::{GeneratedKey, generate_signing_key};
use rand::Rng;
use serde_json::json;
use time::OffsetDateTime;
use tokio::sync::oneshot;

use crate::administrators::{NotAllowed, Permission, require};
use crate::applications::{
    Application, InvalidApplication, NewApplication, SamlSignOn, SignOn, SigningKeyRecord,
};
use crate::events::EventKind;
use crate::ids::{ApplicationId, KeyId};
use crate::key_ring;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// Years that a generated certificate is valid (requirement H02).
const CERTIFICATE_YEARS: i32 = 5;

/// Why the application was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateApplicationError {
    #[error(transparent)]
    Invalid(#[from] InvalidApplication),
    #[error("the signing key could not be made: {0}")]
    Key(#[from] jetway_saml::KeyError),
    #[error("the signing key could not be made: the thread for it did not start or failed")]
    Thread,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates an application that nobody may reach yet (requirement K01), with a fresh RSA-2048 key
/// and a self-signed certificate for five years; the private key is stored sealed. The slug must
/// be new: [`StoreError::Taken`] otherwise.
pub async fn create_application(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    new: NewApplication,
) -> Result<ApplicationId, CreateApplicationError> {
    new.check()?;
    let id = ApplicationId::random(&mut op.rng);
    let key = new_key(op, sealing, id, &new.slug).await?;
    let application = Application {
        id,
        slug: new.slug,
        label: new.label,
        description: new.description,
        color: new.color.to_ascii_lowercase(),
        image: None,
        active: new.active,
        show_in_portal: new.show_in_portal,
        sign_on: SignOn::Saml(SamlSignOn {
            kind: new.kind,
            settings: new.saml,
            key: key.id,
        }),
        version: 1,
        created_at: op.now,
    };
    insert(op, store, &application, Some(&key)).await??;
    Ok(id)
}

/// Stores a new application with its event.
pub(super) async fn insert(
    op: &mut Op,
    store: &dyn Store,
    application: &Application,
    key: Option<&SigningKeyRecord>,
) -> Result<Result<(), NotAllowed>, StoreError> {
    let mut write = store.write().await?;
    if let Err(error) = require(write.as_mut(), op, Permission::WriteApplications).await? {
        return Ok(Err(error));
    }
    write.insert_application(application, key).await?;
    let detail = json!({
        "slug": application.slug,
        "active": application.active,
        "kind": application.sign_on.kind(),
    });
    let event = op.event(
        EventKind::ApplicationCreate,
        true,
        Some(application.target()),
        detail,
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(Ok(()))
}

/// A fresh key with a self-signed certificate, not stored yet.
pub(super) async fn new_key(
    op: &mut Op,
    sealing: &SealingKey,
    application: ApplicationId,
    slug: &str,
) -> Result<SigningKeyRecord, CreateApplicationError> {
    let id = KeyId::new(op.now, &mut op.rng);
    let not_after = years_later(op.now, CERTIFICATE_YEARS);
    let mut serial = [0; 16];
    op.rng.fill_bytes(&mut serial);
    let generated = generate(slug.to_owned(), op.now, not_after, serial).await?;
    let context = key_ring::context(id);
    Ok(SigningKeyRecord {
        id,
        application,
        sealed_private_key: sealing.seal(&mut op.rng, &context, &generated.pkcs8_der),
        certificate_der: generated.certificate_der.clone(),
        not_after,
        created_at: op.now,
        retired: false,
        warned_days: None,
    })
}

/// On a thread of its own: looking for two primes takes a tenth of a second of CPU.
async fn generate(
    common_name: String,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    serial: [u8; 16],
) -> Result<GeneratedKey, CreateApplicationError> {
    let (answer, result) = oneshot::channel();
    thread::Builder::new()
        .name("new-signing-key".to_owned())
        .spawn(move || {
            let _ = answer.send(generate_signing_key(
                &common_name,
                not_before,
                not_after,
                serial,
            ));
        })
        .map_err(|_| CreateApplicationError::Thread)?;
    Ok(result.await.map_err(|_| CreateApplicationError::Thread)??)
}

/// The same date and time `years` later; 1 March when that year has no 29 February.
fn years_later(from: OffsetDateTime, years: i32) -> OffsetDateTime {
    from.replace_year(from.year() + years).unwrap_or_else(|_| {
        let next_day = from + time::Duration::DAY;
        next_day
            .replace_year(from.year() + years)
            .unwrap_or(next_day)
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// Requirement H02.
    #[test]
    fn five_years_later_is_the_same_day_or_the_first_of_march() {
        let seed = years_later(datetime!(2024-03-14 09:12 UTC), 5);
        assert_eq!(seed, datetime!(2029-03-14 09:12 UTC));
        assert_eq!(
            years_later(datetime!(2024-02-29 09:12 UTC), 5),
            datetime!(2029-03-01 09:12 UTC)
        );
    }
}
