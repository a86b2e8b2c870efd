//! Pages used as people read them: buttons and links by their words, fields by their labels.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::fantoccini::elements::Element;

use crate::desk::Desk;

/// Asks of a page before something counts as missing. Each is a round trip to the browser.
const ATTEMPTS: u32 = 400;

impl Desk {
    /// Clicks the button, the link or the head of a folded part that says `words`.
    pub(crate) async fn click_on(&self, words: &str) -> Result<()> {
        let path = format!(
            "//main//*[self::a or self::button or self::summary][not(@aria-hidden)][normalize-space(.)={words:?} or @aria-label={words:?}]"
        );
        let element = self.visible(&[&path], words).await?;
        element
            .click()
            .await
            .with_context(|| format!("click on {words:?}"))
    }

    /// Goes to a page of the admin portal, from the navigation at its side.
    pub(crate) async fn navigate(&self, words: &str) -> Result<()> {
        let path = format!("//nav[@class='nav']//a[normalize-space(.)={words:?}]");
        let element = self.visible(&[&path], words).await?;
        Ok(element.click().await?)
    }

    /// Goes to another tab of the page.
    pub(crate) async fn tab(&self, words: &str) -> Result<()> {
        let path = format!("//nav[contains(@class, 'tabs')]//a[normalize-space(.)={words:?}]");
        let element = self.visible(&[&path], words).await?;
        Ok(element.click().await?)
    }

    /// Clicks the tile with this label: of the catalogue, or of the user portal.
    pub(crate) async fn click_tile(&self, label: &str) -> Result<()> {
        let path = format!(
            "//a[contains(@class, 'tile')][.//*[contains(@class, 'tile-label')][normalize-space(text()[1])={label:?} or normalize-space(.)={label:?}]]"
        );
        let element = self.visible(&[&path], label).await?;
        Ok(element.click().await?)
    }

    /// The labels of the tiles, in their order.
    pub(crate) async fn tiles(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('a.tile .tile-label')].map(one => one.firstChild.textContent.trim())";
        let labels = self.browser.client().execute(script, vec![]).await?;
        let labels = labels.as_array().context("no list")?.iter();
        Ok(labels
            .map(|label| label.as_str().unwrap_or_default().to_owned())
            .collect())
    }

    /// Replaces what stands in the field with this label.
    pub(crate) async fn fill_in(&self, label: &str, text: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// What stands in the field with this label.
    pub(crate) async fn stands_in(&self, label: &str) -> Result<String> {
        let value = self.field(label).await?.prop("value").await?;
        value.with_context(|| format!("{label:?} has no value"))
    }

    /// Takes the choice with these words in the list with this label.
    pub(crate) async fn choose(&self, label: &str, words: &str) -> Result<()> {
        let field = self.field(label).await?;
        let option = format!("./option[normalize-space(.)={words:?}]");
        let option = field.find(Locator::XPath(&option)).await;
        let option = option.with_context(|| format!("{label:?} does not offer {words:?}"))?;
        Ok(option.click().await?)
    }

    /// Ticks the box, or takes the choice, with this label.
    pub(crate) async fn tick(&self, label: &str) -> Result<()> {
        let field = self.field(label).await?;
        if !field.is_selected().await? {
            field.click().await?;
        }
        ensure!(field.is_selected().await?, "{label:?} is not ticked");
        Ok(())
    }

    /// Chooses a file for the field with this label.
    pub(crate) async fn upload(&self, label: &str, file: &Path) -> Result<()> {
        let name = file.to_str().context("no text")?;
        Ok(self.field(label).await?.send_keys(name).await?)
    }

    /// Clicks `words` and waits for the file that the page gives then.
    pub(crate) async fn download(&self, words: &str, folder: &Path, name: &str) -> Result<String> {
        self.browser.download_into(folder).await?;
        self.click_on(words).await?;
        let file = folder.join(name);
        for _ in 0..ATTEMPTS {
            // Only a finished download has its name.
            if let Ok(text) = std::fs::read_to_string(&file)
                && !text.is_empty()
            {
                return Ok(text);
            }
            self.browser.client().current_url().await?;
        }
        let there: Vec<_> = std::fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.file_name()))
            .collect();
        anyhow::bail!("{words:?} gave no {name}, but {there:?}")
    }

    async fn field(&self, label: &str) -> Result<Element> {
        let path = format!(
            "//*[@id=//label[normalize-space(text()[1])={label:?} or normalize-space(.)={label:?}]/@for] | //*[self::input or self::select or self::textarea][@aria-label={label:?}]"
        );
        self.visible(&[&path], label).await
    }

    /// Out from under the bar at the foot, as people scroll before they click.
    async fn scroll_to(&self, element: &Element) -> Result<()> {
        let script = "arguments[0].scrollIntoView({block: 'center'})";
        let element = serde_json::to_value(element)?;
        self.browser.client().execute(script, vec![element]).await?;
        Ok(())
    }

    /// The first element that people can see, of the first path that has one.
    async fn visible(&self, paths: &[&str], words: &str) -> Result<Element> {
        let client = self.browser.client();
        for _ in 0..ATTEMPTS {
            for path in paths {
                for element in client.find_all(Locator::XPath(path)).await? {
                    // It may have gone with its page since.
                    if element.is_displayed().await.unwrap_or(false) {
                        self.scroll_to(&element).await?;
                        return Ok(element);
                    }
                }
            }
        }
        let page = client.find(Locator::Css("body")).await?.text().await?;
        let address = client.current_url().await?;
        anyhow::bail!("nothing says {words:?} at {address}: {page}")
    }
}
