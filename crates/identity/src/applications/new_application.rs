//! An application to be, and the rules for saving one.

use jetway_saml::{ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME, EncryptionKey};
use url::{Host, Url};

use crate::applications::problems::{InvalidApplication, Problems};
use crate::applications::{
    AttributeSource, MappedAttribute, NameIdFormat, NameIdRule, SamlKind, SamlSettings,
    SignatureDigest, Signing, idp_url, role_rules,
};
use crate::text;

/// Where browsers post responses for AWS.
pub const AWS_SIGN_IN_URL: &str = "https://signin.aws.amazon.com/saml";
/// The audience that AWS expects.
pub const AWS_AUDIENCE: &str = "urn:amazon:webservices";
/// Stands in the template where an administrator must put a number.
pub const ROLE_PLACEHOLDER: &str = "YOUR_AWS_ACCOUNT_NUMBER";

const MAX_ATTRIBUTES: usize = 250;
const MAX_ACS: usize = 100;
const MAX_CERTIFICATES: usize = 10;
const MAX_CERTIFICATE: usize = 16 << 10;
/// SAML bindings 3.5.3: "RelayState data … MUST NOT exceed 80 bytes in length". AWS documents
/// longer ones for its console, and takes them.
const MAX_RELAY_STATE: usize = 2048;

/// An application to create.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// 1 to 64 lower-case letters, digits and hyphens, a letter or digit at both ends; unique and
    /// final.
    pub slug: String,
    pub label: String,
    pub description: String,
    /// `#rrggbb`
    pub color: String,
    pub kind: SamlKind,
    /// An active application must be complete; an inactive one may still hold the placeholder.
    pub active: bool,
    pub show_in_portal: bool,
    pub saml: SamlSettings,
}

impl NewApplication {
    /// An application of this kind with the settings of the catalogue's template (requirements I10,
    /// J02 and J04): inactive until what is missing is filled in.
    pub fn of_kind(kind: SamlKind, slug: &str, label: &str, public_url: &Url) -> Self {
        Self {
            slug: slug.to_owned(),
            label: label.to_owned(),
            description: String::new(),
            color: "#d86613".to_owned(),
            kind,
            active: false,
            show_in_portal: true,
            saml: template(kind, idp_url(public_url, slug)),
        }
    }

    /// The template "Amazon Web Services (IAM)".
    pub fn aws_iam(slug: &str, label: &str, public_url: &Url) -> Self {
        Self::of_kind(SamlKind::AwsIam, slug, label, public_url)
    }

    /// Checks everything that can be known before a person signs in.
    pub(crate) fn check(&self) -> Result<(), InvalidApplication> {
        let mut problems = Problems::default();
        check_slug(&self.slug, &mut problems);
        check_appearance((&self.label, &self.description, &self.color), &mut problems);
        self.saml.check(self.kind, self.active, &mut problems);
        problems.into_result()
    }
}

fn template(kind: SamlKind, idp_entity_id: String) -> SamlSettings {
    let mut settings = SamlSettings {
        idp_entity_id,
        acs_url: String::new(),
        acs_index: None,
        other_acs: Vec::new(),
        audience: String::new(),
        name_id: NameIdRule {
            source: AttributeSource::Email,
            format: NameIdFormat::Email,
        },
        signing: Signing::Assertion,
        digest: SignatureDigest::Sha256,
        encryption: None,
        request_certificates: Vec::new(),
        require_signed_requests: false,
        single_logout: None,
        login_url: None,
        relay_state: String::new(),
        session_seconds: None,
        group_attribute: None,
        constant_attributes: Vec::new(),
        user_attribute_mapping: Vec::new(),
        role_rules: Vec::new(),
    };
    if kind.is_aws_iam() {
        AWS_SIGN_IN_URL.clone_into(&mut settings.acs_url);
        AWS_AUDIENCE.clone_into(&mut settings.audience);
        settings.user_attribute_mapping = vec![MappedAttribute {
            name: ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
            source: AttributeSource::Email,
        }];
    }
    if kind == SamlKind::AwsIam {
        let role = format!(
            "arn:aws:iam::{ROLE_PLACEHOLDER}:role/SAML-User,arn:aws:iam::{ROLE_PLACEHOLDER}:saml-provider/JumpCloud"
        );
        settings.constant_attributes = vec![
            (
                ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
                "SSO-User".to_owned(),
            ),
            (ATTRIBUTE_ROLE.to_owned(), role),
        ];
    }
    settings
}

