//! What is run in AWS for an application, and the way back of the ARNs (requirements W01 to W04,
//! V04).

use askama::Template;

use super::ApplicationHeader;
use crate::Body;
use crate::admin::parts::{Field, Select};

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Unique on the page: `file-1`.
    pub id: String,
    /// `Terraform`.
    pub title: String,
    /// How it is used, as a sentence.
    pub hint: String,
    /// Where it is as a download.
    pub href: String,
    pub text: String,
}

/// What belongs to one SAML provider, or to the one IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupPart {
    /// `SAML provider Jetway`.
    pub heading: String,
    /// Why nothing can be generated; then there is nothing else.
    pub problem: Option<String>,
    /// To be shown with numbers.
    pub steps: Vec<String>,
    pub files: Vec<GeneratedFile>,
}

/// What the administrator adds by hand; all by GET, lists one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupForm {
    Iam {
        accounts: Field,
        roles: Field,
        provider: Field,
        policies: Field,
    },
    IdentityCenter {
        region: Field,
        accounts: Field,
        groups: Field,
        permission_sets: Field,
        policies: Field,
    },
}

/// The page. ARNs go to `…/aws/arns` as `arns`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/aws_setup.html")]
pub struct ApplicationAws {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub form: SetupForm,
    /// The application names no account yet.
    pub fresh: bool,
    pub parts: Vec<SetupPart>,
    /// What no file says, one sentence each.
    pub notes: Vec<String>,
    /// A policy that decides on session tags, with how it is meant.
    pub policy: Option<String>,
    /// Where ARNs are pasted; `None` where none come back, or for those who may not.
    pub arns: Option<Field>,
}

impl Body for ApplicationAws {
    fn title(&self) -> &str {
        &self.application.label
    }
}

/// A pair that was found in the pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPair {
    /// `role ARN,provider ARN`, sent back as `pair`.
    pub value: String,
    pub role: String,
    pub provider: String,
    /// The group that gets it, sent as `group`; `None` where everyone gets all.
    pub group: Option<Select>,
}

/// The page between pasted ARNs and the application. Sends `do=save` to `…/aws/arns`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/aws_arns.html")]
pub struct ApplicationArns {
    pub application: ApplicationHeader,
    pub csrf: String,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    /// Whether groups are chosen: role rules are added. Else the values of the attribute `Role` are
    /// replaced.
    pub by_group: bool,
    /// The values of the attribute `Role` as they are.
    pub before: Vec<String>,
    pub pairs: Vec<FoundPair>,
    /// What was not understood in the text.
    pub problems: Vec<String>,
    /// Why it was not saved.
    pub refused: Option<String>,
}

impl Body for ApplicationArns {
    fn title(&self) -> &str {
        &self.application.label
    }
}
