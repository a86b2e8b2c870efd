//! The role that a permission set is in an account.

use super::ProvisionError;
use crate::{
    arn,
    iam::{MAX_POLICIES_PER_ROLE, MAX_ROLES},
    ids,
    op::Op,
    state::{
        Account, InlinePolicyRecord, Role, RoleRecord, State,
        center::{PermissionSetRecord, PermissionsBoundary, PolicyReference},
    },
};

/// Before the names of the roles.
pub(crate) const RESERVED_PREFIX: &str = "AWSReservedSSO_";
/// Paths of roles that only AWS makes.
pub(crate) const RESERVED_PATH: &str = "/aws-reserved/";
const PATH: &str = "/aws-reserved/sso.amazonaws.com/";
/// The region whose roles have none in their path.
const REGION_WITHOUT_SEGMENT: &str = "us-east-1";
const INLINE_POLICY: &str = "AwsSSOInlinePolicy";
/// Twelve hours, whatever the permission set says: that counts when credentials are handed out.
const MAX_SESSION_DURATION: u32 = 43_200;

/// Whether Identity Center made this role.
pub(crate) fn is_reserved(role: &Role) -> bool {
    role.record.path.starts_with(RESERVED_PATH)
}

/// The path of the roles of an instance in `region`.
fn path(region: &str) -> String {
    if region == REGION_WITHOUT_SEGMENT {
        PATH.to_owned()
    } else {
        format!("{PATH}{region}/")
    }
}

/// The role as it has to be. One that is there keeps what identifies it.
pub(super) fn wanted(
    state: &State,
    op: &mut Op,
    region: &str,
    set: &PermissionSetRecord,
    account: &Account,
    provider_arn: &str,
) -> Result<Role, ProvisionError> {
    let id = &account.record.id;
    let before = set
        .provisioned
        .get(id)
        .and_then(|provisioned| account.role(&provisioned.role_name))
        .map(|role| &role.record);
    if before.is_none() && account.roles.len() >= MAX_ROLES {
        return Err(quota("RolesPerAccount", MAX_ROLES));
    }
    let mut attached = set.managed.clone();
    for reference in &set.customer_managed {
        attached.push(customer_managed(state, id, reference)?);
    }
    if attached.len() > MAX_POLICIES_PER_ROLE {
        return Err(quota("PoliciesPerRole", MAX_POLICIES_PER_ROLE));
    }
    let boundary = match &set.boundary {
        None => None,
        Some(PermissionsBoundary::Managed(arn)) => Some(arn.clone()),
        Some(PermissionsBoundary::CustomerManaged(reference)) => {
            Some(customer_managed(state, id, reference)?)
        }
    };
    let inline = set.inline.iter().map(|document| InlinePolicyRecord {
        name: INLINE_POLICY.to_owned(),
        document: document.clone(),
    });
    Role::from_record(RoleRecord {
        account: id.clone(),
        name: before.map_or_else(|| new_name(op, &set.name), |role| role.name.clone()),
        path: path(region),
        id: before.map_or_else(|| ids::role_id(op), |role| role.id.clone()),
        created_at: before.map_or_else(|| op.unix(), |role| role.created_at),
        trust: trust(provider_arn),
        description: set.description.clone(),
        max_session_duration: MAX_SESSION_DURATION,
        boundary,
        tags: Vec::new(),
        inline: inline.collect(),
        attached,
    })
    .map_err(|error| ProvisionError::refused(400, &error.to_string()))
}

/// `AWSReservedSSO_<permission set>_<16 hexadecimal characters>`
fn new_name(op: &mut Op, permission_set: &str) -> String {
    format!(
        "{RESERVED_PREFIX}{permission_set}_{}",
        hex::encode(op.random::<8>())
    )
}

fn customer_managed(
    state: &State,
    account: &str,
    reference: &PolicyReference,
) -> Result<String, ProvisionError> {
    let arn = arn::policy(account, &reference.path, &reference.name);
    match state.policy_by_arn(&arn) {
        Some(_) => Ok(arn),
        None => Err(ProvisionError::refused(
            404,
            &format!("Policy {arn} does not exist or is not attachable."),
        )),
    }
}

fn quota(name: &str, value: usize) -> ProvisionError {
    ProvisionError::refused(409, &format!("Cannot exceed quota for {name}: {value}"))
}

/// The trust policy, in AWS's order of members.
fn trust(provider_arn: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"{provider_arn}"}},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{{"StringEquals":{{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}}}}]}}"#
    )
}
