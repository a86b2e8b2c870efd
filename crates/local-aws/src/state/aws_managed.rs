//! AWS managed policies, embedded verbatim with AWS's version numbers and dates. One is shorter:
//! AWS's `ReadOnlyAccess` has 88 KB for hundreds of services; here it has those that a federation
//! set-up is tried with, among them all that the local AWS has.

use std::{collections::BTreeMap, sync::Arc};

use jetway_iam::MalformedPolicy;

use super::{ManagedPolicy, PolicyRecord, PolicyVersionRecord};

struct Embedded {
    name: &'static str,
    path: &'static str,
    version: u32,
    /// Unix seconds.
    created_at: i64,
    /// Unix seconds.
    updated_at: i64,
    document: &'static str,
}

macro_rules! embedded {
    ($($path:literal $name:literal v $version:literal $created:literal $updated:literal;)*) => {
        [$(Embedded {
            name: $name,
            path: $path,
            version: $version,
            created_at: $created,
            updated_at: $updated,
            document: include_str!(concat!("aws_managed/", $name, ".json")),
        }),*]
    };
}

// The order makes the ids: new ones come last.
const POLICIES: [Embedded; 17] = embedded! {
    "/" "AWSDenyAll" v 2 1_556_750_174 1_702_917_725;
    "/" "AdministratorAccess" v 1 1_423_247_986 1_423_247_986;
    "/" "AmazonS3FullAccess" v 2 1_423_248_058 1_632_773_797;
    "/" "AmazonS3ReadOnlyAccess" v 3 1_423_248_059 1_691_703_099;
    "/job-function/" "Billing" v 28 1_478_799_198 1_775_668_338;
    "/" "IAMFullAccess" v 2 1_423_248_038 1_561_146_000;
    "/" "IAMReadOnlyAccess" v 4 1_423_248_039 1_516_907_487;
    "/" "IAMUserChangePassword" v 5 1_479_169_516 1_770_919_137;
    "/" "PowerUserAccess" v 12 1_423_247_987 1_770_919_154;
    "/" "ReadOnlyAccess" v 182 1_423_247_988 1_775_668_338;
    "/job-function/" "DataScientist" v 5 1_478_798_928 1_575_391_714;
    "/job-function/" "DatabaseAdministrator" v 5 1_478_798_743 1_770_919_340;
    "/job-function/" "NetworkAdministrator" v 15 1_478_799_095 1_770_919_176;
    "/" "SecurityAudit" v 85 1_423_248_061 1_772_471_531;
    "/job-function/" "SupportUser" v 11 1_478_798_513 1_770_919_392;
    "/job-function/" "SystemAdministrator" v 12 1_478_798_634 1_770_919_357;
    "/job-function/" "ViewOnlyAccess" v 43 1_478_798_415 1_770_919_360;
};

/// All embedded policies by ARN, compiled.
pub(crate) fn load() -> Result<BTreeMap<String, Arc<ManagedPolicy>>, MalformedPolicy> {
    POLICIES
        .iter()
        .enumerate()
        .map(|(index, policy)| {
            let policy = ManagedPolicy::from_record(record(index, policy))?;
            Ok((policy.arn().to_owned(), Arc::new(policy)))
        })
        .collect()
}

fn record(index: usize, policy: &Embedded) -> PolicyRecord {
    PolicyRecord {
        account: "aws".into(),
        name: policy.name.into(),
        path: policy.path.into(),
        // AWS's own ids are not published; these are fixed, so that they survive a restart.
        id: format!(
            "ANPAJETWAYAWSMANAGED{}",
            char::from(b'A' + u8::try_from(index).unwrap_or(25))
        ),
        description: None,
        created_at: policy.created_at,
        updated_at: policy.updated_at,
        default_version: policy.version,
        next_version: policy.version + 1,
        versions: vec![PolicyVersionRecord {
            number: policy.version,
            document: policy.document.trim_end().into(),
            created_at: policy.updated_at,
        }],
        tags: Vec::new(),
    }
}
