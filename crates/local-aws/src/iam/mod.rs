//! IAM: SAML providers, roles, policies, account aliases (aws-iam-sts.md §3).
//!
//! Each file holds one family: the public functions that change the state, which set-up code calls
//! too, and below them the wire operations, which check the members' constraints, authorise the
//! caller and call those functions.

mod aliases;
mod attachments;
mod boundaries;
mod call;
mod error;
mod instance_profiles;
mod policies;
mod policy_versions;
mod provider_tags;
mod quotas;
mod role_policies;
mod role_tags;
mod roles;
mod roles_wire;
mod saml_providers;
pub(crate) mod shapes;
mod tags;
mod write;

pub use aliases::{create_account_alias, delete_account_alias};
pub use attachments::{attach_role_policy, detach_role_policy};
pub use boundaries::{delete_role_permissions_boundary, put_role_permissions_boundary};
pub use error::IamError;
pub use policies::{NewPolicy, create_policy, delete_policy};
pub use policy_versions::{
    create_policy_version, delete_policy_version, set_default_policy_version,
};
pub(crate) use quotas::{POLICIES_PER_ROLE as MAX_POLICIES_PER_ROLE, ROLES as MAX_ROLES};
pub use role_policies::{delete_role_policy, put_role_policy};
pub use role_tags::{tag_role, untag_role};
pub use roles::{
    NewRole, RoleUpdate, create_role, delete_role, update_assume_role_policy, update_role,
};
pub use saml_providers::{
    NewSamlProvider, create_saml_provider, delete_saml_provider, tag_saml_provider,
    untag_saml_provider, update_saml_provider,
};
pub(crate) use tags::{check as check_tags, same_key};

use jetway_aws_wire::{AwsError, QueryRequest, xml};

use self::call::{Call, Reply};
use crate::{LocalAws, op::Op, principal::Principal};

/// `Version` of the API.
pub(crate) const VERSION: &str = "2010-05-08";
/// Namespace of every answer.
pub(crate) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

type Operation = fn(&mut Call<'_>) -> Result<Reply, AwsError>;

fn operation(action: &str) -> Option<Operation> {
    Some(match action {
        "CreateSAMLProvider" => saml_providers::create,
        "GetSAMLProvider" => saml_providers::get,
        "ListSAMLProviders" => saml_providers::list,
        "UpdateSAMLProvider" => saml_providers::update,
        "DeleteSAMLProvider" => saml_providers::delete,
        "TagSAMLProvider" => provider_tags::tag,
        "UntagSAMLProvider" => provider_tags::untag,
        "ListSAMLProviderTags" => provider_tags::list,
        "CreateRole" => roles_wire::create,
        "GetRole" => roles_wire::get,
        "ListRoles" => roles_wire::list,
        "UpdateRole" => roles_wire::update,
        "UpdateRoleDescription" => roles_wire::update_description,
        "DeleteRole" => roles_wire::delete,
        "UpdateAssumeRolePolicy" => roles_wire::update_trust,
        "TagRole" => role_tags::tag,
        "UntagRole" => role_tags::untag,
        "ListRoleTags" => role_tags::list,
        "PutRolePolicy" => role_policies::put,
        "GetRolePolicy" => role_policies::get,
        "ListRolePolicies" => role_policies::list,
        "DeleteRolePolicy" => role_policies::delete,
        "AttachRolePolicy" => attachments::attach,
        "DetachRolePolicy" => attachments::detach,
        "ListAttachedRolePolicies" => attachments::list,
        "ListEntitiesForPolicy" => attachments::entities,
        "PutRolePermissionsBoundary" => boundaries::put,
        "DeleteRolePermissionsBoundary" => boundaries::delete,
        "CreatePolicy" => policies::create,
        "GetPolicy" => policies::get,
        "ListPolicies" => policies::list,
        "DeletePolicy" => policies::delete,
        "CreatePolicyVersion" => policy_versions::create,
        "GetPolicyVersion" => policy_versions::get,
        "ListPolicyVersions" => policy_versions::list,
        "SetDefaultPolicyVersion" => policy_versions::set_default,
        "DeletePolicyVersion" => policy_versions::delete,
        "CreateAccountAlias" => aliases::create,
        "ListAccountAliases" => aliases::list,
        "DeleteAccountAlias" => aliases::delete,
        "ListInstanceProfilesForRole" => instance_profiles::list_for_role,
        _ => return None,
    })
}

/// Whether IAM has this operation here.
pub(crate) fn knows(action: &str) -> bool {
    operation(action).is_some()
}

/// Answers one authenticated request.
pub(crate) fn answer(
    aws: &LocalAws,
    op: &mut Op,
    principal: &Principal,
    request: &QueryRequest,
) -> Result<String, AwsError> {
    let action = request.action().unwrap_or_default();
    let Some(run) = operation(action) else {
        return Err(AwsError::invalid_action(action, VERSION));
    };
    let request_id = op.request_id.clone();
    let reply = run(&mut Call {
        aws,
        op,
        principal,
        request,
        state: aws.state(),
    })?;
    Ok(match reply {
        Reply::Empty => xml::empty_query_response(action, NAMESPACE, &request_id),
        Reply::Result(write) => xml::query_response(action, NAMESPACE, &request_id, write),
    })
}
