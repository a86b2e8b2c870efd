//! `POST /saml`: from the identity provider's form to a console session (aws-iam-sts.md §2.1).

use axum::{
    body::Body,
    http::{HeaderMap, Response, header, request::Parts},
};
use jetway_aws_wire::QueryRequest;
use jetway_saml::{MAX_BASE64_SIGN_IN, ReceivedResponse, RolePair, Unverified, Verified};

use super::{
    chooser,
    cookie::Cookie,
    once::{self, OnceError},
    page,
    refusal::Refused,
    rules, session,
};
use crate::{
    LocalAws, Op, body,
    state::{SamlProvider, State},
    sts::{Claims, Redeem, Refusal, Rules, check_times, federate, role_pairs, verify_with},
};

/// 128 KB of base64, percent-encoded, and the other fields.
const MAX_BODY: usize = 512 * 1024;

/// The fields of the form.
#[derive(Debug)]
pub(super) struct Posted<'a> {
    pub(super) response: &'a str,
    pub(super) relay_state: &'a str,
    /// ARN of the role chosen.
    role: Option<&'a str>,
    /// Of the chooser that this post answers: in its form, or in the browser's cookie for clients
    /// that post only the fields AWS's own chooser has.
    ticket: Option<&'a str>,
}

/// Answers the post. Using an assertion up waits for the disk, so that happens where it holds
/// nobody up.
pub(super) async fn answer(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let form = match read_form(&parts, content).await {
        Ok(form) => form,
        Err(refused) => return refused.into_page(aws, &op),
    };
    let (aws, mut op) = (aws.clone(), op);
    let request_id = op.request_id.clone();
    let answered = tokio::task::spawn_blocking(move || {
        sign_in(&aws, &mut op, &parts.headers, &form)
            .unwrap_or_else(|refused| refused.into_page(&aws, &op))
    });
    answered.await.unwrap_or_else(|error| {
        tracing::error!(request.id = request_id, %error, "a sign-in did not finish");
        body::answer(
            500,
            &request_id,
            "text/plain",
            "The sign-in did not finish.\n",
        )
    })
}

async fn read_form(parts: &Parts, content: Body) -> Result<QueryRequest, Refused> {
    let content = body::read(&parts.headers, content, MAX_BODY)
        .await
        .map_err(|_| too_long())?;
    QueryRequest::decode(&content)
        .map_err(|error| Refused::no_assertion(format!("The form cannot be read: {error}.")))
}

fn too_long() -> Refused {
    Refused::no_assertion("The field SAMLResponse is longer than 128 KB.")
}

