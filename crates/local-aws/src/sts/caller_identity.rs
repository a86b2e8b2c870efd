//! GetCallerIdentity: always allowed, even under an explicit deny (aws-iam-sts.md §1.10).

use super::respond;
use crate::{op::Op, principal::Principal};

pub(super) fn answer(op: &Op, principal: &Principal) -> String {
    respond("GetCallerIdentity", op, |xml| {
        xml.text("Arn", &principal.arn);
        xml.text("UserId", &principal.user_id);
        xml.text("Account", &principal.account);
    })
}
