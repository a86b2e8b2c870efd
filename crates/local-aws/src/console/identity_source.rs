//! Changing the identity source, step by step (identity-center.md §4).

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_pages::{
    admin::parts::Field,
    local::identity_center::console::{
        CenterNav, ChangeSource, ConfigureSource, CurrentSource, ReviewSource, SourceFacts,
    },
};
use jetway_saml::SigningCertificate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    certificates,
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::{
    identity_center::{IdentityProviderSettings, acs_url, metadata_url, portal_url, read_metadata},
    json_service::{JsonError, JsonService},
    state::center::{IdentityCenter, IdentitySource},
};

const HERE: &str = "/settings/identity-source";
/// What has to be typed.
const ACCEPT: &str = "ACCEPT";

/// What the steps carry along: what was given, for the operation that takes it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Given {
    Directory,
    Metadata(String),
    ByHand {
        entity_id: String,
        sign_in_url: String,
        certificate: String,
    },
}

impl Given {
    fn sealed(&self) -> String {
        BASE64.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn open(sealed: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64.decode(sealed).ok()?).ok()
    }

    /// The identity provider that it describes; `None` is the directory.
    fn provider(&self) -> Result<Option<IdentityProviderSettings>, String> {
        match self {
            Self::Directory => Ok(None),
            Self::Metadata(xml) => read_metadata(xml)
                .map(Some)
                .map_err(|error| error.to_string()),
            Self::ByHand {
                entity_id,
                sign_in_url,
                certificate,
            } => Ok(Some(IdentityProviderSettings {
                entity_id: entity_id.clone(),
                sign_in_url: sign_in_url.clone(),
                sign_in_by_post: false,
                certificates: vec![
                    SigningCertificate::from_pem(certificate).map_err(|error| error.to_string())?,
                ],
            })),
        }
    }

    fn input(&self) -> Value {
        match self {
            Self::Directory => json!({ "Type": "DIRECTORY", "Confirmation": ACCEPT }),
            Self::Metadata(xml) => {
                json!({ "Type": "EXTERNAL", "Confirmation": ACCEPT, "Metadata": xml })
            }
            Self::ByHand {
                entity_id,
                sign_in_url,
                certificate,
            } => json!({
                "Type": "EXTERNAL",
                "Confirmation": ACCEPT,
                "EntityId": entity_id,
                "SignInUrl": sign_in_url,
                "Certificate": certificate,
            }),
        }
    }
}

fn facts(visit: &Visit, center: &IdentityCenter) -> SourceFacts {
    SourceFacts {
        sign_in_url: portal_url(&visit.aws),
        acs_url: acs_url(&visit.aws, &center.instance),
        issuer_url: center.instance.issuer_url(),
        metadata: metadata_url(&visit.aws, &center.instance),
    }
}

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    let instance = &center.instance;
    let source = match &instance.identity_source {
        IdentitySource::Directory => CurrentSource::Directory,
        IdentitySource::External(provider) => CurrentSource::External {
            entity_id: provider.entity_id.clone(),
            sign_in_url: provider.sign_in_url.clone(),
            certificates: certificates::rows(visit, &center),
        },
    };
    let view = ChangeSource {
        source,
        facts: facts(visit, &center),
        provisioning: instance.provisioning.is_some(),
        access_control: instance.access_control.is_some(),
    };
    visit.page(CenterNav::Settings, view)
}

fn form(visit: &Visit, center: &IdentityCenter) -> ConfigureSource {
    ConfigureSource {
        csrf: visit.csrf.clone(),
        facts: facts(visit, center),
        external: true,
        entity_id: Field::default(),
        sign_in_url: Field::default(),
        certificate: Field::default(),
        problem: None,
    }
}

pub(super) fn configure(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    let view = form(visit, &center);
    visit.page(CenterNav::Settings, view)
}

/// `Next: Review`.
pub(super) fn review(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    let given = given(visit);
    let problem = match &given {
        Some(given) => match given.provider() {
            Ok(provider) => {
                let view = summary(visit, &center, given, provider, Field::default());
                return visit.page(CenterNav::Settings, view);
            }
            Err(problem) => problem,
        },
        None => "Choose the metadata file of the identity provider, or provide its values by hand."
            .to_owned(),
    };
    let typed = |name| Field::new(visit.form.text(name));
    let view = ConfigureSource {
        entity_id: typed("entity_id"),
        sign_in_url: typed("sign_in_url"),
        certificate: typed("certificate"),
        problem: Some(problem),
        ..form(visit, &center)
    };
    visit.again(CenterNav::Settings, view)
}

/// What the form says. A file counts before values.
fn given(visit: &Visit) -> Option<Given> {
    let text = |name| visit.form.text(name).to_owned();
    if visit.form.text("source") == "directory" {
        return Some(Given::Directory);
    }
    let metadata = text("metadata");
    if !metadata.is_empty() {
        return Some(Given::Metadata(metadata));
    }
    let (entity_id, sign_in_url, certificate) =
        (text("entity_id"), text("sign_in_url"), text("certificate"));
    (!entity_id.is_empty() || !sign_in_url.is_empty() || !certificate.is_empty()).then_some(
        Given::ByHand {
            entity_id,
            sign_in_url,
            certificate,
        },
    )
}

fn summary(
    visit: &Visit,
    center: &IdentityCenter,
    given: &Given,
    provider: Option<IdentityProviderSettings>,
    typed: Field,
) -> ReviewSource {
    ReviewSource {
        csrf: visit.csrf.clone(),
        external: provider.map(|provider| CurrentSource::External {
            entity_id: provider.entity_id,
            sign_in_url: provider.sign_in_url,
            certificates: provider
                .certificates
                .iter()
                .map(|certificate| certificates::row(visit, String::new(), &certificate.der))
                .collect(),
        }),
        sealed: given.sealed(),
        users: visit.state.directory.users.len(),
        assignments: center.assignments.len(),
        typed,
    }
}

/// `Change identity source`.
pub(super) fn change(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    let unreadable = || {
        Failure::refused(
            "The identity source was not changed",
            JsonError::validation("The form lost what was chosen. Begin again."),
        )
        .back_to(&format!("{HERE}/change"), "Change identity source")
    };
    let given = Given::open(visit.form.text("sealed")).ok_or_else(unreadable)?;
    let typed = visit.form.text("typed").to_owned();
    if typed != ACCEPT {
        let provider = given.provider().map_err(|_| unreadable())?;
        let field = Field::new(typed).with_error("Type ACCEPT, in capital letters.");
        let view = summary(visit, &center, &given, provider, field);
        return visit.again(CenterNav::Settings, view);
    }
    visit
        .api(
            JsonService::LocalAdmin,
            "ChangeIdentitySource",
            &given.input(),
        )
        .map_err(|error| {
            Failure::refused("The identity source was not changed", error)
                .back_to(&format!("{HERE}/change"), "Change identity source")
        })?;
    visit.done(HERE, "source")
}
