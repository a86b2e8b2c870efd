//! Making a link.

use time::Duration;

use crate::links::{Link, LinkPurpose, LinkToken};
use crate::op::Op;
use crate::sessions::new_token;
use crate::store::{StoreError, Write};

/// Makes a link for `subject` that works for `lifetime`. Every earlier one of the same purpose and
/// subject stops working.
pub(crate) async fn issue_link(
    write: &mut dyn Write,
    op: &mut Op,
    purpose: LinkPurpose,
    subject: &str,
    lifetime: Duration,
) -> Result<LinkToken, StoreError> {
    let (token, hash) = new_token(&mut op.rng);
    let link = Link {
        purpose,
        subject: subject.to_owned(),
        created_at: op.now,
        expires_at: op.now + lifetime,
    };
    write.put_link(&link, &hash).await?;
    Ok(LinkToken {
        token,
        hash,
        purpose,
        expires_at: link.expires_at,
    })
}
