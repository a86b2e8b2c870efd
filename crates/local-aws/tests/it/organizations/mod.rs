//! AWS Organizations, `aws organizations …` (requirement I02: what AWS answers, the local AWS
//! answers).

mod access;
mod accounts;
mod delegation;
mod input;
mod organization;
mod tags;
mod units;
