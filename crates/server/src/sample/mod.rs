//! The sample organisation of `jetwayd dev`: the Acme Corporation of the customer's documents.
//!
//! The data stands here; `directory`, `aws` and `identity_center` write it through the same use cases as everybody
//! else.

pub(crate) mod administrator;
pub(crate) mod aws;
pub(crate) mod directory;
pub(crate) mod identity_center;

/// Every sample person's password, in `dev` and only there.
pub(crate) const PASSWORD: &str = "that-is-all-folks";

/// The account that the sample applications lead to, and that manages the organisation.
pub(crate) const PRODUCTION: &str = "012345678987";

/// An account of the sample organisation.
pub(crate) struct Account {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
}

/// The accounts, the management account first.
pub(crate) const ACCOUNTS: &[Account] = &[
    Account {
        id: PRODUCTION,
        name: "production",
        email: "aws-production@the-acme-corporation.com",
    },
    Account {
        id: "111122223333",
        name: "staging",
        email: "aws-staging@the-acme-corporation.com",
    },
    Account {
        id: "444455556666",
        name: "sandbox",
        email: "aws-sandbox@the-acme-corporation.com",
    },
];

/// A sample person.
pub(crate) struct Person {
    pub(crate) email: &'static str,
    pub(crate) username: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) groups: &'static [&'static str],
    /// Directory attributes.
    pub(crate) attributes: &'static [(&'static str, &'static str)],
    /// Of type string.
    pub(crate) custom_attributes: &'static [(&'static str, &'static str)],
    /// What the authenticator app of this person knows, as public as the password.
    pub(crate) totp_secret: Option<&'static [u8; 20]>,
}

pub(crate) const PEOPLE: &[Person] = &[
    Person {
        email: "road.runner@the-acme-corporation.com",
        username: "road.runner",
        first_name: "Road",
        last_name: "Runner",
        groups: &["operations"],
        attributes: &[
            ("department", "Operations"),
            ("addresses.work.region", "us-east-1"),
        ],
        custom_attributes: &[("AWS-ABAC-Project", "Rockets")],
        totp_secret: None,
    },
    Person {
        email: "wile.coyote@the-acme-corporation.com",
        username: "wile.coyote",
        first_name: "Wile",
        last_name: "Coyote",
        groups: &["developers"],
        attributes: &[("department", "Research")],
        custom_attributes: &[("AWS-ABAC-Project", "Automation")],
        totp_secret: Some(b"beep-beep-rockets-42"),
    },
    Person {
        email: "daffy.duck@the-acme-corporation.com",
        username: "daffy.duck",
        first_name: "Daffy",
        last_name: "Duck",
        groups: &["accounts-payable"],
        attributes: &[("department", "Finance")],
        custom_attributes: &[],
        totp_secret: None,
    },
    Person {
        email: "marvin@martian-contracting.example",
        username: "marvin",
        first_name: "Marvin",
        last_name: "Martian",
        groups: &[],
        attributes: &[("department", "External contractor")],
        custom_attributes: &[],
        totp_secret: None,
    },
];

pub(crate) const GROUPS: &[&str] = &["operations", "developers", "accounts-payable"];

/// A sample application of kind AWS IAM, with the SAML provider and roles it stands for.
pub(crate) struct Application {
    pub(crate) slug: &'static str,
    pub(crate) label: &'static str,
    pub(crate) description: &'static str,
    pub(crate) color: &'static str,
    /// Name of the SAML provider in the account.
    pub(crate) provider: &'static str,
    pub(crate) roles: &'static [Role],
    pub(crate) groups: &'static [&'static str],
    /// Further attributes: (name without the AWS prefix, source in the directory).
    pub(crate) tags: &'static [(&'static str, &'static str)],
}

/// A sample role.
pub(crate) struct Role {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// An AWS managed policy.
    pub(crate) policy_arn: &'static str,
}

