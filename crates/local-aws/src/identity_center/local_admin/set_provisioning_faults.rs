//! SetProvisioningFaults: what happens to the next requests of the SCIM endpoint, for tests of
//! clients. `Header` says whether requests may ask for a fault themselves.

use serde_json::{Value, json};

use super::error::allowed;
use crate::{
    identity_center::{InstanceError, allow_scim_faults, scim::PlannedFaults},
    json_service::{JsonCall, JsonError},
};

const ACTION: &str = "sso:UpdateDirectoryAssociation";

/// The most faults of one request, each for a number of requests.
const MAX_FAULTS: usize = 100;

pub(super) fn answer(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let header = call.input.raw("Header").map(|value| {
        value
            .as_bool()
            .ok_or_else(|| JsonError::validation("Header must be true or false"))
    });
    let header = header.transpose()?;
    let faults = call.input.list("NextRequests").unwrap_or_default();
    call.input.done()?;
    if faults.len() > MAX_FAULTS {
        return Err(JsonError::validation(format!(
            "NextRequests must have at most {MAX_FAULTS} entries"
        )));
    }
    let planned = faults.iter().map(planned).collect::<Result<Vec<_>, _>>()?;
    let instance = allowed(call, ACTION)?;
    if instance.provisioning.is_none() {
        return Err(InstanceError::ProvisioningDisabled.into());
    }
    if let Some(header) = header {
        allow_scim_faults(call.aws, header)?;
    }
    call.aws.scim_faults().plan(planned);
    Ok(json!({}))
}

/// `{"Fault": "429;retry-after=1", "Count": 3}`
fn planned(entry: &Value) -> Result<PlannedFaults, JsonError> {
    let fault = entry["Fault"].as_str();
    let count = match &entry["Count"] {
        Value::Null => Some(1),
        count => count.as_u64().and_then(|count| u32::try_from(count).ok()),
    };
    let (Some(fault), Some(count)) = (fault, count) else {
        return Err(JsonError::validation(
            "each entry of NextRequests must have a Fault, and may have a Count",
        ));
    };
    PlannedFaults::new(fault, count).map_err(|error| JsonError::validation(error.to_string()))
}
