//! What is run in AWS for an application, for the page and for the API.

use jetway_identity::Group;
use jetway_identity::applications::{SamlSignOn, application_metadata, idp_url};
use jetway_identity::aws_setup::{
    DerivedIam, IamWish, IdentityCenterWish, PublishedMetadata, SetupTexts, iam_setups,
    identity_center_setup,
};
use jetway_identity::groups::list_groups;

use crate::shared::{Failure, Site};

/// Groups whose names role rules are matched with: as many as one page of the directory has.
pub(crate) const GROUPS: u32 = 1000;
/// Where no permission set is named.
pub(crate) const NO_PERMISSION_SET: &str = "No permission set is named yet, so the files have none: name some above, or make them by hand.";

/// SAML providers and roles.
pub(crate) async fn derive_iam(
    site: &Site,
    slug: &str,
    saml: &SamlSignOn,
    wish: &IamWish,
) -> Result<DerivedIam, Failure> {
    let metadata = metadata(site, slug).await?;
    let all = list_groups(site.store.as_ref(), "", None, GROUPS).await?;
    let groups: Vec<Group> = all.groups.into_iter().map(|one| one.group).collect();
    Ok(iam_setups(&saml.settings, &groups, &metadata, wish))
}

/// The IAM Identity Center, and whether it has a permission set.
pub(crate) async fn derive_identity_center(
    site: &Site,
    slug: &str,
    saml: &SamlSignOn,
    wish: &IdentityCenterWish,
) -> Result<(SetupTexts, bool), Failure> {
    let metadata = metadata(site, slug).await?;
    let setup = identity_center_setup(&saml.settings, wish);
    let anything = !setup.permission_sets.is_empty();
    Ok((setup.texts(&metadata.url), anything))
}

/// Our metadata of the application, as the service provider would fetch it.
async fn metadata(site: &Site, slug: &str) -> Result<PublishedMetadata, Failure> {
    let address = idp_url(site.settings.public_url(), slug);
    let metadata = application_metadata(site.store.as_ref(), slug, &address).await?;
    let metadata = metadata.ok_or_else(Failure::not_found)?;
    Ok(PublishedMetadata {
        xml: metadata.to_xml().map_err(Failure::internal)?,
        url: format!("{address}/metadata"),
    })
}
