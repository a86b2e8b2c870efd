//! Every address of the identity provider, and who may call it. The router is built from this
//! table and from nothing else.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use jetway_identity::Permission;
use jetway_identity::users::transfer::MAX_FILE;
use jetway_pages::admin::NavItem;

use crate::admin::settings;
use crate::shared::body::{MAX_API_BYTES, MAX_BYTES};
use crate::shared::{
    Failure, Site, admin_guard, api_guard, brand, front_door, health, static_files,
};
use crate::{AppState, admin, api, insights, jumpcloud, portal, saml, userconsole};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anyone who reaches the server.
    Anyone,
    /// Anyone who shows that the request comes from a page or client of this site (CSRF token).
    SameSite,
    /// A signed-in person. Others are sent to the sign-in page.
    Person,
    /// A signed-in person. Others get 401.
    PersonApi,
    /// A signed-in administrator whose role has the permission. Others are sent to the sign-in page
    /// of the admin portal, or refused. What is not GET needs the CSRF token of the session.
    Administrator(Permission),
    /// Any signed-in administrator.
    AdminAny,
    /// A program with an API key that has the permission. Others get 401 or 403.
    Api(Permission),
    /// A program with any API key.
    ApiAny,
}

/// One method of one address.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    /// As axum writes it: `/saml2/{application}`.
    pub path: &'static str,
    pub audience: Audience,
    /// Longest body, in bytes.
    pub max_body: usize,
    handler: fn() -> MethodRouter<Arc<Site>>,
}

/// Longest body of a route of which the table says nothing else.
const fn usual_body(audience: Audience) -> usize {
    match audience {
        Audience::Api(_) | Audience::ApiAny => MAX_API_BYTES,
        _ => MAX_BYTES,
    }
}

impl Route {
    /// The same route with a longer body. Only for administrators and API keys: the guard reads
    /// such a body after it knows who sends it.
    #[must_use]
    pub const fn taking(self, bytes: usize) -> Self {
        Self {
            max_body: bytes,
            ..self
        }
    }

    /// Whether it takes more than an ordinary form.
    pub(crate) const fn is_large(&self) -> bool {
        self.max_body > MAX_BYTES
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.audience)
    }
}

