//! The instance of IAM Identity Center with its permission sets and assignments
//! (identity-center.md §2.2, §2.5, §3.1, §4).

use std::{collections::BTreeMap, sync::Arc};

use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Tag;

/// The instance and what it manages.
#[derive(Clone, Debug)]
pub struct IdentityCenter {
    /// The instance itself.
    pub instance: Arc<InstanceRecord>,
    /// Permission sets by id (`ps-…`).
    pub permission_sets: OrdMap<String, Arc<PermissionSetRecord>>,
    /// Who holds what where.
    pub assignments: OrdMap<AssignmentKey, AssignmentRecord>,
    /// Asynchronous requests by id.
    pub requests: OrdMap<Uuid, Arc<RequestRecord>>,
}

impl IdentityCenter {
    pub(super) fn new(instance: InstanceRecord) -> Self {
        Self {
            instance: Arc::new(instance),
            permission_sets: OrdMap::new(),
            assignments: OrdMap::new(),
            requests: OrdMap::new(),
        }
    }

    /// The assignments in one account.
    pub fn assignments_in<'a>(
        &'a self,
        account: &'a str,
    ) -> impl Iterator<Item = (&'a AssignmentKey, &'a AssignmentRecord)> + 'a {
        let first = AssignmentKey {
            account: account.to_owned(),
            permission_set: String::new(),
            principal: Principal::User(Uuid::nil()),
        };
        self.assignments
            .range(first..)
            .take_while(move |(key, _)| key.account == account)
    }
}

/// The instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InstanceRecord {
    /// `ssoins-` and 16 hexadecimal characters.
    pub id: String,
    /// `d-` and 10 hexadecimal characters.
    pub identity_store_id: String,
    /// The account that enabled it: the management account of the organisation.
    pub owner_account: String,
    /// Where it lives: the `SSO region`.
    pub region: String,
    /// The instance's name, if it was given one.
    #[serde(default)]
    pub name: Option<String>,
    /// Unix seconds.
    pub created_at: i64,
    /// The portal's own subdomain of `awsapps.com`, if one was chosen.
    #[serde(default)]
    pub portal_alias: Option<String>,
    /// Seconds that a sign-in to the portal lasts; 28 800 by default.
    pub portal_session_seconds: i64,
    /// Seconds that an access token of a command line lasts, within the sign-in to the portal.
    #[serde(default = "eight_hours")]
    pub access_token_seconds: i64,
    /// Where people come from.
    #[serde(default)]
    pub identity_source: IdentitySource,
    /// The tenant id in the address of the assertion consumer service.
    pub saml_tenant: String,
    /// Automatic provisioning, once it was enabled.
    #[serde(default)]
    pub provisioning: Option<ProvisioningRecord>,
    /// Attributes for access control, if enabled, in the order in which they were set.
    #[serde(default)]
    pub access_control: Option<Vec<AccessControlAttribute>>,
    /// Which value counts when an assertion and the directory give the same attribute
    /// (identity-center.md §4.6).
    #[serde(default)]
    pub attribute_precedence: AttributePrecedence,
    /// When an identity provider or one of its certificates was trusted no longer, the last time;
    /// Unix seconds. Sign-ins up to then are over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_ended_at: Option<i64>,
    /// Tags of the instance.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

/// Seconds that a token lasts unless somebody says otherwise.
const fn eight_hours() -> i64 {
    8 * 3600
}

impl InstanceRecord {
    /// `arn:aws:sso:::instance/ssoins-…`
    pub fn arn(&self) -> String {
        format!("arn:aws:sso:::instance/{}", self.id)
    }

    /// `arn:aws:sso:::permissionSet/ssoins-…/ps-…`
    pub fn permission_set_arn(&self, permission_set: &str) -> String {
        format!("arn:aws:sso:::permissionSet/{}/{permission_set}", self.id)
    }

    /// `https://d-….awsapps.com/start`: the address that AWS would have. The AWS CLI looks at its
    /// name and never goes there.
    pub fn start_url(&self) -> String {
        let name = self
            .portal_alias
            .as_ref()
            .unwrap_or(&self.identity_store_id);
        format!("https://{name}.awsapps.com/start")
    }

    /// The entity id of the instance as a service provider.
    pub fn issuer_url(&self) -> String {
        format!(
            "https://{}.signin.aws.amazon.com/platform/saml/{}",
            self.region, self.identity_store_id
        )
    }
}

/// Where the people of an instance come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentitySource {
    /// The Identity Center directory: nobody can sign in here, there are no passwords.
    #[default]
    Directory,
    /// An external identity provider, by SAML 2.0.
    External(ExternalIdentityProvider),
}

/// An external identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalIdentityProvider {
    /// Its entity id: the Issuer of its assertions.
    pub entity_id: String,
    /// Where a person is sent to sign in, by redirect or else by POST.
    pub sign_in_url: String,
    /// Whether `sign_in_url` takes requests by POST only.
    #[serde(default)]
    pub sign_in_by_post: bool,
    /// Active signing certificates: at least one, at most two.
    pub certificates: Vec<CertificateRecord>,
}

