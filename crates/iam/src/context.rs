//! What is known about a request: condition keys and their values.

use std::borrow::Cow;
use std::collections::HashMap;

/// Keys that AWS defines as lists. They are multivalued even with one value, and never resolve as
/// a policy variable.
const MULTIVALUED: [&str; 20] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:tagkeys",
    "s3:requestobjecttagkeys",
    "saml:cn",
    "saml:edupersonaffiliation",
    "saml:edupersonassurance",
    "saml:edupersonentitlement",
    "saml:edupersonnickname",
    "saml:edupersonorgunitdn",
    "saml:edupersonscopedaffiliation",
    "saml:edupersontargetedid",
    "saml:eduorghomepageuri",
    "saml:eduorgidentityauthnpolicyuri",
    "saml:eduorglegalname",
    "saml:eduorgsuperioruri",
    "saml:eduorgwhitepagesuri",
    "sts:transitivetagkeys",
];

/// Whether AWS defines the condition key `name` (any case) as a list.
pub fn is_multivalued_key(name: &str) -> bool {
    let name = key(name);
    MULTIVALUED.contains(&&*name)
}

/// The comparable form of a key name: names, tag-key parts included, ignore case.
pub(crate) fn key(name: &str) -> Cow<'_, str> {
    if name
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.to_lowercase())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    One(String),
    /// At least one value.
    Many(Vec<String>),
}

impl Value {
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// The condition keys of one request. Key names ignore case, values do not.
///
/// Two spellings of one key (the tags `Case` and `case`, say) are one key here: what is set last
/// stands. AWS picks one of the two in no documented order; callers that must not depend on it
/// refuse such tags before they come here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext {
    keys: HashMap<String, Value>,
}

impl RequestContext {
    /// A context without any key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key to one value. A key that AWS defines as a list ([`is_multivalued_key`]) becomes
    /// a list of one.
    pub fn set(&mut self, name: impl AsRef<str>, value: impl Into<String>) {
        let name = key(name.as_ref());
        let value = if is_multivalued_key(&name) {
            Value::Many(vec![value.into()])
        } else {
            Value::One(value.into())
        };
        self.keys.insert(name.into_owned(), value);
    }

    /// Sets a multivalued key, also when it happens to hold one value. No value at all is the same
    /// as the key not being there.
    pub fn set_many<V: Into<String>>(
        &mut self,
        name: impl AsRef<str>,
        values: impl IntoIterator<Item = V>,
    ) {
        let name = key(name.as_ref());
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            self.keys.remove(&*name);
        } else {
            self.keys.insert(name.into_owned(), Value::Many(values));
        }
    }

    /// Takes a key away.
    pub fn remove(&mut self, name: impl AsRef<str>) {
        self.keys.remove(&*key(name.as_ref()));
    }

    /// The values of a key; `None` when it is absent, never an empty list.
    pub fn get(&self, name: impl AsRef<str>) -> Option<&[String]> {
        self.lookup(&key(name.as_ref())).map(Value::values)
    }

    /// The value of a key by its name in lower case.
    pub(crate) fn lookup(&self, lower_case_name: &str) -> Option<&Value> {
        self.keys.get(lower_case_name)
    }
}
