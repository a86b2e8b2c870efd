//! A person, Chromium, and a real service provider on the other side: Debian's mod_auth_mellon in
//! Apache. The administrator sets it up in the admin portal.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::mellon::{KeyKind, ServiceProvider, key_pair};
use jetway_testkit::{counterparts, require};

use crate::desk::Desk;
use crate::federation_from_nothing::fetch;
use crate::person::{PASSWORD, ROAD_RUNNER};

/// What the catalogue calls an application of one's own, unless told otherwise.
const SLUG: &str = "customsaml20";
/// Where the person wants to go, in characters that like to get lost on the way.
const QUERY: &str = "?rocket=no.%206%20%2B%201&to=caf%C3%A9%26b%3Dc";
const SAVE: &str = ".save-bar button[type=submit]:not([name])";

/// An administrator's desk, a service provider, and the application between them.
struct Pair {
    desk: Desk,
    provider: ServiceProvider,
    /// Of the application in the admin portal.
    path: String,
}

impl Pair {
    /// Both know each other: the metadata of each was given to the other.
    async fn set_up(desk: Desk, mut provider: ServiceProvider) -> Result<Self> {
        desk.sign_in().await?;
        let path = add_application(&desk).await?;
        // Before it is known here, there is no logout in our metadata.
        provider.start(&metadata(&desk))?;
        let file = tempfile::NamedTempFile::with_suffix(".xml")?;
        std::fs::write(file.path(), provider.metadata()?)?;
        desk.open(&format!("{path}/sso")).await?;
        attach(&desk, "#f-metadata", file.path()).await?;
        desk.click("form[action$='/sso/metadata'] button").await?;
        // It fills in the settings, and says what is doubtful about them.
        desk.shows("/mellon/postResponse is not https").await?;
        desk.click("form[action$='/sso/active'] button").await?;
        desk.shows("Single sign-on is activated.").await?;
        provider.start(&metadata(&desk))?;
        Ok(Self {
            desk,
            provider,
            path,
        })
    }

    /// Opens the protected page as a person would, with a link.
    async fn knock(&self) -> Result<()> {
        let url = format!("{}/inside/{QUERY}", self.provider.url());
        Ok(self.desk.browser.client().goto(&url).await?)
    }

    async fn sign_in(&self) -> Result<()> {
        self.desk
            .type_into("input[name=username]", ROAD_RUNNER)
            .await?;
        self.desk
            .type_into("input[name=password]", PASSWORD)
            .await?;
        self.desk.click("main form button[type=submit]").await
    }

    /// What the protected page says, once the browser is there.
    async fn inside(&self, id: &str) -> Result<String> {
        let client = self.desk.browser.client();
        let found = client.wait().for_element(Locator::Id(id)).await;
        let Ok(element) = found else {
            let (url, page) = (client.current_url().await?, client.source().await?);
            anyhow::bail!("no {id} at {url}: {page}\n{}", self.provider.log());
        };
        Ok(element.text().await?)
    }

    /// Whether an element is on the page once it says `text`.
    async fn ends_at(&self, text: &str) -> Result<()> {
        let path = format!("//*[contains(., '{text}')]");
        let client = self.desk.browser.client();
        let found = client.wait().for_element(Locator::XPath(&path)).await;
        let page = client.source().await?;
        found
            .map(drop)
            .with_context(|| format!("no {text:?}: {page}\n{}", self.provider.log()))
    }

    /// Forgets the sign-in at the service provider, not here.
    async fn leave_the_service_provider(&self) -> Result<()> {
        let client = self.desk.browser.client();
        client.goto(&self.provider.url()).await?;
        Ok(client.delete_cookie("mellon-cookie").await?)
    }
}

fn metadata(desk: &Desk) -> String {
    fetch(&format!("{}/saml2/{SLUG}/metadata", desk.idp_url()))
}

async fn attach(desk: &Desk, css: &str, file: &Path) -> Result<()> {
    let input = desk.browser.client().find(Locator::Css(css)).await?;
    let name = file.to_str().context("not a name")?;
    Ok(input.send_keys(name).await?)
}

async fn choose(desk: &Desk, name: &str, value: &str) -> Result<()> {
    let css = format!("select[name='{name}']");
    let select = desk.browser.client().find(Locator::Css(&css)).await?;
    let select = select.select_by_value(value).await;
    select.with_context(|| format!("{name}: no {value}"))
}

