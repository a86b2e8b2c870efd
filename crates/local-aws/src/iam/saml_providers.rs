//! SAML providers: create, get, list, update, delete (aws-iam-sts.md §3.2).

use std::sync::Arc;

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;
use jetway_saml::MetadataError;

use super::{
    call::{Call, Reply, request_tags},
    error::IamError,
    quotas, shapes, tags, write,
};
use crate::{
    LocalAws, arn,
    identity_center::provisioning::is_reserved_provider,
    ids,
    instant::{iso8601, years_later},
    op::Op,
    state::{SamlProvider, SamlProviderRecord, Tag},
};

/// AWS gives every provider a hundred years.
const VALID_YEARS: i32 = 100;

/// What a new SAML provider needs.
#[derive(Clone, Debug)]
pub struct NewSamlProvider {
    /// Friendly name, unique in the account without regard to case.
    pub name: String,
    /// The identity provider's metadata document.
    pub metadata: String,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// Creates a SAML provider. [`IamError::AlreadyExists`] when the name is taken.
pub fn create_saml_provider(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    new: NewSamlProvider,
) -> Result<Arc<SamlProvider>, IamError> {
    shapes::PROVIDER_NAME.require("name", &new.name)?;
    shapes::METADATA.require("sAMLMetadataDocument", &new.metadata)?;
    tags::check(&new.tags)?;
    if is_reserved_provider(&new.name) {
        return Err(IamError::InvalidInput(format!(
            "The name {} is reserved for IAM Identity Center.",
            new.name
        )));
    }
    let provider = parse(SamlProviderRecord {
        account: account.to_owned(),
        name: new.name,
        uuid: ids::saml_provider_uuid(op),
        metadata: new.metadata,
        created_at: op.unix(),
        updated_at: op.unix(),
        tags: new.tags,
    })?;
    aws.cell().change(|change| {
        let Some(owner) = change.state().account(account) else {
            return Err(IamError::no_account(account));
        };
        if owner.provider(&provider.record.name).is_some() {
            return Err(IamError::AlreadyExists(format!(
                "SAMLProvider {} already exists.",
                provider.arn()
            )));
        }
        let count = owner.providers.len();
        quotas::quota(
            count < quotas::SAML_PROVIDERS,
            "SAMLProvidersPerAccount",
            quotas::SAML_PROVIDERS,
        )?;
        Ok(change.put_provider(provider)?)
    })
}

/// Replaces the metadata of a SAML provider.
pub fn update_saml_provider(
    aws: &LocalAws,
    op: &Op,
    account: &str,
    name: &str,
    metadata: &str,
) -> Result<Arc<SamlProvider>, IamError> {
    shapes::METADATA.require("sAMLMetadataDocument", metadata)?;
    edit(aws, account, name, |record| {
        metadata.clone_into(&mut record.metadata);
        record.updated_at = op.unix();
        Ok(())
    })
}

/// Deletes a SAML provider. Roles that trust it keep naming it, as on AWS.
pub fn delete_saml_provider(aws: &LocalAws, account: &str, name: &str) -> Result<(), IamError> {
    aws.cell().change(|change| {
        own(change.state(), account, name)?;
        change.remove_provider(account, name);
        Ok(())
    })
}

/// Adds or replaces tags.
pub fn tag_saml_provider(
    aws: &LocalAws,
    account: &str,
    name: &str,
    new: &[Tag],
) -> Result<(), IamError> {
    edit(aws, account, name, |record| {
        record.tags = tags::merge(&record.tags, new)?;
        Ok(())
    })
    .map(drop)
}

/// Removes tags; missing ones do not matter.
pub fn untag_saml_provider(
    aws: &LocalAws,
    account: &str,
    name: &str,
    keys: &[&str],
) -> Result<(), IamError> {
    edit(aws, account, name, |record| {
        record.tags = tags::without(&record.tags, keys);
        Ok(())
    })
    .map(drop)
}

fn edit(
    aws: &LocalAws,
    account: &str,
    name: &str,
    change_record: impl FnOnce(&mut SamlProviderRecord) -> Result<(), IamError>,
) -> Result<Arc<SamlProvider>, IamError> {
    aws.cell().change(|change| {
        let mut record = own(change.state(), account, name)?.record.clone();
        change_record(&mut record)?;
        Ok(change.put_provider(parse(record)?)?)
    })
}

/// The provider of this name, unless it is Identity Center's.
fn own<'a>(
    state: &'a crate::state::State,
    account: &str,
    name: &str,
) -> Result<&'a Arc<SamlProvider>, IamError> {
    let provider = existing(state, account, name)?;
    if is_reserved_provider(&provider.record.name) {
        return Err(IamError::protected("SAML provider", &provider.record.name));
    }
    Ok(provider)
}

fn existing<'a>(
    state: &'a crate::state::State,
    account: &str,
    name: &str,
) -> Result<&'a Arc<SamlProvider>, IamError> {
    state
        .account(account)
        .and_then(|owner| owner.provider(name))
        .ok_or_else(|| {
            let arn = arn::saml_provider(account, name);
            IamError::NoSuchEntity(format!("Manifest not found for arn {arn}"))
        })
}

