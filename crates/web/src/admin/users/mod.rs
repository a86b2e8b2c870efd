//! `/admin/users/…`

pub(crate) mod credentials;
