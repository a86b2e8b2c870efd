//! The IAM Identity Center console, clicked as the integration guides say
//! (identity-center.md §2 to §4).

mod access;
mod guards;
mod permission_sets;
mod settings;

use axum::{
    body::Body,
    http::{Request, header},
};

use serde_json::json;

use crate::support::{OTHER_ACCOUNT, Reply, World, form, json::Service, signing::Keys};

pub(crate) const BASE: &str = "/console/identity-center";

/// An administrator of the management account in a browser.
pub(crate) struct Visitor {
    pub(crate) world: World,
    cookie: String,
}

impl Visitor {
    /// Signed in to a local AWS with two accounts.
    pub(crate) async fn new() -> Self {
        let world = World::empty();
        world.aws.ensure_account(OTHER_ACCOUNT, "staging").unwrap();
        let cookie = sign_in(&world).await.cookie();
        Self { world, cookie }
    }

    /// With an organisation and an instance.
    pub(crate) async fn with_instance() -> Self {
        let visitor = Self::new().await;
        visitor.press("", "/organization", &[]).await;
        visitor.join().await;
        visitor.press("", "/enable", &[]).await;
        visitor
    }

    /// The other account joins the organisation by itself.
    async fn join(&self) {
        let keys = self
            .world
            .aws
            .ensure_account(OTHER_ACCOUNT, "staging")
            .unwrap();
        self.world
            .json_as(
                &Keys::from(keys),
                Service::LocalAdmin,
                "JoinOrganization",
                &json!({}),
            )
            .await
            .ok();
    }

    /// A page of the console.
    pub(crate) async fn open(&self, path: &str) -> Reply {
        self.world.get(&format!("{BASE}{path}"), &self.cookie).await
    }

    /// Sends a form of `page` to `action`. Its fields have to be on the page, but for those of the
    /// second step of changing the identity source.
    pub(crate) async fn send(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let shown = self.open(page).await;
        for (name, _) in fields {
            let there = shown.text.contains(&format!("name=\"{name}\""));
            assert!(
                there || ["sealed", "typed"].contains(name),
                "{page} has no {name}"
            );
        }
        let csrf = shown.field("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        let request = Request::post(format!("{BASE}{action}"))
            .header(header::HOST, "localhost:4566")
            .header(header::ORIGIN, "http://localhost:4566")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form(&all)))
            .unwrap();
        self.world.send(request).await
    }

    /// Like [`Self::send`]; then the page that it leads to.
    pub(crate) async fn press(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.send(page, action, fields).await;
        assert_eq!(reply.status, 303, "{action}: {}", reply.text);
        let next = self.world.get(reply.header("location"), &self.cookie).await;
        next.assert_ok();
        next
    }
}

impl Reply {
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "no {text} in {}", self.text);
        self
    }

    pub(crate) fn lacks(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "{text} in {}", self.text);
        self
    }
}

/// The answer to the right access key.
pub(crate) async fn sign_in(world: &World) -> Reply {
    attempt(world, &world.admin.access_key_id, &world.admin.secret, "").await
}

/// Opens the form and sends it.
pub(crate) async fn attempt(world: &World, id: &str, secret: &str, next: &str) -> Reply {
    let page = world.get("/console/sign-in", "").await;
    let fields = [
        ("csrf", &*page.field("csrf")),
        ("access_key_id", id),
        ("secret_access_key", secret),
        ("next", next),
    ];
    world
        .post("/console/sign-in", &fields, &page.cookie())
        .await
}