/// What every application has, whatever people do with it: label, description, color.
pub(super) fn check_appearance(
    (label, description, color): (&str, &str, &str),
    problems: &mut Problems,
) {
    problems.check("label", text::check_filled("the label", label, 256));
    problems.check(
        "description",
        text::check("the description", description, 256),
    );
    let digits = color.strip_prefix('#');
    if !digits.is_some_and(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit())) {
        let reason = format!("the color must be written #rrggbb, but is {color:?}");
        problems.add("color", reason);
    }
}

pub(super) fn check_slug(slug: &str, problems: &mut Problems) {
    let alphabet = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let sound = (1..=64).contains(&slug.len())
        && slug.bytes().all(alphabet)
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if !sound {
        let reason = format!(
            "the application's name in the URL must be 1 to 64 lower-case letters, digits and hyphens, with a letter or digit at both ends, but is {slug:?}"
        );
        problems.add("slug", reason);
    }
}

impl SamlSettings {
    /// Checks the settings of an application; those of an active one have to be complete.
    pub(super) fn check(&self, kind: SamlKind, active: bool, problems: &mut Problems) {
        problems.check(
            "saml.idp_entity_id",
            text::check_filled("the IdP entity id", &self.idp_entity_id, 1024),
        );
        self.check_service_provider(active, problems);
        self.check_sessions(kind, problems);
        self.check_attributes(problems);
        for (index, rule) in self
            .role_rules
            .iter()
            .enumerate()
            .take(role_rules::MAX_RULES)
        {
            for problem in rule.problems() {
                let field = format!("saml.role_rules.{index}.{}", problem.field);
                problems.add(field, problem.reason);
            }
        }
        if self.role_rules.len() > role_rules::MAX_RULES {
            let most = role_rules::MAX_RULES;
            problems.add("saml.role_rules", format!("there are at most {most} rules"));
        }
        if !self.role_rules.is_empty() && !kind.is_aws_iam() {
            let reason = "role rules are for AWS IAM; this application gives no roles";
            problems.add("saml.role_rules", reason);
        }
        if active {
            self.check_values(kind, problems);
        }
    }

    fn check_service_provider(&self, active: bool, problems: &mut Problems) {
        let field = "saml.audience";
        if !self.audience.is_empty() || active {
            let checked = text::check_filled("the SP entity id", &self.audience, 1024);
            problems.check(field, checked);
        }
        if !self.acs_url.is_empty() || active {
            check_acs_url("saml.acs_url", &self.acs_url, problems);
        }
        for (index, other) in self.other_acs.iter().enumerate() {
            check_acs_url(&format!("saml.other_acs.{index}.url"), &other.url, problems);
        }
        if let Some(logout) = &self.single_logout {
            check_address(
                "saml.single_logout.url",
                "logout URL",
                &logout.url,
                problems,
            );
            if let Some(url) = &logout.response_url {
                let field = "saml.single_logout.response_url";
                check_address(field, "logout URL", url, problems);
            }
        }
        if self.other_acs.len() > MAX_ACS {
            let reason = format!("at most {MAX_ACS} further ACS URLs are possible");
            problems.add("saml.other_acs", reason);
        }
        let certificates = &self.request_certificates;
        if certificates.len() > MAX_CERTIFICATES
            || certificates.iter().any(|der| der.len() > MAX_CERTIFICATE)
        {
            let reason = format!("at most {MAX_CERTIFICATES} certificates are possible");
            problems.add("saml.request_certificates", reason);
        }
        for (index, der) in certificates.iter().enumerate().take(MAX_CERTIFICATES) {
            let read = jetway_saml::VerifyingKey::from_certificate_der(der);
            problems.check(
                format!("saml.request_certificates.{index}"),
                read.map(|_| ()),
            );
        }
        if let Some(encryption) = &self.encryption {
            let read = EncryptionKey::from_certificate_der(&encryption.certificate);
            problems.check("saml.encryption.certificate", read.map(|_| ()));
            if encryption.content_cipher().is_none() {
                let reason = "choose AES-256-GCM, AES-128-GCM or AES-256-CBC";
                problems.add("saml.encryption.cipher", reason);
            }
        }
        if self.require_signed_requests && certificates.is_empty() {
            let reason = "without a certificate of the service provider no signature of a request can be checked";
            problems.add("saml.require_signed_requests", reason);
        }
    }

