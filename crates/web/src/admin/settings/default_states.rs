//! The state that new people start in, by how they were made (requirements B01 and D02).

use jetway_identity::{Sections, UserState};
use jetway_pages::Body;
use jetway_pages::admin::parts::{Choice, Select};
use jetway_pages::admin::settings::{DefaultStateSettings, SettingsHead, SettingsTab};

use super::problems::Problems;
use super::tab::{Around, Seal, Tab};
use crate::shared::{Failure, Fields};

pub(crate) struct DefaultStates {
    manual: UserState,
    bulk: UserState,
    import: UserState,
}

impl Tab for DefaultStates {
    const TAB: SettingsTab = SettingsTab::DefaultStates;
    const SECTIONS: &'static [&'static str] = &["default_states"];

    fn stored(sections: &Sections) -> Self {
        let states = &sections.default_states;
        Self {
            manual: states.manual,
            bulk: states.bulk,
            import: states.import,
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        let state = |name| {
            let name = fields.get(name)?.unwrap_or_default();
            OFFERED
                .into_iter()
                .find(|state| state.as_str() == name)
                .ok_or_else(Failure::bad_request)
        };
        Ok(Self {
            manual: state("default_states.manual")?,
            bulk: state("default_states.bulk")?,
            import: state("default_states.import")?,
        })
    }

    fn apply(&self, sections: &mut Sections, _: &mut Problems) {
        let states = &mut sections.default_states;
        states.manual = self.manual;
        states.bulk = self.bulk;
        states.import = self.import;
    }

    fn page(self, head: SettingsHead, problems: &Problems, _: &Around<'_>) -> impl Body {
        let select = |field, state| Select {
            choices: choices(state),
            error: problems.of(field),
        };
        DefaultStateSettings {
            head,
            manual: select("default_states.manual", self.manual),
            bulk: select("default_states.bulk", self.bulk),
            import: select("default_states.import", self.import),
        }
    }
}

/// Nobody starts suspended.
const OFFERED: [UserState; 2] = [UserState::Staged, UserState::Active];

fn choices(chosen: UserState) -> Vec<Choice> {
    let words = |state| match state {
        UserState::Staged => "Staged",
        UserState::Active => "Active",
        UserState::Suspended => "Suspended",
    };
    let choice = |state: UserState| Choice::new(state.as_str(), words(state), state == chosen);
    OFFERED.into_iter().map(choice).collect()
}
