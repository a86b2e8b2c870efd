//! IAM Identity Center: one instance, its identity store, permission sets and assignments, and the
//! ways to it (identity-center.md).
//!
//! * `directory/`: users, groups and memberships, for SCIM and the Identity Store API alike.
//! * `instance/`: the instance, its identity source, provisioning, attributes for access control.
//! * `access.rs`: who reaches what; `role_session/`: credentials and session tags.
//! * `permission_sets/`, `assignments/`: what people may do where; `provisioning/`: the roles that it
//!   becomes in the accounts.
//! * `saml/`: signing in through the identity provider; `oidc/`: tokens for command lines; `portal/`:
//!   accounts, roles and credentials, as pages and as an API.
//! * `scim/`: the endpoint for automatic provisioning.
//! * `sso_admin/`, `identity_store/`: the AWS APIs; `local_admin/`: what AWS has in its console only.

pub(crate) mod access;
mod addresses;
mod assignments;
mod browser;
pub(crate) mod directory;
mod error;
pub(crate) mod identity_store;
mod instance;
pub(crate) mod local_admin;
pub(crate) mod oidc;
mod permission_sets;
pub(crate) mod portal;
pub(crate) mod portal_session;
pub(crate) mod provisioning;
pub(crate) mod role_session;
pub(crate) mod saml;
pub(crate) mod scim;
pub(crate) mod sso_admin;

pub(crate) use self::{
    access::acting_account,
    addresses::PORTAL_PATH,
    assignments::release_account,
    instance::{no_access_control, token_hash},
};
pub use self::{
    addresses::{acs_url, metadata_url, portal_url, scim_endpoint},
    assignments::{Target, create_assignment, delete_assignment, provision_permission_set},
    directory::{DirectoryError, Kind, create_group, create_user},
    error::CenterError,
    instance::{
        IdentityProviderSettings, InstanceError, NewScimToken, PortalSettings, allow_scim_faults,
        change_identity_source, change_portal, create_access_control, create_scim_token,
        delete_access_control, delete_certificate, delete_instance, delete_scim_token,
        disable_provisioning, enable_instance, enable_provisioning, import_certificate,
        is_scim_token, read_metadata, rename_instance, set_scim_profile, tag_instance,
        untag_instance, update_access_control, use_directory,
    },
    permission_sets::{
        Editing, NewPermissionSet, PermissionSetUpdate, attach_customer_managed_policy,
        attach_managed_policy, create_permission_set, delete_inline_policy, delete_permission_set,
        delete_permissions_boundary, detach_customer_managed_policy, detach_managed_policy,
        put_inline_policy, put_permissions_boundary, tag_permission_set, untag_permission_set,
        update_permission_set,
    },
};

use axum::{
    body::Body,
    http::{Response, request::Parts},
};

use crate::{
    LocalAws, Op,
    sign_in::page,
    state::{State, center::IdentityCenter},
};

/// The instance, if it was enabled.
pub(crate) fn enabled(state: &State) -> Option<&IdentityCenter> {
    state.identity_center.as_deref()
}

/// Whether an unsigned request is for Identity Center: for a page, or for an API whose requests are
/// not signed.
pub(crate) fn serves(parts: &Parts) -> bool {
    saml::serves(parts) || oidc::serves(parts) || portal::serves(parts)
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    if saml::serves(&parts) {
        saml::serve(aws, op, parts, content).await
    } else if oidc::serves(&parts) {
        oidc::serve(aws, op, parts, content).await
    } else if portal::serves(&parts) {
        portal::serve(aws, op, parts, content).await
    } else {
        page::not_here(aws, &op)
    }
}
