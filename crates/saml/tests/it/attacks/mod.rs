//! Each test is one attack on the receiving side, carried out on a genuinely signed response.

mod algorithms;
mod messages;
mod signatures;
mod wrapping;
mod xml;
