//! The wizard "Create New Application Integration".

use anyhow::Result;

use crate::desk::Desk;

/// "Type the name of the application in the Search field and select it": from the catalogue to the
/// step after it.
pub(crate) async fn select(desk: &Desk, entry: &str) -> Result<()> {
    desk.fill_in("Search the catalog", entry).await?;
    desk.click_on("Search").await?;
    desk.click_tile(entry).await?;
    desk.shows(&format!("You've selected {entry}!")).await?;
    Ok(())
}

/// "Click Save Application", on the last step.
pub(crate) async fn save(desk: &Desk) -> Result<()> {
    desk.click_on("Save Application").await?;
    desk.shows("The application is saved.").await?;
    Ok(())
}

/// The whole wizard, from the list of applications to the new one, ready to be configured.
/// `ending` is that of the IdP URL.
pub(crate) async fn add_application(
    desk: &Desk,
    entry: &str,
    label: &str,
    ending: &str,
) -> Result<()> {
    begin(desk, entry).await?;
    desk.fill_in("Display Label", label).await?;
    desk.click_on("Advanced Settings").await?;
    desk.fill_in("SSO IdP URL", ending).await?;
    desk.click_on("Next").await?;
    desk.shows(&format!("/saml2/{ending}")).await?;
    save(desk).await?;
    desk.click_on("Configure Application").await
}

/// The wizard for a bookmark, from the list of applications and back to it.
pub(crate) async fn add_bookmark(desk: &Desk, label: &str, address: &str) -> Result<()> {
    begin(desk, "Bookmark").await?;
    desk.fill_in("Display Label", label).await?;
    desk.fill_in("Bookmark URL", address).await?;
    desk.click_on("Next").await?;
    desk.shows(address).await?;
    save(desk).await?;
    desk.click_on("Close").await
}

/// From anywhere to the step after the catalogue.
async fn begin(desk: &Desk, entry: &str) -> Result<()> {
    desk.navigate("SSO Applications").await?;
    let first = desk
        .shows("SSO Applications")
        .await?
        .contains("Add your first application");
    let add = if first {
        "Get Started"
    } else {
        "+ Add New Application"
    };
    desk.click_on(add).await?;
    select(desk, entry).await?;
    desk.click_on("Next").await
}
