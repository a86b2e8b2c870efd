//! Looking at a link, and using it up.

use crate::links::LinkPurpose;
use crate::op::Op;
use crate::sessions::TokenHash;
use crate::store::{Read, StoreError, Write};

/// Whom the link with this token is for, while it is live. Changes nothing.
pub(crate) async fn peek_link(
    read: &mut dyn Read,
    op: &Op,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<String>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let link = read.link(&hash).await?;
    Ok(link
        .filter(|link| link.purpose == purpose && link.is_live(op.now))
        .map(|link| link.subject))
}

/// Uses the link up and says whom it was for. `None` when it is unknown, used, replaced by a newer
/// one or expired: commit then too, so that an expired link stays ended when the clock is set back.
pub(crate) async fn redeem_link(
    write: &mut dyn Write,
    op: &Op,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<String>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let Some(link) = write.link(&hash).await? else {
        return Ok(None);
    };
    if link.purpose != purpose {
        return Ok(None);
    }
    write.delete_link(&hash).await?;
    Ok(link.is_live(op.now).then_some(link.subject))
}
