//! The API of AWS Organizations, `aws organizations …`.

mod accounts;
mod delegation;
mod gate;
pub(super) mod input;
mod organization;
mod render;
mod tags;
mod tree;
mod trusted_access;
mod units;

use crate::json_service::Operation;

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateOrganization" => organization::create,
        "DescribeOrganization" => organization::describe,
        "DeleteOrganization" => organization::delete,
        "LeaveOrganization" => organization::leave,
        "ListRoots" => tree::list_roots,
        "ListChildren" => tree::list_children,
        "ListParents" => tree::list_parents,
        "CreateOrganizationalUnit" => units::create,
        "DescribeOrganizationalUnit" => units::describe,
        "UpdateOrganizationalUnit" => units::update,
        "DeleteOrganizationalUnit" => units::delete,
        "ListOrganizationalUnitsForParent" => units::list,
        "CreateAccount" => accounts::create,
        "DescribeCreateAccountStatus" => accounts::describe_creation,
        "ListCreateAccountStatus" => accounts::list_creations,
        "DescribeAccount" => accounts::describe,
        "ListAccounts" => accounts::list,
        "ListAccountsForParent" => accounts::list_for_parent,
        "MoveAccount" => accounts::relocate,
        "CloseAccount" => accounts::close,
        "RemoveAccountFromOrganization" => accounts::remove,
        "TagResource" => tags::tag,
        "UntagResource" => tags::untag,
        "ListTagsForResource" => tags::list,
        "EnableAWSServiceAccess" => trusted_access::enable,
        "DisableAWSServiceAccess" => trusted_access::disable,
        "ListAWSServiceAccessForOrganization" => trusted_access::list,
        "RegisterDelegatedAdministrator" => delegation::register,
        "DeregisterDelegatedAdministrator" => delegation::deregister,
        "ListDelegatedAdministrators" => delegation::list,
        "ListDelegatedServicesForAccount" => delegation::list_services,
        _ => return None,
    })
}
