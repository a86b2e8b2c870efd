//! `/admin/policies/…`: what sign-ins need (requirement M03).

mod delete;
mod form;
mod leaving;
mod list;
mod save;
mod simulate;
mod typed;

use jetway_identity::SignInPolicyId;
use jetway_identity::sign_in_policies::{
    ChangeSignInPolicyError, FactorKind, SavedSignInPolicy, find_sign_in_policy,
};

use crate::shared::{Failure, Site};

pub(crate) use delete::{confirm_delete, delete};
pub(crate) use leaving::{Leaving, policies_left_behind};
pub(crate) use list::list;
pub(crate) use save::{act, create, new_form, open, save};
pub(crate) use simulate::simulate;

const LIST: &str = "/admin/policies";
/// The kinds of factors that people can have, in the order in which forms offer them.
const KINDS: [FactorKind; 4] = FactorKind::ALL;

async fn find(site: &Site, id: &str) -> Result<SavedSignInPolicy, Failure> {
    let id: SignInPolicyId = id.parse().map_err(|_| Failure::not_found())?;
    let found = find_sign_in_policy(site.store.as_ref(), id).await?;
    found.ok_or_else(Failure::not_found)
}

/// What no form shows.
fn failure(error: ChangeSignInPolicyError) -> Failure {
    match error {
        ChangeSignInPolicyError::NoSuchPolicy => Failure::not_found(),
        ChangeSignInPolicyError::NotAllowed(error) => error.into(),
        ChangeSignInPolicyError::Store(error) => error.into(),
        ChangeSignInPolicyError::Invalid(_) | ChangeSignInPolicyError::Stale(_) => {
            Failure::bad_request()
        }
    }
}
