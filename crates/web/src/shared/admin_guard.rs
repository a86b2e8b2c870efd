//! The door of the admin portal. It stands in front of each route whose audience is an
//! administrator because the route table says so; no handler of such a route runs without it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use http::request::Parts;
use jetway_identity::alerts::count_open_alerts;
use jetway_identity::break_glass::{BreakGlassNotices, break_glass_notices};
use jetway_identity::{
    Actor, Administrator, AdministratorSession, Op, OrganisationSettings, Permission,
    SignedInAdministrator, current_administrator, record_access_denied,
};
use jetway_pages::admin::Checklist;

use crate::admin::checklist::{self, SetUp};
use crate::routes::{Audience, Route};
use crate::shared::body::read_body;
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, admin_form_fields, admin_sign_in_path, multipart, see_other,
};

/// What the guard leaves for the handler.
#[derive(Clone)]
struct Admitted {
    visit: Visit,
    administrator: Administrator,
    session: AdministratorSession,
    settings: OrganisationSettings,
    csrf: String,
    notices: Notices,
    place: Option<String>,
}

/// A request of a signed-in administrator whose role allows the route, with a genuine form if it
/// changes anything. A handler that takes this in a route with another audience fails.
pub(crate) struct AdminVisit {
    /// The operation, with the administrator as actor.
    pub(crate) op: Op,
    pub(crate) administrator: Administrator,
    pub(crate) session: AdministratorSession,
    /// The organisation's settings as of the start of the request.
    pub(crate) settings: OrganisationSettings,
    /// For the hidden field `csrf` of every form.
    pub(crate) csrf: String,
    /// What the header tells.
    pub(crate) notices: Notices,
    /// The cookie of where the administrator was in the list of users.
    pub(crate) place: Option<String>,
}

/// What the header of every page tells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notices {
    /// Open alerts, for those who may read them.
    pub(crate) alerts: u32,
    /// How far the set-up is, for those who may go on with it.
    pub(crate) checklist: Option<Checklist>,
    /// Uses of break-glass accounts that nobody has acknowledged, and drills that are due.
    pub(crate) break_glass: BreakGlassNotices,
}

impl Notices {
    async fn of(site: &Site, op: &Op, present: &SignedInAdministrator) -> Result<Self, Failure> {
        let store = site.store.as_ref();
        let may = |permission| present.administrator.may(permission);
        let mut notices = Self {
            break_glass: break_glass_notices(store, op.now).await?,
            ..Self::default()
        };
        if may(Permission::ReadActivity) {
            let open = count_open_alerts(store).await?;
            notices.alerts = u32::try_from(open).unwrap_or(u32::MAX);
        }
        if !site.is_set_up() && checklist::NEEDED.into_iter().all(may) {
            let set_up = SetUp::of(store, &present.settings).await?;
            notices.checklist = set_up.numbers();
            if set_up.is_complete() {
                site.note_set_up();
            }
        }
        Ok(notices)
    }
}

impl AdminVisit {
    /// Whether a page should show what needs this permission. The use case asks again.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.administrator.may(permission)
    }
}

/// Lets in whom `route` is for.
pub(crate) async fn admin_guard(
    State((site, route)): State<(Arc<Site>, Route)>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let visit = Visit::of(&request)?;
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if !safe {
        csrf::check_origin(request.headers(), &visit.origin)?;
    }
    let mut op = visit.clone().into_op();
    let token = cookie(request.headers(), site.cookies.administrator).map(str::to_owned);
    let present = match &token {
        Some(token) => current_administrator(&op, site.store.as_ref(), token).await?,
        None => None,
    };
    let (Some(token), Some(present)) = (token, present) else {
        let path = request.uri().path_and_query().map(ToString::to_string);
        return see_other(&admin_sign_in_path(if safe {
            path.as_deref()
        } else {
            None
        }));
    };
    op.actor = actor(&present.administrator);
    if let Audience::Administrator(permission) = route.audience
        && !present.administrator.may(permission)
    {
        let path = request.uri().path();
        record_access_denied(&mut op, site.store.as_ref(), permission, path).await?;
        return Err(Failure::forbidden());
    }
    let request = if safe {
        request
    } else {
        with_genuine_form(request, &route, &token).await?
    };
    let notices = Notices::of(&site, &op, &present).await?;
    let mut request = request;
    let place = cookie(request.headers(), site.cookies.place).map(str::to_owned);
    request.extensions_mut().insert(Admitted {
        visit,
        administrator: present.administrator,
        session: present.session,
        settings: present.settings,
        csrf: csrf::token(&token, Purpose::Administration),
        notices,
        place,
    });
    Ok(next.run(request).await.into_response())
}

/// Reads the body, as far as the route takes it, and refuses a form without the session's token.
async fn with_genuine_form(
    request: Request,
    route: &Route,
    session: &str,
) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = if route.is_large() {
        read_body(body, route.max_body).await?
    } else {
        // The front door has it in memory already.
        to_bytes(body, route.max_body)
            .await
            .map_err(|_| Failure::too_large())?
    };
    let given = if route.is_large() && multipart::is_multipart(&parts.headers) {
        let sent = multipart::parts(&parts.headers, &bytes).await?;
        sent.text("csrf")?.unwrap_or_default().to_owned()
    } else {
        let fields = admin_form_fields(&parts.headers, &bytes)?;
        fields.get("csrf")?.unwrap_or_default().to_owned()
    };
    if !csrf::is_valid(session, Purpose::Administration, &given) {
        return Err(Failure::cross_site());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn actor(administrator: &Administrator) -> Actor {
    Actor::Administrator {
        id: administrator.id,
        label: administrator.email.clone(),
    }
}

impl<S: Sync> FromRequestParts<S> for AdminVisit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let admitted: Admitted = parts
            .extensions
            .remove()
            .ok_or_else(|| Failure::internal("an administrator's handler without its guard"))?;
        let mut op = admitted.visit.into_op();
        op.actor = actor(&admitted.administrator);
        Ok(Self {
            op,
            administrator: admitted.administrator,
            session: admitted.session,
            settings: admitted.settings,
            csrf: admitted.csrf,
            notices: admitted.notices,
            place: admitted.place,
        })
    }
}
