//! `?plan=true`: what a change would do, without doing it.
//!
//! The handler runs the same use case on a [rehearsal](jetway_identity::Store::rehearsal) of the
//! store, so a plan cannot differ from what happens, up to what others change in between.

use std::ops::Deref;

use jetway_identity::Store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The query of a change that can be planned.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Plan {
    /// `true`: answer what would happen and write nothing.
    #[serde(default)]
    pub(crate) plan: bool,
}

impl Plan {
    /// The store to run the use case on.
    pub(crate) fn store(self, store: &dyn Store) -> PlanStore<'_> {
        if self.plan {
            PlanStore::Rehearsal(store.rehearsal())
        } else {
            PlanStore::Real(store)
        }
    }
}

/// Derefs to the store that the change runs on.
pub(crate) enum PlanStore<'a> {
    Real(&'a dyn Store),
    Rehearsal(Box<dyn Store + 'a>),
}

impl<'a> Deref for PlanStore<'a> {
    type Target = dyn Store + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Real(store) => *store,
            Self::Rehearsal(store) => store.as_ref(),
        }
    }
}
