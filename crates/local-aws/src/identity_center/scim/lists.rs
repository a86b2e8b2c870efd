//! Lists of users and of groups: a filter is answered by an index wherever there is one, and a page
//! costs as much in the middle as at the beginning (identity-center.md §3.6).

use std::sync::Arc;

use jetway_scim::{
    ENTERPRISE_URN, ErrorShape, Filter, ListQuery, Page as Asked, ResourceKind, ScimError,
    ScimType, Selection,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Answer, Call, Refusal,
    cursor::{self, Mark},
    resources::{self, Listed},
};
use crate::{
    identity_center::directory::{DirectoryError, Kind},
    state::directory::{Catalogue, Directory, GroupRecord, UserRecord},
};

pub(super) fn list(call: &Call<'_>, kind: ResourceKind) -> Result<Answer, Refusal> {
    match kind {
        ResourceKind::User => list_of::<UserRecord>(call),
        ResourceKind::Group => list_of::<GroupRecord>(call),
    }
}

/// What a filter comes to.
enum Found {
    /// There is no filter.
    All,
    /// At most one.
    One(Option<Uuid>),
    /// The users of this group.
    MembersOf(Uuid),
    /// The groups of this user.
    GroupsOf(Uuid),
    /// No index answers it.
    Scan(Filter),
}

/// What an index knows of users or of groups.
trait Indexed: Listed {
    /// The one equality `attribute eq "value"`, if an index answers it.
    fn indexed(directory: &Directory, attribute: &str, value: &str) -> Option<Found>;
    fn catalogue(directory: &Directory) -> &Catalogue<Self>;
    /// Whether `id` has this `manager` or `member`.
    fn has(directory: &Directory, id: &Uuid, other: &str) -> Result<bool, Refusal>;
}

impl Indexed for UserRecord {
    fn indexed(directory: &Directory, attribute: &str, value: &str) -> Option<Found> {
        match attribute {
            "userName" => Some(Found::One(
                directory.users.by_name(value).map(|user| user.id),
            )),
            "groups.value" => Some(members_of(value)),
            _ => None,
        }
    }

    fn catalogue(directory: &Directory) -> &Catalogue<Self> {
        &directory.users
    }

    fn has(directory: &Directory, id: &Uuid, manager: &str) -> Result<bool, Refusal> {
        let user = directory.users.get(id);
        Ok(user.is_some_and(|user| {
            let extension = user.attributes.get(ENTERPRISE_URN);
            extension.is_some_and(|extension| extension["manager"]["value"] == manager)
        }))
    }
}

impl Indexed for GroupRecord {
    fn indexed(directory: &Directory, attribute: &str, value: &str) -> Option<Found> {
        match attribute {
            "displayName" => Some(Found::One(
                directory.groups.by_name(value).map(|group| group.id),
            )),
            "members.value" => Some(resources::id(value).map_or(Found::One(None), Found::GroupsOf)),
            _ => None,
        }
    }

    fn catalogue(directory: &Directory) -> &Catalogue<Self> {
        &directory.groups
    }

    fn has(directory: &Directory, id: &Uuid, member: &str) -> Result<bool, Refusal> {
        let user = known_member(directory, member)?;
        Ok(directory.membership(id, &user).is_some())
    }
}

fn members_of(group: &str) -> Found {
    resources::id(group).map_or(Found::One(None), Found::MembersOf)
}

/// AWS answers 404 where a filter of groups names nobody.
fn known_member(directory: &Directory, id: &str) -> Result<Uuid, Refusal> {
    resources::id(id)
        .filter(|id| directory.users.get(id).is_some())
        .ok_or(Refusal::Directory(DirectoryError::NotFound(Kind::User)))
}

