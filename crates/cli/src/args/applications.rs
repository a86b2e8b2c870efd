//! `jetway admin applications …`: what can be typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::admin::{FieldArgs, PageArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum ApplicationsCommand {
    /// List applications
    List {
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show an application
    Show {
        /// Id, name in its address, or label
        application: String,
    },
    /// Show what applications can be made from
    Catalogue,
    /// Make one from the catalogue: kind=aws-iam label="AWS production" slug=aws-prod
    Create(FieldArgs),
    /// Change one: label=AWS, saml.session_seconds=3600, saml.role_rules='[…]'
    Update {
        /// Id, name in its address, or label
        application: String,
        #[command(flatten)]
        fields: FieldArgs,
    },
    /// Switch it on, if it is complete
    Activate {
        /// Id, name in its address, or label
        application: String,
    },
    /// Switch it off: nobody can sign in to it
    Deactivate {
        /// Id, name in its address, or label
        application: String,
    },
    /// Delete it with its keys and grants
    Delete {
        /// Id, name in its address, or label
        application: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Fill in the settings from the service provider's metadata
    Fill {
        /// Id, name in its address, or label
        application: String,
        /// The file; - for standard input
        #[arg(value_name = "FILE")]
        metadata: PathBuf,
    },
    /// Give it to groups and people
    Grant {
        /// Id, name in its address, or label
        application: String,
        #[command(flatten)]
        to: HolderArgs,
    },
    /// Take it from groups and people
    Revoke {
        /// Id, name in its address, or label
        application: String,
        #[command(flatten)]
        from: HolderArgs,
    },
    /// List everybody who has it, and through which group
    People {
        /// Id, name in its address, or label
        application: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Signing keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Show what it would be told about somebody, and what the service provider would say
    Preview {
        /// Id, name in its address, or label
        application: String,
        /// Id, e-mail address or username
        user: String,
        /// Print the response as XML; it is not signed
        #[arg(long)]
        xml: bool,
    },
    /// Look for people who have it and could not sign in
    Check {
        /// Id, name in its address, or label
        application: String,
    },
    /// Write what is run in AWS for it
    Aws(AwsArgs),
    /// Take the ARNs that AWS answered into it
    Arns {
        /// Id, name in its address, or label
        application: String,
        /// Role and SAML provider, a pair a line, or the output of terraform output -json; - for
        /// standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// For AWS IAM (multiple roles): who gets a role, once for each role
        #[arg(long = "group", value_name = "ROLE_ARN=GROUP")]
        groups: Vec<String>,
        /// Say what would change, and change nothing
        #[arg(long)]
        plan: bool,
    },
    /// Explain an error text of AWS, or a SAML response
    Diagnose {
        /// A file with the text; - for standard input
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
        /// Compare a response with the settings of this application
        #[arg(long, value_name = "APPLICATION")]
        application: Option<String>,
    },
}

/// How the AWS side is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AwsForm {
    /// For the console, step by step
    Steps,
    Terraform,
    #[value(name = "cloudformation")]
    CloudFormation,
    /// For the AWS CLI
    Script,
}

/// What is run in AWS.
#[derive(Debug, Args)]
pub(crate) struct AwsArgs {
    /// Id, name in its address, or label
    pub(crate) application: String,
    /// How it is written
    #[arg(long = "as", value_enum, default_value_t = AwsForm::Steps)]
    pub(crate) form: AwsForm,
    /// Number of an AWS account; may be repeated
    #[arg(long = "account", value_name = "NUMBER")]
    pub(crate) accounts: Vec<String>,
    /// Name of a role; may be repeated
    #[arg(long = "role-name", value_name = "NAME")]
    pub(crate) roles: Vec<String>,
    /// Name of the SAML provider
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// Managed policy, by name or ARN; may be repeated
    #[arg(long = "policy", value_name = "POLICY")]
    pub(crate) policies: Vec<String>,
    /// Region of the IAM Identity Center
    #[arg(long = "instance-region", value_name = "REGION")]
    pub(crate) instance_region: Option<String>,
    /// Permission set of the IAM Identity Center; may be repeated
    #[arg(long = "permission-set", value_name = "NAME")]
    pub(crate) permission_sets: Vec<String>,
    /// Group that gets the permission sets; may be repeated
    #[arg(long = "group", value_name = "NAME")]
    pub(crate) groups: Vec<String>,
}

/// Groups and people.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct HolderArgs {
    /// A group, by id or name
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,

    /// A person, by id, e-mail address or username
    #[arg(long = "user", value_name = "USER")]
    pub(crate) users: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List the keys of an application
    List {
        /// Id, name in its address, or label
        application: String,
    },
    /// Add the next key: a pair of your own, or a new one
    Add {
        /// Id, name in its address, or label
        application: String,
        /// PEM file with the private key
        #[arg(long, value_name = "FILE", requires = "certificate")]
        private_key: Option<PathBuf>,
        /// PEM file with its certificate
        #[arg(long, value_name = "FILE", requires = "private_key")]
        certificate: Option<PathBuf>,
        /// Sign with it at once
        #[arg(long)]
        use_now: bool,
    },
    /// Sign with this key from now on; the one before stays in the metadata
    Use {
        /// Id, name in its address, or label
        application: String,
        /// Id of the key
        key: String,
    },
    /// Take a key out of the metadata
    Retire {
        /// Id, name in its address, or label
        application: String,
        /// Id of the key
        key: String,
    },
    /// Delete a retired key
    Delete {
        /// Id, name in its address, or label
        application: String,
        /// Id of the key
        key: String,
    },
}
