//! Users, groups and memberships of the identity store, indexed for every lookup that SCIM and the
//! Identity Store API have.
//!
//! The maps share what did not change with their copies, so a change among 100 000 users costs as
//! much as one among ten.

mod catalogue;
mod records;

use imbl::{HashMap, OrdMap, OrdSet};
use uuid::Uuid;

pub use self::catalogue::Catalogue;
pub use self::records::{Entry, GroupRecord, MembershipRecord, UserRecord};

/// The identity store.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Users.
    pub users: Catalogue<UserRecord>,
    /// Groups.
    pub groups: Catalogue<GroupRecord>,
    /// Group → its users, each with the id of the membership.
    members: HashMap<Uuid, OrdMap<Uuid, Uuid>>,
    /// User → groups.
    groups_of: HashMap<Uuid, OrdSet<Uuid>>,
    /// Membership id → (group, user).
    memberships: HashMap<Uuid, (Uuid, Uuid)>,
}

impl Directory {
    /// The users of a group after `after`, in the order of their ids, each with the id of the
    /// membership.
    pub fn members(
        &self,
        group: &Uuid,
        after: Option<&Uuid>,
    ) -> impl Iterator<Item = (Uuid, Uuid)> + '_ {
        let after = after.copied();
        self.members
            .get(group)
            .into_iter()
            .flat_map(move |users| {
                let start = after.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
                users.range((start, std::ops::Bound::Unbounded))
            })
            .map(|(user, membership)| (*user, *membership))
    }

    /// How many users a group has.
    pub fn member_count(&self, group: &Uuid) -> usize {
        self.members.get(group).map_or(0, OrdMap::len)
    }

    /// The groups of a user, in the order of their ids.
    pub fn groups_of(&self, user: &Uuid) -> impl Iterator<Item = Uuid> + '_ {
        self.groups_of.get(user).into_iter().flatten().copied()
    }

    /// The id of the membership, if the user is in the group.
    pub fn membership(&self, group: &Uuid, user: &Uuid) -> Option<Uuid> {
        self.members.get(group)?.get(user).copied()
    }

    /// Group and user of a membership.
    pub fn membership_by_id(&self, id: &Uuid) -> Option<(Uuid, Uuid)> {
        self.memberships.get(id).copied()
    }

    pub(super) fn put_membership(&mut self, record: &MembershipRecord) {
        let MembershipRecord { id, group, user } = *record;
        self.members.entry(group).or_default().insert(user, id);
        self.groups_of.entry(user).or_default().insert(group);
        self.memberships.insert(id, (group, user));
    }

    pub(super) fn remove_membership(&mut self, group: &Uuid, user: &Uuid) {
        if let Some(users) = self.members.get_mut(group)
            && let Some(id) = users.remove(user)
        {
            self.memberships.remove(&id);
        }
        if let Some(groups) = self.groups_of.get_mut(user) {
            groups.remove(group);
        }
    }

    /// Forgets the empty sets of somebody who is gone.
    pub(super) fn forget(&mut self, id: &Uuid) {
        self.members.remove(id);
        self.groups_of.remove(id);
    }
}
