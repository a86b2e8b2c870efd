//! The response about one person, ready to be signed. What people preview is made here too.

use aws_lc_rs::digest::{SHA256, digest};
use jetway_saml::{Assertion, NameId, Response};
use rand::Rng;
use rand::rngs::StdRng;
use time::{Duration, OffsetDateTime};

use crate::applications::{Application, NameIdFormat, SamlKind, SamlSignOn};
use crate::email;
use crate::groups::Group;
use crate::op::Op;
use crate::sessions::Session;
use crate::sign_in_policies::AuthnContext;
use crate::sso::attributes::{self, Unusable};
use crate::users::User;

/// An assertion may be presented for this long after it was made (security.md item 17; AWS STS
/// takes none that is older).
const LIFETIME: Duration = Duration::minutes(5);
/// It is valid from this long before, for service providers whose clock is slow.
const BACKDATED: Duration = Duration::minutes(1);

/// What a response is about.
pub(super) struct About<'a> {
    pub(super) saml: &'a SamlSignOn,
    pub(super) user: &'a User,
    /// Needed where [`attributes::needs_groups`] says so.
    pub(super) groups: &'a [Group],
    /// When the person proved who they are.
    pub(super) authn_instant: OffsetDateTime,
    /// How.
    pub(super) authn_context: AuthnContext,
    pub(super) session_index: String,
    /// A registered address.
    pub(super) acs_url: &'a str,
    pub(super) in_response_to: Option<String>,
}

/// The response, or the first reason why there is none that the service provider takes.
pub(super) fn response(op: &mut Op, about: &About<'_>) -> Result<Response, Unusable> {
    let settings = &about.saml.settings;
    let resolved = attributes::resolve(about.saml, about.user, about.groups);
    let attributes = resolved.into_attributes()?;
    let name_id = name_id(op, about.saml, about.user, about.groups)?;
    // For AWS IAM the attribute SessionDuration says it; this would cut AWS's own session short.
    let ends = settings
        .session_seconds
        .filter(|_| !about.saml.kind.is_aws_iam());
    let assertion = Assertion {
        id: new_id(&mut op.rng),
        issue_instant: op.now,
        issuer: settings.idp_entity_id.clone(),
        name_id,
        recipient: about.acs_url.to_owned(),
        in_response_to: about.in_response_to.clone(),
        confirmation_not_on_or_after: op.now + LIFETIME,
        not_before: op.now - BACKDATED,
        not_on_or_after: op.now + LIFETIME,
        audience: settings.audience.clone(),
        authn_instant: about.authn_instant,
        session_index: about.session_index.clone(),
        session_not_on_or_after: ends.map(|seconds| op.now + Duration::seconds(seconds.into())),
        authn_context_class: about.authn_context.uri().to_owned(),
        attributes,
    };
    Ok(Response {
        id: new_id(&mut op.rng),
        in_response_to: about.in_response_to.clone(),
        issue_instant: op.now,
        destination: about.acs_url.to_owned(),
        issuer: settings.idp_entity_id.clone(),
        assertion,
    })
}

/// The name, by the rule of the application.
pub(super) fn name_id(
    op: &mut Op,
    saml: &SamlSignOn,
    user: &User,
    groups: &[Group],
) -> Result<NameId, Unusable> {
    let rule = &saml.settings.name_id;
    let value = match rule.format {
        NameIdFormat::Transient => new_id(&mut op.rng),
        NameIdFormat::Email | NameIdFormat::Persistent | NameIdFormat::Unspecified => {
            let value = attributes::value(&rule.source, user, groups);
            let (source_name, whose) = (rule.source.to_string(), user.email.clone());
            let Some((value, _)) = value else {
                return Err(Unusable::NoNameId { source_name, whose });
            };
            let value = value.into_owned();
            // It takes no other name, and says nothing useful about one (identity-center.md 4.2).
            if saml.kind == SamlKind::IdentityCenter && email::check(&value).is_err() {
                return Err(Unusable::NotAnEmail {
                    source_name,
                    whose,
                    value,
                });
            }
            value
        }
    };
    Ok(NameId {
        format: rule.format.uri().to_owned(),
        value,
    })
}

/// An identifier of 128 random bits that is an XML NCName (SAML core §1.3.4).
pub(super) fn new_id(rng: &mut StdRng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    format!("_{}", hex::encode(bytes))
}

/// The same for every assertion of one session to one application, and unlike that of any other
/// application, so that two of them cannot tell that they see the same session.
pub(super) fn session_index(session: &Session, application: &Application) -> String {
    let text = format!("{} {}", session.id, application.id);
    let hash = digest(&SHA256, text.as_bytes());
    format!(
        "_{}",
        hex::encode(hash.as_ref().get(..16).unwrap_or_default())
    )
}
