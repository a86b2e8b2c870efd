//! Single sign-on: who may reach which application, and what it is told about them.

mod assert;
mod attributes;
mod check_people;
mod enhanced_client;
mod list_tiles;
mod logout;
mod preview;
mod refuse;
mod request;
mod response;

pub use crate::applications::Tile;
pub use assert::{AssertError, AssertRequest, Grant, assert};
pub use attributes::{Conflict, Origin, ResolvedAttribute, Unusable};
pub use check_people::{CheckPeopleError, PeopleChecked, check_people};
pub use enhanced_client::{
    EnhancedAnswer, EnhancedClient, EnhancedClientError, answer_enhanced_client,
};
pub use list_tiles::list_tiles;
pub use logout::{
    LogoutAnswer, LogoutCall, LogoutDelivery, LogoutError, LogoutRefused, answer_logout,
};
pub use preview::{Check, Outcome, Preview, PreviewError, preview};
pub use refuse::{Refusal, RefuseError, refuse_request};
pub use request::{ReceiveError, Received, RequestRefused, Unmet, Wish, receive_request};
