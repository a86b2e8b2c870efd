//! An event as JSON in the shape of JumpCloud's Directory Insights (requirements.md §5.6). The
//! API, exports and log destinations all send this.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::events::{Event, EventKind, Target, TargetKind};
use crate::ids::OrganisationId;
use crate::op::Actor;

/// Members of the detail that have a place of their own in the shape.
const PLACED: &[&str] = &[
    "changes",
    "application",
    "idp_initiated",
    "auth_method",
    "error_message",
    "association",
];

/// The event as a JSON object. Members without a value are left out.
pub fn event_json(event: &Event, organisation: OrganisationId) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            object.insert(name.to_owned(), value);
        }
    };
    put("id", event.id.to_string().into());
    put("service", service(event.kind).into());
    put("event_type", event.kind.as_str().into());
    put("timestamp", timestamp(event.at).into());
    put("initiated_by", initiated_by(&event.actor));
    put(
        "resource",
        event.target.as_ref().map_or(Value::Null, resource),
    );
    for name in [
        "association",
        "changes",
        "application",
        "idp_initiated",
        "auth_method",
    ] {
        put(name, member(event, name));
    }
    put("success", event.success.into());
    put("error_message", error_message(event));
    put(
        "client_ip",
        event.ip.map_or(Value::Null, |ip| ip.to_string().into()),
    );
    if let Some(name) = &event.user_agent {
        put("useragent", json!({ "name": name }));
    }
    put("detail", rest_of(&event.detail));
    put("organization", organisation.to_string().into());
    put(
        "correlation",
        json!({"id": event.request_id, "type": "request"}),
    );
    put("@version", "1".into());
    Value::Object(object)
}

fn service(kind: EventKind) -> &'static str {
    match kind {
        EventKind::SsoAuth => "sso",
        _ => "directory",
    }
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn timestamp(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let text = at
        .replace_nanosecond(0)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default();
    // Always three digits, as the tools that read such logs expect.
    let seconds = text.strip_suffix('Z').unwrap_or(&text);
    format!("{seconds}.{:03}Z", at.millisecond())
}

fn initiated_by(actor: &Actor) -> Value {
    match actor {
        Actor::Anonymous => json!({"type": "anonymous"}),
        Actor::System(name) => json!({"type": "system", "name": name}),
        Actor::User { id, label } => {
            json!({"id": id.to_string(), "type": "systemuser", "email": label})
        }
        Actor::Administrator { id, label } => {
            json!({"id": id.to_string(), "type": "admin", "email": label})
        }
        Actor::ApiKey { id, label } => {
            json!({"id": id.to_string(), "type": "api_key", "name": label})
        }
    }
}

fn resource(target: &Target) -> Value {
    let mut resource = json!({"id": target.id, "type": target.kind.as_str()});
    let name = match target.kind {
        TargetKind::User | TargetKind::Administrator => "email",
        _ => "name",
    };
    if let Some(resource) = resource.as_object_mut() {
        resource.insert(name.to_owned(), target.label.as_str().into());
    }
    resource
}

fn member(event: &Event, name: &str) -> Value {
    event.detail.get(name).cloned().unwrap_or(Value::Null)
}

fn error_message(event: &Event) -> Value {
    if event.success {
        return Value::Null;
    }
    match member(event, "error_message") {
        Value::Null => member(event, "reason"),
        text => text,
    }
}

fn rest_of(detail: &Value) -> Value {
    let Value::Object(detail) = detail else {
        return detail.clone();
    };
    let rest: Map<_, _> = detail
        .iter()
        .filter(|(name, _)| !PLACED.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if rest.is_empty() {
        Value::Null
    } else {
        Value::Object(rest)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use time::macros::datetime;

    use super::*;
    use crate::ids::{AdministratorId, EventId};

    #[test]
    fn an_event_has_the_members_that_directory_insights_has() {
        let mut rng = StdRng::seed_from_u64(1);
        let at = datetime!(2024-03-01 18:51:28.32 UTC);
        let admin = AdministratorId::new(at, &mut rng);
        let event = Event {
            id: EventId::new(at, &mut rng),
            at,
            kind: EventKind::UserUpdate,
            actor: Actor::Administrator {
                id: admin,
                label: "admin@the-acme-corporation.com".to_owned(),
            },
            target: Some(Target {
                kind: TargetKind::User,
                id: "0123456789abcdef01234567".to_owned(),
                label: "road.runner@the-acme-corporation.com".to_owned(),
            }),
            success: false,
            detail: json!({
                "changes": [{"field": "first_name", "from": "a", "to": "b"}],
                "reason": "stale", "attempt": 2,
            }),
            ip: Some("192.0.2.7".parse().unwrap()),
            user_agent: Some("curl/8".to_owned()),
            request_id: "r-1".to_owned(),
        };
        let organisation = "aaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap();
        assert_eq!(
            event_json(&event, organisation),
            json!({
                "id": event.id.to_string(),
                "service": "directory",
                "event_type": "user_update",
                "timestamp": "2024-03-01T18:51:28.320Z",
                "initiated_by": {
                    "id": admin.to_string(), "type": "admin",
                    "email": "admin@the-acme-corporation.com",
                },
                "resource": {
                    "id": "0123456789abcdef01234567", "type": "user",
                    "email": "road.runner@the-acme-corporation.com",
                },
                "changes": [{"field": "first_name", "from": "a", "to": "b"}],
                "success": false,
                "error_message": "stale",
                "client_ip": "192.0.2.7",
                "useragent": {"name": "curl/8"},
                "detail": {"reason": "stale", "attempt": 2},
                "organization": "aaaaaaaaaaaaaaaaaaaaaaaa",
                "correlation": {"id": "r-1", "type": "request"},
                "@version": "1",
            })
        );
    }
}
