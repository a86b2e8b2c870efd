//! What the server says of itself.

use jetway_scim::list_response;
use serde_json::Value;

use super::{Answer, Call, Refusal};

pub(super) fn service_provider_config(call: &Call<'_>) -> Answer {
    Answer::ok(jetway_scim::service_provider_config(
        call.profile,
        call.base,
    ))
}

pub(super) fn schemas(call: &Call<'_>) -> Answer {
    Answer::ok(list_response(jetway_scim::schemas(call.profile, call.base)))
}

pub(super) fn schema(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    by_id(jetway_scim::schemas(call.profile, call.base), id)
}

pub(super) fn resource_types(call: &Call<'_>) -> Answer {
    Answer::ok(list_response(jetway_scim::resource_types(
        call.profile,
        call.base,
    )))
}

pub(super) fn resource_type(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    by_id(jetway_scim::resource_types(call.profile, call.base), id)
}

fn by_id(documents: Vec<Value>, id: &str) -> Result<Answer, Refusal> {
    documents
        .into_iter()
        .find(|document| {
            document["id"]
                .as_str()
                .is_some_and(|known| known.eq_ignore_ascii_case(id))
        })
        .map(Answer::ok)
        .ok_or(Refusal::NoSuchDocument)
}
