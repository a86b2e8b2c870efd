//! ListInstanceProfilesForRole: there are no instance profiles here, and Terraform asks before it
//! deletes a role.

use jetway_aws_wire::AwsError;

use super::{
    call::{Call, Paging, Reply},
    shapes,
};

pub(super) fn list_for_role(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let paging = Paging::read(&mut members)?;
    members.done()?;
    call.role("iam:ListInstanceProfilesForRole", name)?;
    Ok(paging
        .page(Vec::new(), String::clone)
        .into_reply("InstanceProfiles", |_, _| {}))
}
