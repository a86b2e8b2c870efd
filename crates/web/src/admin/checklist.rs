//! How far the set-up is (requirement A08). Worked out from what there is; nobody ticks anything.

use jetway_identity::settings::Profile;
use jetway_identity::{
    OrganisationSettings, Permission, Store, StoreError, all_applications, count_users,
    list_administrators, list_api_keys, list_groups,
};
use jetway_pages::admin::{Checklist, ChecklistStep};

/// What the steps write. The list is for those who may do all of them.
pub(crate) const NEEDED: [Permission; 4] = [
    Permission::WriteSettings,
    Permission::WriteUsers,
    Permission::WriteApplications,
    Permission::ManageAdministrators,
];

/// What a new organisation does first, in this order: whether it is done, its words, its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SetUp([(bool, &'static str, &'static str); 6]);

impl SetUp {
    /// As it is now. Seven short questions; none counts a large table.
    pub(crate) async fn of(
        store: &dyn Store,
        settings: &OrganisationSettings,
    ) -> Result<Self, StoreError> {
        let sections = &settings.sections;
        let named = sections.profile.name != Profile::default().name;
        let people = count_users(store).await?.all();
        // The built-in group is there from the start.
        let groups = list_groups(store, "", None, 2).await?.groups;
        let has_group = groups.iter().any(|summary| !summary.group.everyone);
        let has_application = !all_applications(store).await?.is_empty();
        let second_way_in =
            list_administrators(store).await?.len() > 1 || !list_api_keys(store).await?.is_empty();
        Ok(Self([
            (
                named,
                "Name the organisation",
                "/admin/settings/organisation",
            ),
            (
                sections.mail.is_some(),
                "Set up the mail server",
                "/admin/settings/mail",
            ),
            (people > 0, "Add the first user", "/admin/users/new"),
            (has_group, "Add the first group", "/admin/groups/new"),
            (
                has_application,
                "Add the first application",
                "/admin/applications/new",
            ),
            (
                second_way_in,
                "Add a second administrator or an API key",
                "/admin/administrators",
            ),
        ]))
    }

    pub(crate) fn is_complete(self) -> bool {
        self.0.into_iter().all(|(done, ..)| done)
    }

    /// For the header: `None` once there is nothing left.
    pub(crate) fn numbers(self) -> Option<Checklist> {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (!self.is_complete()).then(|| Checklist {
            done: number(self.0.into_iter().filter(|step| step.0).count()),
            total: number(self.0.len()),
        })
    }

    /// For the first page, those whose pages open: empty once there is nothing left.
    pub(crate) fn steps(self, opens: impl Fn(&str) -> bool) -> Vec<ChecklistStep> {
        if self.is_complete() {
            return Vec::new();
        }
        let step = |(done, text, href): (bool, &str, &str)| ChecklistStep {
            text: text.to_owned(),
            href: href.to_owned(),
            done,
        };
        let steps = self.0.into_iter().filter(|(.., href)| opens(href));
        steps.map(step).collect()
    }
}
