//! The texts of violated model constraints (aws-iam-sts reference, error texts).

use jetway_aws_wire::ValidationErrors;

const ARN_PATTERN: &str =
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+";

#[test]
fn one_violation_is_told_in_the_singular() {
    let mut errors = ValidationErrors::new();
    errors.length("roleArn", "", 20, 2048);
    let error = errors.into_result().unwrap_err();
    assert_eq!((error.status, &*error.code), (400, "ValidationError"));
    assert_eq!(
        error.message,
        "1 validation error detected: Value '' at 'roleArn' failed to satisfy constraint: Member \
         must have length greater than or equal to 20"
    );
}

#[test]
fn a_number_out_of_range_is_told() {
    let mut errors = ValidationErrors::new();
    errors.range("durationSeconds", 50_000, 900, 43_200);
    assert_eq!(
        errors.into_result().unwrap_err().message,
        "1 validation error detected: Value '50000' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value less than or equal to 43200"
    );
}

#[test]
fn several_violations_are_joined() {
    let mut errors = ValidationErrors::new();
    errors.pattern("roleArn", "", ARN_PATTERN, false);
    errors.length("roleArn", "", 20, 2048);
    assert_eq!(
        errors.into_result().unwrap_err().message,
        format!(
            "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: {ARN_PATTERN}; Value '' at 'roleArn' \
             failed to satisfy constraint: Member must have length greater than or equal to 20"
        )
    );
}

#[test]
fn absent_parameters_and_foreign_words_are_told() {
    let mut errors = ValidationErrors::new();
    errors.required("principalArn", false);
    errors.one_of("assertionEncryptionMode", "Maybe", &["Required", "Allowed"]);
    assert_eq!(
        errors.into_result().unwrap_err().message,
        "2 validation errors detected: Value null at 'principalArn' failed to satisfy constraint: \
         Member must not be null; Value 'Maybe' at 'assertionEncryptionMode' failed to satisfy \
         constraint: Member must satisfy enum value set: [Required, Allowed]"
    );
}

#[test]
fn what_satisfies_the_constraints_is_accepted() {
    let mut errors = ValidationErrors::new();
    errors.required("a", true);
    errors.length("a", "12345678901234567890", 20, 20);
    errors.range("b", 900, 900, 43_200);
    errors.list_length("c", &["x"], 0, 1);
    assert!(errors.is_empty());
    errors.into_result().unwrap();
}
