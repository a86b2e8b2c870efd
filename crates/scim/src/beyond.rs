//! What a resource has and the dialect does not: another interface of the server wrote it. It is
//! neither answered nor lost when the resource is replaced.

use serde_json::{Map, Value};

use crate::names::get;
use crate::profile::Profile;
use crate::schema::{
    Attribute, ENTERPRISE_URN, ResourceKind, core_attribute, enterprise_attribute,
};

/// Leaves out what the dialect does not know or refuses: its `/Schemas` do not have it.
pub(crate) fn leave_out(kind: ResourceKind, resource: &mut Map<String, Value>, profile: &Profile) {
    let dialect = Dialect { kind, profile };
    if let Some(Value::Object(extension)) = resource.get_mut(ENTERPRISE_URN) {
        extension.retain(|name, value| dialect.shows(enterprise_attribute(name), value));
    }
    resource.retain(|name, value| {
        name == "schemas"
            || name == ENTERPRISE_URN
            || dialect.shows(core_attribute(kind, name), value)
    });
}

/// Puts into a replacement what was there before and the dialect cannot name: whoever replaces a
/// resource did not mean what they cannot see.
pub fn keep_beyond(
    kind: ResourceKind,
    before: &Map<String, Value>,
    after: &mut Map<String, Value>,
    profile: &Profile,
) {
    let dialect = Dialect { kind, profile };
    for (name, value) in before {
        if name == ENTERPRISE_URN {
            if let (Value::Object(before), Some(Value::Object(after))) =
                (value, after.get_mut(ENTERPRISE_URN))
            {
                for (name, value) in before {
                    dialect.keep(name, value, enterprise_attribute(name), after);
                }
            }
        } else {
            dialect.keep(name, value, core_attribute(kind, name), after);
        }
    }
}

#[derive(Clone, Copy)]
struct Dialect<'a> {
    kind: ResourceKind,
    profile: &'a Profile,
}

impl Dialect<'_> {
    fn refuses(self, path: &str) -> bool {
        self.kind == ResourceKind::User && self.profile.refused_user_attributes.contains(&path)
    }

    /// Whether the dialect has this part of an attribute.
    fn has_part(self, attribute: &Attribute, part: &str) -> bool {
        attribute.sub(part).is_some_and(|sub| {
            let path = format!("{}.{}", attribute.name, sub.name);
            !self.refuses(&path)
        })
    }

    /// Whether an attribute is answered; its value loses the parts that are not.
    fn shows(self, attribute: Option<&'static Attribute>, value: &mut Value) -> bool {
        let Some(attribute) = attribute.filter(|found| !self.refuses(found.name)) else {
            return false;
        };
        let values = match value {
            Value::Array(values) => values.as_mut_slice(),
            single => std::slice::from_mut(single),
        };
        for parts in values.iter_mut().filter_map(Value::as_object_mut) {
            parts.retain(|part, _| self.has_part(attribute, part));
        }
        true
    }

    fn keep(
        self,
        name: &str,
        before: &Value,
        attribute: Option<&'static Attribute>,
        after: &mut Map<String, Value>,
    ) {
        let Some(attribute) = attribute.filter(|found| !self.refuses(found.name)) else {
            if get(after, name).is_none() {
                after.insert(name.to_owned(), before.clone());
            }
            return;
        };
        // The name of a manager says nothing about another manager.
        if let (Value::Object(before), Some(Value::Object(after))) =
            (before, after.get_mut(attribute.name))
            && before.get("value") == after.get("value")
        {
            for (part, value) in before {
                if !self.has_part(attribute, part) && get(after, part).is_none() {
                    after.insert(part.clone(), value.clone());
                }
            }
        }
    }
}
