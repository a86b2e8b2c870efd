//! Warning of certificates that end, 60, 30, 7 and 1 day before, and once they have (requirement
//! H01).

use time::Duration;

use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert, resolve_alert};
use crate::ids::KeyId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Days before the end at which administrators are told, the last first.
const DAYS: [i64; 5] = [0, 1, 7, 30, 60];

/// Raises an alert for each signing key in use whose certificate has come closer to its end than a
/// number of days that nobody was told of yet. How many were raised.
pub async fn warn_of_certificates(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
) -> Result<usize, StoreError> {
    let [.., first] = DAYS;
    let mut write = store.write().await?;
    let ending = write
        .keys_ending_before(op.now + Duration::days(first))
        .await?;
    let mut raised = 0;
    for (application, key) in ending {
        let left = key.not_after - op.now;
        let due = DAYS.into_iter().find(|days| left <= Duration::days(*days));
        let Some(due) = due.filter(|due| key.warned_days.is_none_or(|told| *due < told)) else {
            continue;
        };
        for earlier in DAYS {
            resolve_alert(write.as_mut(), op, &dedupe_key(key.id, earlier)).await?;
        }
        let (label, end) = (&application.label, key.not_after.date());
        let (severity, text) = if due == 0 {
            (
                Severity::Critical,
                format!(
                    "The certificate that signs for {label} ended on {end}: sign-ins may be refused. Add a key and give the service provider the new metadata."
                ),
            )
        } else {
            let severity = if due > 7 {
                Severity::Warning
            } else {
                Severity::Critical
            };
            let text = format!(
                "The certificate that signs for {label} ends on {end}. Add the next key, give the service provider the new metadata, then use the key."
            );
            (severity, text)
        };
        let alert = NewAlert {
            kind: AlertKind::CertificateEnding,
            severity,
            text,
            link: format!("/admin/applications/{}/sso", application.id),
            dedupe_key: dedupe_key(key.id, due),
        };
        raise_alert(write.as_mut(), op, sealing, alert).await?;
        write.set_key_warned(key.id, due).await?;
        raised += 1;
    }
    write.commit().await?;
    Ok(raised)
}

/// The key signs no more: nobody needs to hear of its end.
pub(super) async fn forget_warnings(
    write: &mut dyn Write,
    op: &Op,
    key: KeyId,
) -> Result<(), StoreError> {
    for days in DAYS {
        resolve_alert(write, op, &dedupe_key(key, days)).await?;
    }
    Ok(())
}

fn dedupe_key(key: KeyId, days: i64) -> String {
    format!("certificate/{key}/{days}")
}
