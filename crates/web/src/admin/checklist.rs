//! How far the set-up is (requirement A08). Worked out from what there is; nobody ticks anything.

use jetway_identity::settings::Profile;
use jetway_identity::{
    OrganisationSettings, Permission, Store, StoreError, all_applications, count_users,
    list_administrators, list_api_keys, list_groups,
};
use jetway_pages::admin::{Checklist, ChecklistStep};

/// What the steps write. The list is for those who may do all of them.
pub(crate) const NEEDED: [Permission; 3] = [
    Permission::WriteSettings,
    Permission::WriteUsers,
    Permission::ManageAdministrators,
];

/// What a new organisation does first, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SetUp {
    organisation: bool,
    mail: bool,
    user: bool,
    group: bool,
    application: bool,
    /// A second way in for those who administer.
    second_way_in: bool,
}

impl SetUp {
    /// As it is now. Six short questions; none counts a large table.
    pub(crate) async fn of(
        store: &dyn Store,
        settings: &OrganisationSettings,
    ) -> Result<Self, StoreError> {
        let sections = &settings.sections;
        // The built-in group is there from the start.
        let groups = list_groups(store, "", None, 2).await?.groups;
        let administrators = list_administrators(store).await?.len();
        Ok(Self {
            organisation: sections.profile.name != Profile::default().name,
            mail: sections.mail.is_some(),
            user: count_users(store).await?.all() > 0,
            group: groups.iter().any(|summary| !summary.group.everyone),
            application: !all_applications(store).await?.is_empty(),
            second_way_in: administrators > 1 || !list_api_keys(store).await?.is_empty(),
        })
    }

    fn all(self) -> [(bool, &'static str, &'static str); 6] {
        [
            (
                self.organisation,
                "Name the organisation",
                "/admin/settings/organisation",
            ),
            (self.mail, "Set up the mail server", "/admin/settings/mail"),
            (self.user, "Add the first user", "/admin/users/new"),
            (self.group, "Add the first group", "/admin/groups/new"),
            (
                self.application,
                "Add the first application",
                "/admin/applications",
            ),
            (
                self.second_way_in,
                "Add a second administrator or an API key",
                "/admin/administrators",
            ),
        ]
    }

    pub(crate) fn is_complete(self) -> bool {
        self.all().into_iter().all(|(done, ..)| done)
    }

    /// For the header: `None` once there is nothing left.
    pub(crate) fn numbers(self) -> Option<Checklist> {
        let count = |done: bool| {
            self.all()
                .into_iter()
                .filter(|step| step.0 || !done)
                .count()
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (!self.is_complete()).then(|| Checklist {
            done: number(count(true)),
            total: number(count(false)),
        })
    }

    /// For the first page: empty once there is nothing left.
    pub(crate) fn steps(self, opens: impl Fn(&str) -> bool) -> Vec<ChecklistStep> {
        if self.is_complete() {
            return Vec::new();
        }
        let step = |(done, text, href): (bool, &str, &str)| ChecklistStep {
            text: text.to_owned(),
            href: href.to_owned(),
            done,
        };
        let steps = self.all().into_iter().filter(|(.., href)| opens(href));
        steps.map(step).collect()
    }
}
