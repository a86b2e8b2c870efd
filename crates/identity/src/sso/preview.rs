//! What an application would be told about a person, before anybody signs in: made by the code that
//! makes the real thing, with where each value comes from and what the service provider would say.
//!
//! The preview is never signed: whoever could sign one could become anybody.

use jetway_saml::ATTRIBUTE_ROLE;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::administrators::{NotAllowed, Permission, require};
use crate::applications::{Application, NameIdFormat, SamlKind, SamlSettings};
use crate::groups::Group;
use crate::ids::{ApplicationId, KeyId, UserId};
use crate::op::Op;
use crate::sign_in_policies::AuthnContext;
use crate::sso::attributes::{self, Conflict, ResolvedAttribute};
use crate::sso::response::{About, response};
use crate::store::{Store, StoreError};
use crate::users::{User, UserState};

/// Longest response that AWS STS takes, in characters of base64 (AWS STS API reference,
/// `AssumeRoleWithSAML`).
const LONGEST_FOR_AWS: usize = 100_000;
/// How soon before its end a certificate is worth a word.
const SOON: Duration = Duration::days(60);

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Good,
    Warning,
    /// The sign-in would fail.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub outcome: Outcome,
    /// A sentence.
    pub text: String,
}

/// What a person's sign-in would look like.
#[derive(Debug, Clone)]
pub struct Preview {
    pub user: User,
    /// The groups that give them the application.
    pub through: Vec<Group>,
    /// Format and value; `None` if there is none. A transient one differs every time.
    pub name_id: Option<(String, String)>,
    pub attributes: Vec<ResolvedAttribute>,
    pub conflicts: Vec<Conflict>,
    /// The worst first.
    pub checks: Vec<Check>,
    /// The response without signature; `None` where none would be made.
    pub xml: Option<String>,
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("there is no such user")]
    NoSuchUser,
    #[error("a bookmark tells the application nothing")]
    Bookmark,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Previews the sign-in of `user` to an application, whether or not they may.
pub async fn preview(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    user: UserId,
) -> Result<Preview, PreviewError> {
    let mut read = store.read().await?;
    require(read.as_mut(), op, Permission::ReadDirectory).await??;
    let application = read.application(id).await?;
    let application = application.ok_or(PreviewError::NoSuchApplication)?;
    let user = read.user(user).await?.ok_or(PreviewError::NoSuchUser)?;
    let Some(saml) = application.sign_on.saml() else {
        return Err(PreviewError::Bookmark);
    };
    let groups = read.groups_of(user.id).await?;
    let theirs = read.applications_of_user(user.id).await?;
    let theirs = theirs.into_iter().find(|one| one.application.id == id);
    let has = theirs.is_some();
    let through = theirs.map(|one| one.groups).unwrap_or_default();
    let ends = key_end(read.as_mut(), id, saml.key).await?;
    drop(read);

    let about = About {
        saml,
        user: &user,
        groups: &groups,
        authn_instant: op.now,
        authn_context: AuthnContext::PasswordProtectedTransport,
        session_index: "_preview".to_owned(),
        acs_url: &saml.settings.acs_url,
        in_response_to: None,
    };
    let made = response(op, &about);
    let resolved = attributes::resolve(saml, &user, &groups);
    let conflicts = attributes::conflicts(&saml.settings, &user, &groups);

    let mut checks = standing(&application, &user, has);
    let problems = resolved.problems.iter().map(ToString::to_string);
    checks.extend(problems.map(bad));
    let mut xml = None;
    let mut name_id = None;
    match made {
        Ok(made) => {
            let name = &made.assertion.name_id;
            name_id = Some((name.format.clone(), name.value.clone()));
            match made.to_unsigned_xml() {
                Ok(text) => xml = Some(text),
                Err(error) => checks.push(bad(error.to_string())),
            }
        }
        // A problem with the attributes is listed above.
        Err(error) if resolved.problems.is_empty() => checks.push(bad(error.to_string())),
        Err(_) => {}
    }
    checks.extend(key_check(ends, op.now));
    checks.extend(place_checks(saml.kind, &saml.settings));
    checks.extend(size_check(saml.kind, xml.as_deref()));
    checks.extend(role_count(saml.kind, &resolved.attributes));
    checks.extend(conflicts.iter().map(conflict_check));
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    Ok(Preview {
        user,
        through,
        name_id,
        attributes: resolved.attributes,
        conflicts,
        checks,
        xml,
    })
}

async fn key_end(
    read: &mut dyn crate::store::Read,
    id: ApplicationId,
    key: KeyId,
) -> Result<Option<OffsetDateTime>, StoreError> {
    let keys = read.signing_keys(id).await?;
    let key = keys.into_iter().find(|record| record.id == key);
    Ok(key.map(|record| record.not_after))
}

fn good(text: impl Into<String>) -> Check {
    let (outcome, text) = (Outcome::Good, text.into());
    Check { outcome, text }
}

fn warning(text: impl Into<String>) -> Check {
    let (outcome, text) = (Outcome::Warning, text.into());
    Check { outcome, text }
}

