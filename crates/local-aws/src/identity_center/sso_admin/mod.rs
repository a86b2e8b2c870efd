//! The API of IAM Identity Center, `aws sso-admin …` (identity-center.md §2.2): one file per family
//! of operations. Each reads the members, authorises the caller on every resource it names, calls
//! one function of `permission_sets/`, `assignments/` or `instance/`, and answers.

mod assignment_lists;
mod assignments;
mod attributes;
mod boundary;
mod customer_policies;
mod inline_policy;
mod instances;
mod managed_policies;
mod paging;
mod permission_sets;
mod provisioning;
mod request_status;
mod scope;
mod shapes;
mod tags;

use crate::json_service::Operation;

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Option<Operation> {
    instance_operation(name)
        .or_else(|| permission_set_operation(name))
        .or_else(|| assignment_operation(name))
}

fn instance_operation(name: &str) -> Option<Operation> {
    Some(match name {
        "ListInstances" => instances::list,
        "DescribeInstance" => instances::describe,
        "UpdateInstance" => instances::update,
        "CreateInstance" => instances::create,
        "DeleteInstance" => instances::delete,
        "CreateInstanceAccessControlAttributeConfiguration" => attributes::create,
        "DescribeInstanceAccessControlAttributeConfiguration" => attributes::describe,
        "UpdateInstanceAccessControlAttributeConfiguration" => attributes::update,
        "DeleteInstanceAccessControlAttributeConfiguration" => attributes::delete,
        "TagResource" => tags::tag,
        "UntagResource" => tags::untag,
        "ListTagsForResource" => tags::list,
        _ => return None,
    })
}

fn permission_set_operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CreatePermissionSet" => permission_sets::create,
        "DescribePermissionSet" => permission_sets::describe,
        "UpdatePermissionSet" => permission_sets::update,
        "DeletePermissionSet" => permission_sets::delete,
        "ListPermissionSets" => permission_sets::list,
        "AttachManagedPolicyToPermissionSet" => managed_policies::attach,
        "DetachManagedPolicyFromPermissionSet" => managed_policies::detach,
        "ListManagedPoliciesInPermissionSet" => managed_policies::list,
        "AttachCustomerManagedPolicyReferenceToPermissionSet" => customer_policies::attach,
        "DetachCustomerManagedPolicyReferenceFromPermissionSet" => customer_policies::detach,
        "ListCustomerManagedPolicyReferencesInPermissionSet" => customer_policies::list,
        "PutInlinePolicyToPermissionSet" => inline_policy::put,
        "GetInlinePolicyForPermissionSet" => inline_policy::get,
        "DeleteInlinePolicyFromPermissionSet" => inline_policy::delete,
        "PutPermissionsBoundaryToPermissionSet" => boundary::put,
        "GetPermissionsBoundaryForPermissionSet" => boundary::get,
        "DeletePermissionsBoundaryFromPermissionSet" => boundary::delete,
        _ => return None,
    })
}

fn assignment_operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateAccountAssignment" => assignments::create,
        "DeleteAccountAssignment" => assignments::delete,
        "DescribeAccountAssignmentCreationStatus" => request_status::describe_creation,
        "DescribeAccountAssignmentDeletionStatus" => request_status::describe_deletion,
        "DescribePermissionSetProvisioningStatus" => request_status::describe_provisioning,
        "ListAccountAssignmentCreationStatus" => request_status::list_creation,
        "ListAccountAssignmentDeletionStatus" => request_status::list_deletion,
        "ListPermissionSetProvisioningStatus" => request_status::list_provisioning,
        "ListAccountAssignments" => assignment_lists::of_account,
        "ListAccountAssignmentsForPrincipal" => assignment_lists::of_principal,
        "ProvisionPermissionSet" => provisioning::provision,
        "ListAccountsForProvisionedPermissionSet" => provisioning::accounts,
        "ListPermissionSetsProvisionedToAccount" => provisioning::permission_sets,
        _ => return None,
    })
}
