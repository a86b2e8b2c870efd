//! AWS's AccessDenied wording (IAM user guide, "Troubleshoot access denied error messages").

use std::fmt;

use crate::evaluate::{Decision, Layer};

/// How a service writes the resource into the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceText<'a> {
    /// Most services.
    Plain(&'a str),
    /// S3 puts the ARN into quotes.
    Quoted(&'a str),
}

impl fmt::Display for ResourceText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(arn) => f.write_str(arn),
            Self::Quoted(arn) => write!(f, "\"{arn}\""),
        }
    }
}

impl Decision {
    /// The message that goes with `AccessDenied`, or `None` if the decision is to allow.
    ///
    /// `resource` is `None` for operations whose message names none, such as ListBuckets. A deny
    /// of a managed policy ends with the policy's ARN. The `sts:AssumeRole` form without a reason
    /// is the caller's to write: it follows from the operation, not from the decision.
    pub fn denied_message(
        &self,
        user_arn: &str,
        action: &str,
        resource: Option<ResourceText<'_>>,
    ) -> Option<String> {
        let reason = match self {
            Self::Allow => return None,
            Self::ImplicitDeny { layer } => {
                format!("because no {} allows the {action} action", layer.noun())
            }
            Self::ExplicitDeny {
                layer, policy_arn, ..
            } => {
                let article = layer.article();
                let arn = policy_arn
                    .as_ref()
                    .map_or_else(String::new, |arn| format!(": {arn}"));
                format!("with an explicit deny in {article} {}{arn}", layer.noun())
            }
        };
        let on_resource =
            resource.map_or_else(String::new, |resource| format!(" on resource: {resource}"));
        Some(format!(
            "User: {user_arn} is not authorized to perform: {action}{on_resource} {reason}"
        ))
    }
}

impl Layer {
    fn noun(self) -> &'static str {
        match self {
            Self::IdentityBased => "identity-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ResourceBased => "resource-based policy",
            Self::RoleTrust => "role trust policy",
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::IdentityBased => "an",
            Self::RoleTrust => "the",
            Self::PermissionsBoundary | Self::Session | Self::ResourceBased => "a",
        }
    }
}
