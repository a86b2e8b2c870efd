//! Every address of the identity provider, and who may call it. The router is built from this
//! table and from nothing else.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::shared::{Failure, Site, brand, front_door, health, static_files};
use crate::{AppState, portal, saml, userconsole};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anyone who reaches the server.
    Anyone,
    /// Anyone who shows that the request comes from a page or client of this site (CSRF token).
    SameSite,
    /// A signed-in person. Others are sent to the sign-in page.
    Person,
    /// A signed-in person. Others get 401.
    PersonApi,
}

/// One method of one address.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    /// As axum writes it: `/saml2/{application}`.
    pub path: &'static str,
    pub audience: Audience,
    handler: fn() -> MethodRouter<Arc<Site>>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.audience)
    }
}

macro_rules! route {
    (GET $path:literal $audience:ident $handler:path) => {
        Route {
            method: "GET",
            path: $path,
            audience: Audience::$audience,
            handler: || get($handler),
        }
    };
    (POST $path:literal $audience:ident $handler:path) => {
        Route {
            method: "POST",
            path: $path,
            audience: Audience::$audience,
            handler: || post($handler),
        }
    };
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route!(GET "/" Person portal::tiles),
    route!(GET "/login" Anyone portal::sign_in_form),
    route!(POST "/login" SameSite portal::sign_in),
    route!(POST "/logout" Person portal::sign_out),
    route!(GET "/saml2/{application}" Person saml::single_sign_on),
    route!(GET "/saml2/{application}/metadata" Anyone saml::metadata),
    route!(GET "/userconsole/xsrf" Anyone userconsole::xsrf),
    route!(POST "/userconsole/auth" SameSite userconsole::auth),
    route!(GET "/userconsole/api/self" PersonApi userconsole::api_self),
    route!(GET "/static/{file}" Anyone static_files),
    route!(GET "/brand/{file}" Anyone brand),
    route!(GET "/healthz" Anyone health::alive),
    route!(GET "/readyz" Anyone health::ready),
];

/// The identity provider as a service. Serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`, so that events know the client.
pub fn router(state: AppState) -> Router {
    let site = Arc::new(Site::new(state));
    ROUTES
        .iter()
        .fold(Router::new(), |router, route| {
            router.route(route.path, (route.handler)())
        })
        .fallback(async || Failure::not_found())
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
        .layer(from_fn_with_state(Arc::clone(&site), front_door))
        .with_state(site)
}
