//! The Identity Store API, `aws identitystore …` (identity-center.md §2.3), over the same directory
//! as SCIM.
//!
//! * `members.rs`: AWS's members and the SCIM attributes that they are.
//! * `read.rs`, `write.rs`: from the one to the other and back; `operations.rs`: changes by path.
//! * `users.rs`, `groups.rs`, `memberships.rs`, `lookup.rs`: the operations.

mod gate;
mod groups;
mod input;
mod lookup;
mod members;
mod memberships;
mod operations;
mod read;
mod refusal;
mod users;
mod write;

use crate::json_service::Operation;

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateUser" => users::create,
        "DescribeUser" => users::describe,
        "UpdateUser" => users::update,
        "DeleteUser" => users::delete,
        "ListUsers" => users::list,
        "CreateGroup" => groups::create,
        "DescribeGroup" => groups::describe,
        "UpdateGroup" => groups::update,
        "DeleteGroup" => groups::delete,
        "ListGroups" => groups::list,
        "GetUserId" => lookup::user,
        "GetGroupId" => lookup::group,
        "CreateGroupMembership" => memberships::create,
        "DescribeGroupMembership" => memberships::describe,
        "DeleteGroupMembership" => memberships::delete,
        "GetGroupMembershipId" => memberships::id_of,
        "ListGroupMemberships" => memberships::list,
        "ListGroupMembershipsForMember" => memberships::list_for_member,
        "IsMemberInGroups" => memberships::exist,
        _ => return None,
    })
}
