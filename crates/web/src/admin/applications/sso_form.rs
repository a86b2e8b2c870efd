//! The form of the tab SSO: what was typed, and what it means.

use jetway_identity::applications::{
    CIPHERS, EncryptionSettings, NameIdFormat, NameIdRule, RegisteredAcs, SamlKind, SamlSettings,
    SignatureDigest, Signing, certificate_to_pem, certificates_from_pem,
};
use jetway_identity::{AttributeSource, applications::ApplicationProblem};
use jetway_pages::admin::parts::{Choice, Field, Select, Tick};
use url::Url;

use crate::admin::custom_attributes::sentence;
use crate::admin::typed_lines;
use crate::shared::{Failure, Fields, typeable};

/// The value of the choice "Custom User or Group Attribute".
pub(super) const CUSTOM: &str = "custom";

/// The fields of a person that a NameID or an attribute can be taken from, with their words.
pub(super) fn sources() -> impl Iterator<Item = (String, String)> {
    let basic = ["email", "username", "firstname", "lastname", "displayname"];
    let all = basic
        .into_iter()
        .chain(jetway_identity::applications::DIRECTORY_ATTRIBUTES);
    all.map(|name| (name.to_owned(), name.to_owned()))
        .chain(std::iter::once((
            CUSTOM.to_owned(),
            "Custom User or Group Attribute".to_owned(),
        )))
}

/// The choice of a source, and the name of the custom attribute.
pub(super) fn source_choice(source: &AttributeSource) -> (String, String) {
    match source {
        AttributeSource::Custom(name) => (CUSTOM.to_owned(), name.clone()),
        other => (other.to_string(), String::new()),
    }
}

/// The reverse of [`source_choice`].
pub(super) fn source_of(choice: &str, custom: &str) -> Result<AttributeSource, String> {
    let text = if choice == CUSTOM {
        format!("custom:{}", custom.trim())
    } else {
        choice.to_owned()
    };
    text.parse()
        .map_err(|_| "Name the custom attribute.".to_owned())
}

/// What the form holds, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) idp_entity_id: Field,
    pub(super) audience: Field,
    pub(super) acs_url: Field,
    pub(super) other_acs: Field,
    pub(super) login_url: Field,
    pub(super) relay_state: Field,
    pub(super) name_id_source: String,
    pub(super) name_id_custom: Field,
    pub(super) name_id_format: String,
    pub(super) name_id_format_error: Option<String>,
    pub(super) signing: String,
    pub(super) digest: String,
    pub(super) session_seconds: Field,
    pub(super) require_signed_requests: Tick,
    pub(super) request_certificates: Field,
    /// The URI; empty: not encrypted.
    pub(super) cipher: String,
    pub(super) cipher_error: Option<String>,
    pub(super) encryption_certificate: Field,
}

impl Typed {
    /// The form of what is stored.
    pub(super) fn stored(settings: &SamlSettings) -> Self {
        let (name_id_source, name_id_custom) = source_choice(&settings.name_id.source);
        let pem = settings.request_certificates.iter();
        let encryption = settings.encryption.as_ref();
        Self {
            idp_entity_id: Field::new(&settings.idp_entity_id),
            audience: Field::new(&settings.audience),
            acs_url: Field::new(&settings.acs_url),
            other_acs: Field::new(lines(&settings.other_acs)),
            login_url: Field::new(settings.login_url.as_ref().map_or("", Url::as_str)),
            relay_state: Field::new(&settings.relay_state),
            name_id_source,
            name_id_custom: Field::new(name_id_custom),
            name_id_format: settings.name_id.format.as_str().to_owned(),
            name_id_format_error: None,
            signing: settings.signing.as_str().to_owned(),
            digest: settings.digest.as_str().to_owned(),
            session_seconds: Field::new(
                settings
                    .session_seconds
                    .map_or(String::new(), |seconds| seconds.to_string()),
            ),
            require_signed_requests: settings.require_signed_requests.into(),
            request_certificates: Field::new(
                pem.map(|der| certificate_to_pem(der)).collect::<String>(),
            ),
            cipher: encryption.map_or(String::new(), |one| one.cipher.clone()),
            cipher_error: None,
            encryption_certificate: Field::new(
                encryption.map_or(String::new(), |one| certificate_to_pem(&one.certificate)),
            ),
        }
    }

