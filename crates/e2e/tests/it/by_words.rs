//! Pages used as people read them: buttons and links by their words, fields by their labels.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::fantoccini::elements::Element;
use jetway_testkit::fantoccini::error::CmdError;
use tokio::time::{Instant, sleep};

use crate::desk::Desk;

/// How long a page may take before something counts as missing: a loaded machine needs seconds for
/// what takes milliseconds on an idle one.
pub(crate) const WITHIN: Duration = Duration::from_secs(30);
/// Between two looks at the page.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

impl Desk {
    /// Clicks the button, the link or the head of a folded part that says `words`.
    pub(crate) async fn click_on(&self, words: &str) -> Result<()> {
        let path = format!(
            "//main//*[self::a or self::button or self::summary][not(@aria-hidden) and not(@class='unseen')][normalize-space(.)={words:?} or @aria-label={words:?}]"
        );
        self.click_at(&path, words).await
    }

    /// Goes to a page of the admin portal, from the navigation at its side.
    pub(crate) async fn navigate(&self, words: &str) -> Result<()> {
        let path = format!("//nav[@class='nav']//a[normalize-space(.)={words:?}]");
        self.click_at(&path, words).await
    }

    /// Goes to another tab of the page.
    pub(crate) async fn tab(&self, words: &str) -> Result<()> {
        let path = format!("//nav[contains(@class, 'tabs')]//a[normalize-space(.)={words:?}]");
        self.click_at(&path, words).await
    }

    /// Clicks the tile with this label: of the catalogue, or of the user portal.
    pub(crate) async fn click_tile(&self, label: &str) -> Result<()> {
        let path = format!(
            "//a[contains(@class, 'tile')][.//*[contains(@class, 'tile-label')][normalize-space(text()[1])={label:?} or normalize-space(.)={label:?}]]"
        );
        self.click_at(&path, label).await
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
        let fill_in = async |field: Element| {
            field.clear().await?;
            field.send_keys(text).await
        };
        self.with_field(label, fill_in).await
    }

    /// What stands in the field with this label.
    pub(crate) async fn stands_in(&self, label: &str) -> Result<String> {
        let value = async |field: Element| field.prop("value").await;
        let value = self.with_field(label, value).await?;
        value.with_context(|| format!("{label:?} has no value"))
    }

    /// Takes the choice with these words in the list with this label.
    pub(crate) async fn choose(&self, label: &str, words: &str) -> Result<()> {
        // XPath knows no escapes: one kind of quotation mark or the other.
        let option = if words.contains('"') {
            format!("./option[normalize-space(.)='{words}']")
        } else {
            format!("./option[normalize-space(.)=\"{words}\"]")
        };
        let choose = async |field: Element| {
            let option = field.find(Locator::XPath(&option)).await?;
            option.click().await
        };
        let chosen = self.with_field(label, choose).await;
        chosen.with_context(|| format!("{label:?} does not offer {words:?}"))
    }

    /// Ticks the box, or takes the choice, with this label.
    pub(crate) async fn tick(&self, label: &str) -> Result<()> {
        let tick = async |field: Element| {
            if !field.is_selected().await? {
                field.click().await?;
            }
            field.is_selected().await
        };
        let ticked = self.with_field(label, tick).await?;
        ensure!(ticked, "{label:?} is not ticked");
        Ok(())
    }

    /// Chooses a file for the field with this label.
    pub(crate) async fn upload(&self, label: &str, file: &Path) -> Result<()> {
        let name = file.to_str().context("no text")?;
        let upload = async |field: Element| field.send_keys(name).await;
        self.with_field(label, upload).await
    }

    /// Clicks `words` and waits for the file that the page gives then.
    pub(crate) async fn download(&self, words: &str, folder: &Path, name: &str) -> Result<String> {
        self.browser.download_into(folder).await?;
        self.click_on(words).await?;
        let file = folder.join(name);
        let deadline = Instant::now() + WITHIN;
        while Instant::now() < deadline {
            // Only a finished download has its name.
            if let Ok(text) = std::fs::read_to_string(&file)
                && !text.is_empty()
            {
                return Ok(text);
            }
            sleep(PAUSE).await;
        }
        let there: Vec<_> = std::fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.file_name()))
            .collect();
        anyhow::bail!("{words:?} gave no {name}, but {there:?}")
    }

    async fn click_at(&self, path: &str, words: &str) -> Result<()> {
        let click = async |element: Element| element.click().await;
        let clicked = self.with_visible(path, words, click).await;
        clicked.with_context(|| format!("click on {words:?}"))
    }

    async fn with_field<T>(
        &self,
        label: &str,
        act: impl AsyncFn(Element) -> Result<T, CmdError>,
    ) -> Result<T> {
        let path = format!(
            "//*[@id=//label[normalize-space(text()[1])={label:?} or normalize-space(.)={label:?}]/@for] | //*[self::input or self::select or self::textarea][@aria-label={label:?}]"
        );
        self.with_visible(&path, label, act).await
    }

    /// Does `act` to the first element that people can see. A page that is replaced meanwhile takes
    /// its elements along: then the same is done on the page that came.
    async fn with_visible<T>(
        &self,
        path: &str,
        words: &str,
        act: impl AsyncFn(Element) -> Result<T, CmdError>,
    ) -> Result<T> {
        let client = self.browser.client();
        let deadline = Instant::now() + WITHIN;
        while Instant::now() < deadline {
            if let Some(element) = self.visible(path).await {
                match act(element).await {
                    Err(error) if error.is_stale_element_reference() => {}
                    done => return Ok(done?),
                }
            }
            sleep(PAUSE).await;
        }
        let page = client
            .execute("return document.body.innerText", vec![])
            .await?;
        let address = client.current_url().await?;
        anyhow::bail!("nothing says {words:?} at {address}: {page}")
    }

    /// The first such element that people can see, out from under the bar at the foot, as people
    /// scroll before they click. None also when the page went while it was looked at.
    async fn visible(&self, path: &str) -> Option<Element> {
        let client = self.browser.client();
        for element in client.find_all(Locator::XPath(path)).await.ok()? {
            if element.is_displayed().await.unwrap_or(false) {
                let script = "arguments[0].scrollIntoView({block: 'center'})";
                let argument = serde_json::to_value(&element).ok()?;
                client.execute(script, vec![argument]).await.ok()?;
                return Some(element);
            }
        }
        None
    }
}
