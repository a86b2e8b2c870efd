//! The sample people, groups and applications, written through the identity provider's own use
//! cases. Whatever is there already is left alone, so that a start that was cut short is
//! completed by the next.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use jetway_identity::applications::SamlKind;
use jetway_identity::factors::{TotpSecret, connect_known_totp};
use jetway_identity::{
    Actor, ApplicationId, AttributeSource, CreationMethod, CustomValue, GroupId, MappedAttribute,
    NewApplication, NewGroup, NewUser, Op, PasswordHashers, SealingKey, Store, UserId, UserState,
    add_member, assign_group, change_settings, create_application, create_group, create_user,
    ensure_everyone,
};
use jetway_saml::{ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME, ATTRIBUTE_SESSION_DURATION};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::clock::System;
use crate::sample::{APPLICATIONS, Application, GROUPS, PASSWORD, PEOPLE, PORTAL, Person};

const ORGANISATION: &str = "The Acme Corporation";
const ATTRIBUTE_PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";

/// What the sample directory is written with.
pub(crate) struct Directory<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) hashers: &'a PasswordHashers,
    pub(crate) sealing: &'a SealingKey,
    pub(crate) idp_url: &'a Url,
    /// The local AWS's sign-in page, where assertions are posted.
    pub(crate) acs_url: &'a str,
    /// IAM Identity Center as a service provider.
    pub(crate) identity_center: ServiceProvider,
}

/// What the identity provider has to know of IAM Identity Center.
pub(crate) struct ServiceProvider {
    /// Its entity id.
    pub(crate) audience: String,
    /// Where assertions are posted.
    pub(crate) acs_url: String,
}

