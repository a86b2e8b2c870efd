//! Mails leave the outbox here: a worker takes what is due and hands it to the mail server of the
//! settings.

mod message;
#[cfg(test)]
mod tests;
mod transport;
mod worker;

pub(crate) use worker::{Post, deliver};