fn sign_in(
    aws: &LocalAws,
    op: &mut Op,
    headers: &HeaderMap,
    form: &QueryRequest,
) -> Result<Response<Body>, Refused> {
    let public_url = &aws.settings().public_url;
    let posted = Posted {
        response: form
            .get("SAMLResponse")
            .ok_or_else(|| Refused::no_assertion("The field SAMLResponse is missing."))?,
        relay_state: form.get("RelayState").unwrap_or_default(),
        role: form.get("roleIndex").filter(|role| !role.is_empty()),
        ticket: form
            .get("ticket")
            .or_else(|| Cookie::Choice.read(public_url, headers)),
    };
    if posted.response.len() > MAX_BASE64_SIGN_IN {
        return Err(too_long());
    }
    let state = aws.state();
    let (response, pairs) = read_offer(aws, &state, op, &posted)?;
    let pair = match posted.role {
        Some(role) => pairs
            .iter()
            .find(|pair| pair.role_arn == role)
            .ok_or_else(|| Refused::sts(Refusal::RoleNotInAssertion, &op.request_id))?,
        None => match pairs.as_slice() {
            [only] => only,
            several => {
                let ticket = once::offer_choice(aws, op, &response.assertion)
                    .map_err(|error| used(error, op))?;
                return Ok(chooser::show(aws, op, &state, &posted, several, ticket));
            }
        },
    };
    // The role is judged before the assertion is used up: a refusal costs the person nothing.
    let assumed = federate(
        &state,
        op,
        &Redeem {
            role_arn: &pair.role_arn,
            provider_arn: &pair.provider_arn,
            response: posted.response,
            max_response: MAX_BASE64_SIGN_IN,
            rules: Rules::Console,
            policy: None,
            policy_arns: &[],
            region: &aws.settings().region,
        },
    )
    .map_err(|refusal| Refused::sts(refusal, &op.request_id))?;
    once::redeem(aws, op, &response.assertion, posted.ticket).map_err(|error| used(error, op))?;
    let replaced = Cookie::Session.read(public_url, headers);
    let token = session::begin(aws, op, assumed.session, replaced).map_err(|error| {
        tracing::error!(request.id = op.request_id, %error, "a console session could not be stored");
        Refused::internal(&op.request_id)
    })?;
    let mut answer = page::redirect(op, relay_target(posted.relay_state));
    if let Some(cookie) = Cookie::Session.set(public_url, &token) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// What the verified response offers: pairs of role and provider, each of a provider whose own
/// keys verify the response.
fn read_offer(
    aws: &LocalAws,
    state: &State,
    op: &Op,
    posted: &Posted<'_>,
) -> Result<(Verified<ReceivedResponse>, Vec<RolePair>), Refused> {
    let refuse = |refusal| Refused::sts(refusal, &op.request_id);
    let parse = || {
        Unverified::from_base64_within(posted.response, MAX_BASE64_SIGN_IN).map_err(|error| {
            Refused::invalid(format!("The SAML response cannot be read: {error}."))
        })
    };
    let issuer = parse()?.claimed_issuer().to_owned();
    let issuers: Vec<&SamlProvider> = state
        .providers()
        .map(AsRef::as_ref)
        .filter(|provider| provider.idp.entity_id == issuer)
        .collect();
    if issuers.is_empty() {
        return Err(refuse(Refusal::IssuerMismatch));
    }
    // Several providers may share an entity id and differ in keys: each is tried by itself.
    let mut verified: Vec<(&SamlProvider, Verified<ReceivedResponse>)> = Vec::new();
    let mut first_refusal = None;
    for provider in issuers {
        match verify_with(provider, parse()?) {
            Ok(response) => verified.push((provider, response)),
            Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
        }
    }
    let providers: Vec<&SamlProvider> = verified.iter().map(|(provider, _)| *provider).collect();
    let Some((_, response)) = verified.pop() else {
        return Err(refuse(first_refusal.unwrap_or(Refusal::SignatureInvalid)));
    };
    check_times(&response.assertion, op.now).map_err(refuse)?;
    rules::check(&response, &providers, &aws.settings().public_url, op.now)
        .map_err(Refused::invalid)?;
    let offered = role_pairs(&response.assertion);
    if offered.is_empty() {
        return Err(Refused::invalid(
            "The assertion has no attribute https://aws.amazon.com/SAML/Attributes/Role with a pair of a role and a SAML provider.",
        ));
    }
    Claims::read(&response.assertion).map_err(refuse)?;
    let pairs: Vec<RolePair> = offered
        .into_iter()
        .filter(|pair| {
            providers
                .iter()
                .any(|provider| provider.arn() == pair.provider_arn)
        })
        .collect();
    if pairs.is_empty() {
        return Err(refuse(Refusal::NoSuchProvider));
    }
    Ok((response, pairs))
}

fn used(error: OnceError, op: &Op) -> Refused {
    match error {
        OnceError::Used => Refused::invalid(
            "This SAML response was used before. Each response signs in once; open the application again at your identity provider.",
        ),
        OnceError::Store(error) => {
            tracing::error!(request.id = op.request_id, %error, "a used assertion could not be recorded");
            Refused::internal(&op.request_id)
        }
    }
}

/// Only a path of this endpoint: a RelayState never leads anywhere else.
fn relay_target(relay_state: &str) -> &str {
    let same_site = relay_state.starts_with('/')
        && !relay_state.starts_with("//")
        && !relay_state.contains('\\')
        && relay_state.bytes().all(|byte| byte.is_ascii_graphic());
    if same_site { relay_state } else { "/console" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_state_leads_only_to_this_endpoint() {
        assert_eq!(relay_target("/console?x=1"), "/console?x=1");
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://console.aws.amazon.com/",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
            "/\t/evil.example",
        ] {
            assert_eq!(relay_target(elsewhere), "/console", "{elsewhere:?}");
        }
    }
}
