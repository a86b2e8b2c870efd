//! Who asks, and whom a statement names.

use crate::document::Scope;

/// The caller of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// A caller known only by its identity provider: the ARN of a SAML or OIDC provider, as for
    /// `AssumeRoleWithSAML`.
    Federated(&'a str),
    /// A user, a role session or an account root.
    Aws {
        /// The ARN of the user or of the session.
        arn: &'a str,
        /// For a role session, the ARN of its role.
        role_arn: Option<&'a str>,
        /// The twelve digits of the caller's account.
        account: &'a str,
    },
}

/// One entry of `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// `"*"`.
    Everyone,
    /// `{"AWS": "*"}`: everyone who is no federated caller.
    AnyAws,
    /// `{"AWS": "123456789012"}` or the ARN of the account root.
    Account(String),
    Aws(String),
    Federated(String),
    /// A service or a canonical user, neither of which calls here.
    Service,
    CanonicalUser,
}

/// How a statement comes to name a caller, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Through the account, which then decides by its identity policies.
    Account,
    /// Through the role of the session: boundary and session policies still limit.
    Role,
    /// By itself, or as one of everyone.
    Direct,
}

impl Named {
    /// A value of `{"AWS": …}`.
    pub(crate) fn aws(value: &str) -> Self {
        if value == "*" {
            return Self::AnyAws;
        }
        match account_of(value) {
            Some(account) => Self::Account(account.to_owned()),
            None => Self::Aws(value.to_owned()),
        }
    }

    fn reach(&self, principal: &Principal<'_>) -> Option<Reach> {
        let named = match (self, principal) {
            (Self::Everyone, _) | (Self::AnyAws, Principal::Aws { .. }) => {
                return Some(Reach::Direct);
            }
            (Self::Federated(named), Principal::Federated(provider)) => named == provider,
            (Self::Aws(named), Principal::Aws { arn, role_arn, .. }) => {
                if *role_arn == Some(named) {
                    return Some(Reach::Role);
                }
                named == arn
            }
            (Self::Account(named), Principal::Aws { arn, account, .. }) => {
                let root = account_of(arn) == Some(account);
                let reach = if root { Reach::Direct } else { Reach::Account };
                return (named == account).then_some(reach);
            }
            _ => false,
        };
        named.then_some(Reach::Direct)
    }
}

/// The account that a principal value stands for: twelve digits, or the ARN of its root.
fn account_of(value: &str) -> Option<&str> {
    if is_account_id(value) {
        return Some(value);
    }
    match crate::arn::split(value)? {
        [_, _, "iam", "", account, "root"] if is_account_id(account) => Some(account),
        _ => None,
    }
}

pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Scope<Named> {
    /// How the statement names `principal`; `None` if it does not.
    pub(crate) fn reach(&self, principal: &Principal<'_>) -> Option<Reach> {
        match self {
            Self::Unstated => None,
            Self::Listed(named) => named
                .iter()
                .filter_map(|named| named.reach(principal))
                .max(),
            Self::Except(named) => (!is_exempt(named, principal)).then_some(Reach::Direct),
        }
    }
}

/// Whether `NotPrincipal` leaves `principal` out. A session is also its role and its account, and
/// AWS wants all of them listed.
fn is_exempt(named: &[Named], principal: &Principal<'_>) -> bool {
    let reaches = |reach| {
        named
            .iter()
            .any(|named| named.reach(principal) == Some(reach))
    };
    if named
        .iter()
        .any(|named| matches!(named, Named::Everyone | Named::AnyAws))
    {
        return reaches(Reach::Direct);
    }
    match principal {
        Principal::Federated(_) => reaches(Reach::Direct),
        Principal::Aws { arn, account, .. } if account_of(arn) == Some(account) => {
            reaches(Reach::Direct)
        }
        Principal::Aws { role_arn, .. } => {
            reaches(Reach::Direct)
                && reaches(Reach::Account)
                && (role_arn.is_none() || reaches(Reach::Role))
        }
    }
}
