//! The names of condition operators.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Whether the key is missing.
    Null,
    /// `[ForAllValues:|ForAnyValue:]<base>[IfExists]`.
    Compare {
        set: Option<SetQualifier>,
        base: Base,
        if_exists: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetQualifier {
    ForAllValues,
    ForAnyValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Text {
        negated: bool,
        like: bool,
        ignore_case: bool,
    },
    Numeric(Comparison),
    Date(Comparison),
    Bool,
    Binary,
    Ip {
        negated: bool,
    },
    Arn {
        negated: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equals,
    NotEquals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Operator {
    /// `None` if AWS knows no such operator. Names are case-sensitive; `Null` takes neither a set
    /// qualifier nor `IfExists`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        if name == "Null" {
            return Some(Self::Null);
        }
        let (set, name) = if let Some(name) = name.strip_prefix("ForAllValues:") {
            (Some(SetQualifier::ForAllValues), name)
        } else if let Some(name) = name.strip_prefix("ForAnyValue:") {
            (Some(SetQualifier::ForAnyValue), name)
        } else {
            (None, name)
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        Some(Self::Compare {
            set,
            base: Base::parse(name)?,
            if_exists,
        })
    }
}

impl Base {
    fn parse(name: &str) -> Option<Self> {
        let text = |negated, like, ignore_case| Self::Text {
            negated,
            like,
            ignore_case,
        };
        Some(match name {
            "StringEquals" => text(false, false, false),
            "StringNotEquals" => text(true, false, false),
            "StringEqualsIgnoreCase" => text(false, false, true),
            "StringNotEqualsIgnoreCase" => text(true, false, true),
            "StringLike" => text(false, true, false),
            "StringNotLike" => text(true, true, false),
            "Bool" => Self::Bool,
            "BinaryEquals" => Self::Binary,
            "IpAddress" => Self::Ip { negated: false },
            "NotIpAddress" => Self::Ip { negated: true },
            "ArnEquals" | "ArnLike" => Self::Arn { negated: false },
            "ArnNotEquals" | "ArnNotLike" => Self::Arn { negated: true },
            _ => {
                if let Some(comparison) = name.strip_prefix("Numeric") {
                    Self::Numeric(Comparison::parse(comparison)?)
                } else {
                    Self::Date(Comparison::parse(name.strip_prefix("Date")?)?)
                }
            }
        })
    }

    /// Whether the operator holds when the key is missing: those that say what a value is not.
    pub(crate) fn is_negated(self) -> bool {
        match self {
            Self::Text { negated, .. } | Self::Ip { negated } | Self::Arn { negated } => negated,
            Self::Numeric(comparison) | Self::Date(comparison) => {
                comparison == Comparison::NotEquals
            }
            Self::Bool | Self::Binary => false,
        }
    }
}

impl Comparison {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Equals" => Self::Equals,
            "NotEquals" => Self::NotEquals,
            "LessThan" => Self::LessThan,
            "LessThanEquals" => Self::LessThanEquals,
            "GreaterThan" => Self::GreaterThan,
            "GreaterThanEquals" => Self::GreaterThanEquals,
            _ => return None,
        })
    }

    /// Compares one value of the request with the values of the policy: any of them for a positive
    /// comparison, none of them for `NotEquals`. `None` is a value that is not of the type: equal to
    /// nothing.
    pub(crate) fn accepts<T: Ord>(self, value: Option<&T>, policy: &[T]) -> bool {
        let Some(value) = value else {
            return self == Self::NotEquals;
        };
        match self {
            Self::Equals => policy.contains(value),
            Self::NotEquals => !policy.contains(value),
            Self::LessThan => policy.iter().any(|bound| value < bound),
            Self::LessThanEquals => policy.iter().any(|bound| value <= bound),
            Self::GreaterThan => policy.iter().any(|bound| value > bound),
            Self::GreaterThanEquals => policy.iter().any(|bound| value >= bound),
        }
    }
}
