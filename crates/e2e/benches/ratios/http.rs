//! The server under load: CPU of a single sign-on and of AssumeRoleWithSAML, in RSA signatures
//! and in requests per second and core.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::limits::RawRsa;
use crate::measure::{cpu_of, median, memory_of, rate, row};

pub(crate) const CLIENTS: usize = 4;
pub(crate) const ROUNDS: usize = 7;
pub(crate) const REQUESTS_PER_ROUND: usize = 4_000;

/// The release binary `name`, which `cargo xtask bench` builds before.
pub(crate) fn binary(name: &str) -> anyhow::Result<PathBuf> {
    // …/release/deps/ratios-<hash> → …/release/<name>
    let own = std::env::current_exe()?;
    let folder = own
        .parent()
        .and_then(Path::parent)
        .context("no target folder")?;
    let path = folder.join(name);
    ensure!(
        path.exists(),
        "{} is missing: run cargo xtask bench",
        path.display()
    );
    Ok(path)
}

/// A running `jetwayd dev` on free ports, ended on drop.
pub(crate) struct Dev {
    child: Child,
    facts: Value,
    folder: tempfile::TempDir,
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Dev {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // One core for the server, the other for the load: what is counted is then one core's work.
        let child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(binary("jetwayd")?)
            .args([
                "dev",
                "--idp-listen",
                "127.0.0.1:0",
                "--aws-listen",
                "127.0.0.1:0",
            ])
            .arg("--data-dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()?;
        let mut dev = Self {
            child,
            facts: Value::Null,
            folder,
        };
        let file = dev.folder.path().join("dev.json");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !file.exists() {
            ensure!(dev.child.try_wait()?.is_none(), "jetwayd dev ended");
            ensure!(
                Instant::now() < deadline,
                "jetwayd dev was not ready in 20 s"
            );
            std::thread::yield_now();
        }
        dev.facts = serde_json::from_slice(&std::fs::read(file)?)?;
        Ok(dev)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn fact(&self, pointer: &str) -> anyhow::Result<&str> {
        self.facts
            .pointer(pointer)
            .and_then(Value::as_str)
            .context("dev.json lacks a field")
    }
}

pub(crate) fn run() -> anyhow::Result<()> {
    stay_on_core(1)?;
    let dev = Dev::start()?;
    let mut raw = RawRsa::new()?;
    let idp = dev.fact("/idp/url")?.trim_end_matches('/').to_owned();
    let session = sign_in(&dev, &idp)?;
    let sso = format!("{idp}/saml2/acme-prod-aws-admin");
    let page = get(&session, &sso)?;
    let assertion = saml_response(&page)?;

    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let signature = 1.0 / rate(|| raw.sign());
        let cost = load(dev.pid(), |_| get(&session, &sso).map(drop))?;
        shares.push(cost / signature);
    }
    row(
        "CPU per SSO response over HTTP, in RSA-2048 signatures",
        &format!("{:.2}", median(shares)),
        "<= 1.35",
    );

    let sts = dev.fact("/aws/url")?.to_owned();
    let form = [
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        (
            "RoleArn",
            "arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO",
        ),
        (
            "PrincipalArn",
            "arn:aws:iam::012345678987:saml-provider/AcmeJumpCloud",
        ),
        ("SAMLAssertion", assertion.as_str()),
    ];
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        rates.push(
            1.0 / load(dev.pid(), |agent| {
                let body = agent
                    .post(&sts)
                    .send_form(form)?
                    .into_body()
                    .read_to_string()?;
                ensure!(body.contains("<SessionToken>"), "no credentials: {body}");
                Ok(())
            })?,
        );
    }
    row(
        "AssumeRoleWithSAML requests per second and core",
        &format!("{:.0}", median(rates)),
        ">= 6000",
    );
    let (now, peak) = memory_of(dev.pid())?;
    row(
        "jetwayd dev after this load: memory now / highest",
        &format!("{now:.0}/{peak:.0} MiB"),
        "",
    );
    Ok(())
}

/// Keeps this process, and the threads it starts from here on, on one core.
pub(crate) fn stay_on_core(core: usize) -> anyhow::Result<()> {
    use nix::sched::{CpuSet, sched_setaffinity};
    let mut set = CpuSet::new();
    set.set(core)?;
    // A machine with a single core keeps everything where it is.
    let _ = sched_setaffinity(nix::unistd::Pid::from_raw(0), &set);
    Ok(())
}

/// CPU seconds of process `pid` per call of `work`, under [`CLIENTS`] connections.
pub(crate) fn load(
    pid: u32,
    work: impl Fn(&ureq::Agent) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<f64> {
    let before = cpu_of(pid)?;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let agent = agent();
                    (0..REQUESTS_PER_ROUND / CLIENTS).try_for_each(|_| work(&agent))
                })
            })
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().expect("no panic"))
    })?;
    let spent = cpu_of(pid)?.saturating_sub(before);
    Ok(spent.as_secs_f64() / f64::from(u32::try_from(REQUESTS_PER_ROUND)?))
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .build()
        .into()
}

/// Signs the first sample person in as a command line does; returns an agent with the session.
pub(crate) fn sign_in(dev: &Dev, idp: &str) -> anyhow::Result<ureq::Agent> {
    let agent = agent();
    let token: Value = agent
        .get(format!("{idp}/userconsole/xsrf"))
        .call()?
        .into_body()
        .read_json()?;
    let credentials = json!({
        "context": "sso",
        "redirectTo": "saml2/acme-prod-aws-admin",
        "email": dev.fact("/people/0/email")?,
        "password": dev.fact("/people/0/password")?,
    });
    let xsrf = token["xsrf"].as_str().context("no xsrf token")?;
    agent
        .post(format!("{idp}/userconsole/auth"))
        .header("X-Xsrftoken", xsrf)
        .send_json(credentials)?;
    Ok(agent)
}

pub(crate) fn get(session: &ureq::Agent, url: &str) -> anyhow::Result<String> {
    let page = session.get(url).call()?.into_body().read_to_string()?;
    ensure!(page.contains("SAMLResponse"), "no assertion in the page");
    Ok(page)
}

pub(crate) fn saml_response(page: &str) -> anyhow::Result<String> {
    let (_, rest) = page
        .split_once("name=\"SAMLResponse\" value=\"")
        .context("no field")?;
    let (value, _) = rest.split_once('"').context("no end of field")?;
    Ok(value
        .replace("&#43;", "+")
        .replace("&#x2b;", "+")
        .replace("&#61;", "="))
}
