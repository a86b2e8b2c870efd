//! Who comes into a group and who leaves it.

use imbl::OrdSet;
use jetway_scim::{ErrorShape, Filter, MembershipChange, ScimError, ScimType, Unknown};
use serde_json::Value;
use uuid::Uuid;

use super::{Call, Refusal, resources};
use crate::{
    identity_center::directory::{DirectoryError, Kind},
    state::directory::Directory,
};

/// The most members that the filters of one patch look at together.
const MAX_FILTERED: usize = 200_000;

/// The members that a new or replaced group is given.
pub(super) fn of_resource(
    call: &Call<'_>,
    directory: &Directory,
    members: Option<&Value>,
) -> Result<Vec<Uuid>, Refusal> {
    let values = members.and_then(Value::as_array).into_iter().flatten();
    let named: Vec<&str> = values
        .map(|member| member["value"].as_str().unwrap_or_default())
        .collect();
    users(call, directory, named)
}

/// The users of these ids. Who does not exist is refused or left out, as the dialect says.
fn users<'a>(
    call: &Call<'_>,
    directory: &Directory,
    named: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Uuid>, Refusal> {
    let mut known = Vec::new();
    for name in named {
        match resources::id(name).filter(|id| directory.users.get(id).is_some()) {
            Some(id) => known.push(id),
            None if call.profile.errors == ErrorShape::Rfc && is_group(directory, name) => {
                return Err(Refusal::Scim(ScimError::bad_request(
                    ScimType::InvalidValue,
                    "A group cannot be a member of a group; only users can.",
                )));
            }
            None if call.profile.unknown_members == Unknown::Ignore => {}
            None => return Err(DirectoryError::NotFound(Kind::User).into()),
        }
    }
    Ok(known)
}

fn is_group(directory: &Directory, name: &str) -> bool {
    resources::id(name).is_some_and(|id| directory.groups.get(&id).is_some())
}

/// What a patch comes to: whoever is both added and removed counts as the last operation says.
#[derive(Debug, Default)]
pub(super) struct Memberships {
    pub(super) add: OrdSet<Uuid>,
    pub(super) remove: OrdSet<Uuid>,
    /// Everybody who was in the group is in `remove`, or was added again.
    is_emptied: bool,
}

impl Memberships {
    /// The outcome of these changes of `group`.
    pub(super) fn of_patch(
        call: &Call<'_>,
        directory: &Directory,
        group: &Uuid,
        changes: &[MembershipChange],
    ) -> Result<Self, Refusal> {
        let mut outcome = Self::default();
        let mut budget = MAX_FILTERED;
        for change in changes {
            match change {
                MembershipChange::Add(named) => {
                    outcome.add_all(users(call, directory, named.iter().map(String::as_str))?);
                }
                // Who is not there cannot be in the group either.
                MembershipChange::Remove(named) => {
                    outcome.remove_all(named.iter().filter_map(|name| resources::id(name)));
                }
                MembershipChange::RemoveWhere(filter) => {
                    outcome.remove_where(call, (directory, group), filter, &mut budget)?;
                }
                MembershipChange::Replace(named) => {
                    outcome.remove_everybody(directory, group);
                    outcome.add_all(users(call, directory, named.iter().map(String::as_str))?);
                }
            }
        }
        Ok(outcome)
    }

    fn remove_where(
        &mut self,
        call: &Call<'_>,
        (directory, group): (&Directory, &Uuid),
        filter: &Filter,
        budget: &mut usize,
    ) -> Result<(), Refusal> {
        let meets = |id: &Uuid| filter.matches(&resources::member(call, id));
        if !filter.names("value") && !filter.names("$ref") {
            // All members are alike but for these two, so any id will do.
            if meets(&Uuid::nil()) {
                self.remove_everybody(directory, group);
            }
            return Ok(());
        }
        let looked_at = self.add.len()
            + if self.is_emptied {
                0
            } else {
                directory.member_count(group)
            };
        *budget = budget.checked_sub(looked_at).ok_or_else(|| {
            Refusal::Scim(ScimError::bad_request(
                ScimType::InvalidValue,
                "The filters look at too many members. Name the members, or send fewer operations at a time.",
            ))
        })?;
        let chosen: Vec<Uuid> = self.current(directory, group).filter(meets).collect();
        self.remove_all(chosen);
        Ok(())
    }

    fn remove_everybody(&mut self, directory: &Directory, group: &Uuid) {
        let now: Vec<Uuid> = self.current(directory, group).collect();
        self.remove_all(now);
        self.is_emptied = true;
    }

    /// The members of the group with the outcome so far.
    fn current<'a>(
        &'a self,
        directory: &'a Directory,
        group: &Uuid,
    ) -> impl Iterator<Item = Uuid> + 'a {
        let from_before = (!self.is_emptied).then(|| directory.members(group, None));
        from_before
            .into_iter()
            .flatten()
            .map(|(user, _)| user)
            .filter(|user| !self.remove.contains(user) && !self.add.contains(user))
            .chain(self.add.iter().copied())
    }

    fn add_all(&mut self, users: impl IntoIterator<Item = Uuid>) {
        for user in users {
            self.remove.remove(&user);
            self.add.insert(user);
        }
    }

    fn remove_all(&mut self, users: impl IntoIterator<Item = Uuid>) {
        for user in users {
            self.add.remove(&user);
            self.remove.insert(user);
        }
    }
}
