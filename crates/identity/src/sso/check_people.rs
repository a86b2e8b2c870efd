//! Whether an application would work for everybody who has it, before anyone fails.

use crate::administrators::{NotAllowed, Permission, require};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sign_in_policies::AuthnContext;
use crate::sso::attributes::Unusable;
use crate::sso::response::{About, response};
use crate::store::{Store, StoreError};
use crate::users::{Place, User, UserSort};

/// People who are looked at.
const MOST_CHECKED: usize = 5_000;
/// People who are listed.
const MOST_LISTED: usize = 100;
const PAGE: u32 = 500;

/// For whom an application would not work.
#[derive(Debug, Clone, Default)]
pub struct PeopleChecked {
    /// How many were looked at.
    pub checked: usize,
    /// Whether that was everybody who has it.
    pub complete: bool,
    /// How many of them would fail.
    pub failing: usize,
    /// The first of those, by name, with the reason.
    pub first: Vec<(User, Unusable)>,
}

/// Why nobody was looked at.
#[derive(Debug, thiserror::Error)]
pub enum CheckPeopleError {
    #[error("there is no such application, or it is a bookmark")]
    NoSuchApplication,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the response of everybody who has the application, up to a number, and throws it away.
pub async fn check_people(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
) -> Result<PeopleChecked, CheckPeopleError> {
    let mut read = store.read().await?;
    require(read.as_mut(), op, Permission::ReadDirectory).await??;
    let application = read.application(id).await?;
    let application = application.ok_or(CheckPeopleError::NoSuchApplication)?;
    let saml = application.sign_on.saml();
    let saml = saml.ok_or(CheckPeopleError::NoSuchApplication)?;
    let mut result = PeopleChecked::default();
    let mut after: Option<Place> = None;
    while result.checked < MOST_CHECKED {
        let people = read.people_of_application(id, after.as_ref(), PAGE).await?;
        let ids: Vec<_> = people.iter().map(|(user, _)| user.id).collect();
        let groups = read.groups_among(&ids).await?;
        for (user, _) in &people {
            let about = About {
                saml,
                user,
                groups: groups.get(&user.id).map_or(&[], Vec::as_slice),
                authn_instant: op.now,
                authn_context: AuthnContext::PasswordProtectedTransport,
                session_index: "_check".to_owned(),
                acs_url: &saml.settings.acs_url,
                in_response_to: None,
            };
            result.checked += 1;
            if let Err(reason) = response(op, &about) {
                result.failing += 1;
                if result.first.len() < MOST_LISTED {
                    result.first.push((user.clone(), reason));
                }
            }
        }
        after = people
            .last()
            .map(|(user, _)| Place::of(user, UserSort::Name));
        if people.len() < PAGE as usize {
            result.complete = true;
            break;
        }
    }
    Ok(result)
}
