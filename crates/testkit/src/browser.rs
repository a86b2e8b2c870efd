//! Chromium without a screen, driven through chromedriver.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::counterparts::BrowserPrograms;
use crate::free_port;

const READY_WITHIN: Duration = Duration::from_secs(30);

const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Desktop, in CSS pixels.
pub const DESKTOP: (u32, u32) = (1280, 800);
/// A phone held upright, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);

/// What pages see as `prefers-color-scheme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorScheme {
    Light,
    Dark,
}

/// A browser with an empty profile. Dropping it ends Chromium and chromedriver.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    session: String,
    driver: Driver,
    /// Removed after the browser has ended: fields are dropped in this order.
    _profile: TempDir,
}

impl Browser {
    /// Starts chromedriver on a free port and one browser with a fresh profile.
    ///
    /// # Errors
    ///
    /// When either does not come up within half a minute.
    pub async fn start(programs: &BrowserPrograms) -> Result<Self> {
        let driver = Driver::start(&programs.chromedriver)?;
        let profile = tempfile::tempdir()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&programs.chromium, profile.path())?)
            .connect(&driver.url)
            .await
            .context("chromedriver cannot start the browser")?;
        let session = client
            .session_id()
            .await?
            .context("chromedriver gave no session")?;
        let browser = Self {
            client,
            session,
            driver,
            _profile: profile,
        };
        browser.set_size(DESKTOP).await?;
        Ok(browser)
    }

    /// The WebDriver client: `goto`, `find`, `current_url`, …
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the size of the visible page, in CSS pixels. Unlike a window, a page may be as narrow
    /// as a phone.
    ///
    /// # Errors
    ///
    /// When the browser has gone.
    #[expect(clippy::unused_async, reason = "as every other step of a browser test")]
    pub async fn set_size(&self, (width, height): (u32, u32)) -> Result<()> {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1,
                    "mobile": width < 600}),
        )
    }

    /// Sets what pages see as `prefers-color-scheme`.
    ///
    /// # Errors
    ///
    /// When the browser has gone.
    #[expect(clippy::unused_async, reason = "as every other step of a browser test")]
    pub async fn set_color_scheme(&self, scheme: ColorScheme) -> Result<()> {
        let value = match scheme {
            ColorScheme::Light => "light",
            ColorScheme::Dark => "dark",
        };
        self.devtools(
            "Emulation.setEmulatedMedia",
            &json!({"features": [
                {"name": "prefers-color-scheme", "value": value},
                // Without it a screenshot right after shows colours on their way.
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]}),
        )
    }

    /// Writes what is visible as a PNG file.
    ///
    /// # Errors
    ///
    /// When the browser has gone or the file cannot be written.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        let png = self.client.screenshot().await?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, png).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Lets pages download into this folder, without asking and under the names that they give.
    ///
    /// # Errors
    ///
    /// When the browser has gone.
    #[expect(clippy::unused_async, reason = "as every other step of a browser test")]
    pub async fn download_into(&self, folder: &Path) -> Result<()> {
        self.devtools(
            "Browser.setDownloadBehavior",
            &json!({"behavior": "allow", "downloadPath": folder}),
        )
    }

    /// The address of a command of this browser's session.
    pub(crate) fn endpoint(&self, command: &str) -> String {
        format!("{}/session/{}/{command}", self.driver.url, self.session)
    }

    /// One command of Chromium's DevTools protocol.
    fn devtools(&self, command: &str, parameters: &Value) -> Result<()> {
        ureq::post(self.endpoint("goog/cdp/execute"))
            .send_json(json!({"cmd": command, "params": parameters}))
            .with_context(|| format!("{command} failed"))?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends Chromium, which would otherwise outlive its driver. It may have gone already.
        ureq::delete(format!("{}/session/{}", self.driver.url, self.session))
            .call()
            .ok();
    }
}

fn capabilities(chromium: &Path, profile: &Path) -> Result<serde_json::Map<String, Value>> {
    let mut arguments: Vec<String> = ARGUMENTS.iter().map(ToString::to_string).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": chromium, "args": arguments},
    });
    match capabilities {
        Value::Object(map) => Ok(map),
        other => bail!("not an object: {other}"),
    }
}

/// The chromedriver process.
#[derive(Debug)]
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start(chromedriver: &Path) -> Result<Self> {
        let port = free_port();
        let child = Command::new(chromedriver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", chromedriver.display()))?;
        let driver = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        driver.wait_until_ready()?;
        Ok(driver)
    }

    fn wait_until_ready(&self) -> Result<()> {
        let status = format!("{}/status", self.url);
        let deadline = Instant::now() + READY_WITHIN;
        // Nothing is ever sent: waiting on it is a pause with an end.
        let (_never, pause) = mpsc::channel::<()>();
        while Instant::now() < deadline {
            if ureq::get(&status).call().is_ok() {
                return Ok(());
            }
            if pause.recv_timeout(Duration::from_millis(20)) == Err(RecvTimeoutError::Disconnected)
            {
                break;
            }
        }
        bail!("chromedriver is not ready after {READY_WITHIN:?}")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Errors only say that the process has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
