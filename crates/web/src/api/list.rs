//! Lists, page by page.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::{IntoParams, ToSchema};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    /// For the next page: send it as `cursor`. `null`: this is the last one.
    pub(crate) next_cursor: Option<Cursor>,
}

impl<T> List<T> {
    /// A page of a list that is short enough to be read as a whole. `all` is in the order of
    /// `place`, which no two items share.
    pub(crate) fn of_all(
        mut all: Vec<T>,
        limit: Limit,
        cursor: Option<&Cursor>,
        place: impl Fn(&T) -> String,
    ) -> Self {
        if let Some(cursor) = cursor {
            all.retain(|item| place(item).as_str() > cursor.as_str());
        }
        let limit = limit.get() as usize;
        let more = all.len() > limit;
        all.truncate(limit);
        let next_cursor = all
            .last()
            .filter(|_| more)
            .map(|item| Cursor::new(place(item)));
        Self {
            items: all,
            next_cursor,
        }
    }

    /// The same page of something else.
    pub(crate) fn map<U>(self, of: impl FnMut(T) -> U) -> List<U> {
        List {
            items: self.items.into_iter().map(of).collect(),
            next_cursor: self.next_cursor,
        }
    }
}

/// Which page of a list that is neither searched nor filtered.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    #[serde(default)]
    #[param(inline)]
    pub(crate) limit: Limit,
    /// `next_cursor` of the page before.
    #[param(inline)]
    pub(crate) cursor: Option<Cursor>,
}

/// How many items a page has: 1 to 200, 50 when it is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(u32);

impl Limit {
    const MAX: u32 = 200;

    pub(crate) fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        let text = String::deserialize(field)?;
        match text.parse() {
            Ok(limit) if (1..=Self::MAX).contains(&limit) => Ok(Self(limit)),
            _ => Err(D::Error::custom(format!(
                "use a number from 1 to {}",
                Self::MAX
            ))),
        }
    }
}

/// A place in a list. Callers see it as an opaque text, so that what it is made of may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor(String);

impl Cursor {
    /// `place` is what the store takes to go on from there.
    pub(crate) fn new(place: impl Into<String>) -> Self {
        Self(place.into())
    }

    /// What [`Self::new`] was given. It came from the caller: the store has to check it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        let text = String::deserialize(field)?;
        let place = URL_SAFE_NO_PAD.decode(&text).ok();
        place
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .filter(|place| !place.contains('\0'))
            .map(Self)
            .ok_or_else(|| D::Error::custom("use next_cursor of the page before"))
    }
}

impl utoipa::PartialSchema for Cursor {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl ToSchema for Cursor {}

impl utoipa::PartialSchema for Limit {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(f64::from(Self::MAX)))
            .default(Some(serde_json::json!(50)))
            .into()
    }
}

impl ToSchema for Limit {}
