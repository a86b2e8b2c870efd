//! The AWS side of the sample organisation's access portal: the organisation with its accounts, IAM
//! Identity Center with the identity provider as its source, people, permission sets and
//! assignments. What is there already is left alone.

use std::path::Path;

use anyhow::Context;
use jetway_local_aws::LocalAws;
use jetway_local_aws::identity_center::{self, InstanceError, NewPermissionSet};
use jetway_local_aws::organizations::{self, FeatureSet};
use jetway_local_aws::state::center::{
    AccessControlAttribute, AssignmentKey, IdentitySource, InstanceRecord, Principal,
};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::dev_json::{self, IdentityCenter};
use crate::sample::{ACCOUNTS, PEOPLE, PERMISSION_SETS, PORTAL, PRODUCTION, PermissionSet, Person};

/// Who the sample users and groups of the identity store are said to come from.
const AUTHOR: &str = "SCIM";

/// Makes sure that the organisation and its instance are there: the identity provider needs the
/// instance's addresses.
pub(crate) fn open(aws: &LocalAws, data_dir: &Path) -> anyhow::Result<InstanceRecord> {
    let state = aws.state();
    let (organization, center) = (state.organization.as_ref(), state.identity_center.as_ref());
    if let Some(center) = center
        && is_filled(&center.instance, data_dir)
    {
        return Ok((*center.instance).clone());
    }
    let manager = if let Some(organization) = organization {
        organization.management_account.clone()
    } else {
        let email = ACCOUNTS.first().map(|account| account.email);
        let op = &mut aws.op();
        organizations::create_organization(aws, op, PRODUCTION, FeatureSet::All, email)?;
        PRODUCTION.to_owned()
    };
    // Into an organisation that is not the sample's no account is taken.
    if manager == PRODUCTION {
        join(aws)?;
    }
    if let Some(center) = center {
        return Ok((*center.instance).clone());
    }
    let region = &aws.settings().region;
    Ok(identity_center::enable_instance(
        aws,
        &mut aws.op(),
        &manager,
        region,
    )?)
}

fn join(aws: &LocalAws) -> anyhow::Result<()> {
    for account in ACCOUNTS {
        let state = aws.state();
        let inside = state
            .organization
            .as_ref()
            .is_some_and(|organization| organization.members.contains_key(account.id));
        if !inside {
            organizations::join_organization(aws, &mut aws.op(), account.id, account.email)?;
        }
    }
    Ok(())
}

/// Whether a start with this data folder was completed: from then on the instance belongs to
/// whoever works with it, and nothing in it is made again.
fn is_filled(instance: &InstanceRecord, data_dir: &Path) -> bool {
    dev_json::instance_arn_of(data_dir).is_some_and(|arn| arn == instance.arn())
}

/// Completes the instance: `metadata` is what the identity provider exports for [`PORTAL`]. A start
/// that was cut short is completed by the next.
pub(crate) fn fill(
    aws: &LocalAws,
    metadata: &str,
    data_dir: &Path,
) -> anyhow::Result<IdentityCenter> {
    if !is_filled(&instance(aws)?, data_dir) {
        identity_source(aws, metadata)?;
        access_control(aws)?;
        people(aws)?;
        permission_sets(aws)?;
    }
    let scim_token = scim_token(aws, data_dir)?;
    let instance = instance(aws)?;
    let scim_endpoint = instance
        .provisioning
        .as_ref()
        .map(|provisioning| identity_center::scim_endpoint(aws, provisioning));
    Ok(IdentityCenter {
        region: instance.region.clone(),
        start_url: instance.start_url(),
        portal_url: identity_center::portal_url(aws),
        instance_arn: instance.arn(),
        identity_store_id: instance.identity_store_id.clone(),
        scim_endpoint,
        scim_token,
    })
}

fn identity_source(aws: &LocalAws, metadata: &str) -> anyhow::Result<()> {
    if instance(aws)?.identity_source == IdentitySource::Directory {
        let settings = identity_center::read_metadata(metadata)?;
        identity_center::change_identity_source(aws, &mut aws.op(), &settings)?;
    }
    if instance(aws)?.provisioning.is_none() {
        identity_center::enable_provisioning(aws, &mut aws.op())?;
    }
    Ok(())
}

fn instance(aws: &LocalAws) -> anyhow::Result<InstanceRecord> {
    let state = aws.state();
    let center = state.identity_center.as_ref();
    Ok((*center.context("IAM Identity Center is off")?.instance).clone())
}