macro_rules! route {
    ($method:ident $path:literal $audience:ident $(($permission:ident))? $handler:path) => {
        Route {
            method: stringify!($method),
            path: $path,
            audience: Audience::$audience $((Permission::$permission))?,
            max_body: usual_body(Audience::$audience $((Permission::$permission))?),
            handler: || on(MethodFilter::$method, $handler),
        }
    };
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route!(GET "/" Person portal::tiles),
    route!(GET "/login" Anyone portal::sign_in_form),
    route!(POST "/login" SameSite portal::sign_in),
    route!(POST "/logout" Person portal::sign_out),
    route!(GET "/login/code" Anyone portal::code_form),
    route!(POST "/login/code" SameSite portal::prove),
    route!(GET "/login/enrol" Anyone portal::enrol_form),
    route!(GET "/login/reminder" Person portal::reminder),
    route!(POST "/login/enrol" SameSite portal::enrol),
    route!(POST "/login/enrol/finish" SameSite portal::finish_enrol),
    route!(POST "/login/code/passkey" SameSite portal::prove_passkey),
    route!(POST "/login/passkey" SameSite portal::sign_in_with_passkey),
    route!(POST "/login/push" SameSite portal::ask_phone),
    route!(GET "/login/push/{id}" Anyone portal::wait_for_phone),
    route!(GET "/phone" Anyone portal::phone),
    route!(POST "/phone/answer" SameSite portal::answer_phone),
    route!(GET "/phone/connect/{token}" Anyone portal::connect_form),
    route!(POST "/phone/connect/{token}" SameSite portal::connect_phone),
    route!(GET "/login/forgot" Anyone portal::forgot_form),
    route!(POST "/login/forgot" SameSite portal::forgot),
    route!(GET "/login/reset/{token}" Anyone portal::reset_form),
    route!(POST "/login/reset/{token}" SameSite portal::reset),
    route!(GET "/login/expired/{token}" Anyone portal::expired_form),
    route!(POST "/login/expired/{token}" SameSite portal::expired),
    route!(GET "/activate/{token}" Anyone portal::activate_form),
    route!(POST "/activate/{token}" SameSite portal::activate),
    route!(GET "/device" Person portal::device_form),
    route!(POST "/device" Person portal::find_device),
    route!(POST "/device/answer" Person portal::answer_device),
    route!(GET "/profile" Person portal::profile),
    route!(POST "/profile/totp" Person portal::connect),
    route!(POST "/profile/totp/finish" Person portal::finish),
    route!(POST "/profile/totp/remove" Person portal::remove),
    route!(POST "/profile/passkeys" Person portal::add_passkey),
    route!(POST "/profile/passkeys/finish" Person portal::finish_passkey),
    route!(GET "/profile/passkeys/{key}" Person portal::change_passkey),
    route!(POST "/profile/passkeys/{key}" Person portal::rename_passkey),
    route!(POST "/profile/passkeys/{key}/remove" Person portal::remove_passkey),
    route!(POST "/profile/recovery-codes" Person portal::renew),
    route!(POST "/profile/phones" Person portal::begin_phone),
    route!(POST "/profile/phones/remove" Person portal::remove_phone),
    route!(POST "/profile/password" Person portal::change_password),
    route!(POST "/profile/sessions/end" Person portal::end_session),
    route!(POST "/profile/sessions/end-others" Person portal::end_other_sessions),
    route!(GET "/images/{id}/{image}" Person portal::image),
    route!(GET "/saml2/{application}" Person saml::single_sign_on),
    route!(POST "/saml2/{application}" Anyone saml::posted_request),
    route!(POST "/saml2/{application}/ecp" Anyone saml::enhanced_client),
    route!(GET "/saml2/{application}/logout" Anyone saml::logout),
    route!(POST "/saml2/{application}/logout" Anyone saml::posted_logout),
    route!(GET "/saml2/{application}/metadata" Anyone saml::metadata),
    route!(GET "/userconsole/xsrf" Anyone userconsole::xsrf),
    route!(POST "/userconsole/auth" SameSite userconsole::auth),
    route!(POST "/userconsole/auth/mfa" SameSite userconsole::mfa),
    route!(GET "/userconsole/auth/webauthn" Anyone userconsole::webauthn_question),
    route!(POST "/userconsole/auth/webauthn" SameSite userconsole::webauthn_answer),
    route!(POST "/userconsole/device" SameSite userconsole::start_device),
    route!(POST "/userconsole/device/token" SameSite userconsole::device_token),
    route!(POST "/userconsole/auth/push" SameSite userconsole::start_push),
    route!(GET "/userconsole/auth/push/{id}" Anyone userconsole::look_at_push),
    route!(POST "/userconsole/auth/push/{id}/login" SameSite userconsole::finish_push),
    route!(GET "/userconsole/api/self" PersonApi userconsole::api_self),
    route!(GET "/admin" AdminAny admin::home),
    route!(GET "/admin/login" Anyone admin::sign_in_form),
    route!(POST "/admin/login" SameSite admin::sign_in),
    route!(GET "/admin/login/code" Anyone admin::second_step::code_form),
    route!(POST "/admin/login/code" SameSite admin::second_step::prove),
    route!(GET "/admin/login/enrol" Anyone admin::second_step::enrol_form),
    route!(POST "/admin/login/enrol" SameSite admin::second_step::enrol),
    route!(POST "/admin/login/enrol/finish" SameSite admin::second_step::finish_enrol),
    route!(POST "/admin/logout" AdminAny admin::sign_out),
    route!(GET "/admin/search" Administrator(ReadDirectory) admin::search),
    route!(GET "/admin/settings" Administrator(ReadSettings) settings::first),
    route!(GET "/admin/settings/organisation" Administrator(ReadSettings)
        settings::show::<settings::Organisation>),
    route!(POST "/admin/settings/organisation" Administrator(WriteSettings)
        settings::save::<settings::Organisation>),
    route!(POST "/admin/settings/logo" Administrator(WriteSettings) settings::upload_logo)
        .taking(settings::MAX_LOGO_FORM),
    route!(POST "/admin/settings/logo/delete" Administrator(WriteSettings) settings::delete_logo),
    route!(GET "/admin/settings/appearance" Administrator(ReadSettings)
        settings::show::<settings::Appearance>),
    route!(POST "/admin/settings/appearance" Administrator(WriteSettings)
        settings::save::<settings::Appearance>),
    route!(GET "/admin/settings/sessions" Administrator(ReadSettings)
        settings::show::<settings::Sessions>),
    route!(POST "/admin/settings/sessions" Administrator(WriteSettings)
        settings::save::<settings::Sessions>),
    route!(GET "/admin/settings/passwords" Administrator(ReadSettings)
        settings::show::<settings::Passwords>),
    route!(POST "/admin/settings/passwords" Administrator(WriteSettings)
        settings::save::<settings::Passwords>)
    .taking(MAX_API_BYTES),
    route!(GET "/admin/settings/mail" Administrator(ReadSettings) settings::show::<settings::Mail>),
    route!(POST "/admin/settings/mail" Administrator(WriteSettings)
        settings::save::<settings::Mail>),
    route!(GET "/admin/settings/alerts" Administrator(ReadSettings)
        settings::show::<settings::Alerts>),
    route!(POST "/admin/settings/alerts" Administrator(WriteSettings)
        settings::save::<settings::Alerts>)
    .taking(MAX_API_BYTES),
    route!(GET "/admin/settings/default-states" Administrator(ReadSettings)
        settings::show::<settings::DefaultStates>),
    route!(POST "/admin/settings/default-states" Administrator(WriteSettings)
        settings::save::<settings::DefaultStates>),
    route!(GET "/admin/settings/single-sign-on" Administrator(ReadSettings)
        settings::show::<settings::Provider>),
    route!(POST "/admin/settings/single-sign-on" Administrator(WriteSettings)
        settings::save::<settings::Provider>),
    route!(GET "/admin/outbox" Administrator(ReadOutbox) admin::outbox),
    route!(GET "/admin/outbox/{id}" Administrator(ReadOutbox) admin::mail),
    route!(POST "/admin/outbox/{id}" Administrator(ReadOutbox) admin::act_on_mail),
    route!(GET "/admin/users" Administrator(ReadDirectory) admin::users::list),
    route!(GET "/admin/users/new" Administrator(WriteUsers) admin::users::new_form),
    route!(POST "/admin/users/new" Administrator(WriteUsers) admin::users::create).taking(64 << 10),
    route!(POST "/admin/users/bulk" Administrator(WriteUsers) admin::users::bulk).taking(64 << 10),
    route!(POST "/admin/users/columns" Administrator(ReadDirectory) admin::users::choose_columns),
    route!(GET "/admin/users/export.csv" Administrator(ReadDirectory) admin::users::export),
    route!(GET "/admin/users/import" Administrator(WriteUsers) admin::users::import_form),
    route!(POST "/admin/users/import" Administrator(WriteUsers) admin::users::upload).taking(21 << 20),
    route!(GET "/admin/users/import/{id}" Administrator(WriteUsers) admin::users::show_import),
    route!(POST "/admin/users/import/{id}" Administrator(WriteUsers) admin::users::act_on_import),
    route!(GET "/admin/users/settings" Administrator(WriteSettings) admin::users::settings_form),
    route!(POST "/admin/users/settings" Administrator(WriteSettings) admin::users::save_settings),
    route!(GET "/admin/users/{id}" Administrator(ReadDirectory) admin::users::open),
    route!(GET "/admin/users/{id}/highlights" Administrator(ReadDirectory) admin::users::highlights),
    route!(GET "/admin/users/{id}/details" Administrator(ReadDirectory) admin::users::details),
    route!(POST "/admin/users/{id}/details" Administrator(WriteUsers) admin::users::save_details)
        .taking(1 << 20),
    route!(GET "/admin/users/{id}/groups" Administrator(ReadDirectory) admin::users::groups),
    route!(POST "/admin/users/{id}/groups" Administrator(WriteGroups) admin::users::save_groups),
    route!(GET "/admin/users/{id}/devices" Administrator(ReadDirectory) admin::users::devices),
    route!(GET "/admin/users/{id}/directories" Administrator(ReadDirectory) admin::users::directories),
    route!(GET "/admin/users/{id}/activity" Administrator(ReadActivity) admin::users::activity),
    route!(POST "/admin/users/{id}/state" Administrator(WriteUsers) admin::users::set_state),
    route!(GET "/admin/users/{id}/schedule" Administrator(WriteUsers) admin::users::schedule_form),
    route!(POST "/admin/users/{id}/schedule" Administrator(WriteUsers) admin::users::save_schedule),
    route!(GET "/admin/users/{id}/delete" Administrator(DeleteUsers) admin::users::confirm_delete),
    route!(POST "/admin/users/{id}/delete" Administrator(DeleteUsers) admin::users::delete),
    route!(POST "/admin/users/{id}/public-keys" Administrator(WriteUsers) admin::users::add_key)
        .taking(64 << 10),
    route!(POST "/admin/users/{id}/public-keys/{key}/delete" Administrator(WriteUsers) admin::users::remove_key),
    route!(POST "/admin/users/{id}/invite" Administrator(ManageCredentials) admin::users::credentials::invite),
    route!(POST "/admin/users/{id}/reset-password" Administrator(ManageCredentials) admin::users::credentials::reset_password),
    route!(POST "/admin/users/{id}/require-password-change" Administrator(ManageCredentials) admin::users::credentials::require_change),
    route!(POST "/admin/users/{id}/sign-out-everywhere" Administrator(ManageCredentials) admin::users::credentials::sign_out_everywhere),
    route!(POST "/admin/users/{id}/devices/{session}/sign-out" Administrator(ManageCredentials) admin::users::credentials::sign_out_one),
    route!(GET "/admin/users/{id}/reset-factors" Administrator(ManageCredentials)
        admin::users::reset_factors_form),
    route!(POST "/admin/users/{id}/reset-factors" Administrator(ManageCredentials)
        admin::users::reset_factors),
    route!(GET "/admin/users/{id}/enrolment-time" Administrator(ManageCredentials) admin::users::time_form),
    route!(POST "/admin/users/{id}/enrolment-time" Administrator(ManageCredentials) admin::users::give_time),
    route!(POST "/admin/users/{id}/remind-to-enrol" Administrator(ManageCredentials) admin::users::remind),
    route!(POST "/admin/users/{id}/unlock" Administrator(ManageCredentials) admin::users::credentials::unlock),
    route!(POST "/api/v1/users/{id}/invite" Api(ManageCredentials) api::credentials::invite),
    route!(POST "/api/v1/users/{id}/password-reset" Api(ManageCredentials) api::credentials::password_reset),
    route!(POST "/api/v1/users/{id}/require-password-change" Api(ManageCredentials) api::credentials::require_change),
    route!(POST "/api/v1/users/{id}/reset-factors" Api(ManageCredentials)
        api::credentials::reset_factors),
    route!(POST "/api/v1/users/{id}/enrolment-time" Api(ManageCredentials)
        api::enrolment::give_time),
    route!(POST "/api/v1/users/{id}/remind-to-enrol" Api(ManageCredentials) api::enrolment::remind),
    route!(POST "/api/v1/users/{id}/unlock" Api(ManageCredentials) api::credentials::unlock),
    route!(GET "/api/v1/users/{id}/sessions" Api(ReadDirectory) api::credentials::sessions),
    route!(DELETE "/api/v1/users/{id}/sessions" Api(ManageCredentials) api::credentials::end_sessions),
    route!(DELETE "/api/v1/users/{id}/sessions/{session}" Api(ManageCredentials) api::credentials::end_session),
    route!(GET "/api/v1/mails" Api(ReadOutbox) api::mails::mails),
    route!(GET "/api/v1/mails/{id}" Api(ReadOutbox) api::mails::mail),
    route!(POST "/api/v1/mails/{id}/retry" Api(ReadOutbox) api::mails::retry),
    route!(GET "/admin/oidc/start" Anyone admin::oidc::start),
    route!(GET "/admin/oidc/callback" Anyone admin::oidc::callback),
    route!(GET "/admin/login/reset" Anyone admin::reset::ask_form),
    route!(POST "/admin/login/reset" SameSite admin::reset::ask),
    route!(GET "/admin/login/reset/{token}" Anyone admin::reset::reset_form),
    route!(POST "/admin/login/reset/{token}" SameSite admin::reset::reset),
    route!(GET "/admin/invitations/{token}" Anyone admin::reset::invitation_form),
    route!(POST "/admin/invitations/{token}" SameSite admin::reset::accept_invitation),
    route!(GET "/admin/setup/{token}" Anyone admin::set_up::set_up_form),
    route!(POST "/admin/setup/{token}" SameSite admin::set_up::set_up),
    route!(GET "/admin/administrators" Administrator(ReadSettings) admin::administrators::list),
    route!(GET "/admin/administrators/new" Administrator(ManageAdministrators) admin::administrators::invite_form),
    route!(POST "/admin/administrators/new" Administrator(ManageAdministrators) admin::administrators::invite),
    route!(GET "/admin/administrators/break-glass" Administrator(ReadSettings)
        admin::break_glass::show),
    route!(POST "/admin/administrators/break-glass" Administrator(ManageAdministrators)
        admin::break_glass::seal),
    route!(POST "/admin/administrators/break-glass/uses/{id}" Administrator(ManageAdministrators)
        admin::break_glass::acknowledge),
    route!(POST "/admin/administrators/{id}/break-glass/drill" Administrator(ManageAdministrators)
        admin::break_glass::drill),
    route!(POST "/admin/administrators/{id}/break-glass/interval" Administrator(ManageAdministrators)
        admin::break_glass::interval),
    route!(POST "/admin/administrators/{id}/break-glass/codes" Administrator(ManageAdministrators)
        admin::break_glass::codes),
    route!(POST "/admin/administrators/{id}/break-glass/unseal" Administrator(ManageAdministrators)
        admin::break_glass::unseal),
    route!(GET "/admin/administrators/{id}" Administrator(ManageAdministrators) admin::administrators::edit_form),
    route!(POST "/admin/administrators/{id}" Administrator(ManageAdministrators) admin::administrators::update),
    route!(POST "/admin/administrators/{id}/reset-factors" Administrator(ManageAdministrators) admin::administrators::reset_factors),
    route!(POST "/admin/administrators/{id}/invite" Administrator(ManageAdministrators) admin::administrators::invite_again),
    route!(GET "/admin/administrators/{id}/delete" Administrator(ManageAdministrators) admin::administrators::delete_form),
    route!(POST "/admin/administrators/{id}/delete" Administrator(ManageAdministrators) admin::administrators::delete),
    route!(GET "/admin/api-keys" Administrator(ReadSettings) admin::api_keys::list),
    route!(GET "/admin/api-keys/new" Administrator(ManageApiKeys) admin::api_keys::create_form),
    route!(POST "/admin/api-keys/new" Administrator(ManageApiKeys) admin::api_keys::create),
    route!(GET "/admin/api-keys/{id}/revoke" Administrator(ManageApiKeys) admin::api_keys::revoke_form),
    route!(POST "/admin/api-keys/{id}/revoke" Administrator(ManageApiKeys) admin::api_keys::revoke),
    route!(GET "/admin/profile" AdminAny admin::profile::profile),
    route!(POST "/admin/profile" AdminAny admin::profile::rename),
    route!(POST "/admin/profile/password" AdminAny admin::profile::change_password),
    route!(POST "/admin/profile/totp" AdminAny admin::own_factors::connect),
    route!(POST "/admin/profile/totp/finish" AdminAny admin::own_factors::finish),
    route!(POST "/admin/profile/totp/remove" AdminAny admin::own_factors::remove),
    route!(POST "/admin/profile/recovery-codes" AdminAny admin::own_factors::renew),
    route!(POST "/admin/profile/sessions/end" AdminAny admin::profile::end_session),
    route!(POST "/admin/profile/sessions/end-others" AdminAny admin::profile::end_other_sessions),
    route!(GET "/admin/groups" Administrator(ReadDirectory) admin::groups::list),
    route!(GET "/admin/groups/new" Administrator(WriteGroups) admin::groups::new),
    route!(POST "/admin/groups/new" Administrator(WriteGroups) admin::groups::create),
    route!(GET "/admin/groups/{id}" Administrator(ReadDirectory) admin::groups::open),
    route!(GET "/admin/groups/{id}/details" Administrator(ReadDirectory) admin::groups::details),
    route!(POST "/admin/groups/{id}/details" Administrator(WriteGroups) admin::groups::save_details)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/groups/{id}/members" Administrator(ReadDirectory) admin::groups::members),
    route!(POST "/admin/groups/{id}/members/add" Administrator(WriteGroups) admin::groups::add),
    route!(POST "/admin/groups/{id}/members/remove" Administrator(WriteGroups) admin::groups::remove),
    route!(POST "/admin/groups/{id}/members/paste" Administrator(WriteGroups) admin::groups::paste)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/groups/{id}/applications" Administrator(ReadDirectory)
        admin::groups::applications),
    route!(POST "/admin/groups/{id}/applications" Administrator(GrantApplications)
        admin::groups::save_applications)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/groups/{id}/rule" Administrator(ReadDirectory) admin::groups::rule),
    route!(POST "/admin/groups/{id}/rule" Administrator(WriteGroups) admin::groups::save_rule)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/groups/{id}/delete" Administrator(WriteGroups)
        admin::groups::confirm_delete),
    route!(POST "/admin/groups/{id}/delete" Administrator(WriteGroups) admin::groups::delete),
    route!(GET "/admin/applications" Administrator(ReadDirectory) admin::applications::list),
    route!(GET "/admin/applications/{id}/attributes" Administrator(ReadDirectory)
        admin::applications::attributes),
    route!(POST "/admin/applications/{id}/attributes" Administrator(WriteApplications)
        admin::applications::save_attributes)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/applications/{id}/sso" Administrator(ReadDirectory) admin::applications::sso),
    route!(POST "/admin/applications/{id}/sso" Administrator(WriteApplications)
        admin::applications::save_sso)
        .taking(MAX_API_BYTES),
    route!(POST "/admin/applications/{id}/sso/metadata" Administrator(WriteApplications)
        admin::applications::upload_metadata)
        .taking(admin::applications::MAX_METADATA_FORM),
    route!(POST "/admin/applications/{id}/sso/active" Administrator(WriteApplications)
        admin::applications::set_active),
    route!(POST "/admin/applications/{id}/sso/keys" Administrator(WriteApplications)
        admin::applications::add_signing_key)
        .taking(admin::applications::MAX_KEY_FORM),
    route!(POST "/admin/applications/{id}/sso/keys/{key}" Administrator(WriteApplications)
        admin::applications::act_on_key),
    route!(GET "/admin/applications/{id}/sso/keys/{key}/certificate.pem"
        Administrator(ReadDirectory) admin::applications::certificate_file),
    route!(GET "/admin/applications/{id}/preview" Administrator(ReadDirectory)
        admin::applications::preview),
    route!(POST "/admin/applications/{id}/preview/hold" Administrator(ReadDirectory)
        admin::applications::hold),
    route!(GET "/admin/applications/{id}/aws" Administrator(ReadDirectory)
        admin::applications::aws_setup),
    route!(GET "/admin/applications/{id}/aws/terraform.tf" Administrator(ReadDirectory)
        admin::applications::terraform),
    route!(GET "/admin/applications/{id}/aws/cloudformation.json" Administrator(ReadDirectory)
        admin::applications::cloudformation),
    route!(GET "/admin/applications/{id}/aws/setup.sh" Administrator(ReadDirectory)
        admin::applications::script),
    route!(POST "/admin/applications/{id}/aws/arns" Administrator(WriteApplications)
        admin::applications::take_arns)
    .taking(admin::applications::MAX_ARNS_FORM),
    route!(GET "/admin/diagnose" Administrator(ReadDirectory) admin::diagnose::form),
    route!(POST "/admin/diagnose" Administrator(ReadDirectory) admin::diagnose::result)
        .taking(admin::diagnose::MAX_FORM),
    route!(GET "/admin/applications/new" Administrator(WriteApplications)
        admin::applications::catalogue),
    route!(POST "/admin/applications/new" Administrator(WriteApplications)
        admin::applications::add),
    route!(GET "/admin/applications/new/options" Administrator(WriteApplications)
        admin::applications::options),
    route!(GET "/admin/applications/new/general" Administrator(WriteApplications)
        admin::applications::new_general),
    route!(POST "/admin/applications/new/general" Administrator(WriteApplications)
        admin::applications::review),
    route!(GET "/admin/applications/delete" Administrator(WriteApplications)
        admin::applications::confirm_delete),
    route!(POST "/admin/applications/delete" Administrator(WriteApplications)
        admin::applications::delete),
    route!(GET "/admin/applications/{id}" Administrator(ReadDirectory) admin::applications::open),
    route!(GET "/admin/applications/{id}/created" Administrator(WriteApplications)
        admin::applications::created),
    route!(GET "/admin/applications/{id}/general" Administrator(ReadDirectory)
        admin::applications::general),
    route!(POST "/admin/applications/{id}/general" Administrator(WriteApplications)
        admin::applications::save_general),
    route!(GET "/admin/applications/{id}/image/{image}" Administrator(ReadDirectory)
        admin::applications::image),
    route!(POST "/admin/applications/{id}/image" Administrator(WriteApplications)
        admin::applications::upload_image)
    .taking(admin::applications::MAX_IMAGE_FORM),
    route!(POST "/admin/applications/{id}/image/delete" Administrator(WriteApplications)
        admin::applications::delete_image),
    route!(GET "/admin/applications/{id}/bookmark/deactivate" Administrator(WriteApplications)
        admin::applications::confirm_deactivate),
    route!(POST "/admin/applications/{id}/bookmark/deactivate" Administrator(WriteApplications)
        admin::applications::deactivate),
    route!(POST "/admin/applications/{id}/bookmark/activate" Administrator(WriteApplications)
        admin::applications::activate),
    route!(GET "/admin/applications/{id}/groups" Administrator(ReadDirectory)
        admin::applications::groups),
    route!(POST "/admin/applications/{id}/groups" Administrator(GrantApplications)
        admin::applications::save_groups)
        .taking(MAX_API_BYTES),
    route!(POST "/admin/applications/{id}/people/add" Administrator(GrantApplications)
        admin::applications::add_person),
    route!(POST "/admin/applications/{id}/people/remove" Administrator(GrantApplications)
        admin::applications::remove_person),
    route!(GET "/admin/policies" Administrator(ReadSettings) admin::policies::list),
    route!(GET "/admin/policies/new" Administrator(WriteSettings) admin::policies::new_form),
    route!(POST "/admin/policies/new" Administrator(WriteSettings) admin::policies::create)
        .taking(MAX_API_BYTES),
    route!(GET "/admin/policies/simulate" Administrator(ReadSettings) admin::policies::simulate),
    route!(GET "/admin/policies/{id}" Administrator(ReadSettings) admin::policies::open),
    route!(POST "/admin/policies/{id}" Administrator(WriteSettings) admin::policies::save)
        .taking(MAX_API_BYTES),
    route!(POST "/admin/policies/{id}/act" Administrator(WriteSettings) admin::policies::act),
    route!(GET "/admin/policies/{id}/delete" Administrator(WriteSettings)
        admin::policies::confirm_delete),
    route!(POST "/admin/policies/{id}/delete" Administrator(WriteSettings)
        admin::policies::delete),
    route!(GET "/api/v1/openapi.json" Anyone api::document::openapi),
    route!(GET "/api/v1/docs" AdminAny api::reference::docs),
    route!(GET "/api/v1/search" Api(ReadDirectory) api::search::search),
    route!(GET "/api/v1/caller" ApiAny api::caller::caller),
    route!(GET "/api/v1/users" Api(ReadDirectory) api::users::list::users),
    route!(POST "/api/v1/users" Api(WriteUsers) api::users::create::create),
    route!(GET "/api/v1/users/counts" Api(ReadDirectory) api::users::list::counts),
    route!(GET "/api/v1/users/export.csv" Api(ReadDirectory) api::users::export::export),
    route!(POST "/api/v1/users/bulk" Api(WriteUsers) api::users::bulk::bulk),
    route!(GET "/api/v1/users/{id}" Api(ReadDirectory) api::users::get::user),
    route!(PATCH "/api/v1/users/{id}" Api(WriteUsers) api::users::patch::change),
    route!(DELETE "/api/v1/users/{id}" Api(DeleteUsers) api::users::delete::delete),
    route!(POST "/api/v1/users/{id}/state" Api(WriteUsers) api::users::state::set),
    route!(GET "/api/v1/users/{id}/schedules" Api(ReadDirectory) api::users::schedules::schedules),
    route!(POST "/api/v1/users/{id}/schedules" Api(WriteUsers) api::users::schedules::add),
    route!(DELETE "/api/v1/users/{id}/schedules/{schedule}" Api(WriteUsers) api::users::schedules::cancel),
    route!(GET "/api/v1/users/{id}/public-keys" Api(ReadDirectory) api::users::public_keys::public_keys),
    route!(POST "/api/v1/users/{id}/public-keys" Api(WriteUsers) api::users::public_keys::add),
    route!(DELETE "/api/v1/users/{id}/public-keys/{key}" Api(WriteUsers) api::users::public_keys::remove),
    route!(GET "/api/v1/users/{id}/groups" Api(ReadDirectory) api::users::groups::groups),
    route!(GET "/api/v1/users/{id}/applications" Api(ReadDirectory) api::users::applications::applications),
    route!(GET "/api/v1/user-imports" Api(ReadDirectory) api::user_imports::list::imports),
    route!(POST "/api/v1/user-imports" Api(WriteUsers) api::user_imports::create::create)
        .taking(MAX_FILE),
    route!(GET "/api/v1/user-imports/{id}" Api(ReadDirectory) api::user_imports::get::import),
    route!(DELETE "/api/v1/user-imports/{id}" Api(WriteUsers) api::user_imports::delete::delete),
    route!(POST "/api/v1/user-imports/{id}/confirm" Api(WriteUsers) api::user_imports::confirm::confirm),
    route!(GET "/api/v1/organisation" Api(ReadSettings) api::settings::organisation::organisation),
    route!(GET "/api/v1/settings" Api(ReadSettings) api::settings::get::settings),
    route!(PATCH "/api/v1/settings" Api(WriteSettings) api::settings::patch::change),
    route!(POST "/api/v1/settings/test-mail" Api(WriteSettings) api::settings::test_mail::send),
    route!(GET "/api/v1/administrators" Api(ManageAdministrators) api::administrators::list::administrators),
    route!(POST "/api/v1/administrators" Api(ManageAdministrators) api::administrators::create::create),
    route!(GET "/api/v1/administrators/{id}" Api(ManageAdministrators) api::administrators::get::administrator),
    route!(PATCH "/api/v1/administrators/{id}" Api(ManageAdministrators) api::administrators::patch::change),
    route!(DELETE "/api/v1/administrators/{id}" Api(ManageAdministrators) api::administrators::delete::delete),
    route!(POST "/api/v1/administrators/{id}/invite" Api(ManageAdministrators) api::administrators::invite::invite),
    route!(GET "/api/v1/api-keys" Api(ManageApiKeys) api::api_keys::list::api_keys),
    route!(POST "/api/v1/api-keys" Api(ManageApiKeys) api::api_keys::create::create),
    route!(DELETE "/api/v1/api-keys/{id}" Api(ManageApiKeys) api::api_keys::delete::delete),
    route!(GET "/admin/activity" Administrator(ReadActivity) admin::activity::log),
    route!(GET "/admin/activity/export.csv" Administrator(ReadActivity) admin::activity::export_csv),
    route!(GET "/admin/activity/export.json" Administrator(ReadActivity)
        admin::activity::export_json),
    route!(GET "/admin/activity/destinations" Administrator(ManageLog)
        admin::activity::destinations::list),
    route!(GET "/admin/activity/destinations/new" Administrator(ManageLog)
        admin::activity::destinations::new),
    route!(POST "/admin/activity/destinations/new" Administrator(ManageLog)
        admin::activity::destinations::create),
    route!(GET "/admin/activity/destinations/{id}" Administrator(ManageLog)
        admin::activity::destinations::open),
    route!(POST "/admin/activity/destinations/{id}" Administrator(ManageLog)
        admin::activity::destinations::save),
    route!(GET "/admin/activity/destinations/{id}/delete" Administrator(ManageLog)
        admin::activity::destination_delete::confirm_delete),
    route!(POST "/admin/activity/destinations/{id}/delete" Administrator(ManageLog)
        admin::activity::destination_delete::delete),
    route!(GET "/admin/activity/{id}" Administrator(ReadActivity) admin::activity::entry),
    route!(GET "/admin/alerts" Administrator(ReadActivity) admin::alerts::alerts),
    route!(POST "/admin/alerts/dismiss" Administrator(ManageLog) admin::alerts::dismiss),
    route!(GET "/api/v1/events" Api(ReadActivity) api::events::list),
    route!(GET "/api/v1/events/count" Api(ReadActivity) api::events::count),
    route!(GET "/api/v1/events/{id}" Api(ReadActivity) api::events::show),
    route!(GET "/api/v1/alerts" Api(ReadActivity) api::alerts::list),
    route!(POST "/api/v1/alerts/{id}/dismiss" Api(ManageLog) api::alerts::dismiss),
    route!(GET "/api/v1/log-destinations" Api(ManageLog) api::log_destinations::list),
    route!(POST "/api/v1/log-destinations" Api(ManageLog) api::log_destinations::create),
    route!(GET "/api/v1/log-destinations/{id}" Api(ManageLog) api::log_destinations::show),
    route!(PATCH "/api/v1/log-destinations/{id}" Api(ManageLog) api::log_destinations::change),
    route!(DELETE "/api/v1/log-destinations/{id}" Api(ManageLog) api::log_destinations::delete),
    route!(POST "/api/v1/log-destinations/{id}/rotate-secret" Api(ManageLog) api::log_destinations::rotate_secret),
    route!(GET "/api/v1/sign-in-policies" Api(ReadSettings) api::sign_in_policies::list),
    route!(POST "/api/v1/sign-in-policies" Api(WriteSettings) api::sign_in_policies::create),
    route!(POST "/api/v1/sign-in-policies/simulate" Api(ReadSettings)
        api::sign_in_policies::simulate),
    route!(GET "/api/v1/sign-in-policies/{id}" Api(ReadSettings) api::sign_in_policies::show),
    route!(PATCH "/api/v1/sign-in-policies/{id}" Api(WriteSettings) api::sign_in_policies::change),
    route!(DELETE "/api/v1/sign-in-policies/{id}" Api(WriteSettings)
        api::sign_in_policies::delete),
    route!(POST "/insights/directory/v1/events" Api(ReadActivity) insights::events),
    route!(POST "/insights/directory/v1/events/count" Api(ReadActivity) insights::count),
    route!(GET "/api/v1/groups" Api(ReadDirectory) api::groups::list::groups),
    route!(POST "/api/v1/groups" Api(WriteGroups) api::groups::create::create),
    route!(GET "/api/v1/groups/{id}" Api(ReadDirectory) api::groups::get::group),
    route!(PATCH "/api/v1/groups/{id}" Api(WriteGroups) api::groups::patch::change),
    route!(DELETE "/api/v1/groups/{id}" Api(WriteGroups) api::groups::delete::delete),
    route!(GET "/api/v1/groups/{id}/members" Api(ReadDirectory) api::groups::members::members),
    route!(POST "/api/v1/groups/{id}/members" Api(WriteGroups)
        api::groups::members::change_members),
    route!(GET "/api/v1/groups/{id}/applications" Api(ReadDirectory)
        api::groups::applications::applications),
    route!(POST "/api/v1/groups/{id}/applications" Api(GrantApplications)
        api::groups::applications::change_applications),
    route!(POST "/api/v1/rule-previews" Api(ReadDirectory) api::groups::preview::preview),
    route!(GET "/api/v1/applications" Api(ReadDirectory) api::applications::list::applications),
    route!(POST "/api/v1/applications" Api(WriteApplications) api::applications::create::create),
    route!(GET "/api/v1/application-catalogue" Api(ReadDirectory)
        api::applications::create::catalogue),
    route!(GET "/api/v1/applications/{id}" Api(ReadDirectory)
        api::applications::get::application),
    route!(PATCH "/api/v1/applications/{id}" Api(WriteApplications) api::applications::patch::change),
    route!(DELETE "/api/v1/applications/{id}" Api(WriteApplications)
        api::applications::patch::delete),
    route!(POST "/api/v1/applications/{id}/service-provider-metadata" Api(WriteApplications)
        api::applications::patch::fill)
        .taking(admin::applications::MAX_METADATA_FORM),
    route!(GET "/api/v1/applications/{id}/image" Api(ReadDirectory)
        api::applications::image::image),
    route!(PUT "/api/v1/applications/{id}/image" Api(WriteApplications)
        api::applications::image::set),
    route!(DELETE "/api/v1/applications/{id}/image" Api(WriteApplications)
        api::applications::image::delete),
    route!(GET "/api/v1/applications/{id}/keys" Api(ReadDirectory) api::applications::keys::keys),
    route!(POST "/api/v1/applications/{id}/keys" Api(WriteApplications) api::applications::keys::add),
    route!(POST "/api/v1/applications/{id}/keys/{key}" Api(WriteApplications)
        api::applications::keys::act),
    route!(DELETE "/api/v1/applications/{id}/keys/{key}" Api(WriteApplications)
        api::applications::keys::delete),
    route!(GET "/api/v1/applications/{id}/access" Api(ReadDirectory)
        api::applications::access::access),
    route!(POST "/api/v1/applications/{id}/access" Api(GrantApplications)
        api::applications::access::change),
    route!(GET "/api/v1/applications/{id}/people" Api(ReadDirectory)
        api::applications::access::people),
    route!(GET "/api/v1/applications/{id}/preview" Api(ReadDirectory)
        api::applications::preview::preview),
    route!(GET "/api/v1/applications/{id}/checks" Api(ReadDirectory)
        api::applications::preview::checks),
    route!(GET "/api/v1/applications/{id}/aws-setup" Api(ReadDirectory)
        api::applications::aws::setup),
    route!(POST "/api/v1/applications/{id}/role-arns" Api(WriteApplications)
        api::applications::aws::take),
    route!(POST "/api/v1/diagnoses" Api(ReadDirectory) api::applications::diagnoses::create),
    route!(GET "/api/v2/groups" Api(ReadDirectory) jumpcloud::groups),
    route!(GET "/api/v2/usergroups" Api(ReadDirectory) jumpcloud::user_groups),
    route!(POST "/api/v2/usergroups" Api(WriteGroups) jumpcloud::create),
    route!(GET "/api/v2/usergroups/{id}" Api(ReadDirectory) jumpcloud::user_group),
    route!(PUT "/api/v2/usergroups/{id}" Api(WriteGroups) jumpcloud::replace),
    route!(DELETE "/api/v2/usergroups/{id}" Api(WriteGroups) jumpcloud::delete),
    route!(GET "/api/v2/usergroups/{id}/members" Api(ReadDirectory) jumpcloud::members),
    route!(POST "/api/v2/usergroups/{id}/members" Api(WriteGroups) jumpcloud::change_member),
    route!(GET "/api/v2/usergroups/{id}/membership" Api(ReadDirectory) jumpcloud::membership),
    route!(GET "/api/v2/users/{id}/memberof" Api(ReadDirectory) jumpcloud::member_of),
    route!(GET "/api/v2/usergroups/{id}/associations" Api(ReadDirectory)
        jumpcloud::associations::of_group),
    route!(POST "/api/v2/usergroups/{id}/associations" Api(GrantApplications)
        jumpcloud::associations::change_of_group),
    route!(GET "/api/v2/usergroups/{id}/applications" Api(ReadDirectory)
        jumpcloud::reach::applications_of_group),
    route!(GET "/api/v2/users/{id}/associations" Api(ReadDirectory)
        jumpcloud::associations::of_user),
    route!(POST "/api/v2/users/{id}/associations" Api(GrantApplications)
        jumpcloud::associations::change_of_user),
    route!(GET "/api/v2/users/{id}/applications" Api(ReadDirectory)
        jumpcloud::reach::applications_of_user),
    route!(GET "/api/v2/applications/{id}/associations" Api(ReadDirectory)
        jumpcloud::associations::of_application),
    route!(POST "/api/v2/applications/{id}/associations" Api(GrantApplications)
        jumpcloud::associations::change_of_application),
    route!(GET "/api/v2/applications/{id}/users" Api(ReadDirectory) jumpcloud::reach::users),
    route!(GET "/api/v2/applications/{id}/usergroups" Api(ReadDirectory)
        jumpcloud::reach::user_groups),
    route!(DELETE "/api/v2/applications/{id}/logo" Api(WriteApplications) jumpcloud::logo::delete),
    route!(GET "/api/applications" Api(ReadDirectory) jumpcloud::applications::read::list),
    route!(POST "/api/applications" Api(WriteApplications) jumpcloud::applications::change::create),
    route!(GET "/api/applications/{id}" Api(ReadDirectory) jumpcloud::applications::read::get),
    route!(PUT "/api/applications/{id}" Api(WriteApplications) jumpcloud::applications::change::update),
    route!(DELETE "/api/applications/{id}" Api(WriteApplications)
        jumpcloud::applications::change::delete),
    route!(GET "/api/systemusers" Api(ReadDirectory) api::systemusers::read::list),
    route!(POST "/api/systemusers" Api(WriteUsers) api::systemusers::change::create),
    route!(GET "/api/systemusers/{id}" Api(ReadDirectory) api::systemusers::read::get),
    route!(PUT "/api/systemusers/{id}" Api(WriteUsers) api::systemusers::change::update),
    route!(DELETE "/api/systemusers/{id}" Api(DeleteUsers) api::systemusers::change::delete),
    route!(POST "/api/systemusers/{id}/state/activate" Api(WriteUsers) api::systemusers::act::activate),
    route!(POST "/api/systemusers/{id}/unlock" Api(ManageCredentials) api::systemusers::act::unlock),
    route!(POST "/api/systemusers/{id}/expire" Api(ManageCredentials) api::systemusers::act::expire),
    route!(GET "/api/systemusers/{id}/sshkeys" Api(ReadDirectory) api::systemusers::sshkeys::list),
    route!(POST "/api/systemusers/{id}/sshkeys" Api(WriteUsers) api::systemusers::sshkeys::add),
    route!(DELETE "/api/systemusers/{id}/sshkeys/{key}" Api(WriteUsers) api::systemusers::sshkeys::remove),
    route!(POST "/api/search/systemusers" Api(ReadDirectory) api::systemusers::read::search),
    route!(GET "/api/organizations" Api(ReadSettings) api::systemusers::organizations::list),
    route!(GET "/api/organizations/{id}" Api(ReadSettings) api::systemusers::organizations::get),
    route!(GET "/static/{file}" Anyone static_files),
    route!(GET "/brand/{file}" Anyone brand),
    route!(GET "/healthz" Anyone health::alive),
    route!(GET "/readyz" Anyone health::ready),
];