    /// What came.
    pub(super) fn sent(fields: &Fields<'_>) -> Result<Self, Failure> {
        let text = |name: &str| -> Result<Field, Failure> {
            let text = fields.get(name)?.unwrap_or_default();
            Ok(Field::new(typeable(text.trim())))
        };
        let lines = |name: &str| -> Result<Field, Failure> {
            Ok(Field::new(typed_lines(
                fields.get(name)?.unwrap_or_default(),
            )))
        };
        let choice = |name: &str| -> Result<String, Failure> {
            Ok(fields.get(name)?.unwrap_or_default().to_owned())
        };
        Ok(Self {
            idp_entity_id: text("idp_entity_id")?,
            audience: text("audience")?,
            acs_url: text("acs_url")?,
            other_acs: lines("other_acs")?,
            login_url: text("login_url")?,
            relay_state: text("relay_state")?,
            name_id_source: choice("name_id_source")?,
            name_id_custom: text("name_id_custom")?,
            name_id_format: choice("name_id_format")?,
            name_id_format_error: None,
            signing: choice("signing")?,
            digest: choice("digest")?,
            session_seconds: text("session_seconds")?,
            require_signed_requests: (fields.get("require_signed_requests")?.is_some()).into(),
            request_certificates: lines("request_certificates")?,
            cipher: choice("cipher")?,
            cipher_error: None,
            encryption_certificate: lines("encryption_certificate")?,
        })
    }

    /// The settings that are meant, with everything else as it was; `None` when a field cannot be
    /// read: then it says why.
    pub(super) fn settings(
        &mut self,
        before: &SamlSettings,
    ) -> Result<Option<SamlSettings>, Failure> {
        let mut after = before.clone();
        let mut sound = true;
        after.idp_entity_id.clone_from(&self.idp_entity_id.value);
        after.audience.clone_from(&self.audience.value);
        after.acs_url.clone_from(&self.acs_url.value);
        after.relay_state.clone_from(&self.relay_state.value);
        after.require_signed_requests = self.require_signed_requests.on;
        after.signing = Signing::from_name(&self.signing).ok_or_else(Failure::bad_request)?;
        after.digest = SignatureDigest::from_name(&self.digest).ok_or_else(Failure::bad_request)?;
        let format = NameIdFormat::from_name(&self.name_id_format);
        let format = format.ok_or_else(Failure::bad_request)?;
        match source_of(&self.name_id_source, &self.name_id_custom.value) {
            Ok(source) => after.name_id = NameIdRule { source, format },
            Err(reason) => sound = refuse(&mut self.name_id_custom, reason),
        }
        match registered(&self.other_acs.value) {
            Ok(registered) => after.other_acs = registered,
            Err(reason) => sound = refuse(&mut self.other_acs, reason),
        }
        after.login_url = None;
        if !self.login_url.value.is_empty() {
            match Url::parse(&self.login_url.value) {
                Ok(url) => after.login_url = Some(url),
                Err(_) => sound = refuse(&mut self.login_url, "This is not an address."),
            }
        }
        after.session_seconds = None;
        if !self.session_seconds.value.is_empty() {
            if let Ok(seconds) = self.session_seconds.value.parse() {
                after.session_seconds = Some(seconds);
            } else {
                let reason = "Write a whole number of seconds, or nothing.";
                sound = refuse(&mut self.session_seconds, reason);
            }
        }
        match certificates_from_pem(&self.request_certificates.value) {
            Ok(certificates) => after.request_certificates = certificates,
            Err(error) => {
                let reason = sentence(&error.to_string());
                sound = refuse(&mut self.request_certificates, reason);
            }
        }
        after.encryption = None;
        if !self.cipher.is_empty() {
            let mut certificates =
                certificates_from_pem(&self.encryption_certificate.value).unwrap_or_default();
            if let Some(certificate) = certificates.pop().filter(|_| certificates.is_empty()) {
                let cipher = self.cipher.clone();
                after.encryption = Some(EncryptionSettings {
                    certificate,
                    cipher,
                });
            } else {
                let reason = "Paste the one certificate of the service provider, in PEM.";
                sound = refuse(&mut self.encryption_certificate, reason);
            }
        }
        Ok(sound.then_some(after))
    }

