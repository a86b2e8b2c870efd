//! Scopes: what a token is good for.

/// Accounts, roles and credentials; a client that names no scope means this one.
pub(super) const ACCOUNT_ACCESS: &str = "sso:account:access";

const KNOWN: [&str; 7] = [
    ACCOUNT_ACCESS,
    "openid",
    "profile",
    "email",
    "offline_access",
    "aws",
    "sts:identity_context",
];
/// Scopes of applications that AWS has; here they give nothing.
const OF_APPLICATIONS: [&str; 4] = [
    "codecatalyst:",
    "codewhisperer:",
    "redshift:",
    "verified_access:",
];

/// Whether a client may name this scope.
pub(super) fn is_known(scope: &str) -> bool {
    KNOWN.contains(&scope)
        || OF_APPLICATIONS.iter().any(|application| {
            scope.strip_prefix(application).is_some_and(|rest| {
                (1..=128).contains(&rest.len())
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b":_-.".contains(&byte))
            })
        })
}

/// What a client with these scopes asks for: the one that goes without saying, if it named none.
pub(super) fn effective(scopes: &[String]) -> Vec<&str> {
    match scopes {
        [] => vec![ACCOUNT_ACCESS],
        named => named.iter().map(String::as_str).collect(),
    }
}

/// Whether a token with these scopes opens the access portal's API.
pub(super) fn open_accounts(scopes: &[String]) -> bool {
    effective(scopes).contains(&ACCOUNT_ACCESS)
}