/// The identity provider as a service. Serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`, so that events know the client.
pub fn router(state: AppState) -> Router {
    let site = Arc::new(Site::new(state));
    ROUTES
        .iter()
        .fold(Router::new(), |router, route| {
            router.route(route.path, guarded(route, &site))
        })
        .fallback(async || Failure::not_found())
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
        .layer(from_fn_with_state(Arc::clone(&site), front_door))
        .with_state(site)
}

/// The handler behind the guard that its audience asks for.
fn guarded(route: &Route, site: &Arc<Site>) -> MethodRouter<Arc<Site>> {
    let handler = (route.handler)();
    let state = (Arc::clone(site), *route);
    match route.audience {
        Audience::Administrator(_) | Audience::AdminAny => {
            handler.route_layer(from_fn_with_state(state, admin_guard))
        }
        Audience::Api(_) | Audience::ApiAny => {
            // The outer of the two is the one that is added last.
            let handler = if route.method == "POST" && route.path.starts_with("/api/v1/") {
                let site = Arc::clone(site);
                handler.route_layer(from_fn_with_state(site, api::idempotency::idempotent))
            } else {
                handler
            };
            handler.route_layer(from_fn_with_state(state, api_guard))
        }
        Audience::Anyone | Audience::SameSite | Audience::Person | Audience::PersonApi => handler,
    }
}