pub(crate) const APPLICATIONS: &[Application] = &[
    Application {
        slug: "acme-prod-aws-admin",
        label: "AWS production, administration",
        description: "Read-only most of the time, the full role when you need it.",
        color: "#c2410c",
        provider: "AcmeJumpCloud",
        roles: &[
            Role {
                name: "AcmeJumpCloudAdminRO",
                description: "Read-only access to S3",
                policy_arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
            },
            Role {
                name: "AcmeJumpCloudAdmin",
                description: "Full access",
                policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
            },
        ],
        groups: &["operations"],
        tags: &[
            ("PrincipalTag:Project", "custom:AWS-ABAC-Project"),
            ("PrincipalTag:Region", "addresses.work.region"),
        ],
    },
    Application {
        slug: "aws-a",
        label: "AWS A",
        description: "First of two connectors to the same account, one role each.",
        color: "#1d4ed8",
        provider: "JumpCloud",
        roles: &[Role {
            name: "SAML-User",
            description: "Read-only access to S3",
            policy_arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        }],
        groups: &["developers", "operations"],
        tags: &[],
    },
    Application {
        slug: "aws-b",
        label: "AWS B",
        description: "Second of two connectors to the same account, one role each.",
        color: "#0f766e",
        provider: "JumpCloud2",
        roles: &[Role {
            name: "SAML2-User",
            description: "Full access to S3",
            policy_arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        }],
        groups: &["accounts-payable", "operations"],
        tags: &[],
    },
];

/// Buckets that the account has from the start.
pub(crate) const BUCKETS: &[&str] = &["acme-invoices", "acme-rocket-plans"];

impl Application {
    pub(crate) fn provider_arn(&self) -> String {
        format!("arn:aws:iam::{PRODUCTION}:saml-provider/{}", self.provider)
    }

    /// Values of the `Role` attribute, role first.
    pub(crate) fn role_pairs(&self) -> Vec<String> {
        let provider = self.provider_arn();
        self.roles
            .iter()
            .map(|role| format!("arn:aws:iam::{PRODUCTION}:role/{},{provider}", role.name))
            .collect()
    }
}

/// The application that leads to the access portal of IAM Identity Center.
pub(crate) struct Portal {
    pub(crate) slug: &'static str,
    pub(crate) label: &'static str,
    pub(crate) description: &'static str,
    pub(crate) color: &'static str,
    pub(crate) groups: &'static [&'static str],
    /// Attributes for access control: (key, source in the directory).
    pub(crate) attributes: &'static [(&'static str, &'static str)],
}

pub(crate) const PORTAL: Portal = Portal {
    slug: "aws-identity-center",
    label: "AWS access portal",
    description: "All AWS accounts that you reach, and access keys for the command line.",
    color: "#7c3aed",
    groups: &["operations", "accounts-payable"],
    attributes: &[
        ("Project", "custom:AWS-ABAC-Project"),
        ("Region", "addresses.work.region"),
    ],
};

/// A sample permission set.
pub(crate) struct PermissionSet {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// An AWS managed policy.
    pub(crate) policy_arn: &'static str,
    /// An inline policy, JSON.
    pub(crate) inline: Option<&'static str>,
    /// The group that holds it in every account.
    pub(crate) group: &'static str,
}

pub(crate) const PERMISSION_SETS: &[PermissionSet] = &[
    PermissionSet {
        name: "ReadOnly",
        description: "Read-only access to S3",
        policy_arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        inline: None,
        group: "operations",
    },
    PermissionSet {
        name: "S3Admin",
        description: "Full access to S3 in one's own region, none to IAM for the project Automation",
        policy_arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        inline: Some(BY_PROJECT_AND_REGION),
        group: "operations",
    },
    PermissionSet {
        name: "Billing",
        description: "Bills and budgets",
        policy_arn: "arn:aws:iam::aws:policy/job-function/Billing",
        inline: None,
        group: "accounts-payable",
    },
];

/// What the customer's documents show as attribute-based access control.
const BY_PROJECT_AND_REGION: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyIamToAutomation",
      "Effect": "Deny",
      "Action": "iam:*",
      "Resource": "*",
      "Condition": {"StringEquals": {"aws:PrincipalTag/Project": "Automation"}}
    },
    {
      "Sid": "DenyAccessByRegion",
      "Effect": "Deny",
      "NotAction": ["cloudfront:*", "iam:*"],
      "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}
    }
  ]
}"#;