impl Directory<'_> {
    /// Completes the sample organisation. The secrets of the authenticator apps, by e-mail address.
    pub(crate) async fn fill(&self) -> anyhow::Result<BTreeMap<&'static str, String>> {
        change_settings(&mut op(), self.store, None, |sections| {
            ORGANISATION.clone_into(&mut sections.profile.name);
        })
        .await?;
        ensure_everyone(&mut op(), self.store).await?;
        let mut groups = BTreeMap::new();
        for name in GROUPS {
            groups.insert(*name, self.group(name).await?);
        }
        let mut apps = BTreeMap::new();
        for person in PEOPLE {
            let user = self.person(person).await?;
            if let Some(secret) = self.app(person, user).await? {
                apps.insert(person.email, secret);
            }
            for group in person.groups {
                add_member(&mut op(), self.store, groups[group], user).await?;
            }
        }
        for application in APPLICATIONS {
            let id = self.application(application).await?;
            for group in application.groups {
                assign_group(&mut op(), self.store, id, groups[group]).await?;
            }
        }
        let portal = self.portal().await?;
        for group in PORTAL.groups {
            assign_group(&mut op(), self.store, portal, groups[group]).await?;
        }
        Ok(apps)
    }

    /// The application that leads to the access portal.
    async fn portal(&self) -> anyhow::Result<ApplicationId> {
        let slug = PORTAL.slug;
        if let Some(found) = self.store.read().await?.application_by_slug(slug).await? {
            return Ok(found.id);
        }
        let kind = SamlKind::IdentityCenter;
        let mut new = NewApplication::of_kind(kind, PORTAL.slug, PORTAL.label, self.idp_url);
        PORTAL.description.clone_into(&mut new.description);
        PORTAL.color.clone_into(&mut new.color);
        new.active = true;
        self.identity_center
            .acs_url
            .clone_into(&mut new.saml.acs_url);
        self.identity_center
            .audience
            .clone_into(&mut new.saml.audience);
        for (key, source) in PORTAL.attributes {
            let source: AttributeSource = source.parse().context("a sample attribute's source")?;
            let name = format!("{ATTRIBUTE_PREFIX}AccessControl:{key}");
            new.saml
                .user_attribute_mapping
                .push(MappedAttribute { name, source });
        }
        Ok(create_application(&mut op(), self.store, self.sealing, new).await?)
    }

    /// The secret, unless the person has connected another app since.
    async fn app(&self, person: &Person, user: UserId) -> anyhow::Result<Option<String>> {
        let secret = person
            .totp_secret
            .map(|bytes| TotpSecret::from_bytes(bytes));
        let Some(secret) = secret.flatten() else {
            return Ok(None);
        };
        let owner = (user.into(), &secret);
        let is_it = connect_known_totp(&mut op(), self.store, self.sealing, owner).await?;
        let text = secret.for_typing().expose_secret().replace(' ', "");
        Ok(is_it.then_some(text))
    }

    async fn group(&self, name: &str) -> anyhow::Result<GroupId> {
        if let Some(group) = self.store.read().await?.group_by_name(name).await? {
            return Ok(group.id);
        }
        let new = NewGroup {
            name: name.to_owned(),
            ..NewGroup::default()
        };
        Ok(create_group(&mut op(), self.store, new).await?)
    }

    async fn person(&self, person: &Person) -> anyhow::Result<UserId> {
        if let Some(user) = self.store.read().await?.user_by_email(person.email).await? {
            return Ok(user.id);
        }
        let new = NewUser {
            email: person.email.to_owned(),
            username: person.username.to_owned(),
            first_name: person.first_name.to_owned(),
            last_name: person.last_name.to_owned(),
            display_name: String::new(),
            password: Some(SecretString::from(PASSWORD)),
            state: UserState::Active,
            attributes: person
                .attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            custom_attributes: person
                .custom_attributes
                .iter()
                .map(|(name, value)| {
                    let value = CustomValue::String((*value).to_owned());
                    ((*name).to_owned(), value)
                })
                .collect(),
            password_never_expires: false,
            created_by: CreationMethod::Manual,
        };
        Ok(create_user(&mut op(), self.store, self.hashers, new).await?)
    }

    async fn application(&self, sample: &Application) -> anyhow::Result<ApplicationId> {
        let mut new = NewApplication::aws_iam(sample.slug, sample.label, self.idp_url);
        if let Some(found) = self
            .store
            .read()
            .await?
            .application_by_slug(sample.slug)
            .await?
        {
            let settings = &found
                .sign_on
                .saml()
                .context("a sample is a bookmark")?
                .settings;
            if settings.idp_entity_id != new.saml.idp_entity_id || settings.acs_url != self.acs_url
            {
                bail!(
                    "this data folder belongs to an identity provider at {} and a local AWS at {}: listen at these addresses again (--idp-listen, --aws-listen), or start with a new --data-dir",
                    settings
                        .idp_entity_id
                        .trim_end_matches(&format!("/saml2/{}", sample.slug)),
                    settings.acs_url.trim_end_matches("/saml"),
                );
            }
            return Ok(found.id);
        }
        sample.description.clone_into(&mut new.description);
        sample.color.clone_into(&mut new.color);
        self.acs_url.clone_into(&mut new.saml.acs_url);
        new.active = true;
        let constants = &mut new.saml.constant_attributes;
        constants.retain(|(name, _)| name != ATTRIBUTE_ROLE && name != ATTRIBUTE_ROLE_SESSION_NAME);
        constants.push((ATTRIBUTE_SESSION_DURATION.to_owned(), "14400".to_owned()));
        constants.extend(
            sample
                .role_pairs()
                .into_iter()
                .map(|pair| (ATTRIBUTE_ROLE.to_owned(), pair)),
        );
        for (name, source) in sample.tags {
            let source: AttributeSource = source.parse().context("a sample attribute's source")?;
            let name = format!("{ATTRIBUTE_PREFIX}{name}");
            new.saml
                .user_attribute_mapping
                .push(MappedAttribute { name, source });
        }
        Ok(create_application(&mut op(), self.store, self.sealing, new).await?)
    }
}

/// Each write is an operation of its own, by the program itself.
fn op() -> Op {
    let actor = Actor::System("sample organisation".to_owned());
    Op::new(
        System::time(),
        System::randomness(),
        actor,
        "sample".to_owned(),
    )
}
