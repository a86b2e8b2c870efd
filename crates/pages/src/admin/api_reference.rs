//! The API to read: operations by tag, with their parameters, bodies and answers, and the schemas
//! that they name. Filled from the OpenAPI document, so that the two agree.

use askama::Template;

use crate::Body;

/// A parameter in the path, the query or a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiParameter {
    pub name: String,
    /// `path`, `query`, `header`.
    pub place: String,
    /// `string`, `integer`, `array of string`.
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// An answer by its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    pub status: String,
    pub about: String,
    /// Name of an [`ApiSchema`] of the page.
    pub schema: Option<String>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiOperation {
    /// Unique on the page; the operation's anchor.
    pub id: String,
    /// `GET`.
    pub method: String,
    pub path: String,
    pub summary: String,
    pub description: String,
    /// The least scope of a key that may call it.
    pub scope: Option<String>,
    pub parameters: Vec<ApiParameter>,
    /// Schema of the request's body.
    pub body: Option<String>,
    pub answers: Vec<ApiAnswer>,
}

/// Operations that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTag {
    /// The tag's anchor.
    pub id: String,
    pub name: String,
    pub about: String,
    pub operations: Vec<ApiOperation>,
}

/// A field of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiField {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// A schema; its anchor is `schema-` and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSchema {
    pub name: String,
    pub about: String,
    pub fields: Vec<ApiField>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/api_reference.html")]
pub struct ApiReference {
    /// `1.0.0`.
    pub version: String,
    /// What all operations share: where the API is, how keys are sent.
    pub about: Vec<String>,
    /// Address of the OpenAPI document.
    pub document: String,
    pub tags: Vec<ApiTag>,
    pub schemas: Vec<ApiSchema>,
}

impl Body for ApiReference {
    fn title(&self) -> &'static str {
        "API reference"
    }
}
