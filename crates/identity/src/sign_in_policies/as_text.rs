//! JSON strings for what has a text form.

/// Reads and writes a type as the text of its `FromStr` and `Display`.
macro_rules! as_text {
    ($($name:ty),+) => { $(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+ };
}

pub(super) use as_text;

use crate::ids::{ApplicationId, GroupId, SignInPolicyId};

as_text!(ApplicationId, GroupId, SignInPolicyId);
