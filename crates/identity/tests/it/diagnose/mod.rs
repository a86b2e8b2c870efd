//! "Diagnose": pasted text in, causes and remedies out.

mod aws_errors;
mod response;
