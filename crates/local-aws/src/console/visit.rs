//! One request of somebody who is signed in.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Response, StatusCode, request::Parts},
};
use jetway_pages::{
    Person, SignOut,
    admin::{Toast, parts::Moment, parts::Tone},
    local::identity_center::console::{BASE, CenterFrame, CenterNav, ManagedBy},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    failure::{Answer, Failure},
    form::Form,
    routes,
    session::SignedIn,
};
use crate::{
    LocalAws, Op, Principal,
    authorize::{Ask, authorize},
    identity_center::acting_account,
    json_service::{Input, JsonCall, JsonError, JsonService},
    sign_in::{page, same_origin, same_token},
    state::{State, center::IdentityCenter},
};

/// One request.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) aws: LocalAws,
    pub(super) op: Op,
    parts: Parts,
    pub(super) principal: Principal,
    pub(super) csrf: String,
    name: String,
    sign_out: &'static str,
    /// The state when the request came.
    pub(super) state: Arc<State>,
    /// The fields of a POST.
    pub(super) form: Form,
    /// The parameters in the address.
    pub(super) query: Form,
    /// The changing parts of the address.
    pub(super) captured: Vec<String>,
}

impl Visit {
    pub(super) fn new(aws: &LocalAws, op: Op, parts: Parts, signed_in: SignedIn) -> Self {
        Self {
            aws: aws.clone(),
            op,
            parts,
            principal: signed_in.principal,
            csrf: signed_in.csrf,
            name: signed_in.name,
            sign_out: signed_in.sign_out,
            state: aws.state(),
            form: Form::default(),
            query: Form::default(),
            captured: Vec::new(),
        }
    }

    /// Whether the form came from a page of this session.
    pub(super) fn form_is_genuine(&self) -> bool {
        same_origin(&self.parts.headers) && same_token(&self.csrf, self.form.get("csrf"))
    }

    /// A changing part of the address, by its position.
    pub(super) fn part(&self, position: usize) -> &str {
        self.captured.get(position).map_or("", String::as_str)
    }

    /// A UUID in the address.
    pub(super) fn uuid(&self, position: usize, what: &'static str) -> Result<Uuid, Failure> {
        self.part(position)
            .parse()
            .map_err(|_| Failure::NotFound(what))
    }

    /// The instance.
    pub(super) fn center(&self) -> Result<Arc<IdentityCenter>, Failure> {
        self.state
            .identity_center
            .clone()
            .ok_or(Failure::NotEnabled)
    }

    /// May the visitor do this to the instance? Asked before anything is shown.
    pub(super) fn may(&self, action: &str) -> Result<Arc<IdentityCenter>, Failure> {
        let center = self.center()?;
        let arn = center.instance.arn();
        let owner = &center.instance.owner_account;
        let acting = acting_account(&self.state, &self.principal.account, owner);
        let ask = Ask {
            region: &center.instance.region,
            ..Ask::plain(action, &arn, acting)
        };
        authorize(&self.state, &self.op, &self.principal, ask)?;
        Ok(center)
    }

    /// The region of the instance, or the one that it would get.
    pub(super) fn region(&self) -> String {
        self.state.identity_center.as_ref().map_or_else(
            || self.aws.settings().region.clone(),
            |center| center.instance.region.clone(),
        )
    }

    /// One operation of an API, as the visitor. The state is read again afterwards.
    pub(super) fn api(
        &mut self,
        service: JsonService,
        operation: &str,
        input: &Value,
    ) -> Result<Value, JsonError> {
        let Some(run) = service.operation(operation) else {
            return Err(JsonError::new(
                "UnknownOperationException",
                format!("This version of the local AWS has no operation {operation}."),
            ));
        };
        let nothing = Map::new();
        let region = self.region();
        let mut call = JsonCall {
            aws: &self.aws,
            op: &mut self.op,
            principal: &self.principal,
            region: &region,
            state: self.aws.state(),
            input: Input::of(input.as_object().unwrap_or(&nothing)),
        };
        let answered = run(&mut call);
        self.state = self.aws.state();
        tracing::info!(
            request.id = self.op.request_id,
            principal.arn = self.principal.arn,
            operation,
            outcome = answered
                .as_ref()
                .map_or_else(|error| error.code.as_ref(), |_| "done"),
            "console"
        );
        answered
    }

    /// Who may change users and groups here.
    pub(super) fn managed(&self) -> ManagedBy {
        let by_scim = self
            .state
            .identity_center
            .as_ref()
            .is_some_and(|center| center.instance.provisioning.is_some());
        if by_scim {
            ManagedBy::Scim
        } else {
            ManagedBy::Console
        }
    }

    /// Refuses what automatic provisioning does.
    pub(super) fn managed_here(&self) -> Result<(), Failure> {
        match self.managed() {
            ManagedBy::Console => Ok(()),
            ManagedBy::Scim => Err(Failure::refused(
                "Nothing was changed",
                JsonError::conflict(
                    "Automatic provisioning is enabled: users and groups are created, changed and deleted at the identity provider.",
                ),
            )),
        }
    }

    /// An instant in Unix seconds, for people.
    pub(super) fn moment(&self, at: i64) -> Moment {
        Moment::new(at.saturating_mul(1000), self.op.unix().saturating_mul(1000))
    }

    /// The name of an account, or its id.
    pub(super) fn account_name(&self, id: &str) -> String {
        self.state
            .account(id)
            .map(|account| account.record.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.to_owned())
    }

    /// A page.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "what handlers end with is an answer"
    )]
    pub(super) fn page<B: jetway_pages::Body>(&self, current: CenterNav, body: B) -> Answer {
        Ok(self.page_with(StatusCode::OK, current, body))
    }

    /// The page again, with what is wrong.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "what handlers end with is an answer"
    )]
    pub(super) fn again<B: jetway_pages::Body>(&self, current: CenterNav, body: B) -> Answer {
        Ok(self.page_with(StatusCode::BAD_REQUEST, current, body))
    }

    pub(super) fn page_with<B: jetway_pages::Body>(
        &self,
        status: StatusCode,
        current: CenterNav,
        body: B,
    ) -> Response<Body> {
        let account = &self.principal.account;
        let frame = CenterFrame {
            asset_prefix: "/static",
            account: format!("{} {account}", self.account_name(account)),
            person: Person {
                name: self.name.clone(),
                detail: self.principal.arn.clone(),
            },
            sign_out: SignOut {
                action: self.sign_out.to_owned(),
                csrf: Some(self.csrf.clone()),
            },
            current,
            enabled: self.state.identity_center.is_some(),
            toast: self
                .query
                .get("done")
                .and_then(routes::done_text)
                .map(|text| Toast {
                    tone: Tone::Good,
                    text: text.to_owned(),
                }),
        };
        page::center(&self.aws, &self.op, status, frame, body)
    }

    /// To another page of the console, which says what was done.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "what handlers end with is an answer"
    )]
    pub(super) fn done(&self, path: &str, what: &str) -> Answer {
        let sign = if path.contains('?') { '&' } else { '?' };
        Ok(page::redirect(
            &self.op,
            &format!("{BASE}{path}{sign}done={what}"),
        ))
    }
}
