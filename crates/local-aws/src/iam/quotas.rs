//! Sizes of policy documents. White space does not count.

use super::error::IamError;

const TRUST: usize = 2048;
const MANAGED: usize = 6144;
const INLINE_PER_ROLE: usize = 10_240;

/// Roles per account.
pub(crate) const ROLES: usize = 5000;
/// SAML providers per account.
pub(crate) const SAML_PROVIDERS: usize = 100;
/// Customer managed policies per account.
pub(crate) const POLICIES: usize = 1500;
/// Attached managed policies per role.
pub(crate) const POLICIES_PER_ROLE: usize = 10;
/// Versions of a managed policy.
pub(crate) const VERSIONS: usize = 5;

fn size(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}

pub(crate) fn trust(document: &str) -> Result<(), IamError> {
    quota(size(document) <= TRUST, "ACLSizePerRole", TRUST)
}

pub(crate) fn managed(document: &str) -> Result<(), IamError> {
    quota(size(document) <= MANAGED, "PolicySize", MANAGED)
}

/// All inline policies of a role together.
pub(crate) fn inline<'a>(
    role: &str,
    documents: impl Iterator<Item = &'a str>,
) -> Result<(), IamError> {
    if documents.map(size).sum::<usize>() > INLINE_PER_ROLE {
        return Err(IamError::LimitExceeded(format!(
            "Maximum policy size of {INLINE_PER_ROLE} bytes exceeded for role {role}"
        )));
    }
    Ok(())
}

/// Refuses with the name and the value of the quota.
pub(crate) fn quota(within: bool, name: &str, value: usize) -> Result<(), IamError> {
    if within {
        Ok(())
    } else {
        Err(IamError::LimitExceeded(format!(
            "Cannot exceed quota for {name}: {value}"
        )))
    }
}