    fn check_sessions(&self, kind: SamlKind, problems: &mut Problems) {
        let relay_state = text::check("the RelayState", &self.relay_state, MAX_RELAY_STATE);
        problems.check("saml.relay_state", relay_state);
        if let Some(url) = &self.login_url
            && !(is_web_address(url) && url.as_str().len() <= 2048)
        {
            let reason = "the login URL must be an address that starts with https:// or http://, without a password in it";
            problems.add("saml.login_url", reason);
        }
        let (least, most) = if kind.is_aws_iam() {
            (900, 43_200)
        } else {
            (60, 7 * 86_400)
        };
        if self
            .session_seconds
            .is_some_and(|seconds| !(least..=most).contains(&seconds))
        {
            let reason = format!("the session lasts from {least} to {most} seconds");
            problems.add("saml.session_seconds", reason);
        }
        if let Some(name) = &self.group_attribute {
            let checked = text::check_filled("an attribute name", name, 512);
            problems.check("saml.group_attribute", checked);
        }
    }

    fn check_attributes(&self, problems: &mut Problems) {
        let count = self.constant_attributes.len() + self.user_attribute_mapping.len();
        if count > MAX_ATTRIBUTES {
            let reason =
                format!("there are {count} attributes; at most {MAX_ATTRIBUTES} are possible");
            problems.add("saml.constant_attributes", reason);
            return;
        }
        for (index, (name, value)) in self.constant_attributes.iter().enumerate() {
            let field = |member| format!("saml.constant_attributes.{index}.{member}");
            problems.check(
                field("name"),
                text::check_filled("an attribute name", name, 512),
            );
            problems.check(
                field("value"),
                text::check_filled("a constant attribute's value", value, 2048),
            );
        }
        for (index, mapped) in self.user_attribute_mapping.iter().enumerate() {
            let field = format!("saml.user_attribute_mapping.{index}.name");
            let checked = text::check_filled("an attribute name", &mapped.name, 512);
            problems.check(field, checked);
        }
    }

    /// Whether the service provider can accept assertions made from these settings, as far as that
    /// is known without a person.
    fn check_values(&self, kind: SamlKind, problems: &mut Problems) {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (index, (name, value)) in self.constant_attributes.iter().enumerate() {
            let field = format!("saml.constant_attributes.{index}.value");
            problems.check(field, kind.check_value(name, value).map(|_| ()));
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        let by_rule = (!self.role_rules.is_empty()).then_some(ATTRIBUTE_ROLE);
        let mapped = self.user_attribute_mapping.iter();
        for name in mapped.map(|mapped| mapped.name.as_str()).chain(by_rule) {
            if !counts.iter().any(|(known, _)| *known == name) {
                counts.push((name, 1));
            }
        }
        problems.check(
            "saml.constant_attributes",
            kind.check_counts(counts.iter().copied()),
        );
        if kind == SamlKind::IdentityCenter && self.name_id.format != NameIdFormat::Email {
            let reason = "IAM Identity Center takes the NameID format e-mail address only";
            problems.add("saml.name_id.format", reason);
        }
        if kind == SamlKind::IdentityCenter && self.encryption.is_some() {
            let reason = "IAM Identity Center takes no encrypted assertions";
            problems.add("saml.encryption", reason);
        }
    }
}

/// Whatever else browsers open (`javascript:` above all) has no place in a portal.
pub(super) fn is_web_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
}

fn check_acs_url(field: &str, acs_url: &str, problems: &mut Problems) {
    check_address(field, "ACS URL", acs_url, problems);
}

