//! The door of the API. Like that of the admin portal it stands there because the route table
//! says so. There is nothing to forge here: the key travels in a header that no browser adds by
//! itself, and cookies are not looked at.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use jetway_identity::{
    Actor, Administrator, ApiKey, Op, Permission, authenticate_api_key, record_access_denied,
};

use crate::api::idempotency::Caller;
use crate::routes::{Audience, Route};
use crate::shared::body::read_body;
use crate::shared::{Failure, Site, Visit};

/// The header of JumpCloud's API, so that scripts written for it work.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What the guard leaves for the handler.
#[derive(Clone)]
struct Admitted {
    visit: Visit,
    key: ApiKey,
    owner: Administrator,
}

/// A request with an API key that allows the route. A handler that takes this in a route with
/// another audience fails.
pub(crate) struct ApiCaller {
    /// The operation, with the key as actor.
    pub(crate) op: Op,
    pub(crate) key: ApiKey,
    /// The administrator whom the key belongs to.
    pub(crate) owner: Administrator,
}

impl ApiCaller {
    /// Whether the key also allows this.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.key.allows(&self.owner, permission, self.op.now)
    }
}

/// Lets in whom `route` is for.
pub(crate) async fn api_guard(
    State((site, route)): State<(Arc<Site>, Route)>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let visit = Visit::of(&request)?;
    let sent = sent_key(request.headers()).ok_or_else(Failure::unauthorized)?;
    let mut op = visit.clone().into_op();
    let found = authenticate_api_key(&op, site.store.as_ref(), sent).await?;
    let found = found.ok_or_else(Failure::unauthorized)?;
    if let Audience::Api(permission) = route.audience
        && !found.key.allows(&found.owner, permission, op.now)
    {
        op.actor = actor(&found.key);
        let path = request.uri().path();
        record_access_denied(&mut op, site.store.as_ref(), permission, path).await?;
        return Err(Failure::forbidden());
    }
    let mut request = request;
    if route.is_large() {
        let (parts, body) = request.into_parts();
        let bytes = read_body(body, route.max_body).await?;
        request = Request::from_parts(parts, Body::from(bytes));
    }
    request.extensions_mut().insert(Caller(found.key.id));
    request.extensions_mut().insert(Admitted {
        visit,
        key: found.key,
        owner: found.owner,
    });
    Ok(next.run(request).await.into_response())
}

/// The key of the request: `Authorization: Bearer …` or `x-api-key: …`. `None` without one, and
/// when there are several.
fn sent_key(headers: &HeaderMap) -> Option<&str> {
    let mut bearer = headers.get_all(AUTHORIZATION).iter();
    let mut plain = headers.get_all(API_KEY).iter();
    match (bearer.next(), plain.next()) {
        (Some(value), None) if bearer.next().is_none() => {
            let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
        }
        (None, Some(value)) if plain.next().is_none() => value.to_str().ok().map(str::trim),
        _ => None,
    }
}

fn actor(key: &ApiKey) -> Actor {
    Actor::ApiKey {
        id: key.id,
        label: key.name.clone(),
    }
}

impl<S: Sync> FromRequestParts<S> for ApiCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let admitted: Admitted = parts
            .extensions
            .remove()
            .ok_or_else(|| Failure::internal("an API handler without its guard"))?;
        let mut op = admitted.visit.into_op();
        op.actor = actor(&admitted.key);
        Ok(Self {
            op,
            key: admitted.key,
            owner: admitted.owner,
        })
    }
}
