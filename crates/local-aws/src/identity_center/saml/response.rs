//! `POST /platform/saml/acs/<tenant>`: from the identity provider's form to a session of the access
//! portal.

use axum::http::header;

use super::{
    accept::{Accepted, NotAccepted, Posted, accept},
    refusal::Refusal,
    relay_state, request, trail,
};
use crate::{
    identity_center::{
        addresses::ACS_PATH,
        browser::{Answer, Failure, Visit},
        enabled, portal_session,
    },
    sign_in::cookie::Cookie,
    state::{
        State,
        center::{IdentitySource, InstanceRecord},
        directory::Entry as _,
    },
};

pub(super) fn answer(visit: &mut Visit) -> Answer {
    let state = visit.aws.state();
    let Some(center) = enabled(&state) else {
        return Err(request::not_enabled());
    };
    match accepted(visit, &state, &center.instance) {
        Ok(accepted) => signed_in(visit, &center.instance, accepted),
        Err(NotAccepted::Refused(refusal)) => {
            trail::failed(&visit.op, &refusal);
            Ok(refusal.into_page(visit))
        }
        Err(NotAccepted::Store(error)) => Err(Failure::Store(error)),
    }
}

fn accepted(
    visit: &Visit,
    state: &State,
    instance: &InstanceRecord,
) -> Result<Accepted, NotAccepted> {
    let path = visit.parts.uri.path();
    let tenant = path.strip_prefix(ACS_PATH).unwrap_or_default();
    if tenant != instance.saml_tenant {
        let found = tenant.chars().take(64).collect();
        return Err(Refusal::Tenant { found }.into());
    }
    let IdentitySource::External(provider) = &instance.identity_source else {
        return Err(Refusal::NoIdentityProvider.into());
    };
    let posted = Posted {
        response: visit.form.get("SAMLResponse").ok_or(Refusal::NoResponse)?,
        relay_state: visit.form.get("RelayState").unwrap_or_default(),
    };
    let accepted = accept(&visit.aws, &visit.op, state, (instance, provider), &posted)?;
    accepted.use_up(&visit.aws, &visit.op)?;
    Ok(accepted)
}

/// The session lasts as long as the portal's setting says, and not beyond what the identity
/// provider says.
fn signed_in(visit: &mut Visit, instance: &InstanceRecord, accepted: Accepted) -> Answer {
    let by_setting = visit.op.unix() + instance.portal_session_seconds;
    let expires_at = accepted
        .session_end
        .map_or(by_setting, |end| end.unix_timestamp().min(by_setting));
    let target = if let Some((_, request)) = &accepted.answered {
        request.return_to.clone()
    } else {
        let asked = visit.form.get("RelayState").unwrap_or_default();
        relay_state::target(&visit.aws, instance, asked)
    };
    let token = portal_session::begin(
        &visit.aws,
        &mut visit.op,
        &visit.parts.headers,
        accepted.user.id,
        accepted.tags,
        expires_at,
    )?;
    trail::succeeded(&visit.op, accepted.user.name());
    let mut response = visit.redirect(&target)?;
    if let Some(cookie) = Cookie::Portal.set(&visit.aws.settings().public_url, &token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