/// Whether the route of this method and path takes a long body.
pub(crate) fn is_large(method: &str, path: &str) -> bool {
    ROUTES
        .iter()
        .any(|route| route.is_large() && route.method == method && route.path == path)
}

/// The pages of the navigation that exist and that an administrator with this role may open.
pub(crate) fn navigation(may: impl Fn(Permission) -> bool) -> Vec<NavItem> {
    let opens = |item: &NavItem| opens(item.href(), &may);
    NavItem::ALL.into_iter().filter(opens).collect()
}

/// Whether there is a page under this address that an administrator with this role may open.
pub(crate) fn opens(address: &str, may: impl Fn(Permission) -> bool) -> bool {
    match route_of("GET", address).map(|route| route.audience) {
        Some(Audience::Administrator(permission)) => may(permission),
        Some(Audience::AdminAny) => true,
        _ => false,
    }
}

/// The route that a request of this method to this address comes to. Its query plays no part.
pub fn route_of(method: &str, address: &str) -> Option<&'static Route> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<_> = path.split('/').collect();
    let is_variable = |part: &str| part.starts_with('{');
    let fits = |route: &&Route| {
        let own: Vec<_> = route.path.split('/').collect();
        route.method == method
            && own.len() == parts.len()
            && (own.iter().zip(&parts))
                .all(|(own, part)| own == part || is_variable(own) && !part.is_empty())
    };
    // `/admin/users/new` is not the person `new`.
    ROUTES.iter().filter(fits).min_by_key(|route| {
        route
            .path
            .split('/')
            .filter(|part| is_variable(part))
            .count()
    })
}
