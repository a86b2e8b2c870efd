//! The Identity Store API, `aws identitystore …` (requirement I02: what AWS answers, the local AWS
//! answers).

mod access;
mod groups;
mod lists;
mod memberships;
mod store;
mod users;