fn list_of<T: Indexed>(call: &Call<'_>) -> Result<Answer, Refusal> {
    let query = ListQuery::parse(T::KIND, call.pairs(), call.profile)?;
    let selection = Selection::parse(call.pairs(), call.profile)?;
    let state = call.aws.state();
    let directory = &state.directory;
    let is_aws = call.profile.errors == ErrorShape::Aws;
    let found = match &query.filter {
        None => Found::All,
        Some(filter) if is_aws => found_by_aws::<T>(directory, filter)?,
        Some(filter) => found_by_any::<T>(directory, filter),
    };
    let list = cursor::list_name(T::KIND, query.filter.as_ref());
    let listing = Listing {
        query: &query,
        start: Start::of(&query, &list)?,
        list,
    };
    let page = listing.page::<T>(call, directory, found);
    let shown = page.entries.iter().map(|entry| {
        let resource = entry.resource(call, directory, |name| selection.wants(name));
        let mut resource = selection.answer(T::KIND, resource, call.profile);
        if is_aws && T::KIND == ResourceKind::Group {
            resource.insert("members".to_owned(), json!([]));
        }
        Value::Object(resource)
    });
    let shown: Vec<Value> = shown.collect();
    // AWS counts what it answers.
    let total = if is_aws { shown.len() } else { page.total };
    Ok(Answer::ok(query.response(
        shown,
        total,
        page.next.as_deref(),
    )))
}

/// The filters of AWS: one equality, or `id` with one other.
fn found_by_aws<T: Indexed>(directory: &Directory, filter: &Filter) -> Result<Found, Refusal> {
    let mut id = None;
    let mut other = None;
    for (path, value) in filter.equalities().unwrap_or_default() {
        let value = value.as_text().unwrap_or_default();
        if path.is("id") {
            id = Some(value);
        } else {
            other = Some((path, value));
        }
    }
    match (id, other) {
        (Some(id), Some((_, other))) => {
            let id = resources::id(id).filter(|id| T::catalogue(directory).get(id).is_some());
            // Who is asked for is looked up even where the group does not exist.
            let has = T::has(directory, &id.unwrap_or_default(), other)?;
            Ok(Found::One(id.filter(|_| has)))
        }
        (Some(id), None) => Ok(Found::One(resources::id(id))),
        (None, Some((path, value))) => {
            if path.is("members.value") {
                known_member(directory, value)?;
            }
            Ok(by_index::<T>(directory, path, value).unwrap_or(Found::One(None)))
        }
        (None, None) => Ok(Found::One(None)),
    }
}

/// Any filter: an index where it is one equality, or else everything is looked at.
fn found_by_any<T: Indexed>(directory: &Directory, filter: &Filter) -> Found {
    let equalities = filter.equalities().unwrap_or_default();
    if let [(path, value)] = equalities.as_slice()
        && let Some(value) = value.as_text()
        && let Some(found) = by_index::<T>(directory, path, value)
    {
        return found;
    }
    Found::Scan(filter.clone())
}

fn by_index<T: Indexed>(
    directory: &Directory,
    path: &jetway_scim::AttributePath,
    value: &str,
) -> Option<Found> {
    let catalogue = T::catalogue(directory);
    if path.is("id") {
        return Some(Found::One(resources::id(value)));
    }
    if path.is("externalId") {
        let entry = catalogue.by_external_id(value);
        return Some(Found::One(entry.map(|entry| entry.id())));
    }
    ["userName", "displayName", "groups.value", "members.value"]
        .into_iter()
        .filter(|name| path.is(name))
        .find_map(|name| T::indexed(directory, name, value))
}

/// Where a page begins.
enum Start {
    /// Without the first so many.
    Skip(usize),
    /// After this one.
    After(Mark),
}

impl Start {
    fn of(query: &ListQuery, list: &str) -> Result<Self, Refusal> {
        match &query.page {
            Asked::Index(start) => Ok(Self::Skip(start - 1)),
            Asked::Cursor(cursor) if cursor.is_empty() => Ok(Self::Skip(0)),
            Asked::Cursor(cursor) => cursor::read(list, cursor).map(Self::After).ok_or_else(|| {
                Refusal::Scim(ScimError::bad_request(
                    ScimType::InvalidValue,
                    "Request is unparsable, syntactically incorrect, or violates schema.",
                ))
            }),
        }
    }
}