    /// Puts the problems beside their fields; those that belong to none are given back.
    pub(super) fn mark(&mut self, problems: Vec<ApplicationProblem>) -> Vec<String> {
        let mut rest = Vec::new();
        for problem in problems {
            let reason = sentence(&problem.reason);
            let path = problem.field.strip_prefix("saml.").unwrap_or_default();
            let field = match path.split('.').next().unwrap_or_default() {
                "idp_entity_id" => &mut self.idp_entity_id,
                "audience" => &mut self.audience,
                "acs_url" => &mut self.acs_url,
                "other_acs" => &mut self.other_acs,
                "login_url" => &mut self.login_url,
                "relay_state" => &mut self.relay_state,
                "session_seconds" => &mut self.session_seconds,
                "request_certificates" => &mut self.request_certificates,
                "require_signed_requests" => {
                    self.require_signed_requests.error = Some(reason);
                    continue;
                }
                "name_id" => {
                    self.name_id_format_error = Some(reason);
                    continue;
                }
                "encryption" if path.ends_with("certificate") => &mut self.encryption_certificate,
                "encryption" => {
                    self.cipher_error = Some(reason);
                    continue;
                }
                _ => {
                    rest.push(reason);
                    continue;
                }
            };
            field.error = Some(reason);
        }
        rest
    }

    pub(super) fn name_id_source(&self) -> Select {
        Select {
            choices: sources()
                .map(|(value, text)| {
                    let selected = value == self.name_id_source;
                    Choice::new(value, text, selected)
                })
                .collect(),
            error: None,
        }
    }

    pub(super) fn name_id_format(&self) -> Select {
        let choice = |format: NameIdFormat| {
            let selected = format.as_str() == self.name_id_format;
            Choice::new(format.as_str(), format.uri(), selected)
        };
        Select {
            choices: NameIdFormat::ALL.into_iter().map(choice).collect(),
            error: self.name_id_format_error.clone(),
        }
    }

    pub(super) fn signing(&self) -> Select {
        let choice = |what: Signing| {
            let text = match what {
                Signing::Assertion => "the assertion",
                Signing::Response => "the response",
                Signing::AssertionAndResponse => "the assertion and the response",
            };
            Choice::new(what.as_str(), text, what.as_str() == self.signing)
        };
        Select {
            choices: Signing::ALL.into_iter().map(choice).collect(),
            error: None,
        }
    }

    pub(super) fn digest(&self) -> Select {
        let choice = |digest: SignatureDigest| {
            let text = match digest {
                SignatureDigest::Sha256 => "RSA-SHA256",
                SignatureDigest::Sha384 => "RSA-SHA384",
                SignatureDigest::Sha512 => "RSA-SHA512",
            };
            Choice::new(digest.as_str(), text, digest.as_str() == self.digest)
        };
        Select {
            choices: SignatureDigest::ALL.into_iter().map(choice).collect(),
            error: None,
        }
    }

    /// The choice of a cipher and the certificate; `None` where there is none to make.
    pub(super) fn encryption(&self, kind: SamlKind) -> Option<(Select, Field)> {
        if kind == SamlKind::IdentityCenter {
            return None;
        }
        let texts = ["AES-256-GCM", "AES-128-GCM", "AES-256-CBC"];
        let mut choices = vec![Choice::new("", "not encrypted", self.cipher.is_empty())];
        for (cipher, text) in CIPHERS.into_iter().zip(texts) {
            choices.push(Choice::new(cipher.uri(), text, cipher.uri() == self.cipher));
        }
        let select = Select {
            choices,
            error: self.cipher_error.clone(),
        };
        Some((select, self.encryption_certificate.clone()))
    }
}

fn refuse(field: &mut Field, reason: impl Into<String>) -> bool {
    field.error = Some(reason.into());
    false
}

fn lines(registered: &[RegisteredAcs]) -> String {
    let line = |one: &RegisteredAcs| match one.index {
        Some(index) => format!("{index} {}", one.url),
        None => one.url.clone(),
    };
    registered.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The reverse of [`lines`].
fn registered(text: &str) -> Result<Vec<RegisteredAcs>, String> {
    let line = |line: &str| match line.split_once(char::is_whitespace) {
        None => Ok(RegisteredAcs {
            url: line.to_owned(),
            index: None,
        }),
        Some((index, url)) => match index.parse() {
            Ok(index) => Ok(RegisteredAcs {
                url: url.trim().to_owned(),
                index: Some(index),
            }),
            Err(_) => Err(format!(
                "Write a number and an address, or an address alone, not “{line}”."
            )),
        },
    };
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    filled.map(line).collect()
}
