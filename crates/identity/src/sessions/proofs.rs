//! What a session, or a sign-in under way, has proved so far.

use time::OffsetDateTime;

use crate::sessions::{FirstProof, PendingSignIn, ProvedFactor, Session};
use crate::sign_in_policies::{Proof, Proved};

impl Session {
    /// When the person last proved anything.
    pub(crate) fn authenticated_at(&self) -> OffsetDateTime {
        let factor = self.factor.map(|factor| factor.at);
        factor.map_or(self.proved_at, |at| at.max(self.proved_at))
    }

    /// For the engine that decides what a sign-in needs.
    pub(crate) fn proofs(&self) -> Vec<Proof> {
        proofs(self.first_proof, self.proved_at, self.factor)
    }
}

impl PendingSignIn {
    /// For the engine that decides what a sign-in needs.
    pub(super) fn proofs(&self) -> Vec<Proof> {
        proofs(self.first_proof, self.proved_at, self.factor)
    }
}

fn proofs(
    first: FirstProof,
    proved_at: OffsetDateTime,
    factor: Option<ProvedFactor>,
) -> Vec<Proof> {
    let first = Proof {
        what: match first {
            // The provider stands in for a password, and for no more.
            FirstProof::Password | FirstProof::Provider => Proved::Password,
            FirstProof::Passkey => Proved::Passkey,
        },
        at: proved_at,
    };
    let second = factor.map(|factor| Proof {
        what: Proved::Factor(factor.kind),
        at: factor.at,
    });
    std::iter::once(first).chain(second).collect()
}
