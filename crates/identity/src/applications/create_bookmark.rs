//! Creating a bookmark: a tile that opens an address (requirement L05).

use url::Url;

use crate::administrators::NotAllowed;
use crate::applications::new_application::{check_appearance, check_slug, is_web_address};
use crate::applications::problems::Problems;
use crate::applications::{Application, InvalidApplication, SignOn, create};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::text;

/// A bookmark to create.
#[derive(Debug, Clone)]
pub struct NewBookmark {
    /// As in [`super::NewApplication`]; bookmarks and applications share these names.
    pub slug: String,
    pub label: String,
    pub description: String,
    /// `#rrggbb`
    pub color: String,
    pub show_in_portal: bool,
    /// What the tile opens: an http or https address without a password in it.
    pub url: String,
}

/// Why the bookmark was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateBookmarkError {
    #[error(transparent)]
    Invalid(#[from] InvalidApplication),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates a bookmark that is granted to nobody yet (requirement K01). The slug must be new:
/// [`StoreError::Taken`] otherwise.
pub async fn create_bookmark(
    op: &mut Op,
    store: &dyn Store,
    new: NewBookmark,
) -> Result<ApplicationId, CreateBookmarkError> {
    let mut problems = Problems::default();
    check_slug(&new.slug, &mut problems);
    check_appearance((&new.label, &new.description, &new.color), &mut problems);
    let url = match read_url(&new.url) {
        Ok(url) => Some(url),
        Err(reason) => {
            problems.add("bookmark_url", reason);
            None
        }
    };
    problems.into_result()?;
    let Some(url) = url else {
        return Err(InvalidApplication(Vec::new()).into());
    };
    let application = Application {
        id: ApplicationId::random(&mut op.rng),
        sign_on: SignOn::Bookmark(url),
        slug: new.slug,
        label: new.label,
        description: new.description,
        color: new.color.to_ascii_lowercase(),
        image: None,
        active: true,
        show_in_portal: new.show_in_portal,
        version: 1,
        created_at: op.now,
    };
    create::insert(op, store, &application, None).await??;
    Ok(application.id)
}

/// The address of a bookmark, or why it cannot be one.
pub(super) fn read_url(text: &str) -> Result<Url, String> {
    text::check_filled("the address", text, 2048).map_err(|error| error.to_string())?;
    let url = Url::parse(text.trim()).ok().filter(is_web_address);
    url.ok_or_else(|| {
        format!(
            "the address must begin with https:// or http:// and hold no password, but is {text:?}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_passwords_are_bookmarks() {
        for good in ["https://wiki.acme.com/?q=1#top", "http://intranet/"] {
            assert!(read_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "wiki",
            "/wiki",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://me:secret@wiki.acme.com/",
        ] {
            assert!(read_url(bad).is_err(), "{bad}");
        }
    }
}