/// A custom application for operations, with the e-mail address as an attribute; its path.
async fn add_application(desk: &Desk) -> Result<String> {
    desk.open("/admin/applications/new/general?entry=saml&portal=show")
        .await?;
    desk.type_into("input[name=label]", "Wiki").await?;
    desk.click(SAVE).await?;
    desk.shows("Save Application").await?;
    desk.click(SAVE).await?;
    desk.shows("The application is saved.").await?;
    let url = desk.browser.client().current_url().await?;
    let id = url.path().split('/').nth(3).context("no id")?;
    let path = format!("/admin/applications/{id}");
    desk.open(&format!("{path}/attributes")).await?;
    desk.click("button[value=add-mapped]").await?;
    desk.type_into("input[name='mapped.name']", "email").await?;
    choose(desk, "mapped.source", "email").await?;
    desk.click(".save-bar button[type=submit]").await?;
    desk.shows("The application is saved.").await?;
    desk.open(&format!("{path}/groups")).await?;
    desk.click("input[name=group][aria-label=operations]")
        .await?;
    desk.click(".save-bar button[type=submit]").await?;
    desk.shows(ROAD_RUNNER).await?;
    Ok(path)
}

/// Requirements I01, I02, N03 and SAML profiles 4.4: to the protected page, over our sign-in, back
/// to exactly that page; logout there is a logout here.
#[tokio::test]
async fn a_person_comes_from_mellon_signs_in_gets_where_they_wanted_and_out_of_both() {
    let programs = require!(counterparts::browser());
    let apache = require!(counterparts::mellon());
    let openssl = require!(counterparts::openssl());
    let (key, certificate) = key_pair(&openssl, KeyKind::Rsa).unwrap();
    let desk = Desk::start(&programs).await.unwrap();
    let provider = ServiceProvider::prepare(&apache, &key, &certificate).unwrap();
    let pair = Pair::set_up(desk, provider).await.unwrap();
    there_and_back(&pair).await.unwrap();
    out_of_both(&pair).await.unwrap();
    somebody_else_s_key(pair, &certificate).await.unwrap();
}

async fn there_and_back(pair: &Pair) -> Result<()> {
    pair.knock().await?;
    pair.sign_in().await?;
    assert_eq!(pair.inside("email").await?, ROAD_RUNNER);
    // Its metadata asks for names that say nothing.
    let name = pair.inside("name").await?;
    assert!(name.starts_with('_') && name.len() > 20, "{name}");
    let wanted = format!("{}/inside/{QUERY}", pair.provider.url());
    let client = pair.desk.browser.client();
    assert_eq!(client.current_url().await?.as_str(), wanted);
    assert_eq!(pair.inside("address").await?, QUERY.trim_start_matches('?'));
    // A live session here asks nothing.
    pair.leave_the_service_provider().await?;
    pair.knock().await?;
    assert_eq!(pair.inside("email").await?, ROAD_RUNNER);
    assert_ne!(pair.inside("name").await?, name, "another one");
    Ok(())
}

async fn out_of_both(pair: &Pair) -> Result<()> {
    let outside = pair.provider.url();
    let client = pair.desk.browser.client();
    client
        .goto(&format!("{outside}/mellon/logout?ReturnTo={outside}/"))
        .await?;
    pair.ends_at("Everybody may read this.").await?;
    assert_eq!(client.current_url().await?.as_str(), format!("{outside}/"));
    pair.desk.open("/").await?;
    pair.ends_at("Forgot").await?;
    pair.knock().await?;
    pair.sign_in().await?;
    assert_eq!(pair.inside("email").await?, ROAD_RUNNER);
    Ok(())
}

/// mellon is able to refuse: here it takes another key for ours.
async fn somebody_else_s_key(mut pair: Pair, certificate: &str) -> Result<()> {
    let ours = metadata(&pair.desk);
    let (before, rest) = ours.split_once("X509Certificate>").context("no key")?;
    let (_, after) = rest.split_once("</").context("no end")?;
    let lines: String = certificate
        .lines()
        .filter(|line| !line.contains('-'))
        .collect();
    pair.provider
        .start(&format!("{before}X509Certificate>{lines}</{after}"))?;
    pair.leave_the_service_provider().await?;
    pair.knock().await?;
    pair.ends_at("Bad Request").await?;
    let client = pair.desk.browser.client();
    ensure!(client.find(Locator::Id("email")).await.is_err());
    Ok(())
}

