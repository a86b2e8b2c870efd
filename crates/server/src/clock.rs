//! The real clock and the operating system's randomness: the one place where the server asks for
//! either. Both parts of the server declare the traits they need; this type serves both.

use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};
use time::OffsetDateTime;

/// What the operating system says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct System;

impl System {
    #[expect(clippy::disallowed_methods, reason = "the edge where time enters")]
    pub(crate) fn time() -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    #[expect(
        clippy::expect_used,
        reason = "no part of an identity system may go on without it"
    )]
    pub(crate) fn randomness() -> StdRng {
        StdRng::try_from_rng(&mut SysRng).expect("the operating system provides randomness")
    }
}

impl jetway_identity::Clock for System {
    fn now(&self) -> OffsetDateTime {
        Self::time()
    }
}

impl jetway_identity::Entropy for System {
    fn rng(&self) -> StdRng {
        Self::randomness()
    }
}

impl jetway_local_aws::Clock for System {
    fn now(&self) -> OffsetDateTime {
        Self::time()
    }
}

impl jetway_local_aws::Entropy for System {
    fn rng(&self) -> StdRng {
        Self::randomness()
    }
}
