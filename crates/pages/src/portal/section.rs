//! The navigation of the user portal.

/// The two places of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalSection {
    Applications,
    Profile,
}

impl PortalSection {
    pub(crate) const ALL: [Self; 2] = [Self::Applications, Self::Profile];

    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Applications => "/",
            Self::Profile => "/profile",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Applications => "Applications",
            Self::Profile => "Profile",
        }
    }
}
