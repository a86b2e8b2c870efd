//! The admin portal as an administrator has it before them: a browser, its mouse and its keyboard.

use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use jetway_testkit::accessibility::violations;
use jetway_testkit::browser::{Browser, ColorScheme, DESKTOP, PHONE};
use jetway_testkit::counterparts::{self, BrowserPrograms};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::fantoccini::elements::Element;
use jetway_testkit::fantoccini::error::CmdError;
use jetway_testkit::process::Jetwayd;
use tokio::time::{Instant, sleep};

use crate::by_words::{PAUSE, WITHIN};
use crate::person::PASSWORD;

// Keys as WebDriver knows them (§17.4.2).
pub(crate) const TAB: &str = "\u{e004}";
/// Shift and tab, and shift let go.
pub(crate) const SHIFT_TAB: &str = "\u{e008}\u{e004}\u{e000}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const SPACE: &str = " ";
pub(crate) const ESCAPE: &str = "\u{e00c}";
/// Control and K, and control let go.
pub(crate) const CONTROL_K: &str = "\u{e009}k\u{e000}";

/// The admin portal of a running server in a browser.
pub(crate) struct Desk {
    pub(crate) browser: Browser,
    jetwayd: Rc<Jetwayd>,
}

impl Desk {
    /// `jetwayd dev` and a fresh browser.
    pub(crate) async fn start(programs: &BrowserPrograms) -> Result<Self> {
        Ok(Self {
            jetwayd: Rc::new(Jetwayd::dev()?),
            browser: Browser::start(programs).await?,
        })
    }

    /// A fresh browser at a server that is there already: another desk at it, or a person's.
    pub(crate) async fn at(jetwayd: &Rc<Jetwayd>, programs: &BrowserPrograms) -> Result<Self> {
        Ok(Self {
            jetwayd: Rc::clone(jetwayd),
            browser: Browser::start(programs).await?,
        })
    }

    /// The server.
    pub(crate) fn jetwayd(&self) -> &Rc<Jetwayd> {
        &self.jetwayd
    }

    /// The sample administrator's address.
    pub(crate) fn administrator(&self) -> Result<String> {
        let dev = self.jetwayd.dev_json();
        let email = dev["idp"]["admin"]["email"].as_str();
        Ok(email.context("no administrator")?.to_owned())
    }

    /// The identity provider's address, without a slash at the end.
    pub(crate) fn idp_url(&self) -> String {
        self.jetwayd.idp_url()
    }

    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        let url = self.jetwayd.idp_url();
        let url = format!("{}{path}", url.trim_end_matches('/'));
        Ok(self.browser.client().goto(&url).await?)
    }

    pub(crate) async fn click(&self, css: &str) -> Result<()> {
        self.with_first(css, async |element| element.click().await)
            .await
    }

    pub(crate) async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        let type_into = async |element: Element| {
            element.clear().await?;
            element.send_keys(text).await
        };
        self.with_first(css, type_into).await
    }

    /// Does `act` to the first such element; on the page that came, when the page was replaced
    /// meanwhile.
    async fn with_first(
        &self,
        css: &str,
        act: impl AsyncFn(Element) -> Result<(), CmdError>,
    ) -> Result<()> {
        let client = self.browser.client();
        let deadline = Instant::now() + WITHIN;
        while Instant::now() < deadline {
            if let Ok(element) = client.find(Locator::Css(css)).await {
                match act(element).await {
                    Err(error) if error.is_stale_element_reference() => {}
                    done => return done.with_context(|| css.to_owned()),
                }
            }
            sleep(PAUSE).await;
        }
        anyhow::bail!("no {css}")
    }

    /// The text of the page, once it holds `expected`.
    pub(crate) async fn shows(&self, expected: &str) -> Result<String> {
        // None of our words has this quotation mark.
        let path = format!("//main[contains(., \"{expected}\")]");
        let client = self.browser.client();
        let deadline = Instant::now() + WITHIN;
        loop {
            // A page that is replaced meanwhile takes its elements along: then the next one is looked
            // at.
            if let Ok(found) = client.find(Locator::XPath(&path)).await
                && let Ok(text) = found.text().await
            {
                return Ok(text);
            }
            if Instant::now() >= deadline {
                let script = "return document.body.innerText";
                let page = client.execute(script, vec![]).await?;
                anyhow::bail!("no {expected:?} in: {page}");
            }
            sleep(PAUSE).await;
        }
    }

    pub(crate) async fn sign_in(&self) -> Result<()> {
        self.open("/admin").await?;
        let email = self.administrator()?;
        self.type_into("input[name=email]", &email).await?;
        self.type_into("input[name=password]", PASSWORD).await?;
        self.click("main form button[type=submit]").await?;
        let nav = Locator::Css("nav.nav");
        self.browser.client().wait().for_element(nav).await?;
        Ok(())
    }

    /// Checks the page with axe-core and keeps a picture at both widths and in both themes.
    pub(crate) async fn look(&self, name: &str) -> Result<()> {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
        if let Ok(axe_core) = counterparts::axe_core() {
            let found = violations(&self.browser, &axe_core, &[]).await?;
            let serious: Vec<_> = found.iter().filter(|found| found.is_serious()).collect();
            ensure!(serious.is_empty(), "{name}: {serious:#?}");
        }
        for (size, width) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
            for (scheme, theme) in [(ColorScheme::Light, "light"), (ColorScheme::Dark, "dark")] {
                self.browser.set_size(size).await?;
                self.browser.set_color_scheme(scheme).await?;
                let file = folder.join(format!("admin-{name}-{width}-{theme}.png"));
                self.browser.screenshot(&file).await?;
            }
        }
        self.browser.set_size(DESKTOP).await?;
        self.browser.set_color_scheme(ColorScheme::Light).await
    }

    /// Types into whatever has the focus.
    pub(crate) async fn press(&self, keys: &str) -> Result<()> {
        let focused = self.browser.client().active_element().await?;
        Ok(focused.send_keys(keys).await?)
    }

    /// Goes on with the tab key until the focus is on such an element, and presses `keys` there.
    pub(crate) async fn tab_to(&self, css: &str, keys: &str) -> Result<()> {
        self.step_to(TAB, css, keys).await
    }

    /// The same backwards.
    pub(crate) async fn tab_back_to(&self, css: &str, keys: &str) -> Result<()> {
        self.step_to(SHIFT_TAB, css, keys).await
    }

    async fn step_to(&self, step: &str, css: &str, keys: &str) -> Result<()> {
        let script = "return document.activeElement.matches(arguments[0])";
        for _ in 0..150 {
            let there = self
                .browser
                .client()
                .execute(script, vec![css.into()])
                .await?;
            if there == true {
                return self.press(keys).await;
            }
            self.press(step).await?;
        }
        anyhow::bail!("the tab key never gets to {css}")
    }

    /// Fails when something is wider than the window.
    pub(crate) async fn fits(&self, name: &str) -> Result<()> {
        let script = "return document.documentElement.scrollWidth - window.innerWidth";
        let beyond = self.browser.client().execute(script, vec![]).await?;
        ensure!(
            beyond.as_i64().is_some_and(|beyond| beyond <= 0),
            "{name} is {beyond} pixels too wide"
        );
        Ok(())
    }
}
