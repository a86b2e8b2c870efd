//! Pages about applications (requirements F01 to K06, S01 to S04).

mod attributes;
mod aws_setup;
mod catalogue;
mod color;
mod confirm;
mod created;
mod general;
mod groups;
mod header;
mod list;
mod new_general;
mod options;
mod preview;
mod review;
mod sso;
mod steps;

pub use attributes::{ApplicationAttributes, ConstantRow, MappedRow, RuleRow};
pub use aws_setup::{
    ApplicationArns, ApplicationAws, FoundPair, GeneratedFile, SetupForm, SetupPart,
};
pub use catalogue::{Catalogue, CatalogueCard};
pub use color::ColorChoice;
pub use confirm::{Deletion, OtherSide};
pub use created::ApplicationCreated;
pub use general::{ApplicationGeneral, SignOnFacts};
pub use groups::{ApplicationGroups, PersonWithAccess, SinglePerson, TickedGroup};
pub use header::{ApplicationHeader, ApplicationTab};
pub use list::{ApplicationRow, Applications, GrantedGroup};
pub use new_general::{NewGeneral, NewIdpUrl};
pub use options::ApplicationOptions;
pub use preview::{
    ApplicationPreview, EveryoneChecked, PersonPreview, PreviewAttribute, PreviewCandidate,
    PreviewCheck, PreviewConflict,
};
pub use review::Review;
pub use sso::{ApplicationSso, KeyRow};
pub use steps::{Steps, WizardStep};
