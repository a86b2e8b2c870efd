//! What is run in AWS for an application, with what the form of its page adds.

use jetway_identity::applications::{SamlKind, SamlSignOn};
use jetway_identity::aws_setup::{IamWish, IdentityCenterWish, SetupForms, SetupTexts};
use jetway_pages::admin::applications::SetupForm;
use jetway_pages::admin::parts::Field;

use super::header::Found;
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_lines;
use crate::aws_texts::{NO_PERMISSION_SET, derive_iam, derive_identity_center};
use crate::shared::{Failure, Fields, Site, typeable};

/// The texts of one SAML provider, or of the IAM Identity Center.
pub(super) struct Generated {
    /// The name of the provider.
    pub(super) name: Option<String>,
    pub(super) heading: String,
    /// Or why there is nothing.
    pub(super) texts: Result<SetupForms, String>,
}

impl From<SetupTexts> for Generated {
    fn from(texts: SetupTexts) -> Self {
        let heading = match &texts.provider {
            Some(name) => format!("SAML provider {}", typeable(name)),
            None => "IAM Identity Center".to_owned(),
        };
        Self {
            name: texts.provider,
            heading,
            texts: texts
                .forms
                .map_err(|error| sentence(&typeable(&error.to_string()))),
        }
    }
}

/// All that the page shows.
pub(super) struct Everything {
    pub(super) form: SetupForm,
    pub(super) fresh: bool,
    pub(super) parts: Vec<Generated>,
    pub(super) notes: Vec<String>,
}

/// Everything, from the application and the fields of the query.
pub(super) async fn generate(
    site: &Site,
    found: &Found,
    saml: &SamlSignOn,
    fields: &Fields<'_>,
) -> Result<Everything, Failure> {
    let slug = &found.application.slug;
    if saml.kind == SamlKind::IdentityCenter {
        identity_center(site, slug, saml, fields).await
    } else {
        iam(site, slug, saml, fields).await
    }
}

async fn iam(
    site: &Site,
    slug: &str,
    saml: &SamlSignOn,
    fields: &Fields<'_>,
) -> Result<Everything, Failure> {
    let provider = fields.get("provider")?.map(str::trim);
    let wish = IamWish {
        accounts: lines(fields, "accounts")?,
        roles: lines(fields, "roles")?,
        provider: provider.filter(|name| !name.is_empty()).map(typeable),
        managed_policies: lines(fields, "policies")?,
    };
    let derived = derive_iam(site, slug, saml, &wish).await?;
    let notes = derived.notes.iter();
    let notes = notes.map(|note| sentence(&typeable(&note.to_string())));
    let notes: Vec<_> = notes.collect();
    let parts: Vec<_> = derived.texts().into_iter().map(Generated::from).collect();
    // What the rows with placeholders say, to begin with.
    let fresh = parts.is_empty();
    let begin = IamWish::of_placeholders(&saml.settings);
    let roles = if fresh && wish.roles.is_empty() {
        begin.roles
    } else {
        wish.roles
    };
    let provider = wish.provider.or(begin.provider.filter(|_| fresh));
    Ok(Everything {
        form: SetupForm::Iam {
            accounts: field(&wish.accounts),
            roles: field(&roles),
            provider: provider.unwrap_or_default().into(),
            policies: field(&wish.managed_policies),
        },
        fresh,
        parts,
        notes,
    })
}

async fn identity_center(
    site: &Site,
    slug: &str,
    saml: &SamlSignOn,
    fields: &Fields<'_>,
) -> Result<Everything, Failure> {
    let region = fields.get("region")?.map(str::trim);
    let wish = IdentityCenterWish {
        region: region.filter(|name| !name.is_empty()).map(typeable),
        permission_sets: lines(fields, "permission_sets")?,
        managed_policies: lines(fields, "policies")?,
        groups: lines(fields, "groups")?,
        accounts: lines(fields, "accounts")?,
    };
    let (texts, anything) = derive_identity_center(site, slug, saml, &wish).await?;
    let notes = (!anything).then(|| NO_PERMISSION_SET.to_owned());
    Ok(Everything {
        form: SetupForm::IdentityCenter {
            region: wish.region.unwrap_or_default().into(),
            accounts: field(&wish.accounts),
            groups: field(&wish.groups),
            permission_sets: field(&wish.permission_sets),
            policies: field(&wish.managed_policies),
        },
        fresh: false,
        parts: vec![texts.into()],
        notes: notes.into_iter().collect(),
    })
}

/// The lines of a field of the form, without empty ones.
fn lines(fields: &Fields<'_>, name: &str) -> Result<Vec<String>, Failure> {
    let text = typed_lines(fields.get(name)?.unwrap_or_default());
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn field(lines: &[String]) -> Field {
    lines.join("\n").into()
}
