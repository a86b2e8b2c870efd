//! From an application to what AWS needs for it (requirements W01 to W04): accounts, roles and
//! providers out of its attributes and role rules, tags and session lengths out of its settings.

use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_SESSION_DURATION,
    ATTRIBUTE_SOURCE_IDENTITY, ATTRIBUTE_TRANSITIVE_TAG_KEYS, RolePair,
};
use url::Url;

use super::iam::{IamAccount, IamRole, IamSetup, Partition};
use super::identity_center::{
    AccessAttribute, AccessSource, IdentityCenterSetup, PermissionAssignment, PermissionSet,
};
use crate::applications::{
    ATTRIBUTE_ACCESS_CONTROL_PREFIX, ROLE_PLACEHOLDER, SamlSettings, role_rules,
};
use crate::groups::Group;

/// Of the SAML provider, until the application names one.
const PROVIDER: &str = "Jetway";
/// The region of an IAM Identity Center that does not say where it is.
const REGION: &str = "us-east-1";
/// The bounds of a role's maximum session, in seconds (IAM API reference, `CreateRole`).
const SHORTEST_SESSION: u32 = 3_600;
const LONGEST_SESSION: u32 = 43_200;

/// What an administrator adds by hand to a set-up in IAM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IamWish {
    /// Numbers of accounts. With any, they take the place of those that the application names, and
    /// each gets all of `roles`.
    pub accounts: Vec<String>,
    /// Names of roles.
    pub roles: Vec<String>,
    pub provider: Option<String>,
    /// Of every role: ARNs, or names of AWS's own.
    pub managed_policies: Vec<String>,
}

impl IamWish {
    /// Roles and provider of the rows that still hold the placeholder: what a form begins with.
    pub fn of_placeholders(settings: &SamlSettings) -> Self {
        let mut wish = Self::default();
        let values = role_values(settings).filter(|value| value.contains(ROLE_PLACEHOLDER));
        for arn in values.flat_map(|value| value.split(',')).map(str::trim) {
            if let Some((_, role)) = arn.split_once(":role/")
                && !wish.roles.iter().any(|known| known == role)
            {
                wish.roles.push(role.to_owned());
            } else if let Some((_, provider)) = arn.split_once(":saml-provider/") {
                wish.provider.get_or_insert_with(|| provider.to_owned());
            }
        }
        wish
    }
}

/// Our metadata of the application: where it is and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedMetadata {
    pub url: String,
    pub xml: String,
}

/// What follows from an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DerivedIam {
    /// One for each SAML provider; none while the application names no account.
    pub setups: Vec<IamSetup>,
    /// What the files leave out.
    pub notes: Vec<DerivationNote>,
}

/// Something of the application that no generated file says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerivationNote {
    #[error(
        "the role {role} of account {account} has a path; the files make roles without one, so make this one by hand"
    )]
    Path { account: String, role: String },
    #[error(
        "the role {role} of account {account} is reached through several SAML providers; the files let in {provider} only, so add the others to its trust policy by hand"
    )]
    SeveralProviders {
        account: String,
        role: String,
        provider: String,
    },
    #[error(
        "{value:?} is not a pair of a role and a SAML provider; correct it on the tab Attributes"
    )]
    NotAPair { value: String },
    #[error(
        "the role rule for {group:?} takes names from groups; the files have the roles of the groups that there are now"
    )]
    Pattern { group: String },
}

/// The set-ups in IAM of an application. `groups` are those of the organisation: role rules with
/// stand-ins take accounts and roles from their names.
pub fn iam_setups(
    settings: &SamlSettings,
    groups: &[Group],
    metadata: &PublishedMetadata,
    wish: &IamWish,
) -> DerivedIam {
    let mut found = Found::default();
    if wish.accounts.is_empty() {
        found.read_attributes(settings);
        found.read_rules(settings, groups);
    } else {
        found.take_wish(wish, IamWish::of_placeholders(settings));
    }
    let role = |name: String, provider: &str| IamRole {
        description: format!("Reached through the SAML provider {provider}"),
        managed_policies: wish.managed_policies.clone(),
        max_session_seconds: longest_session(settings),
        name,
    };
    let setup = |(provider, accounts): (String, Vec<AccountRoles>)| IamSetup {
        partition: partition(settings),
        metadata_xml: metadata.xml.clone(),
        metadata_url: metadata.url.clone(),
        acs_url: settings.acs_url.clone(),
        accounts: accounts
            .into_iter()
            .map(|(account_id, roles)| IamAccount {
                account_id,
                roles: roles
                    .into_iter()
                    .map(|name| role(name, &provider))
                    .collect(),
            })
            .collect(),
        tags: sends(settings, |name| {
            name.starts_with(ATTRIBUTE_PRINCIPAL_TAG_PREFIX)
                || name == ATTRIBUTE_TRANSITIVE_TAG_KEYS
        }),
        source_identity: sends(settings, |name| name == ATTRIBUTE_SOURCE_IDENTITY),
        provider_name: provider,
    };
    DerivedIam {
        setups: found.providers.into_iter().map(setup).collect(),
        notes: found.notes,
    }
}

