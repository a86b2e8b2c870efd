//! Somebody with a browser that runs no scripts: cookies and forms over HTTP.

use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::process::Jetwayd;
use ureq::Agent;

/// The browser, at one identity provider.
pub(crate) struct Visitor {
    agent: Agent,
    origin: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where it leads, for a redirection.
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Visitor {
    pub(crate) fn of(jetwayd: &Jetwayd) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build();
        Self {
            agent: config.into(),
            origin: jetwayd.idp_url(),
        }
    }

    /// `path` may also be a whole address of this identity provider.
    pub(crate) fn get(&self, path: &str) -> Page {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let url = format!("{}{path}", self.origin);
        page(self.agent.get(url).call().unwrap())
    }

    /// Opens the form at `path`, fills it in and sends it. A form that is gone is sent all the same,
    /// as from a page that was opened in time.
    pub(crate) fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let csrf = match self.get(path).csrf() {
            csrf if csrf.is_empty() => self.get("/admin/login").csrf(),
            csrf => csrf,
        };
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let url = format!("{}{path}", self.origin);
        let request = self.agent.post(url).header("Origin", &self.origin);
        page(request.send_form(all).unwrap())
    }

    /// Connects an app during the first sign-in of an administrator, which then is done; the recovery
    /// codes.
    pub(crate) fn connect_app(&self) -> Vec<String> {
        let begun = self.send("/admin/login/enrol", &[]);
        assert_eq!(begun.status, 200, "{}", begun.body);
        let secret = between(&begun.body, "<code class=\"secret\">", "</code>");
        let code = shown_now(&secret[0], 0).unwrap();
        let done = self.send("/admin/login/enrol/finish", &[("otp", &code)]);
        assert_eq!(done.status, 200, "{}", done.body);
        between(&done.body, "<li><code>", "</code>")
    }

    /// The second step of an administrator.
    pub(crate) fn prove_to_admin(&self, code: &str) -> Page {
        self.send("/admin/login/code", &[("otp", code)])
    }

    /// Sends a form to `path` with the token that the forms of `page` have.
    pub(crate) fn post_from(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(from).own_csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let url = format!("{}{path}", self.origin);
        let request = self.agent.post(url).header("Origin", &self.origin);
        page(request.send_form(all).unwrap())
    }

    pub(crate) fn sign_in_to_admin(&self, email: &str, password: &str) -> Page {
        self.send("/admin/login", &[("email", email), ("password", password)])
    }
}

impl Page {
    /// That of the first form of the page itself, not of what surrounds it.
    fn own_csrf(&self) -> String {
        let (_, main) = self.body.split_once("<main").unwrap_or_default();
        csrf_in(main)
    }

    /// The hidden field of the form; empty when there is none.
    fn csrf(&self) -> String {
        csrf_in(&self.body)
    }
}

fn between(text: &str, before: &str, after: &str) -> Vec<String> {
    let parts = text.split(before).skip(1);
    parts
        .map(|part| part.split(after).next().unwrap_or_default().to_owned())
        .collect()
}

fn csrf_in(html: &str) -> String {
    let (_, rest) = html
        .split_once("name=\"csrf\" value=\"")
        .unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn page(mut answer: ureq::http::Response<ureq::Body>) -> Page {
    let location = answer.headers().get("location");
    Page {
        status: answer.status().as_u16(),
        location: location.map_or_else(String::new, |to| to.to_str().unwrap().to_owned()),
        body: answer.body_mut().read_to_string().unwrap(),
    }
}
