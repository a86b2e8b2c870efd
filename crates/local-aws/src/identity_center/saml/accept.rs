//! From a posted response to the user who it signs in.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_saml::{
    MAX_BASE64_SIGN_IN, ReceivedResponse, SigningCertificate, Unverified, Verified, VerifyError,
    VerifyingKey,
};
use time::OffsetDateTime;

use super::{
    attributes,
    checks::{self, Expected},
    refusal::Refusal,
    request::{self, Outstanding},
};
use crate::{
    LocalAws, Op, StoreError,
    identity_center::portal_session::hash,
    sign_in::{
        once::{self, OnceError},
        same_token,
    },
    state::{
        State, Tag,
        center::{ExternalIdentityProvider, InstanceRecord},
        directory::{Directory, Entry as _, UserRecord},
    },
};

/// What a form of the identity provider carries.
#[derive(Debug)]
pub(super) struct Posted<'a> {
    pub(super) response: &'a str,
    pub(super) relay_state: &'a str,
}

/// Somebody who may be signed in. Nothing is used up yet.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) user: Arc<UserRecord>,
    pub(super) tags: Vec<Tag>,
    /// The end that the identity provider set.
    pub(super) session_end: Option<OffsetDateTime>,
    /// The request that was answered, and its way back.
    pub(super) answered: Option<(String, Outstanding)>,
    response: Verified<ReceivedResponse>,
}

/// Why nobody is signed in, or why it is not known.
#[derive(Debug)]
pub(super) enum NotAccepted {
    Refused(Refusal),
    Store(StoreError),
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for NotAccepted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Checks a response against the state as it is.
pub(super) fn accept(
    aws: &LocalAws,
    op: &Op,
    state: &State,
    (instance, provider): (&InstanceRecord, &ExternalIdentityProvider),
    posted: &Posted<'_>,
) -> Result<Accepted, NotAccepted> {
    let response = verify(posted.response, provider, op.now)?;
    let expected = Expected {
        instance,
        issuer: &provider.entity_id,
        now: op.now,
    };
    checks::check(aws, &response, &expected)?;
    let answered = answered(aws, op, &response, posted.relay_state)?;
    let user = user_of(&state.directory, &response.assertion.name_id.value)?;
    let tags = match &instance.access_control {
        Some(_) => attributes::read(&response.assertion)?,
        None => Vec::new(),
    };
    Ok(Accepted {
        user,
        tags,
        session_end: response.assertion.session_not_on_or_after,
        answered,
        response,
    })
}

impl Accepted {
    /// Uses the request and the assertion up: of several posts of the same, one gets through.
    pub(super) fn use_up(&self, aws: &LocalAws, op: &Op) -> Result<(), NotAccepted> {
        if let Some((id, _)) = &self.answered
            && !request::take(aws, id)?
        {
            return Err(Refusal::Request { id: id.clone() }.into());
        }
        once::redeem(aws, op, &self.response.assertion, None).map_err(|error| match error {
            OnceError::Used => NotAccepted::Refused(Refusal::Used),
            OnceError::Store(error) => NotAccepted::Store(error),
        })
    }
}

/// Any of the certificates will do that has not expired.
fn verify(
    response: &str,
    provider: &ExternalIdentityProvider,
    now: OffsetDateTime,
) -> Result<Verified<ReceivedResponse>, Refusal> {
    let parse = || Unverified::from_base64_within(response, MAX_BASE64_SIGN_IN);
    let certificates = certificates(provider);
    let keys = |usable: &dyn Fn(&SigningCertificate) -> bool| -> Vec<VerifyingKey> {
        let usable = certificates
            .iter()
            .filter(|certificate| usable(certificate));
        usable.map(|certificate| certificate.key.clone()).collect()
    };
    let refused = match parse()?.verify(&keys(&|certificate| certificate.not_after > now)) {
        Ok(response) => return Ok(response),
        Err(error @ VerifyError::AssertionNotSigned) => return Err(error.into()),
        Err(error) => error,
    };
    let expired = certificates
        .iter()
        .filter(|certificate| certificate.not_after <= now);
    for certificate in expired {
        if parse()?
            .verify(std::slice::from_ref(&certificate.key))
            .is_ok()
        {
            return Err(Refusal::CertificateExpired {
                until: certificate.not_after,
            });
        }
    }
    Err(refused.into())
}

fn certificates(provider: &ExternalIdentityProvider) -> Vec<SigningCertificate> {
    provider
        .certificates
        .iter()
        .filter_map(|record| BASE64.decode(&record.der).ok())
        .filter_map(|der| SigningCertificate::from_der(&der).ok())
        .collect()
}

/// The request that the response answers. The assertion says which, since only it is always signed;
/// the response around it must not say otherwise.
fn answered(
    aws: &LocalAws,
    op: &Op,
    response: &ReceivedResponse,
    relay_state: &str,
) -> Result<Option<(String, Outstanding)>, NotAccepted> {
    let by_assertion = response.assertion.in_response_to.as_ref();
    let Some(id) = by_assertion.or(response.in_response_to.as_ref()) else {
        return Ok(None);
    };
    let refused = || Refusal::Request { id: id.clone() };
    let contradicted = response
        .in_response_to
        .as_ref()
        .is_some_and(|other| Some(other) != by_assertion);
    if contradicted {
        return Err(refused().into());
    }
    let outstanding = request::find(aws, op, id)?.ok_or_else(refused)?;
    if !same_token(&outstanding.relay_state, Some(&hash(relay_state))) {
        return Err(Refusal::RelayState.into());
    }
    Ok(Some((id.clone(), outstanding)))
}

/// The user whose userName is exactly the NameID. Nobody is created by signing in.
fn user_of(directory: &Directory, name: &str) -> Result<Arc<UserRecord>, Refusal> {
    let users = &directory.users;
    let name = name.to_owned();
    let Some(user) = users.by_name(&name) else {
        return Err(match users.by_email(&name) {
            Some(user) => Refusal::OtherName {
                user_name: user.name().to_owned(),
                name,
            },
            None => Refusal::NoUser { name },
        });
    };
    if user.name() != name {
        return Err(Refusal::OtherName {
            user_name: user.name().to_owned(),
            name,
        });
    }
    if !user.is_active() {
        return Err(Refusal::Disabled { name });
    }
    Ok(Arc::clone(user))
}