/// How the application signs and encrypts, in the words of the SSO tab, and whether mellon takes it.
struct Way {
    signing: &'static str,
    digest: &'static str,
    /// The ending of the cipher's URI; empty for none.
    cipher: &'static str,
    taken: bool,
}

const PLAIN: Way = Way {
    signing: "assertion",
    digest: "sha256",
    cipher: "",
    taken: true,
};

const WAYS: [Way; 8] = [
    PLAIN,
    Way {
        signing: "assertion_and_response",
        ..PLAIN
    },
    Way {
        signing: "response",
        ..PLAIN
    },
    Way {
        digest: "sha384",
        ..PLAIN
    },
    Way {
        digest: "sha512",
        ..PLAIN
    },
    Way {
        cipher: "aes256-cbc",
        ..PLAIN
    },
    Way {
        cipher: "aes128-gcm",
        ..PLAIN
    },
    Way {
        cipher: "aes256-gcm",
        ..PLAIN
    },
];

/// The default response and the doubly signed one are taken; so is each algorithm that mellon knows,
/// which is all but ECDSA.
#[tokio::test]
async fn mellon_takes_every_way_of_signing_and_encrypting_that_it_knows() {
    let programs = require!(counterparts::browser());
    let apache = require!(counterparts::mellon());
    let openssl = require!(counterparts::openssl());
    let (key, certificate) = key_pair(&openssl, KeyKind::Rsa).unwrap();
    let desk = Desk::start(&programs).await.unwrap();
    let provider = ServiceProvider::prepare(&apache, &key, &certificate).unwrap();
    let mut pair = Pair::set_up(desk, provider).await.unwrap();
    pair.knock().await.unwrap();
    pair.sign_in().await.unwrap();
    for way in &WAYS {
        set(&pair, way, &certificate).await.unwrap();
        judge(&mut pair, way).await.unwrap();
    }
    let elliptic = key_pair(&openssl, KeyKind::P256).unwrap();
    set(&pair, &PLAIN, "").await.unwrap();
    sign_with(&pair, &elliptic).await.unwrap();
    let elliptic = Way {
        digest: "ECDSA",
        taken: false,
        ..PLAIN
    };
    judge(&mut pair, &elliptic).await.unwrap();
}

async fn set(pair: &Pair, way: &Way, certificate: &str) -> Result<()> {
    let desk = &pair.desk;
    desk.open(&format!("{}/sso", pair.path)).await?;
    choose(desk, "signing", way.signing).await?;
    choose(desk, "digest", way.digest).await?;
    let css = match way.cipher {
        "" => "select[name=cipher] option[value='']".to_owned(),
        cipher => format!("select[name=cipher] option[value$='{cipher}']"),
    };
    desk.click(&css).await?;
    if !way.cipher.is_empty() {
        let field = "textarea[name=encryption_certificate]";
        desk.type_into(field, certificate).await?;
    }
    desk.click(".save-bar button[type=submit]").await?;
    desk.shows("The application is saved.").await.map(drop)
}

/// Uploads a key and a certificate and signs with them at once.
async fn sign_with(pair: &Pair, (key, certificate): &(String, String)) -> Result<()> {
    let desk = &pair.desk;
    let folder = tempfile::tempdir()?;
    desk.open(&format!("{}/sso", pair.path)).await?;
    desk.click("details.section summary").await?;
    for (field, pem) in [("private_key", key), ("certificate", certificate)] {
        let file = folder.path().join(format!("{field}.pem"));
        std::fs::write(&file, pem)?;
        attach(desk, &format!("#f-{field}"), &file).await?;
    }
    desk.click("#f-use_now").await?;
    desk.click("button[value=upload]").await?;
    desk.shows("The key is added.").await.map(drop)
}

async fn judge(pair: &mut Pair, way: &Way) -> Result<()> {
    let what = format!("{} {} {}", way.signing, way.digest, way.cipher);
    let metadata = metadata(&pair.desk);
    pair.provider.start(&metadata)?;
    pair.leave_the_service_provider().await?;
    pair.knock().await?;
    if way.taken {
        let email = pair.inside("email").await.context(what)?;
        assert_eq!(email, ROAD_RUNNER);
    } else {
        pair.ends_at("Bad Request").await.context(what)?;
    }
    Ok(())
}
