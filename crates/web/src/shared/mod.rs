//! What every route uses.

mod admin_guard;
mod api_guard;
pub(crate) mod body;
mod brand;
mod client_ip;
mod client_name;
pub(crate) mod cookies;
pub(crate) mod csrf;
mod device;
mod failure;
mod form;
mod front_door;
mod headers;
pub(crate) mod health;
mod hosts;
mod moment;
pub(crate) mod multipart;
mod next;
mod organisation;
pub(crate) mod passkeys;
mod password_rules;
mod picture;
mod respond;
mod session;
mod site;
mod static_files;
mod visit;
mod visitor;

pub(crate) use admin_guard::{AdminVisit, admin_guard};
pub(crate) use api_guard::{ApiCaller, api_guard};
pub(crate) use brand::brand;
pub(crate) use client_name::{client_name, program_name};
pub(crate) use device::DeviceCookie;
pub(crate) use failure::Failure;
pub(crate) use form::{
    Fields, admin_form_fields, admin_query_fields, form_fields, is_media_type, query_fields,
    typeable,
};
pub(crate) use front_door::front_door;
pub(crate) use headers::{ADMIN_CONTENT_POLICY, PHONE_CONTENT_POLICY, content_security_policy_for};
pub(crate) use moment::moment;
pub(crate) use next::{admin_sign_in_path, same_site_path, sign_in_again_path, sign_in_path};
pub(crate) use password_rules::{password_rules, refused};
pub(crate) use picture::{admin_picture, picture, portal_picture};
pub(crate) use respond::{admin_html, html, see_other};
pub(crate) use session::signed_in;
pub(crate) use site::{Site, role_words};
pub(crate) use static_files::static_files;
pub(crate) use visit::Visit;
pub(crate) use visitor::{VisitorForm, is_from_visitor};
