//! Who would come into a group, and who would leave it, if it had this rule.

use crate::applications::{AttributeSource, DIRECTORY_ATTRIBUTES};
use crate::groups::dynamic::BATCH;
use crate::groups::fields::InvalidGroup;
use crate::groups::{GroupRule, name_key};
use crate::ids::{GroupId, UserId};
use crate::store::{Store, StoreError};
use crate::users::User;

/// So many people are shown by name.
pub const PREVIEWED: usize = 20;

/// What a rule would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RulePreview {
    pub adds: PreviewedUsers,
    pub removes: PreviewedUsers,
    /// How many would be in the group.
    pub matches: u64,
}

/// How many, and the first [`PREVIEWED`] of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewedUsers {
    pub count: u64,
    pub first: Vec<User>,
}

impl PreviewedUsers {
    fn take(&mut self, user: User) {
        self.count += 1;
        if self.first.len() < PREVIEWED {
            self.first.push(user);
        }
    }
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewRuleError {
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("the built-in group contains everyone; it cannot have a rule")]
    BuiltIn,
    /// Each with its field.
    #[error("the rule cannot be used")]
    Invalid(Vec<InvalidGroup>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Compares the rule with the members of `group`, or of a group that is new. Writes nothing.
pub async fn preview_rule(
    store: &dyn Store,
    group: Option<GroupId>,
    rule: &GroupRule,
) -> Result<RulePreview, PreviewRuleError> {
    let mut problems = Vec::new();
    rule.check(&mut problems);
    if !problems.is_empty() {
        return Err(PreviewRuleError::Invalid(problems));
    }
    let mut read = store.read().await?;
    if let Some(id) = group {
        let group = read.group(id).await?.ok_or(PreviewRuleError::NoSuchGroup)?;
        if group.everyone {
            return Err(PreviewRuleError::BuiltIn);
        }
    }
    let mut preview = RulePreview::default();
    let mut after: Option<UserId> = None;
    loop {
        let users = read.users_and_membership(group, after, BATCH).await?;
        let Some((last, _)) = users.last() else { break };
        after = Some(last.id);
        for (user, member) in users {
            let matches = rule.matches(&user);
            preview.matches += u64::from(matches);
            match (matches, member) {
                (true, false) => preview.adds.take(user),
                (false, true) => preview.removes.take(user),
                _ => {}
            }
        }
    }
    Ok(preview)
}

/// What a rule can look at: the attributes that every user may have, then the custom ones that
/// some users have or had, by name.
pub async fn rule_attributes(store: &dyn Store) -> Result<Vec<AttributeSource>, StoreError> {
    let mut custom = store.read().await?.user_attribute_names().await?;
    custom.sort_by_cached_key(|name| name_key(name));
    let mut sources = vec![
        AttributeSource::Email,
        AttributeSource::Username,
        AttributeSource::FirstName,
        AttributeSource::LastName,
        AttributeSource::DisplayName,
    ];
    let directory = DIRECTORY_ATTRIBUTES.iter();
    sources.extend(directory.map(|name| AttributeSource::Directory((*name).to_owned())));
    sources.extend(custom.into_iter().map(AttributeSource::Custom));
    Ok(sources)
}