/// What a browser carries to a service provider may only travel over TLS, or inside this machine: a
/// response is as good as a password.
fn check_address(field: &str, what: &str, address: &str, problems: &mut Problems) {
    let local = |url: &Url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let sound = Url::parse(address).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => local(&url),
        _ => false,
    });
    let clean = address.len() <= 1024 && address.bytes().all(|b| b.is_ascii_graphic());
    if !(sound && clean) {
        let reason = format!(
            "the {what} must be an https address (http only on this machine), but is {address:?}"
        );
        problems.add(field, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> NewApplication {
        let public = Url::parse("http://localhost:8700").unwrap();
        NewApplication::aws_iam("acme-prod", "Acme production", &public)
    }

    fn fields(checked: Result<(), InvalidApplication>) -> Vec<String> {
        let problems = checked.err().map_or(Vec::new(), |invalid| invalid.0);
        problems.into_iter().map(|problem| problem.field).collect()
    }

    /// Requirement J02.
    #[test]
    fn the_template_can_be_saved_but_not_activated_before_the_account_is_put_in() {
        let mut new = template();
        assert_eq!(new.check(), Ok(()));
        assert_eq!(
            new.saml.idp_entity_id,
            "http://localhost:8700/saml2/acme-prod"
        );
        new.active = true;
        let refused = new.check();
        assert!(
            refused
                .clone()
                .unwrap_err()
                .to_string()
                .contains(ROLE_PLACEHOLDER)
        );
        assert_eq!(fields(refused), ["saml.constant_attributes.1.value"]);
        for (_, value) in &mut new.saml.constant_attributes {
            *value = value.replace(ROLE_PLACEHOLDER, "012345678987");
        }
        assert_eq!(new.check(), Ok(()));
    }

    /// Requirement G11.
    #[test]
    fn an_application_may_exist_unconfigured_but_not_be_switched_on() {
        let public = Url::parse("http://localhost:8700").unwrap();
        for kind in [SamlKind::IdentityCenter, SamlKind::Custom] {
            let mut new = NewApplication::of_kind(kind, "x", "X", &public);
            assert_eq!(new.check(), Ok(()));
            new.active = true;
            assert_eq!(fields(new.check()), ["saml.audience", "saml.acs_url"]);
        }
        let mut new = NewApplication::of_kind(SamlKind::AwsIamRoles, "x", "X", &public);
        new.active = true;
        assert_eq!(fields(new.check()), ["saml.constant_attributes"]);
        new.saml.role_rules = vec![crate::applications::RoleRule {
            group: "ops".to_owned(),
            account: "012345678987".to_owned(),
            role: "Admin".to_owned(),
            provider: "jetway".to_owned(),
        }];
        assert_eq!(new.check(), Ok(()));
    }

    #[test]
    fn all_problems_are_told_at_once_with_their_fields() {
        let mut new = template();
        new.label.clear();
        "red".clone_into(&mut new.color);
        "http://signin.aws.amazon.com/saml".clone_into(&mut new.saml.acs_url);
        new.saml.session_seconds = Some(899);
        new.saml.require_signed_requests = true;
        new.saml.request_certificates = Vec::new();
        new.saml.login_url = Some(Url::parse("javascript:alert(1)").unwrap());
        assert_eq!(
            fields(new.check()),
            [
                "label",
                "color",
                "saml.acs_url",
                "saml.require_signed_requests",
                "saml.login_url",
                "saml.session_seconds"
            ]
        );
    }

    #[test]
    fn a_slug_is_lower_case_letters_digits_and_hyphens() {
        let is_good = |slug: &str| {
            let mut problems = Problems::default();
            check_slug(slug, &mut problems);
            problems.into_result().is_ok()
        };
        for good in ["a", "aws-a", "acme-prod-aws-admin", "0"] {
            assert!(is_good(good), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", "-a", "a-", "A", "a_b", "a/b", "a b", "ä", &long] {
            assert!(!is_good(bad), "{bad}");
        }
    }

    #[test]
    fn responses_travel_over_tls_or_inside_this_machine() {
        let is_good = |url: &str| {
            let mut problems = Problems::default();
            check_acs_url("saml.acs_url", url, &mut problems);
            problems.into_result().is_ok()
        };
        for good in [
            AWS_SIGN_IN_URL,
            "http://localhost:4566/saml",
            "http://127.0.0.1:1/x",
        ] {
            assert!(is_good(good), "{good}");
        }
        for bad in [
            "",
            "http://signin.aws.amazon.com/saml",
            "javascript:alert(1)",
            "//x/y",
        ] {
            assert!(!is_good(bad), "{bad}");
        }
    }
}
