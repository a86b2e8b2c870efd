//! Entities as requests use them: records with everything parsed that a request would otherwise
//! parse again.

use jetway_iam::{DocumentKind, MalformedPolicy, PolicyDocument};
use jetway_saml::{MetadataError, TrustedIdp};

use super::records::{
    InlinePolicyRecord, PolicyRecord, PolicyVersionRecord, RoleRecord, SamlProviderRecord,
};
use crate::arn;

/// A SAML provider with its parsed metadata.
#[derive(Clone, Debug)]
pub struct SamlProvider {
    /// What is stored.
    pub record: SamlProviderRecord,
    /// Entity id and verification keys of the metadata.
    pub idp: TrustedIdp,
    arn: String,
}

impl SamlProvider {
    /// Parses the metadata of `record`.
    pub(crate) fn from_record(record: SamlProviderRecord) -> Result<Self, MetadataError> {
        let idp = TrustedIdp::from_metadata(&record.metadata)?;
        let arn = arn::saml_provider(&record.account, &record.name);
        Ok(Self { record, idp, arn })
    }

    /// `arn:aws:iam::<account>:saml-provider/<name>`.
    pub fn arn(&self) -> &str {
        &self.arn
    }
}

/// A role with its compiled policies.
#[derive(Clone, Debug)]
pub struct Role {
    /// What is stored.
    pub record: RoleRecord,
    /// The compiled trust policy.
    pub trust: PolicyDocument,
    /// The compiled inline policies, in the order of `record.inline`.
    pub inline: Vec<PolicyDocument>,
    arn: String,
}

impl Role {
    /// Compiles the policies of `record`.
    pub(crate) fn from_record(record: RoleRecord) -> Result<Self, MalformedPolicy> {
        let trust = PolicyDocument::parse(&record.trust, DocumentKind::Trust)?;
        let inline = record
            .inline
            .iter()
            .map(|policy| PolicyDocument::parse(&policy.document, DocumentKind::Identity))
            .collect::<Result<_, _>>()?;
        let arn = arn::role(&record.account, &record.path, &record.name);
        Ok(Self {
            record,
            trust,
            inline,
            arn,
        })
    }

    /// `arn:aws:iam::<account>:role<path><name>`.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Inline policies with their compiled documents.
    pub(crate) fn inline_policies(
        &self,
    ) -> impl Iterator<Item = (&InlinePolicyRecord, &PolicyDocument)> {
        self.record.inline.iter().zip(&self.inline)
    }
}

/// A managed policy with its compiled default version.
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    /// What is stored.
    pub record: PolicyRecord,
    /// The compiled default version.
    pub document: PolicyDocument,
    arn: String,
}

impl ManagedPolicy {
    /// Compiles the default version of `record`.
    pub(crate) fn from_record(record: PolicyRecord) -> Result<Self, MalformedPolicy> {
        let text = record
            .versions
            .iter()
            .find(|version| version.number == record.default_version)
            .map_or("", |version| version.document.as_str());
        let document = PolicyDocument::parse(text, DocumentKind::Managed)?;
        let arn = arn::policy(&record.account, &record.path, &record.name);
        Ok(Self {
            record,
            document,
            arn,
        })
    }

    /// `arn:aws:iam::<account>:policy<path><name>`.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The version with this number.
    pub(crate) fn version(&self, number: u32) -> Option<&PolicyVersionRecord> {
        self.record
            .versions
            .iter()
            .find(|version| version.number == number)
    }
}
