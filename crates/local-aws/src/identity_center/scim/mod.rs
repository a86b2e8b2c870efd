//! The SCIM endpoint: how an identity provider creates and changes users and groups
//! (identity-center.md §3). Bearer token, no signature.
//!
//! `crates/scim` reads and words the protocol; the identity store is in `directory/`. Here is what
//! lies between: addresses, tokens, which index answers which list, faults for tests, events.

mod answer;
mod cursor;
mod discovery;
mod endpoint;
mod events;
mod faults;
mod groups;
mod lists;
mod members;
mod refusal;
mod resources;
mod route;
mod users;

use axum::{
    body::{Body, Bytes},
    http::{Response, request::Parts},
};
use jetway_aws_wire::AwsError;
use jetway_scim::{MAX_BODY_BYTES, Profile, ResourceKind};
use url::form_urlencoded;

use self::{answer::Answer, endpoint::Endpoint, refusal::Refusal, route::Action};
use crate::{LocalAws, Op, body};

pub(crate) use self::{
    faults::{FaultQueue, PlannedFaults},
    route::serves,
};

/// Who changed it, in the records of users and groups.
const BY: &str = "SCIM";

/// One request on its way.
struct Call<'a> {
    aws: &'a LocalAws,
    profile: &'static Profile,
    /// The address of the endpoint, without a slash at the end.
    base: &'a str,
    /// The decoded query.
    query: &'a [(String, String)],
    content: &'a [u8],
}

impl Call<'_> {
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let content = body::read(&parts.headers, content, MAX_BODY_BYTES).await;
    let endpoint = Endpoint::of(aws, &op, &parts);
    let action = Action::of(&parts.method, parts.uri.path());
    let event = action.as_ref().map_or("Unknown", Action::event_name);
    let (request_id, now) = (op.request_id.clone(), op.now);
    let result = respond(aws, op, &parts, &endpoint, (action, content)).await;
    events::record(&request_id, event, endpoint.profile, result.as_ref().err());
    match result {
        Ok(answer) => answer.into_response(endpoint.profile, &request_id),
        Err(refusal) => refusal.into_response(endpoint.profile, &request_id, now),
    }
}

async fn respond(
    aws: &LocalAws,
    op: Op,
    parts: &Parts,
    endpoint: &Endpoint,
    (action, content): (Result<Action, Refusal>, Result<Bytes, AwsError>),
) -> Result<Answer, Refusal> {
    if !endpoint.authorized {
        return Err(Refusal::Unauthorized);
    }
    let action = action?;
    let request = Request {
        endpoint: endpoint.clone(),
        query: form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        content: content.map_err(Refusal::of_body)?,
    };
    let fault = faults::next(aws, endpoint.faults_by_header, &parts.headers)?;
    faults::before(fault).await?;
    let answer = if action.is_quick(endpoint.profile, &request.query) {
        request.run(aws, op, &action)?
    } else {
        let aws = aws.clone();
        tokio::task::spawn_blocking(move || request.run(&aws, op, &action))
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "a SCIM request did not finish");
                Err(Refusal::Internal)
            })?
    };
    faults::after(fault)?;
    Ok(answer)
}

/// What a request brings, owned: it may go to another thread.
struct Request {
    endpoint: Endpoint,
    query: Vec<(String, String)>,
    content: Bytes,
}

impl Request {
    fn run(&self, aws: &LocalAws, mut op: Op, action: &Action) -> Result<Answer, Refusal> {
        let call = Call {
            aws,
            profile: self.endpoint.profile,
            base: &self.endpoint.base,
            query: &self.query,
            content: &self.content,
        };
        match action {
            Action::ServiceProviderConfig => Ok(discovery::service_provider_config(&call)),
            Action::Schemas => Ok(discovery::schemas(&call)),
            Action::Schema(id) => discovery::schema(&call, id),
            Action::ResourceTypes => Ok(discovery::resource_types(&call)),
            Action::ResourceType(id) => discovery::resource_type(&call, id),
            Action::List(kind) => lists::list(&call, *kind),
            Action::Create(ResourceKind::User) => users::create(&call, &mut op),
            Action::Get(ResourceKind::User, id) => users::get(&call, id),
            Action::Replace(ResourceKind::User, id) => users::replace(&call, &op, id),
            Action::Patch(ResourceKind::User, id) => users::patch(&call, &op, id),
            Action::Delete(ResourceKind::User, id) => users::delete(&call, id),
            Action::Create(ResourceKind::Group) => groups::create(&call, &mut op),
            Action::Get(ResourceKind::Group, id) => groups::get(&call, id),
            Action::Replace(ResourceKind::Group, id) => groups::replace(&call, &mut op, id),
            Action::Patch(ResourceKind::Group, id) => groups::patch(&call, &mut op, id),
            Action::Delete(ResourceKind::Group, id) => groups::delete(&call, id),
        }
    }
}
