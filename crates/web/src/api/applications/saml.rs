//! The settings of single sign-on as the API shows and takes them.

use jetway_identity::AttributeSource;
use jetway_identity::applications::{
    EncryptionSettings, LogoutBinding, MappedAttribute, NameIdFormat, NameIdRule, RegisteredAcs,
    RoleRule, SamlSettings, SignatureDigest, Signing, SingleLogout, certificate_to_pem,
    certificates_from_pem,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::api::Problem;
use crate::api::problem::FieldError;

/// The settings of single sign-on by SAML.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saml {
    /// The issuer of assertions.
    idp_entity_id: String,
    /// The service provider's entity id: the audience of assertions. Empty until configured.
    audience: String,
    /// Where responses go. Empty until configured.
    acs_url: String,
    /// Its number in the service provider's metadata.
    acs_index: Option<u16>,
    /// Further addresses that a request may name.
    other_acs: Vec<Acs>,
    /// Where the tile leads instead of a response that nobody asked for.
    login_url: Option<String>,
    relay_state: String,
    name_id: NameId,
    /// `assertion`, `response` or `assertion_and_response`.
    #[schema(example = "assertion")]
    signing: String,
    /// `sha256`, `sha384` or `sha512`; with RSA keys.
    #[schema(example = "sha256")]
    digest: String,
    session_seconds: Option<u32>,
    require_signed_requests: bool,
    /// Certificates of the service provider in PEM.
    request_certificates: Vec<String>,
    encryption: Option<Encryption>,
    /// How the service provider takes messages about logout.
    single_logout: Option<Logout>,
    /// The name of an attribute with the names of the person's groups.
    group_attribute: Option<String>,
    constant_attributes: Vec<Constant>,
    user_attribute_mapping: Vec<Mapped>,
    role_rules: Vec<Rule>,
}

/// An address that takes responses.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acs {
    url: String,
    index: Option<u16>,
}

/// Who assertions say the person is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameId {
    /// `email`, `username`, a directory attribute, or `custom:` and the name of a custom one.
    #[schema(example = "email")]
    source: String,
    /// `email`, `persistent`, `transient` or `unspecified`.
    #[schema(example = "email")]
    format: String,
}

/// To whom assertions are encrypted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encryption {
    /// PEM.
    certificate: String,
    /// The URI of the cipher.
    #[schema(example = "http://www.w3.org/2009/xmlenc11#aes256-gcm")]
    cipher: String,
}

/// How a service provider takes messages about logout.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SingleLogout)]
pub(crate) struct Logout {
    /// Where it takes requests.
    url: String,
    /// Where it takes responses, when not there.
    response_url: Option<String>,
    /// `redirect` or `post`.
    #[schema(value_type = String, example = "redirect")]
    binding: LogoutBinding,
}

/// An attribute that is the same for everyone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Constant {
    name: String,
    value: String,
}

/// An attribute that is taken from the person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapped {
    name: String,
    /// As in `name_id.source`.
    source: String,
}

/// Which group gets which role in which AWS account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleRule)]
pub(crate) struct Rule {
    /// A group's name, or a pattern with `*`, `{account}` and `{role}`.
    group: String,
    account: String,
    role: String,
    provider: String,
}

impl Saml {
    pub(crate) fn of(settings: &SamlSettings) -> Self {
        let pem = |der: &Vec<u8>| certificate_to_pem(der);
        Self {
            idp_entity_id: settings.idp_entity_id.clone(),
            audience: settings.audience.clone(),
            acs_url: settings.acs_url.clone(),
            acs_index: settings.acs_index,
            other_acs: settings
                .other_acs
                .iter()
                .map(|one| Acs {
                    url: one.url.clone(),
                    index: one.index,
                })
                .collect(),
            login_url: settings.login_url.as_ref().map(Url::to_string),
            relay_state: settings.relay_state.clone(),
            name_id: NameId {
                source: settings.name_id.source.to_string(),
                format: settings.name_id.format.as_str().to_owned(),
            },
            signing: settings.signing.as_str().to_owned(),
            digest: settings.digest.as_str().to_owned(),
            session_seconds: settings.session_seconds,
            require_signed_requests: settings.require_signed_requests,
            request_certificates: settings.request_certificates.iter().map(pem).collect(),
            encryption: settings.encryption.as_ref().map(|one| Encryption {
                certificate: certificate_to_pem(&one.certificate),
                cipher: one.cipher.clone(),
            }),
            single_logout: settings.single_logout.as_ref().map(|one| Logout {
                url: one.url.clone(),
                response_url: one.response_url.clone(),
                binding: one.binding,
            }),
            group_attribute: settings.group_attribute.clone(),
            constant_attributes: settings
                .constant_attributes
                .iter()
                .map(|(name, value)| Constant {
                    name: name.clone(),
                    value: value.clone(),
                })
                .collect(),
            user_attribute_mapping: settings
                .user_attribute_mapping
                .iter()
                .map(|one| Mapped {
                    name: one.name.clone(),
                    source: one.source.to_string(),
                })
                .collect(),
            role_rules: settings
                .role_rules
                .iter()
                .map(|one| Rule {
                    group: one.group.clone(),
                    account: one.account.clone(),
                    role: one.role.clone(),
                    provider: one.provider.clone(),
                })
                .collect(),
        }
    }