fn access_control(aws: &LocalAws) -> anyhow::Result<()> {
    if instance(aws)?.access_control.is_some() {
        return Ok(());
    }
    // Both come with the assertion; Region is in the directory too.
    let attributes = vec![AccessControlAttribute {
        key: "Region".to_owned(),
        source: "${path:addresses[type eq \"work\"].region}".to_owned(),
    }];
    Ok(identity_center::create_access_control(aws, attributes)?)
}

/// The people of the application's groups, as provisioning would bring them.
fn people(aws: &LocalAws) -> anyhow::Result<()> {
    for group in PORTAL.groups {
        if aws.state().directory.groups.by_name(group).is_some() {
            continue;
        }
        let mut members = Vec::new();
        for person in PEOPLE.iter().filter(|person| person.groups.contains(group)) {
            members.push(user(aws, person)?);
        }
        let named = Map::from_iter([("displayName".to_owned(), json!(group))]);
        identity_center::create_group(aws, &mut aws.op(), AUTHOR, named, &members)?;
    }
    Ok(())
}

fn user(aws: &LocalAws, person: &Person) -> anyhow::Result<Uuid> {
    let known = aws.state().directory.users.by_name(person.email).cloned();
    if let Some(user) = known {
        return Ok(user.id);
    }
    let new = attributes(person);
    Ok(identity_center::create_user(aws, &mut aws.op(), AUTHOR, new)?.id)
}

