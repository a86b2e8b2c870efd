//! After a request was done.

use crate::idempotency::{KeptAnswer, RequestKey};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// Keeps the answer for the next time that the same request comes.
pub async fn keep_answer(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    key: &RequestKey,
    answer: &KeptAnswer,
) -> Result<(), StoreError> {
    let sealed = sealing.seal(&mut op.rng, &key.context(), &answer.0);
    let mut write = store.write().await?;
    write.answer_request(&key.caller, &key.key, &sealed).await?;
    write.commit().await
}