/// The keys of the session tags that the application sends, as policies read them in
/// `aws:PrincipalTag/<key>` (requirements V02, V04), each once.
pub fn session_tag_keys(settings: &SamlSettings) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for name in names(settings) {
        let key = name
            .strip_prefix(ATTRIBUTE_PRINCIPAL_TAG_PREFIX)
            .or_else(|| name.strip_prefix(ATTRIBUTE_ACCESS_CONTROL_PREFIX));
        if let Some(key) = key
            && !keys.iter().any(|known| known.eq_ignore_ascii_case(key))
        {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// What an administrator adds by hand to a set-up in IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentityCenterWish {
    pub region: Option<String>,
    pub permission_sets: Vec<String>,
    /// Of every permission set.
    pub managed_policies: Vec<String>,
    /// Each group gets each permission set in each account.
    pub groups: Vec<String>,
    pub accounts: Vec<String>,
}

/// The set-up in IAM Identity Center of an application. Its `AccessControl:` attributes are the
/// attributes for access control (requirement W04).
pub fn identity_center_setup(
    settings: &SamlSettings,
    wish: &IdentityCenterWish,
) -> IdentityCenterSetup {
    let region = wish.region.clone();
    let set = |name: &String| PermissionSet {
        name: name.clone(),
        description: String::new(),
        managed_policies: wish.managed_policies.clone(),
        session_seconds: SHORTEST_SESSION,
    };
    let mut assignments = Vec::new();
    for account in &wish.accounts {
        for group in &wish.groups {
            let given = wish.permission_sets.iter().map(|set| PermissionAssignment {
                group: group.clone(),
                account_id: account.clone(),
                permission_set: set.clone(),
            });
            assignments.extend(given);
        }
    }
    IdentityCenterSetup {
        region: region.unwrap_or_else(|| identity_center_region(settings)),
        permission_sets: wish.permission_sets.iter().map(set).collect(),
        assignments,
        attributes: session_tag_keys(settings)
            .into_iter()
            .map(|key| AccessAttribute {
                key,
                source: AccessSource::Saml,
            })
            .collect(),
    }
}

/// The region in the ACS URL, such as `https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/…`.
pub fn identity_center_region(settings: &SamlSettings) -> String {
    let host = Url::parse(&settings.acs_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let of_aws = host.ends_with(".signin.aws.amazon.com") || host.ends_with(".signin.aws");
    let first = host.split('.').next().unwrap_or_default();
    // A region has at least two hyphens.
    if of_aws && first.matches('-').count() >= 2 {
        first.to_owned()
    } else {
        REGION.to_owned()
    }
}

/// Things by a name, in the order in which they were found.
type Listed<V> = Vec<(String, Vec<V>)>;
/// An account and the names of its roles.
type AccountRoles = (String, Vec<String>);

/// Accounts with their roles, by provider.
#[derive(Default)]
struct Found {
    providers: Listed<AccountRoles>,
    notes: Vec<DerivationNote>,
}

impl Found {
    fn read_attributes(&mut self, settings: &SamlSettings) {
        for value in role_values(settings).filter(|value| !value.contains(ROLE_PLACEHOLDER)) {
            self.read_pair(value);
        }
    }

    fn read_rules(&mut self, settings: &SamlSettings, groups: &[Group]) {
        for rule in &settings.role_rules {
            if [&rule.account, &rule.role]
                .iter()
                .any(|text| text.contains('{'))
            {
                let group = rule.group.clone();
                self.notes.push(DerivationNote::Pattern { group });
            } else {
                self.add(&rule.account, &rule.role, &rule.provider);
            }
        }
        let partition = role_rules::partition(&settings.acs_url);
        for given in role_rules::roles(&settings.role_rules, groups, partition) {
            self.read_pair(&given.pair);
        }
    }

    fn read_pair(&mut self, value: &str) {
        let parts = RolePair::parse(value).ok().and_then(|pair| {
            let account = pair.role_arn.split(':').nth(4)?.to_owned();
            let (_, role) = pair.role_arn.split_once(":role/")?;
            let (_, provider) = pair.provider_arn.split_once(":saml-provider/")?;
            Some((account, role.to_owned(), provider.to_owned()))
        });
        match parts {
            Some((account, role, provider)) => self.add(&account, &role, &provider),
            None => self.note(DerivationNote::NotAPair {
                value: value.to_owned(),
            }),
        }
    }

    fn take_wish(&mut self, wish: &IamWish, fallback: IamWish) {
        let roles = if wish.roles.is_empty() {
            fallback.roles
        } else {
            wish.roles.clone()
        };
        let provider = wish.provider.clone().or(fallback.provider);
        let provider = provider.unwrap_or_else(|| PROVIDER.to_owned());
        let accounts = wish.accounts.iter();
        let accounts = accounts.map(|account| (account.clone(), roles.clone()));
        self.providers.push((provider, accounts.collect()));
    }

    fn add(&mut self, account: &str, role: &str, provider: &str) {
        if role.contains('/') {
            return self.note(DerivationNote::Path {
                account: account.to_owned(),
                role: role.to_owned(),
            });
        }
        if let Some(other) = self.provider_of(account, role) {
            if other != provider {
                let note = DerivationNote::SeveralProviders {
                    account: account.to_owned(),
                    role: role.to_owned(),
                    provider: other.to_owned(),
                };
                self.note(note);
            }
            return;
        }
        let accounts = of_key(&mut self.providers, provider);
        of_key(accounts, account).push(role.to_owned());
    }

    /// Through which provider the role is reached so far. IAM compares names without case.
    fn provider_of(&self, account: &str, role: &str) -> Option<&str> {
        let having = self.providers.iter().find(|(_, accounts)| {
            accounts.iter().any(|(id, roles)| {
                id == account && roles.iter().any(|known| known.eq_ignore_ascii_case(role))
            })
        });
        having.map(|(provider, _)| provider.as_str())
    }

    fn note(&mut self, note: DerivationNote) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The values under `key`, which is added if it is not there.
fn of_key<'a, V>(list: &'a mut Listed<V>, key: &str) -> &'a mut Vec<V> {
    let at = list.iter().position(|(known, _)| known == key);
    let at = at.unwrap_or_else(|| {
        list.push((key.to_owned(), Vec::new()));
        list.len() - 1
    });
    &mut list[at].1
}

fn role_values(settings: &SamlSettings) -> impl Iterator<Item = &str> {
    let constants = settings.constant_attributes.iter();
    constants
        .filter(|(name, _)| name == ATTRIBUTE_ROLE)
        .map(|(_, value)| value.as_str())
}

/// The names of all attributes that are sent.
fn names(settings: &SamlSettings) -> impl Iterator<Item = &str> {
    let constants = settings.constant_attributes.iter();
    let mapped = settings.user_attribute_mapping.iter();
    let constants = constants.map(|(name, _)| name.as_str());
    constants.chain(mapped.map(|one| one.name.as_str()))
}

fn sends(settings: &SamlSettings, fits: impl Fn(&str) -> bool) -> bool {
    names(settings).any(fits)
}

fn partition(settings: &SamlSettings) -> Partition {
    match role_rules::partition(&settings.acs_url) {
        "aws-cn" => Partition::China,
        "aws-us-gov" => Partition::GovCloud,
        _ => Partition::Aws,
    }
}

/// What the roles must allow, so that AWS takes the `SessionDuration` that is sent.
fn longest_session(settings: &SamlSettings) -> u32 {
    let mapped = settings.user_attribute_mapping.iter();
    if mapped
        .into_iter()
        .any(|one| one.name == ATTRIBUTE_SESSION_DURATION)
    {
        return LONGEST_SESSION;
    }
    let constants = settings.constant_attributes.iter();
    let constant = constants
        .filter(|(name, _)| name == ATTRIBUTE_SESSION_DURATION)
        .find_map(|(_, value)| value.parse().ok());
    let seconds: u32 = constant.or(settings.session_seconds).unwrap_or_default();
    seconds.clamp(SHORTEST_SESSION, LONGEST_SESSION)
}
