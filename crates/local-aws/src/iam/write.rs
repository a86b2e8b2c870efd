//! XML of IAM's structures (aws-iam-sts.md §3.3).

use jetway_aws_wire::xml::XmlWriter;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::tags;
use crate::{
    instant::iso8601,
    state::{ManagedPolicy, PolicyVersionRecord, Role, State, Tag},
};

/// RFC 3986: everything but the unreserved characters.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A policy document as responses carry it.
pub(crate) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, UNRESERVED).to_string()
}

/// `<Tags>` in the given order.
pub(crate) fn tag_list(xml: &mut XmlWriter, tags: &[Tag]) {
    xml.members("Tags", tags, write_tag);
}

/// The members of one tag.
pub(crate) fn write_tag(xml: &mut XmlWriter, tag: &Tag) {
    xml.text("Key", &tag.key);
    xml.text("Value", &tag.value);
}

/// Which members of a role an operation answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleDetail {
    /// CreateRole and UpdateRoleDescription.
    Created,
    /// GetRole.
    Full,
    /// ListRoles.
    Listed,
}

/// The members of a role.
pub(crate) fn role(xml: &mut XmlWriter, role: &Role, detail: RoleDetail) {
    let record = &role.record;
    xml.text("Path", &record.path);
    xml.text("RoleName", &record.name);
    xml.text("RoleId", &record.id);
    xml.text("Arn", role.arn());
    xml.text("CreateDate", &iso8601(record.created_at));
    xml.text("AssumeRolePolicyDocument", &encoded(&record.trust));
    if detail != RoleDetail::Created {
        xml.optional_text("Description", record.description.as_deref());
        xml.integer("MaxSessionDuration", i64::from(record.max_session_duration));
    }
    if detail != RoleDetail::Listed {
        if let Some(boundary) = &record.boundary {
            xml.element("PermissionsBoundary", |xml| {
                xml.text("PermissionsBoundaryType", "Policy");
                xml.text("PermissionsBoundaryArn", boundary);
            });
        }
        if !record.tags.is_empty() {
            tag_list(xml, &tags::sorted(&record.tags));
        }
    }
    if detail == RoleDetail::Full {
        xml.element("RoleLastUsed", |_| {});
    }
}

/// How often a managed policy is used: by roles as a policy, and as a boundary.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) attached: usize,
    pub(crate) boundary: usize,
}

impl Usage {
    /// Counts in `account` only: nobody sees another account's use of an AWS managed policy.
    pub(crate) fn of(state: &State, account: &str, arn: &str) -> Self {
        let roles = || {
            state
                .account(account)
                .into_iter()
                .flat_map(|a| a.roles.values())
        };
        Self {
            attached: roles()
                .filter(|role| role.record.attached.iter().any(|other| other == arn))
                .count(),
            boundary: roles()
                .filter(|role| role.record.boundary.as_deref() == Some(arn))
                .count(),
        }
    }
}

/// Whether description and tags are part of the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyDetail {
    /// GetPolicy and CreatePolicy.
    Full,
    /// ListPolicies.
    Listed,
}

/// The members of a managed policy.
pub(crate) fn policy(
    xml: &mut XmlWriter,
    policy: &ManagedPolicy,
    usage: Usage,
    detail: PolicyDetail,
) {
    let record = &policy.record;
    xml.text("PolicyName", &record.name);
    xml.text("PolicyId", &record.id);
    xml.text("Arn", policy.arn());
    xml.text("Path", &record.path);
    xml.text("DefaultVersionId", &format!("v{}", record.default_version));
    xml.text("AttachmentCount", &usage.attached.to_string());
    xml.text("PermissionsBoundaryUsageCount", &usage.boundary.to_string());
    xml.boolean("IsAttachable", true);
    if detail == PolicyDetail::Full {
        xml.optional_text("Description", record.description.as_deref());
    }
    xml.text("CreateDate", &iso8601(record.created_at));
    xml.text("UpdateDate", &iso8601(record.updated_at));
    if detail == PolicyDetail::Full {
        tag_list(xml, &tags::sorted(&record.tags));
    }
}

/// The members of a policy version, with its document where the operation answers it.
pub(crate) fn policy_version(
    xml: &mut XmlWriter,
    version: &PolicyVersionRecord,
    is_default: bool,
    with_document: bool,
) {
    if with_document {
        xml.text("Document", &encoded(&version.document));
    }
    xml.text("VersionId", &format!("v{}", version.number));
    xml.boolean("IsDefaultVersion", is_default);
    xml.text("CreateDate", &iso8601(version.created_at));
}
