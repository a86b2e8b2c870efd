//! The console landing page and sign-out.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    body::Body,
    http::{HeaderMap, Response, StatusCode, header, request::Parts},
};
use jetway_aws_wire::QueryRequest;
use jetway_iam::ResourceText;
use jetway_pages::{
    Chrome, Person, SignOut,
    local::{Bucket, Buckets, Console, SessionTag, SignedOut},
};

use super::{
    cookie::Cookie,
    page::{self, html},
    refusal::Refused,
    respond,
    session::{self, SignedIn},
};
use crate::{
    LocalAws, Op, Principal, Session, StoreError,
    authorize::{Ask, Denied, authorize},
    body,
    iam::same_key,
    instant::iso8601,
    s3,
};

const MAX_SIGN_OUT_BODY: usize = 4096;

/// `GET /console`.
pub(super) fn show(aws: &LocalAws, op: &Op, parts: &Parts) -> Response<Body> {
    match signed_in(aws, op, &parts.headers).and_then(|found| match found {
        Some(found) => console(aws, op, found).map(Some),
        None => Ok(None),
    }) {
        Ok(Some(response)) => response,
        Ok(None) => signed_out(aws, op, StatusCode::UNAUTHORIZED, false),
        Err(error) => {
            tracing::error!(request.id = op.request_id, %error, "the console could not be shown");
            Refused::internal(&op.request_id).into_page(aws, op)
        }
    }
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(
    aws: &LocalAws,
    op: &Op,
    parts: &Parts,
    content: Body,
) -> Response<Body> {
    let form = match body::read(&parts.headers, content, MAX_SIGN_OUT_BODY).await {
        Ok(content) => QueryRequest::decode(&content).unwrap_or_default(),
        Err(_) => QueryRequest::default(),
    };
    let public_url = &aws.settings().public_url;
    let ended = signed_in(aws, op, &parts.headers).and_then(|found| {
        let Some(found) = found else { return Ok(true) };
        if !same_origin(&parts.headers) || !same_token(&found.csrf, form.get("csrf")) {
            return Ok(false);
        }
        let token = Cookie::Session
            .read(public_url, &parts.headers)
            .unwrap_or_default();
        session::end(aws, token).map(|()| true)
    });
    match ended {
        Ok(true) => {
            let mut response = signed_out(aws, op, StatusCode::OK, true);
            if let Some(cookie) = Cookie::Session.clear(public_url) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(false) => Refused::forged().into_page(aws, op),
        Err(error) => {
            tracing::error!(request.id = op.request_id, %error, "a console session could not be ended");
            Refused::internal(&op.request_id).into_page(aws, op)
        }
    }
}

fn signed_in(aws: &LocalAws, op: &Op, headers: &HeaderMap) -> Result<Option<SignedIn>, StoreError> {
    match Cookie::Session.read(&aws.settings().public_url, headers) {
        Some(token) => session::find(aws, op, token),
        None => Ok(None),
    }
}

/// Whether a form carries the token of its page.
pub(crate) fn same_token(expected: &str, given: Option<&str>) -> bool {
    given
        .is_some_and(|given| verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok())
}

/// Browsers name the origin of a form; it must be the host that was asked.
pub(crate) fn same_origin(headers: &HeaderMap) -> bool {
    match body::header_text(headers, header::ORIGIN) {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == body::header_text(headers, header::HOST)
        }
    }
}

fn signed_out(aws: &LocalAws, op: &Op, status: StatusCode, just_now: bool) -> Response<Body> {
    respond(aws, op, status, "Local AWS", SignedOut { just_now })
}

fn console(aws: &LocalAws, op: &Op, found: SignedIn) -> Result<Response<Body>, StoreError> {
    let principal = &found.principal;
    let Some(session) = &principal.session else {
        return Ok(signed_out(aws, op, StatusCode::UNAUTHORIZED, false));
    };
    let state = aws.state();
    let account = state
        .account(&principal.account)
        .map(|account| &account.record);
    let name = account.map(|record| record.alias.as_ref().unwrap_or(&record.name));
    let left = session.expires_at - op.unix();
    let view = Console {
        account_id: principal.account.clone(),
        account_name: name.cloned().unwrap_or_default(),
        role_name: session.role_name.clone(),
        role_arn: principal.role_arn.clone().unwrap_or_default(),
        session_name: session.name.clone(),
        assumed_role_arn: principal.arn.clone(),
        provider_arn: session
            .federation
            .as_ref()
            .map(|from| from.provider_arn.clone()),
        source_identity: session.source_identity.clone(),
        tags: tags(session),
        remaining: remaining(left),
        expires_at: iso8601(session.expires_at),
        region: aws.settings().region.clone(),
        buckets: buckets(aws, op, principal)?,
    };
    let chrome = Chrome {
        person: Some(Person {
            name: session.name.clone(),
            detail: session.role_name.clone(),
        }),
        sign_out: Some(SignOut {
            action: "/console/sign-out".into(),
            csrf: Some(found.csrf),
        }),
        ..page::chrome(&format!("{} {}", view.account_name, view.account_id))
    };
    Ok(html(aws, op, StatusCode::OK, chrome, view))
}

fn tags(session: &Session) -> Vec<SessionTag> {
    session
        .tags
        .iter()
        .map(|tag| SessionTag {
            key: tag.key.clone(),
            value: tag.value.clone(),
            transitive: session.transitive.iter().any(|key| same_key(key, &tag.key)),
        })
        .collect()
}

/// The buckets as `aws s3 ls` would show them to this session in the local region.
fn buckets(aws: &LocalAws, op: &Op, principal: &Principal) -> Result<Buckets, StoreError> {
    if let Err(denied) = may(
        aws,
        op,
        principal,
        "s3:ListAllMyBuckets",
        "arn:aws:s3:::*",
        None,
    ) {
        return Ok(Buckets::Refused(denied.message));
    }
    let list = s3::buckets_of(aws, &principal.account)?
        .into_iter()
        .map(|(name, region)| {
            let arn = format!("arn:aws:s3:::{name}");
            let text = Some(ResourceText::Quoted(&arn));
            let listable = may(aws, op, principal, "s3:ListBucket", &arn, text).is_ok();
            Bucket {
                name,
                region,
                listable,
            }
        })
        .collect();
    Ok(Buckets::Listed(list))
}

fn may(
    aws: &LocalAws,
    op: &Op,
    principal: &Principal,
    action: &str,
    resource: &str,
    text: Option<ResourceText<'_>>,
) -> Result<(), Denied> {
    let ask = Ask {
        text,
        region: &aws.settings().region,
        ..Ask::plain(action, resource, &principal.account)
    };
    authorize(&aws.state(), op, principal, ask)
}

/// `2 hours 5 minutes`.
fn remaining(seconds: i64) -> String {
    let unit = |count: i64, name: &str| match count {
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    };
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => "less than a minute".into(),
        (0, minutes) => unit(minutes, "minute"),
        (hours, 0) => unit(hours, "hour"),
        (hours, minutes) => format!("{} {}", unit(hours, "hour"), unit(minutes, "minute")),
    }
}
