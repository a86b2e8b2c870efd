//! What every route uses.

mod admin_guard;
mod api_guard;
pub(crate) mod body;
mod brand;
pub(crate) mod cookies;
pub(crate) mod csrf;
mod failure;
mod form;
mod front_door;
mod headers;
pub(crate) mod health;
mod hosts;
pub(crate) mod multipart;
mod next;
mod organisation;
mod respond;
mod session;
mod site;
mod static_files;
mod visit;

pub(crate) use admin_guard::{AdminVisit, admin_guard};
pub(crate) use api_guard::{ApiCaller, api_guard};
pub(crate) use brand::brand;
pub(crate) use failure::Failure;
pub(crate) use form::{
    Fields, admin_form_fields, form_fields, is_media_type, query_fields, typeable,
};
pub(crate) use front_door::front_door;
pub(crate) use headers::content_security_policy_for;
pub(crate) use next::{admin_sign_in_path, same_site_path, sign_in_path};
pub(crate) use respond::{admin_html, html, see_other};
pub(crate) use session::signed_in;
pub(crate) use site::Site;
pub(crate) use static_files::static_files;
pub(crate) use visit::Visit;
