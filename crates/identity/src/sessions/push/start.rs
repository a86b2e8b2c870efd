//! A sign-in asks the phones.

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use time::Duration;

use super::{LIFETIME, PushChallenge, PushState, asks_for_push};
use crate::ids::PushId;
use crate::links::{Limit, RequestKey, count_request};
use crate::op::Op;
use crate::sessions::TokenHash;
use crate::sessions::second_factor::{next_step, present};
use crate::store::{Store, StoreError};

/// Of one person, as JumpCloud limits it.
const LIMIT: Limit = Limit {
    requests: 3,
    time: Duration::minutes(5),
};

/// Why no phone was asked.
#[derive(Debug, thiserror::Error)]
pub enum StartPushError {
    /// No password was given before, or too long ago.
    #[error("sign in with e-mail address and password first")]
    NotStarted,
    /// None is connected, or the policies want another factor.
    #[error("no phone can approve this sign-in")]
    NoPhone,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    #[error("the phone was asked three times; try again in {} seconds", retry_after.whole_seconds().max(1))]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks the phones of whoever's sign-in waits with this token. `application` is what they want to
/// open. Whoever calls this shows the person the number.
pub async fn start_push(
    op: &mut Op,
    store: &dyn Store,
    token: &str,
    application: Option<&str>,
) -> Result<PushChallenge, StartPushError> {
    let sign_in = TokenHash::of(token).ok_or(StartPushError::NotStarted)?;
    let mut write = store.write().await?;
    let Some((pending, user)) = present(op, write.as_mut(), &sign_in).await? else {
        return Err(StartPushError::NotStarted);
    };
    if !asks_for_push(next_step(op, write.as_mut(), &user, &pending).await?) {
        return Err(StartPushError::NoPhone);
    }
    let policy = write.settings().await?.sections.lockout;
    let failures = write.failures(&pending.failure_key(&user)).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&policy, op.now)) {
        return Err(StartPushError::LockedOut { retry_after });
    }
    let key = RequestKey::of("push", &user.id.to_string());
    if let Some(retry_after) = count_request(write.as_mut(), op, &key, LIMIT).await? {
        return Err(StartPushError::TooMany { retry_after });
    }
    // Only what there is: the text stands on the phone, and whoever asks could have written it.
    let application = match application {
        Some(slug) => write.application_by_slug(slug).await?,
        None => None,
    };
    let choices = numbers(&mut op.rng);
    let number = choices[op.rng.random_range(0..choices.len())];
    let challenge = PushChallenge {
        id: PushId::new(op.now, &mut op.rng),
        sign_in,
        user: user.id,
        number,
        choices,
        created_at: op.now,
        expires_at: op.now + LIFETIME,
        state: PushState::Pending,
        via: pending.via,
        application: application.map(|found| found.slug.clone()),
        ip: op.client.ip,
        user_agent: op.user_agent(),
    };
    write.prune_pushes(op.now - Duration::HOUR).await?;
    write.insert_push(&challenge).await?;
    write.commit().await?;
    Ok(challenge)
}

/// Three different ones of two digits, in no order.
fn numbers(rng: &mut StdRng) -> [u8; 3] {
    let mut all: Vec<u8> = (10..100).collect();
    let (three, _) = all.partial_shuffle(rng, 3);
    [three[0], three[1], three[2]]
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn three_numbers_are_different_and_have_two_digits() {
        let mut rng = StdRng::seed_from_u64(1);
        for _ in 0..1000 {
            let [one, two, three] = numbers(&mut rng);
            assert!(one != two && two != three && one != three);
            for number in [one, two, three] {
                assert!((10..100).contains(&number), "{number}");
            }
        }
    }
}