/// A certificate of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRecord {
    /// Random.
    pub id: Uuid,
    /// Base64 of the DER.
    pub der: String,
    /// Unix seconds.
    pub imported_at: i64,
}

/// Automatic provisioning: the SCIM endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProvisioningRecord {
    /// First part of the path.
    pub tenant: String,
    /// `aws`, `aws-50` or `rfc`.
    pub profile: String,
    /// At most two.
    pub tokens: Vec<ScimTokenRecord>,
    /// Unix seconds.
    pub enabled_at: i64,
    /// Whether a request may ask for a fault with the header `x-jetway-fault`.
    #[serde(default)]
    pub faults: bool,
}

/// A token of the SCIM endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScimTokenRecord {
    /// Random.
    pub id: Uuid,
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds: a year later.
    pub expires_at: i64,
}

/// One attribute for access control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessControlAttribute {
    /// The key of the session tag.
    pub key: String,
    /// `${path:enterprise.costCenter}` and the like.
    pub source: String,
}

/// Whose value of an attribute counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributePrecedence {
    /// The assertion's, as the identity provider's guide says.
    #[default]
    Assertion,
    /// The directory's, as the API's documentation says.
    Directory,
}

/// A permission set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PermissionSetRecord {
    /// `ps-` and 16 hexadecimal characters.
    pub id: String,
    /// Unique in the instance.
    pub name: String,
    /// Description, if given.
    #[serde(default)]
    pub description: Option<String>,
    /// ISO 8601 duration, as given; `PT1H` by default.
    pub session_duration: String,
    /// Where the console opens.
    #[serde(default)]
    pub relay_state: Option<String>,
    /// Unix seconds.
    pub created_at: i64,
    /// ARNs of AWS managed policies, in order of attachment.
    #[serde(default)]
    pub managed: Vec<String>,
    /// Policies that each account must have.
    #[serde(default)]
    pub customer_managed: Vec<PolicyReference>,
    /// Inline policy, JSON text.
    #[serde(default)]
    pub inline: Option<String>,
    /// Permissions boundary.
    #[serde(default)]
    pub boundary: Option<PermissionsBoundary>,
    /// Tags of the permission set; they do not reach the roles.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Counts the changes that need provisioning.
    #[serde(default)]
    pub revision: u64,
    /// Account → the role there.
    #[serde(default)]
    pub provisioned: BTreeMap<String, ProvisionedRole>,
}

impl PermissionSetRecord {
    /// What it says about sessions now.
    pub fn session(&self) -> RoleSession {
        RoleSession {
            duration: self.session_duration.clone(),
            relay_state: self.relay_state.clone(),
        }
    }

    /// What holds for sessions of its role in an account.
    pub fn session_in(&self, account: &str) -> RoleSession {
        self.provisioned
            .get(account)
            .and_then(|role| role.session.clone())
            .unwrap_or_else(|| self.session())
    }
}

/// A customer managed policy by name and path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyReference {
    /// Friendly name.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
}

/// The permissions boundary of a permission set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PermissionsBoundary {
    /// ARN of an AWS managed policy.
    Managed(String),
    /// A policy that each account must have.
    CustomerManaged(PolicyReference),
}

/// What a permission set is in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedRole {
    /// `AWSReservedSSO_<name>_<16 hexadecimal characters>`
    pub role_name: String,
    /// The revision that the role has.
    pub revision: u64,
    /// Unix seconds.
    pub provisioned_at: i64,
    /// What holds for sessions of the role; absent where the role is from before it was kept.
    #[serde(default)]
    pub session: Option<RoleSession>,
}

/// What a permission set said about sessions when its role was provisioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSession {
    /// ISO 8601 duration.
    pub duration: String,
    /// Where the console opens.
    #[serde(default)]
    pub relay_state: Option<String>,
}

/// Who holds an assignment. The id may belong to nobody any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// A user.
    User(Uuid),
    /// A group.
    Group(Uuid),
}

/// What makes an assignment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AssignmentKey {
    /// 12 digits.
    pub account: String,
    /// `ps-…`
    pub permission_set: String,
    /// User or group.
    pub principal: Principal,
}

/// An assignment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AssignmentRecord {
    /// Unix seconds.
    pub created_at: i64,
}

/// What an asynchronous request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestKind {
    /// CreateAccountAssignment.
    CreateAssignment,
    /// DeleteAccountAssignment.
    DeleteAssignment,
    /// ProvisionPermissionSet.
    Provision,
}

/// An asynchronous request and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestRecord {
    /// `RequestId`.
    pub id: Uuid,
    /// What it was for.
    pub kind: RequestKind,
    /// `ps-…`
    pub permission_set: String,
    /// The account; absent when all were meant.
    #[serde(default)]
    pub account: Option<String>,
    /// The user or group of an assignment.
    #[serde(default)]
    pub principal: Option<Principal>,
    /// Unix seconds.
    pub created_at: i64,
    /// Why it failed; `None` when it succeeded.
    #[serde(default)]
    pub failure: Option<String>,
}
