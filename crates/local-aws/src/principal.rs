//! Who a request comes from.

use std::sync::Arc;

use jetway_iam::PolicyDocument;

use crate::{
    arn,
    credentials::{OpenSession, Session},
    state::{Role, State},
};

/// An authenticated caller.
#[derive(Clone, Debug)]
pub struct Principal {
    /// 12 digits.
    pub account: String,
    /// What `GetCallerIdentity` shows: the assumed-role ARN, or the account's root.
    pub arn: String,
    /// ARN of the role with its path (`aws:PrincipalArn`); `None` for the administrator.
    pub role_arn: Option<String>,
    /// `AROA…:session`, or the account id.
    pub user_id: String,
    /// The role session; `None` for the administrator.
    pub session: Option<Arc<Session>>,
    /// The bootstrap administrator of the account, who may do everything in it.
    pub root: bool,
    /// The role as it is now.
    pub(crate) role: Option<Arc<Role>>,
    /// The compiled inline session policy.
    pub(crate) session_policy: Option<Arc<PolicyDocument>>,
}

impl Principal {
    /// The bootstrap administrator of `account`.
    pub(crate) fn administrator(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            arn: arn::root(account),
            role_arn: None,
            user_id: account.to_owned(),
            session: None,
            root: true,
            role: None,
            session_policy: None,
        }
    }

    /// The caller behind a role session; `None` when the role is gone or was re-created since.
    pub(crate) fn of_session(state: &State, open: &OpenSession) -> Option<Self> {
        let session = &open.session;
        let role = state.account(&session.account)?.role(&session.role_name)?;
        if role.record.id != session.role_id {
            return None;
        }
        Some(Self {
            account: session.account.clone(),
            arn: arn::assumed_role(&session.account, &role.record.name, &session.name),
            role_arn: Some(role.arn().to_owned()),
            user_id: format!("{}:{}", session.role_id, session.name),
            session: Some(Arc::clone(session)),
            root: false,
            role: Some(Arc::clone(role)),
            session_policy: open.policy.clone(),
        })
    }
}
