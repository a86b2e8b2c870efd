//! Requirements W01 to W04: what is generated for the AWS side says what was put in, also with
//! names that are legal and hostile.

mod from_application;
mod iam;
mod identity_center;
mod input;
mod programs;
mod read_arns;