    /// The stored settings with `change` merged into them: members that it has replace those that
    /// are there, `null` takes away (RFC 7396). Lists are replaced as a whole.
    pub(crate) fn merged(settings: &SamlSettings, change: &Value) -> Result<SamlSettings, Problem> {
        let before = serde_json::to_value(Self::of(settings))
            .map_err(|error| Problem::field("saml", error.to_string()))?;
        let merged = merge(before, change);
        let document: Self = serde_json::from_value(merged)
            .map_err(|error| Problem::field("saml", error.to_string()))?;
        document.meant().map_err(Problem::invalid)
    }

    fn meant(self) -> Result<SamlSettings, Vec<FieldError>> {
        let mut wrong = Wrong::default();
        let login_url = self.login_url.as_deref().map(Url::parse).transpose();
        let login_url = wrong.keep("login_url", login_url).flatten();
        let signing = "use assertion, response or assertion_and_response";
        let signing = wrong.keep("signing", Signing::from_name(&self.signing).ok_or(signing));
        let digest = SignatureDigest::from_name(&self.digest);
        let digest = wrong.keep("digest", digest.ok_or("use sha256, sha384 or sha512"));
        let format = NameIdFormat::from_name(&self.name_id.format);
        let format = format.ok_or("use email, persistent, transient or unspecified");
        let format = wrong.keep("name_id.format", format);
        let source: Result<AttributeSource, _> = self.name_id.source.parse();
        let source = wrong.keep("name_id.source", source);
        let certificates = self.request_certificates.iter().enumerate();
        let certificates = certificates.filter_map(|(index, pem)| {
            wrong.keep(
                &format!("request_certificates[{index}]"),
                one_certificate(pem),
            )
        });
        let request_certificates = certificates.collect();
        let encryption = self.encryption.and_then(|one| {
            let certificate = one_certificate(&one.certificate);
            let certificate = wrong.keep("encryption.certificate", certificate)?;
            let cipher = one.cipher;
            Some(EncryptionSettings {
                certificate,
                cipher,
            })
        });
        let mapping = self.user_attribute_mapping.into_iter().enumerate();
        let mapping = mapping.filter_map(|(index, one)| {
            let source: Result<AttributeSource, _> = one.source.parse();
            let field = format!("user_attribute_mapping[{index}].source");
            let source = wrong.keep(&field, source)?;
            let name = one.name;
            Some(MappedAttribute { name, source })
        });
        let user_attribute_mapping = mapping.collect();
        let (Some(signing), Some(digest), Some(format), Some(source), true) =
            (signing, digest, format, source, wrong.0.is_empty())
        else {
            return Err(wrong.0);
        };
        let constant = self.constant_attributes.into_iter();
        Ok(SamlSettings {
            idp_entity_id: self.idp_entity_id,
            acs_url: self.acs_url,
            acs_index: self.acs_index,
            other_acs: self.other_acs.into_iter().map(Acs::meant).collect(),
            audience: self.audience,
            name_id: NameIdRule { source, format },
            signing,
            digest,
            encryption,
            request_certificates,
            require_signed_requests: self.require_signed_requests,
            login_url,
            relay_state: self.relay_state,
            session_seconds: self.session_seconds,
            single_logout: self.single_logout.map(Logout::meant),
            group_attribute: self.group_attribute,
            constant_attributes: constant.map(|one| (one.name, one.value)).collect(),
            user_attribute_mapping,
            role_rules: self.role_rules.into_iter().map(Rule::meant).collect(),
        })
    }
}

impl Acs {
    fn meant(self) -> RegisteredAcs {
        RegisteredAcs {
            url: self.url,
            index: self.index,
        }
    }
}

impl Logout {
    fn meant(self) -> SingleLogout {
        SingleLogout {
            url: self.url,
            response_url: self.response_url,
            binding: self.binding,
        }
    }
}

impl Rule {
    fn meant(self) -> RoleRule {
        RoleRule {
            group: self.group,
            account: self.account,
            role: self.role,
            provider: self.provider,
        }
    }
}

fn one_certificate(pem: &str) -> Result<Vec<u8>, String> {
    let mut read = certificates_from_pem(pem).map_err(|error| error.to_string())?;
    let certificate = read.pop().filter(|_| read.is_empty());
    certificate.ok_or_else(|| "send one certificate in PEM".to_owned())
}

/// What cannot be read, each with its field.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    /// What was read, or nothing with the reason noted.
    fn keep<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(reason) => {
                let field = format!("saml.{field}");
                self.0.push(FieldError::new(field, reason.to_string()));
                None
            }
        }
    }
}

/// RFC 7396 §2, but for the empty object that `null` members become: a member that is `null` stays
/// one, so that what may be absent is.
fn merge(target: Value, change: &Value) -> Value {
    let (Value::Object(mut target), Value::Object(change)) = (target, change) else {
        return change.clone();
    };
    for (name, change) in change {
        let before = target.remove(name).unwrap_or(Value::Null);
        target.insert(name.clone(), merge(before, change));
    }
    Value::Object(target)
}
