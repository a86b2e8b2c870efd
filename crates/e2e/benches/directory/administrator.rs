//! An administrator with a browser that only counts the time.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::server::Server;

pub(crate) struct Administrator<'a> {
    server: &'a Server,
    agent: ureq::Agent,
    /// Somebody in the middle of the directory.
    user: String,
}

impl<'a> Administrator<'a> {
    pub(crate) fn sign_in(server: &'a Server) -> Result<Self> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        let form = agent.get(&server.url("/admin/login")?).call()?;
        let form = form.into_body().read_to_string()?;
        let (_, rest) = form
            .split_once("name=\"csrf\" value=\"")
            .context("the sign-in form has no token")?;
        let token = rest.split('"').next().unwrap_or_default();
        let answer = agent.post(&server.url("/admin/login")?).send_form([
            ("csrf", token),
            ("email", server.fact("/idp/admin/email")?),
            ("password", server.fact("/idp/admin/password")?),
        ])?;
        ensure!(answer.status() == 303, "the administrator was not let in");
        let user = somebody(server)?;
        Ok(Self {
            server,
            agent,
            user,
        })
    }

    /// Seconds until the whole page is there.
    pub(crate) fn time(&self, address: &str) -> Result<f64> {
        let url = self.server.url(&address.replace("{user}", &self.user))?;
        let start = Instant::now();
        let answer = self.agent.get(&url).call()?;
        let status = answer.status();
        let page = answer.into_body().read_to_string()?;
        let spent = start.elapsed();
        ensure!(status == 200, "{url} answered {status}: {page}");
        Ok(spent.as_secs_f64())
    }
}

fn somebody(server: &Server) -> Result<String> {
    let key = format!("Bearer {}", server.fact("/idp/api_key")?);
    let found: Value = ureq::get(&server.url("/api/v1/users?q=coyote005000")?)
        .header("Authorization", &key)
        .call()?
        .into_body()
        .read_json()?;
    let id = found["items"][0]["id"].as_str();
    Ok(id.context("coyote005000 is not there")?.to_owned())
}