fn parse(record: SamlProviderRecord) -> Result<SamlProvider, IamError> {
    SamlProvider::from_record(record).map_err(|error| {
        tracing::debug!(%error, "SAML metadata refused");
        IamError::InvalidInput(
            match error {
                MetadataError::NoIdpDescriptor => {
                    "SAML Providers must reference at least one SAML assertion issuer"
                }
                MetadataError::Unparsable(_) => "Could not parse metadata",
            }
            .into(),
        )
    })
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let metadata = members.required("SAMLMetadataDocument", shapes::METADATA);
    let name = members.required("Name", shapes::PROVIDER_NAME);
    let tags = members.tags("Tags");
    let mode = encryption_mode(&mut members);
    members.done()?;
    let mut context = RequestContext::default();
    request_tags(&mut context, &tags);
    let arn = arn::saml_provider(call.account_id(), name);
    call.allow_with("iam:CreateSAMLProvider", &arn, &arn, context)?;
    refuse_private_keys(call)?;
    if mode == Some("Required") {
        return Err(AwsError::validation(
            "Unable to set assertion encryption mode to Required because no private key is provided.",
        ));
    }
    let new = NewSamlProvider {
        name: name.to_owned(),
        metadata: metadata.to_owned(),
        tags,
    };
    let provider = create_saml_provider(call.aws, call.op, call.account_id(), new)?;
    Ok(Reply::result(move |xml| {
        xml.text("SAMLProviderArn", provider.arn());
        if !provider.record.tags.is_empty() {
            write::tag_list(xml, &provider.record.tags);
        }
    }))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    members.done()?;
    let provider = call.provider("iam:GetSAMLProvider", arn)?;
    Ok(Reply::result(move |xml| {
        let record = &provider.record;
        xml.text("SAMLProviderUUID", &record.uuid);
        xml.text("SAMLMetadataDocument", &record.metadata);
        xml.text("CreateDate", &iso8601(record.created_at));
        xml.text("ValidUntil", &valid_until(record));
        write::tag_list(xml, &tags::sorted(&record.tags));
        xml.text("AssertionEncryptionMode", "Allowed");
        xml.element("PrivateKeyList", |_| {});
    }))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    call.allow(
        "iam:ListSAMLProviders",
        &arn::saml_provider(call.account_id(), "*"),
    )?;
    let providers: Vec<_> = call.account()?.providers.values().cloned().collect();
    Ok(Reply::result(move |xml| {
        xml.members("SAMLProviderList", providers, |xml, provider| {
            xml.text("Arn", provider.arn());
            xml.text("ValidUntil", &valid_until(&provider.record));
            xml.text("CreateDate", &iso8601(provider.record.created_at));
        });
    }))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let metadata = members.optional("SAMLMetadataDocument", shapes::METADATA);
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    let mode = encryption_mode(&mut members);
    members.done()?;
    let provider = call.provider("iam:UpdateSAMLProvider", arn)?;
    refuse_private_keys(call)?;
    if mode == Some("Required") {
        return Err(IamError::InvalidInput(
            "Failed to set assertion encryption mode to Required because no private key is present."
                .into(),
        )
        .into());
    }
    let name = &provider.record.name;
    match metadata {
        Some(metadata) => {
            update_saml_provider(call.aws, call.op, call.account_id(), name, metadata)?;
        }
        None if mode.is_none() => {
            return Err(AwsError::validation(
                "Unable to update identity provider. No updates are defined for metadata or encryption assertion.",
            ));
        }
        // `Allowed` is what it is already.
        None => {}
    }
    Ok(Reply::result(move |xml| {
        xml.text("SAMLProviderArn", provider.arn());
    }))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    members.done()?;
    let provider = call.provider("iam:DeleteSAMLProvider", arn)?;
    delete_saml_provider(call.aws, call.account_id(), &provider.record.name)?;
    Ok(Reply::Empty)
}

fn encryption_mode<'a>(members: &mut shapes::Members<'a>) -> Option<&'a str> {
    members.one_of("AssertionEncryptionMode", &["Required", "Allowed"])
}

/// Encrypted assertions are not decrypted here, so their keys are not taken either.
fn refuse_private_keys(call: &Call<'_>) -> Result<(), AwsError> {
    let named = |name| call.request.get(name).is_some();
    match (named("AddPrivateKey"), named("RemovePrivateKey")) {
        (false, false) => Ok(()),
        (true, true) => Err(AwsError::validation(
            "Unable to add and remove private keys in the same request. Set a value for only one of the two parameters.",
        )),
        (true, false) => Err(IamError::InvalidInput(
            "The local AWS does not decrypt assertions and takes no private key.".into(),
        )
        .into()),
        (false, true) => Err(IamError::InvalidInput(
            "Failed to remove private key because the Key ID does not match a private key.".into(),
        )
        .into()),
    }
}

fn valid_until(record: &SamlProviderRecord) -> String {
    iso8601(years_later(record.updated_at, VALID_YEARS))
}
