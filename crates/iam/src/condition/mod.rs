//! Conditions: an operator, a condition key, the values to compare with.

mod date;
mod ip;
mod number;
mod operator;
mod test;

pub(crate) use operator::{Base, Operator};
pub(crate) use test::is_well_formed;

use crate::context::{self, RequestContext, Value};
use operator::SetQualifier;
use test::Test;

/// One operator applied to one key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// As the policy writes it, for explanations.
    pub(crate) operator_name: String,
    pub(crate) key_name: String,
    key: String,
    check: Check,
}

#[derive(Debug, Clone, PartialEq)]
enum Check {
    /// `Null`: the accepted answers to whether the key is missing.
    Missing(Vec<bool>),
    Compare {
        set: Option<SetQualifier>,
        test: Test,
        /// The outcome when the key is missing.
        without_key: bool,
    },
}

impl Condition {
    /// `variables`: whether the document is of version 2012-10-17.
    pub(crate) fn new(
        operator_name: &str,
        operator: Operator,
        key_name: &str,
        values: &[String],
        variables: bool,
    ) -> Self {
        let check = match operator {
            Operator::Null => {
                Check::Missing(values.iter().map(|value| test::is_true(value)).collect())
            }
            Operator::Compare {
                set,
                base,
                if_exists,
            } => Check::Compare {
                set,
                test: Test::new(base, values, variables),
                without_key: if_exists || holds_without_key(set, base),
            },
        };
        Self {
            operator_name: operator_name.to_owned(),
            key_name: key_name.to_owned(),
            key: context::key(key_name).into_owned(),
            check,
        }
    }

    pub(crate) fn holds(&self, context: &RequestContext) -> bool {
        let value = context.lookup(&self.key);
        match &self.check {
            Check::Missing(accepted) => accepted.contains(&value.is_none()),
            Check::Compare {
                set,
                test,
                without_key,
            } => value.map_or(*without_key, |value| passes(*set, test, value, context)),
        }
    }
}

fn passes(set: Option<SetQualifier>, test: &Test, value: &Value, context: &RequestContext) -> bool {
    let accepts = |value: &String| test.accepts(value, context);
    match (set, value) {
        (None, Value::One(value)) => accepts(value),
        // A list under an operator without ForAllValues or ForAnyValue never matches, negated or
        // not.
        (None, Value::Many(_)) => false,
        (Some(SetQualifier::ForAnyValue), value) => value.values().iter().any(accepts),
        (Some(SetQualifier::ForAllValues), value) => value.values().iter().all(accepts),
    }
}

fn holds_without_key(set: Option<SetQualifier>, base: Base) -> bool {
    match set {
        Some(SetQualifier::ForAllValues) => true,
        Some(SetQualifier::ForAnyValue) => false,
        None => base.is_negated(),
    }
}
