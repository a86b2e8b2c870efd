//! GetRoleCredentials: what every command with an SSO profile asks for first. The token comes the
//! way a command line gets it, with a sign-in at the identity provider.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::http::{
    CLIENTS, Dev, REQUESTS_PER_ROUND, ROUNDS, agent, get, load, saml_response, sign_in,
};
use crate::measure::{median, row};

pub(crate) fn run() -> Result<()> {
    crate::http::stay_on_core(1)?;
    let dev = Dev::start()?;
    let token = access_token(&dev)?;
    let aws = dev.fact("/aws/url")?;
    let address = format!("{aws}/federation/credentials?role_name=S3Admin&account_id=111122223333");
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        rates.push(
            1.0 / load(dev.pid(), |agent| {
                let body = agent
                    .get(&address)
                    .header("x-amz-sso_bearer_token", &token)
                    .call()?
                    .into_body()
                    .read_to_string()?;
                ensure!(body.contains("sessionToken"), "no credentials: {body}");
                Ok(())
            })?,
        );
    }
    row(
        &format!(
            "GetRoleCredentials requests per second and core ({CLIENTS} clients, {REQUESTS_PER_ROUND} each round)"
        ),
        &format!("{:.0}", median(rates)),
        "",
    );
    Ok(())
}

/// Device authorization, approved in a browser that has signed in.
fn access_token(dev: &Dev) -> Result<String> {
    let idp = dev.fact("/idp/url")?.trim_end_matches('/').to_owned();
    let aws = dev.fact("/aws/url")?.to_owned();
    let browser = sign_in(dev, &idp)?;
    let page = get(&browser, &format!("{idp}/saml2/aws-identity-center"))?;
    let (_, rest) = page.split_once("action=\"").context("no form")?;
    let (acs, _) = rest.split_once('"').context("no address")?;
    let answer = saml_response(&page)?;
    browser
        .post(acs)
        .send_form([("SAMLResponse", answer.as_str())])?;

    let client = post(
        &format!("{aws}/client/register"),
        &json!({
            "clientName": "bench", "clientType": "public", "scopes": ["sso:account:access"],
        }),
    )?;
    let (id, secret) = (&client["clientId"], &client["clientSecret"]);
    let device = post(
        &format!("{aws}/device_authorization"),
        &json!({
            "clientId": id, "clientSecret": secret,
            "startUrl": dev.fact("/aws/identity_center/start_url")?,
        }),
    )?;
    let verification = device["verificationUriComplete"]
        .as_str()
        .context("no address")?;
    let page = browser
        .get(verification)
        .call()?
        .into_body()
        .read_to_string()?;
    let csrf = field(&page, "csrf")?;
    let code = field(&page, "user_code")?;
    let (path, _) = verification.split_once('?').context("no code")?;
    browser.post(path).send_form([
        ("csrf", csrf.as_str()),
        ("user_code", code.as_str()),
        ("answer", "allow"),
    ])?;
    let token = post(
        &format!("{aws}/token"),
        &json!({
            "clientId": id, "clientSecret": secret, "deviceCode": device["deviceCode"],
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
        }),
    )?;
    Ok(token["accessToken"]
        .as_str()
        .context("no token")?
        .to_owned())
}

fn post(url: &str, body: &Value) -> Result<Value> {
    Ok(agent().post(url).send_json(body)?.into_body().read_json()?)
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> Result<String> {
    let before = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&before)
        .with_context(|| format!("no {name}"))?;
    let (value, _) = rest.split_once('"').context("no end")?;
    Ok(value.to_owned())
}
