//! Values of the Role attribute.

use jetway_saml::{RolePair, RolePairError};

const ROLE: &str = "arn:aws:iam::012345678987:role/team/Acme,Admin";
const PROVIDER: &str = "arn:aws:iam::012345678987:saml-provider/Jump.Cloud_2";

/// Requirement J16.
#[test]
fn role_and_provider_are_read_in_either_order() {
    let expected = RolePair {
        role_arn: ROLE.to_owned(),
        provider_arn: PROVIDER.to_owned(),
    };
    for value in [
        format!("{ROLE},{PROVIDER}"),
        format!("{PROVIDER},{ROLE}"),
        format!(" {ROLE} ,\n {PROVIDER} "),
    ] {
        assert_eq!(RolePair::parse(&value), Ok(expected.clone()), "{value}");
    }
    for partition in ["aws-cn", "aws-us-gov"] {
        let value = format!("{ROLE},{PROVIDER}").replace(":aws:", &format!(":{partition}:"));
        assert!(RolePair::parse(&value).is_ok(), "{value}");
    }
}

#[test]
fn anything_else_is_refused() {
    for (value, found) in [
        (String::new(), 0),
        (ROLE.to_owned(), 1),
        (format!("{ROLE};{PROVIDER}"), 1),
        (format!("{ROLE},{PROVIDER},{PROVIDER}"), 3),
    ] {
        assert_eq!(
            RolePair::parse(&value),
            Err(RolePairError::NotTwoArns {
                found,
                value: value.clone()
            })
        );
    }
    for value in [
        format!("{ROLE},{ROLE}"),
        format!("{PROVIDER},{PROVIDER}"),
        format!("x,{PROVIDER}"),
        format!("{ROLE},arn:aws:iam::1:saml-provider/P"),
        format!("{ROLE},arn:aws:iam::012345678987:saml-provider/"),
        format!("{ROLE},arn:aws:sts::012345678987:saml-provider/P"),
        format!("{ROLE} x,{PROVIDER}"),
    ] {
        assert!(
            matches!(
                RolePair::parse(&value),
                Err(RolePairError::NotRoleAndProvider { .. })
            ),
            "{value}"
        );
    }
}