struct Listing<'a> {
    query: &'a ListQuery,
    start: Start,
    list: String,
}

struct Page<T> {
    entries: Vec<Arc<T>>,
    total: usize,
    next: Option<String>,
}

impl Listing<'_> {
    fn page<T: Indexed>(&self, call: &Call<'_>, directory: &Directory, found: Found) -> Page<T> {
        let catalogue = T::catalogue(directory);
        match found {
            Found::All => {
                let skip = match self.start {
                    Start::Skip(skip) => skip,
                    Start::After(Mark::Sequence(sequence)) => catalogue.position_after(sequence),
                    Start::After(Mark::Id(_)) => 0,
                };
                let entries = catalogue.iter(skip).take(self.query.count + 1).cloned();
                self.cut(entries, catalogue.len(), |entry| {
                    Mark::Sequence(entry.sequence())
                })
            }
            Found::One(id) => {
                let one = id.and_then(|id| catalogue.get(&id)).cloned();
                let total = usize::from(one.is_some());
                self.of_all(one, total)
            }
            Found::MembersOf(group) => {
                let total = directory.member_count(&group);
                let (skip, after) = self.after_id();
                let ids = directory.members(&group, after.as_ref()).map(|(id, _)| id);
                self.of_ids(catalogue, ids.skip(skip), total)
            }
            Found::GroupsOf(user) => {
                let total = directory.groups_of(&user).count();
                let (skip, after) = self.after_id();
                let ids = directory.groups_of(&user).filter(|id| after < Some(*id));
                self.of_ids(catalogue, ids.skip(skip), total)
            }
            Found::Scan(filter) => {
                let matching: Vec<Arc<T>> = catalogue
                    .iter(0)
                    .filter(|entry| {
                        let resource = entry.resource(call, directory, |name| filter.names(name));
                        filter.matches(&resource.into())
                    })
                    .cloned()
                    .collect();
                let total = matching.len();
                self.of_all(matching, total)
            }
        }
    }

    fn after_id(&self) -> (usize, Option<Uuid>) {
        match self.start {
            Start::Skip(skip) => (skip, None),
            Start::After(Mark::Id(id)) => (0, Some(id)),
            Start::After(Mark::Sequence(_)) => (0, None),
        }
    }

    fn of_ids<T: Indexed>(
        &self,
        catalogue: &Catalogue<T>,
        ids: impl Iterator<Item = Uuid>,
        total: usize,
    ) -> Page<T> {
        let entries = ids
            .take(self.query.count + 1)
            .filter_map(|id| catalogue.get(&id))
            .cloned();
        self.cut(entries, total, |entry| Mark::Id(entry.id()))
    }

    /// The page of what was all collected. Such lists have no second page by cursor.
    fn of_all<T: Indexed>(&self, all: impl IntoIterator<Item = Arc<T>>, total: usize) -> Page<T> {
        let skip = match self.start {
            Start::Skip(skip) => skip,
            Start::After(_) => total,
        };
        Page {
            entries: all.into_iter().skip(skip).take(self.query.count).collect(),
            total,
            next: None,
        }
    }

    /// One entry more than the page has says whether there is a next page.
    fn cut<T: Indexed>(
        &self,
        entries: impl Iterator<Item = Arc<T>>,
        total: usize,
        mark: impl Fn(&T) -> Mark,
    ) -> Page<T> {
        let mut entries: Vec<Arc<T>> = entries.collect();
        let has_more = entries.len() > self.query.count;
        entries.truncate(self.query.count);
        let next = entries
            .last()
            .filter(|_| has_more)
            .map(|last| cursor::write(&self.list, mark(last)));
        Page {
            entries,
            total,
            next,
        }
    }
}