fn attributes(person: &Person) -> Map<String, Value> {
    let region = person
        .attributes
        .iter()
        .find(|(name, _)| *name == "addresses.work.region");
    let mut attributes = json!({
        "userName": person.email,
        "name": {"givenName": person.first_name, "familyName": person.last_name},
        "displayName": format!("{} {}", person.first_name, person.last_name),
        "emails": [{"value": person.email, "type": "work", "primary": true}],
        "active": true,
    });
    if let Some((_, region)) = region {
        attributes["addresses"] = json!([{"type": "work", "region": region}]);
    }
    match attributes {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn permission_sets(aws: &LocalAws) -> anyhow::Result<()> {
    for sample in PERMISSION_SETS {
        let set = permission_set(aws, sample)?;
        let group = aws
            .state()
            .directory
            .groups
            .by_name(sample.group)
            .map(|group| group.id)
            .context("a sample group is missing")?;
        for account in ACCOUNTS {
            let key = AssignmentKey {
                account: account.id.to_owned(),
                permission_set: set.clone(),
                principal: Principal::Group(group),
            };
            let state = aws.state();
            let inside = state
                .organization
                .as_ref()
                .is_some_and(|organization| organization.members.contains_key(account.id));
            let assigned = state
                .identity_center
                .as_ref()
                .is_some_and(|center| center.assignments.contains_key(&key));
            if inside && !assigned {
                identity_center::create_assignment(aws, &mut aws.op(), key)?;
            }
        }
    }
    Ok(())
}

/// The id of a permission set with its policies.
fn permission_set(aws: &LocalAws, sample: &PermissionSet) -> anyhow::Result<String> {
    let named = |aws: &LocalAws| {
        let center = aws.state().identity_center.clone()?;
        let mut sets = center.permission_sets.values();
        sets.find(|set| set.name == sample.name).cloned()
    };
    let set = if let Some(set) = named(aws) {
        set
    } else {
        let new = NewPermissionSet {
            name: sample.name.to_owned(),
            description: Some(sample.description.to_owned()),
            ..NewPermissionSet::default()
        };
        identity_center::create_permission_set(aws, &mut aws.op(), new)?
    };
    if set.managed.is_empty() {
        identity_center::attach_managed_policy(aws, &set.id, sample.policy_arn)?;
    }
    if let (Some(inline), None) = (sample.inline, &set.inline) {
        identity_center::put_inline_policy(aws, &set.id, inline)?;
    }
    Ok(set.id.clone())
}

/// The token of the start before, if it is still good: whatever was set up with it goes on working.
/// Otherwise a new one, if there is room: those that are there belong to somebody.
fn scim_token(aws: &LocalAws, data_dir: &Path) -> anyhow::Result<Option<String>> {
    if let Some(known) = dev_json::scim_token_of(data_dir)
        && identity_center::is_scim_token(aws, &known)
    {
        return Ok(Some(known));
    }
    match identity_center::create_scim_token(aws, &mut aws.op()) {
        Ok(new) => Ok(Some(new.token.expose_secret().to_owned())),
        Err(InstanceError::ProvisioningDisabled | InstanceError::TooManyTokens) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use jetway_saml::{IdpMetadata, generate_signing_key};
    use tempfile::TempDir;
    use time::{Duration, OffsetDateTime};
    use url::Url;

    fn started(folder: &TempDir) -> LocalAws {
        let url = Url::parse("http://localhost:4566").unwrap();
        let aws = crate::local_aws::open(folder.path(), &url, "us-east-1").unwrap();
        sample::aws::accounts(&aws).unwrap();
        open(&aws, folder.path()).unwrap();
        aws
    }

    fn metadata() -> String {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let key = generate_signing_key("idp", now, now + Duration::days(3650), [7; 16]).unwrap();
        let address = "http://localhost:8080/saml2/aws".to_owned();
        IdpMetadata {
            entity_id: address.clone(),
            certificates: vec![key.certificate_der],
            sso_redirect: Some(address),
            ..IdpMetadata::default()
        }
        .to_xml()
        .unwrap()
    }

    /// What the last step of a start writes down.
    fn complete(folder: &TempDir, center: &IdentityCenter) {
        let text = json!({"aws": {"identity_center": center}}).to_string();
        std::fs::write(folder.path().join("dev.json"), text).unwrap();
    }

    fn counts(aws: &LocalAws) -> (usize, usize, usize) {
        let state = aws.state();
        let center = state.identity_center.as_ref().unwrap();
        (
            state.directory.users.len(),
            center.permission_sets.len(),
            center.assignments.len(),
        )
    }

    #[test]
    fn a_start_that_was_cut_short_is_completed_by_the_next() {
        let whole = TempDir::new().unwrap();
        let aws = started(&whole);
        fill(&aws, &metadata(), whole.path()).unwrap();
        let expected = counts(&aws);

        let folder = TempDir::new().unwrap();
        let aws = started(&folder);
        identity_source(&aws, &metadata()).unwrap();
        user(&aws, &PEOPLE[0]).unwrap();
        drop(aws);
        let aws = started(&folder);
        people(&aws).unwrap();
        let set = NewPermissionSet {
            name: PERMISSION_SETS[0].name.to_owned(),
            ..NewPermissionSet::default()
        };
        identity_center::create_permission_set(&aws, &mut aws.op(), set).unwrap();
        drop(aws);
        let aws = started(&folder);
        fill(&aws, &metadata(), folder.path()).unwrap();
        assert_eq!(counts(&aws), expected);
        let state = aws.state();
        let sets = &state.identity_center.as_ref().unwrap().permission_sets;
        assert!(sets.values().all(|set| !set.managed.is_empty()));
    }

    #[test]
    fn what_somebody_changed_after_a_complete_start_stays_changed() {
        let folder = TempDir::new().unwrap();
        let aws = started(&folder);
        let center = fill(&aws, &metadata(), folder.path()).unwrap();
        complete(&folder, &center);
        let provisioning = instance(&aws).unwrap().provisioning.unwrap();
        identity_center::delete_scim_token(&aws, &provisioning.tokens[0].id).unwrap();
        identity_center::disable_provisioning(&aws).unwrap();
        identity_center::use_directory(&aws, &aws.op()).unwrap();
        identity_center::delete_access_control(&aws).unwrap();
        drop(aws);
        let aws = started(&folder);
        let again = fill(&aws, &metadata(), folder.path()).unwrap();
        assert_eq!((again.scim_endpoint, again.scim_token), (None, None));
        let instance = instance(&aws).unwrap();
        assert_eq!(instance.identity_source, IdentitySource::Directory);
        assert_eq!(instance.access_control, None);
    }

    #[test]
    fn tokens_of_somebody_else_are_left_alone() {
        let folder = TempDir::new().unwrap();
        let aws = started(&folder);
        identity_source(&aws, &metadata()).unwrap();
        let mut tokens = Vec::new();
        for _ in 0..2 {
            tokens.push(identity_center::create_scim_token(&aws, &mut aws.op()).unwrap());
        }
        let center = fill(&aws, &metadata(), folder.path()).unwrap();
        assert_eq!(center.scim_token, None);
        assert!(center.scim_endpoint.is_some());
        for token in tokens {
            let token = token.token.expose_secret();
            assert!(identity_center::is_scim_token(&aws, token));
        }
    }
}
