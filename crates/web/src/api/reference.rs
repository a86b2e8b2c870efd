//! `GET /api/v1/docs`: the description of the API to read. It is the OpenAPI document in other
//! words, so the two cannot differ.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jetway_identity::Permission;
use jetway_identity::api_keys::Scope;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::api_reference::{
    ApiAnswer, ApiField, ApiOperation, ApiParameter, ApiReference, ApiSchema, ApiTag,
};
use serde_json::{Map, Value};

use crate::api::document::DOCUMENT;
use crate::shared::{AdminVisit, Failure, Site, admin_html};

pub(crate) async fn docs(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let document = DOCUMENT.as_ref().map_err(Failure::internal)?;
    let frame = site.admin_chrome(&visit, NavItem::ApiKeys);
    admin_html(StatusCode::OK, frame, reference(document))
}

fn reference(document: &Value) -> ApiReference {
    let mut by_tag = operations(document);
    let tags = items(&document["tags"]).iter().map(|tag| {
        let name = text(&tag["name"]);
        ApiTag {
            id: format!("tag-{}", name.to_lowercase().replace(' ', "-")),
            about: text(&tag["description"]),
            operations: by_tag.remove(&name).unwrap_or_default(),
            name,
        }
    });
    let schemas = members(&document["components"]["schemas"]);
    ApiReference {
        version: text(&document["info"]["version"]),
        about: paragraphs(&document["info"]["description"]),
        document: "/api/v1/openapi.json".to_owned(),
        tags: tags.collect(),
        schemas: schemas.map(|(name, it)| schema(name, it)).collect(),
    }
}

fn operations(document: &Value) -> BTreeMap<String, Vec<ApiOperation>> {
    let mut by_tag = BTreeMap::<_, Vec<_>>::new();
    for (path, methods) in members(&document["paths"]) {
        for (method, it) in members(methods) {
            let tag = text(&it["tags"][0]);
            by_tag
                .entry(tag)
                .or_default()
                .push(operation(method, path, it));
        }
    }
    by_tag
}

fn operation(method: &str, path: &str, it: &Value) -> ApiOperation {
    let parameters = items(&it["parameters"]).iter().map(|it| ApiParameter {
        name: text(&it["name"]),
        place: text(&it["in"]),
        kind: kind(&it["schema"]),
        required: it["required"] == true,
        about: text(&it["description"]),
    });
    let answers = members(&it["responses"]).map(|(status, it)| ApiAnswer {
        status: status.clone(),
        about: text(&it["description"]),
        schema: schema_of(&it["content"]),
    });
    ApiOperation {
        id: text(&it["operationId"]),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&it["summary"]),
        description: text(&it["description"]),
        scope: scope(&it["security"]),
        parameters: parameters.collect(),
        body: schema_of(&it["requestBody"]["content"]),
        answers: answers.collect(),
    }
}

/// The narrowest scope with the permission that the operation demands.
fn scope(security: &Value) -> Option<String> {
    let name = security[0]["bearer"][0].as_str()?;
    let permission = Permission::ALL
        .into_iter()
        .find(|permission| permission.as_str() == name)?;
    let scope = Scope::ALL
        .into_iter()
        .find(|scope| scope.allows(permission))?;
    Some(scope.as_str().to_owned())
}

/// The named schema of a body, in whatever media type.
fn schema_of(content: &Value) -> Option<String> {
    let (_, it) = members(content).next()?;
    let schema = &it["schema"];
    named(schema).or_else(|| named(&schema["items"]))
}

fn schema(name: &str, it: &Value) -> ApiSchema {
    let required: Vec<_> = items(&it["required"]).iter().map(text).collect();
    let field = |(name, it): (&String, &Value)| ApiField {
        name: name.clone(),
        kind: kind(it),
        required: required.contains(name),
        about: text(&it["description"]),
    };
    ApiSchema {
        name: name.to_owned(),
        about: text(&it["description"]),
        fields: members(&it["properties"]).map(field).collect(),
    }
}

/// A type in words: `string`, `array of User`, `string or null`.
fn kind(schema: &Value) -> String {
    if let Some(name) = named(schema) {
        return name;
    }
    for one_of in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[one_of].as_array() {
            return kinds.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let values = items(&schema["enum"]);
    if !values.is_empty() {
        return values.iter().map(text).collect::<Vec<_>>().join(", ");
    }
    let names = match &schema["type"] {
        Value::Array(names) => names.iter().map(text).collect(),
        Value::Null => vec!["any".to_owned()],
        name => vec![text(name)],
    };
    let name = |name: String| match &schema["items"] {
        Value::Null => name,
        items if name == "array" => format!("array of {}", kind(items)),
        _ => name,
    };
    let names: Vec<_> = names.into_iter().map(name).collect();
    match &schema["format"] {
        Value::String(format) => format!("{} ({format})", names.join(" or ")),
        _ => names.join(" or "),
    }
}

fn named(schema: &Value) -> Option<String> {
    let reference = schema["$ref"].as_str()?;
    Some(reference.rsplit('/').next()?.to_owned())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn paragraphs(value: &Value) -> Vec<String> {
    let text = text(value);
    let paragraphs = text.split("\n\n").map(|it| it.replace('\n', " "));
    paragraphs.filter(|it| !it.is_empty()).collect()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