fn bad(text: impl Into<String>) -> Check {
    let (outcome, text) = (Outcome::Bad, text.into());
    Check { outcome, text }
}

/// Whether they may at all.
fn standing(application: &Application, user: &User, granted: bool) -> Vec<Check> {
    let label = &application.label;
    vec![
        match user.state {
            UserState::Active => good("The user is active."),
            UserState::Staged => bad("The user is staged and cannot sign in; activate the user."),
            UserState::Suspended => bad("The user is suspended and cannot sign in."),
        },
        if granted {
            good(format!("The user has {label}."))
        } else {
            bad(format!(
                "The user does not have {label}; grant it to the user or to a group of theirs."
            ))
        },
        if application.active {
            good("Single sign-on is switched on.")
        } else {
            bad("Single sign-on is switched off; activate it on the tab SSO.")
        },
    ]
}

fn key_check(ends: Option<OffsetDateTime>, now: OffsetDateTime) -> Vec<Check> {
    let check = match ends {
        None => bad("The application has no signing key; add one on the tab SSO."),
        Some(end) if end <= now => bad(format!(
            "The certificate ended on {}; add a key and tell the service provider of it.",
            end.date()
        )),
        Some(end) if end <= now + SOON => warning(format!(
            "The certificate ends on {}; add the next key in time.",
            end.date()
        )),
        Some(end) => good(format!("The certificate is good until {}.", end.date())),
    };
    vec![check]
}

/// Whether the response goes to where the service provider of this kind takes it.
fn place_checks(kind: SamlKind, settings: &SamlSettings) -> Vec<Check> {
    let acs = &settings.acs_url;
    if acs.is_empty() {
        return vec![bad(
            "There is no ACS URL; upload the service provider's metadata.",
        )];
    }
    let host = Url::parse(acs)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_default();
    let local = host == "localhost"
        || host.ends_with(".localhost")
        || host == "127.0.0.1"
        || host == "[::1]";
    if local {
        return vec![warning(format!(
            "Responses go to {acs}, on this machine: fine for trying, not for AWS itself."
        ))];
    }
    let amazon = ["aws.amazon.com", "amazonaws.cn", "amazonaws-us-gov.com"];
    let sign_in = |host: &str| {
        amazon.iter().any(|domain| {
            host.strip_suffix(domain)
                .is_some_and(|front| front == "signin." || front.ends_with(".signin."))
        })
    };
    match kind {
        SamlKind::AwsIam | SamlKind::AwsIamRoles => {
            let path = Url::parse(acs).map_or(String::new(), |url| url.path().to_owned());
            if sign_in(&host) && (path == "/saml" || path.starts_with("/saml/acs/")) {
                vec![good(format!("AWS takes responses at {acs}."))]
            } else {
                vec![bad(format!(
                    "AWS does not take responses at {acs}; the ACS URL is https://signin.aws.amazon.com/saml, or that of a region."
                ))]
            }
        }
        SamlKind::IdentityCenter => {
            let center = (sign_in(&host) || host.ends_with(".signin.aws"))
                && acs.contains("/platform/saml/acs/");
            let mut checks = vec![if center {
                good(format!("IAM Identity Center takes responses at {acs}."))
            } else {
                bad(format!(
                    "{acs} is not an ACS URL of IAM Identity Center; upload the metadata that its page Change identity source offers."
                ))
            }];
            if settings.name_id.format != NameIdFormat::Email {
                checks.push(bad(
                    "IAM Identity Center takes the NameID format e-mail address only.",
                ));
            }
            checks
        }
        SamlKind::Custom => vec![good(format!("Responses go to {acs}."))],
    }
}

fn size_check(kind: SamlKind, xml: Option<&str>) -> Vec<Check> {
    let Some(xml) = xml.filter(|_| kind.is_aws_iam()) else {
        return Vec::new();
    };
    // A signature with its certificate takes about 3,000 bytes, and there may be two.
    let length = (xml.len() + 6_000).div_ceil(3) * 4;
    let check = if length > LONGEST_FOR_AWS {
        bad(format!(
            "The response has about {length} characters; AWS takes at most {LONGEST_FOR_AWS}. Give fewer roles."
        ))
    } else {
        good(format!(
            "The response has about {length} characters; AWS takes {LONGEST_FOR_AWS}."
        ))
    };
    vec![check]
}

fn role_count(kind: SamlKind, attributes: &[ResolvedAttribute]) -> Vec<Check> {
    let roles = attributes.iter().find(|one| one.name == ATTRIBUTE_ROLE);
    match roles
        .filter(|_| kind.is_aws_iam())
        .map(|one| one.values.len())
    {
        Some(1) => vec![good("One role: AWS opens the console at once.")],
        Some(number) => vec![good(format!("{number} roles: AWS asks which one to use."))],
        None => Vec::new(),
    }
}

fn conflict_check(conflict: &Conflict) -> Check {
    let values: Vec<_> = conflict
        .values
        .iter()
        .map(|(group, value)| format!("{group} says {value:?}"))
        .collect();
    warning(format!(
        "Groups disagree about {}: {}. The first by name wins; give the user a value of their own to decide it.",
        conflict.source,
        values.join(", ")
    ))
}
