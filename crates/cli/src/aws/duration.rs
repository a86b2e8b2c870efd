//! The length of a session: what was asked for, or the longest that the role allows. The answer
//! is remembered per role, so that the next sign-in asks right away.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use toml_edit::{DocumentMut, Item, Table, value};

use super::sts::StsError;
use crate::files::credentials::TemporaryCredentials;
use crate::files::{FileError, lock, read_if_exists, replace};

const HOUR: u32 = 3600;
/// An administrator may raise the limit, so what was learnt is forgotten after a week.
const REMEMBERED_SECONDS: i64 = 7 * 24 * 3600;
const KEPT_ROLES: usize = 500;

/// The outcome of asking for a session.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) credentials: TemporaryCredentials,
    /// The longest session that the role turned out to allow, if it was less than asked for.
    pub(crate) limited_to: Option<u32>,
}

/// Asks for `wanted` seconds; where the role doesn't allow as much, finds the largest whole
/// number of hours that it does. `remembered` is where to begin then.
pub(crate) fn negotiate(
    wanted: u32,
    remembered: Option<u32>,
    mut ask: impl FnMut(u32) -> Result<TemporaryCredentials, StsError>,
) -> Result<Asked, StsError> {
    let first = remembered.map_or(wanted, |remembered| remembered.min(wanted));
    let refusal = match ask(first) {
        Ok(credentials) => {
            let limited_to = (first < wanted).then_some(first);
            return Ok(Asked {
                credentials,
                limited_to,
            });
        }
        Err(error) if error.is_duration_exceeded() && first > HOUR => error,
        Err(error) => return Err(error),
    };
    // Every role allows an hour at least; `low` is the most that is known to work.
    let (mut low, mut high) = (0, first.div_ceil(HOUR));
    let mut best = None;
    while high - low > 1 {
        let hours = u32::midpoint(low, high);
        match ask(hours * HOUR) {
            Ok(credentials) => {
                low = hours;
                best = Some(Asked {
                    credentials,
                    limited_to: Some(hours * HOUR),
                });
            }
            Err(error) if error.is_duration_exceeded() => high = hours,
            Err(error) => return Err(error),
        }
    }
    best.ok_or(refusal)
}

/// What earlier sign-ins learnt about roles, in `session-durations.toml` of the state folder.
#[derive(Debug)]
pub(crate) struct DurationMemory {
    path: PathBuf,
}

impl DurationMemory {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join("session-durations.toml"),
        }
    }

    /// The longest session that `role` allowed lately. A file that cannot be read or understood
    /// costs one question to AWS, nothing else.
    pub(crate) fn recall(&self, role: &str, now: OffsetDateTime) -> Option<u32> {
        let document = self.read();
        let entry = document.get(role)?;
        let at = entry.get("at")?.as_integer()?;
        let age = now.unix_timestamp().checked_sub(at)?;
        if !(0..REMEMBERED_SECONDS).contains(&age) {
            return None;
        }
        u32::try_from(entry.get("seconds")?.as_integer()?)
            .ok()
            .filter(|seconds| *seconds >= 900)
    }

    pub(crate) fn remember(
        &self,
        role: &str,
        seconds: u32,
        now: OffsetDateTime,
    ) -> Result<(), FileError> {
        replace::ensure_folder(&self.path)?;
        let _lock = lock::acquire(&self.path, || {})?;
        let mut document = self.read();
        if document.len() >= KEPT_ROLES {
            document.clear();
        }
        let mut entry = Table::new();
        entry["seconds"] = value(i64::from(seconds));
        entry["at"] = value(now.unix_timestamp());
        document[role] = Item::Table(entry);
        replace::replace(&self.path, document.to_string().as_bytes())?;
        Ok(())
    }

    fn read(&self) -> DocumentMut {
        let content = read_if_exists(&self.path)
            .ok()
            .flatten()
            .unwrap_or_default();
        String::from_utf8_lossy(&content)
            .parse()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// Negotiates with a role that allows `most` seconds; answers what came out and the questions.
    fn with_limit(wanted: u32, remembered: Option<u32>, most: u32) -> (Option<u32>, Vec<u32>) {
        let mut asked = Vec::new();
        let outcome = negotiate(wanted, remembered, |seconds| {
            asked.push(seconds);
            if seconds <= most {
                return Ok(TemporaryCredentials {
                    access_key_id: seconds.to_string(),
                    secret_access_key: "s".into(),
                    session_token: "t".into(),
                    expires: datetime!(2026-11-22 00:00 UTC),
                    principal_arn: String::new(),
                });
            }
            Err(StsError::Refused {
                code: "ValidationError".to_owned(),
                message: "The requested DurationSeconds exceeds the MaxSessionDuration set for \
                          this role."
                    .to_owned(),
            })
        });
        let granted = outcome.unwrap();
        assert_eq!(
            granted.credentials.access_key_id.parse().ok(),
            granted.limited_to.or(Some(wanted))
        );
        (granted.limited_to, asked)
    }

    #[test]
    fn a_session_that_is_allowed_takes_one_question() {
        assert_eq!(with_limit(43_200, None, 43_200), (None, vec![43_200]));
        assert_eq!(with_limit(3_600, None, 3_600), (None, vec![3_600]));
    }

    #[test]
    fn the_largest_allowed_whole_hour_is_found_in_few_questions() {
        for hours in 1..12 {
            let (limited, asked) = with_limit(43_200, None, hours * HOUR);
            assert_eq!(limited, Some(hours * HOUR));
            assert!(asked.len() <= 5, "{asked:?}");
        }
        assert_eq!(with_limit(5_400, None, 3_600).0, Some(3_600));
        assert_eq!(with_limit(40_000, None, 39_000).0, Some(36_000));
    }

    #[test]
    fn what_was_learnt_saves_the_questions() {
        assert_eq!(
            with_limit(43_200, Some(7_200), 7_200),
            (Some(7_200), vec![7_200])
        );
        assert_eq!(with_limit(3_600, Some(7_200), 7_200), (None, vec![3_600]));
    }

    #[test]
    fn the_memory_forgets_after_a_week() {
        let folder = tempfile::tempdir().unwrap();
        let memory = DurationMemory::in_folder(folder.path());
        let (role, then) = (
            "arn:aws:iam::012345678987:role/A.b",
            datetime!(2026-11-22 00:00 UTC),
        );
        memory.remember(role, 7_200, then).unwrap();
        memory
            .remember("arn:aws:iam::012345678987:role/Other", 3_600, then)
            .unwrap();
        assert_eq!(memory.recall(role, then + time::Duration::DAY), Some(7_200));
        assert_eq!(memory.recall(role, then + 8 * time::Duration::DAY), None);
        assert_eq!(
            memory.recall("arn:aws:iam::012345678987:role/No", then),
            None
        );
    }
}
