//! Making an application from the catalogue: the end of the wizard.

use url::Url;

use crate::applications::problems::InvalidApplication;
use crate::applications::{
    CatalogueEntry, CreateApplicationError, CreateBookmarkError, EntryKind, NewApplication,
    NewBookmark, create_application, create_bookmark,
};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Unique};

/// How many endings are tried for an application that was given none.
const MAX_SUFFIX: u32 = 1000;

/// What the wizard asks for (requirements G04 to G09).
#[derive(Debug, Clone)]
pub struct AddedApplication {
    pub entry: &'static CatalogueEntry,
    /// The ending of the IdP URL; empty takes one from the entry's name that is free.
    pub slug: String,
    pub label: String,
    pub description: String,
    /// `#rrggbb`
    pub color: String,
    pub show_in_portal: bool,
    /// The address of a bookmark; not looked at for others.
    pub bookmark: String,
}

/// Why the application was not made.
#[derive(Debug, thiserror::Error)]
pub enum AddApplicationError {
    /// Each with its field.
    #[error(transparent)]
    Invalid(#[from] InvalidApplication),
    #[error(transparent)]
    Create(CreateApplicationError),
}

impl From<CreateApplicationError> for AddApplicationError {
    fn from(error: CreateApplicationError) -> Self {
        match error {
            CreateApplicationError::Invalid(invalid) => Self::Invalid(invalid),
            other => Self::Create(other),
        }
    }
}

impl From<CreateBookmarkError> for AddApplicationError {
    fn from(error: CreateBookmarkError) -> Self {
        match error {
            CreateBookmarkError::Invalid(invalid) => Self::Invalid(invalid),
            CreateBookmarkError::NotAllowed(error) => {
                Self::Create(CreateApplicationError::NotAllowed(error))
            }
            CreateBookmarkError::Store(error) => Self::Create(CreateApplicationError::Store(error)),
        }
    }
}

impl From<StoreError> for AddApplicationError {
    fn from(error: StoreError) -> Self {
        Self::Create(CreateApplicationError::Store(error))
    }
}

/// Makes an application from an entry, with the entry's template, granted to nobody yet
/// (requirement K01). One that takes assertions is switched off until it is configured. A slug that
/// is given must be new: [`StoreError::Taken`] otherwise.
pub async fn add_application(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    new: AddedApplication,
) -> Result<ApplicationId, AddApplicationError> {
    if !new.slug.trim().is_empty() {
        let slug = new.slug.trim().to_owned();
        return create(op, store, sealing, public_url, &new, slug).await;
    }
    let mut suffix = 1;
    loop {
        let slug = free_slug(store, &new.entry.default_slug(), &mut suffix).await?;
        match create(op, store, sealing, public_url, &new, slug).await {
            // Somebody else took it since.
            Err(AddApplicationError::Create(CreateApplicationError::Store(StoreError::Taken(
                Unique::Slug,
            )))) if suffix < MAX_SUFFIX => {}
            done => return done,
        }
    }
}

async fn create(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    new: &AddedApplication,
    slug: String,
) -> Result<ApplicationId, AddApplicationError> {
    match new.entry.kind {
        EntryKind::Bookmark => {
            let bookmark = NewBookmark {
                slug,
                label: new.label.clone(),
                description: new.description.clone(),
                color: new.color.clone(),
                show_in_portal: new.show_in_portal,
                url: new.bookmark.clone(),
            };
            Ok(create_bookmark(op, store, bookmark).await?)
        }
        EntryKind::Saml(kind) => {
            let application = NewApplication {
                description: new.description.clone(),
                color: new.color.clone(),
                show_in_portal: new.show_in_portal,
                ..NewApplication::of_kind(kind, &slug, &new.label, public_url)
            };
            Ok(create_application(op, store, sealing, application).await?)
        }
    }
}

/// The ending of the IdP URL for an application from this entry that is given none: one that no
/// application has yet.
pub async fn unused_slug(store: &dyn Store, entry: &CatalogueEntry) -> Result<String, StoreError> {
    free_slug(store, &entry.default_slug(), &mut 1).await
}

/// The base, or the base with the first number from `suffix` on that makes it new.
async fn free_slug(store: &dyn Store, base: &str, suffix: &mut u32) -> Result<String, StoreError> {
    let mut read = store.read().await?;
    loop {
        let slug = if *suffix == 1 {
            base.to_owned()
        } else {
            format!("{base}-{suffix}")
        };
        *suffix += 1;
        if *suffix > MAX_SUFFIX || read.application_by_slug(&slug).await?.is_none() {
            return Ok(slug);
        }
    }
}
