//! The AWS wire protocols that the local AWS speaks: Signature Version 4, the query codec, XML
//! responses and the shapes and texts of errors. No I/O, no clock, no randomness.

pub mod error;
pub mod query;
pub mod sigv4;
pub mod validation;
pub mod xml;

pub use error::{AwsError, Fault};
pub use query::QueryRequest;
pub use validation::ValidationErrors;
