//! Which people, in queries: `state`, `q`, `filter.<column>`.

use jetway_identity::applications::DIRECTORY_ATTRIBUTES;
use jetway_identity::{UserColumn, UserFilter, UserState};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::api::Problem;
use crate::api::problem::FieldError;

const COLUMN: &str = "filter.";
/// Columns that are no directory attributes.
const OWN_COLUMNS: [&str; 3] = ["name", "email", "username"];

/// The parameters of a query that say which people.
#[derive(Debug, Default)]
pub(super) struct Selection(pub(super) UserFilter);

impl Selection {
    /// Reads the pairs of a query; those that are about something else are left over.
    pub(super) fn take(
        pairs: Vec<(String, String)>,
    ) -> Result<(Self, Vec<(String, String)>), Problem> {
        let mut filter = UserFilter::default();
        let mut rest: Vec<(String, String)> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in pairs {
            if seen.contains(&name) {
                return Err(wrong(&name, "this field is there twice"));
            }
            seen.push(name.clone());
            match name.as_str() {
                "state" => {
                    let state = UserState::from_name(&value);
                    let state =
                        state.ok_or_else(|| wrong("state", "use staged, active or suspended"))?;
                    filter.state = Some(state);
                }
                "q" => filter.text = value,
                _ => match name.strip_prefix(COLUMN) {
                    Some(column) => {
                        let column: UserColumn = column
                            .parse()
                            .map_err(|error| wrong(&name, format!("{error}")))?;
                        filter.columns.push((column, value));
                    }
                    None => rest.push((name, value)),
                },
            }
        }
        Ok((Self(filter), rest))
    }

    /// For a query that has nothing else.
    pub(super) fn only(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let (selection, rest) = Self::take(pairs)?;
        match rest.first() {
            Some((name, _)) => Err(unknown(name)),
            None => Ok(selection),
        }
    }
}

/// 400 for a parameter.
pub(super) fn wrong(name: &str, message: impl Into<String>) -> Problem {
    Problem::bad_parameters(vec![FieldError::new(name, message)])
}

pub(super) fn unknown(name: &str) -> Problem {
    wrong(name, "there is no such field")
}

impl IntoParams for Selection {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, description: &str, values: Option<[&str; 3]>| {
            let text = ObjectBuilder::new().schema_type(Type::String);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .description(Some(description))
                .schema(Some(text.enum_values(values)))
                .build()
        };
        let states = ["staged", "active", "suspended"];
        let mut parameters = vec![
            parameter("state", "Only people in this state.", Some(states)),
            parameter(
                "q",
                "Beginnings of words that are anywhere in what is known of a person.",
                None,
            ),
        ];
        let columns = OWN_COLUMNS.into_iter().chain(DIRECTORY_ATTRIBUTES);
        parameters.extend(columns.map(|column| {
            let description = format!(
                "Beginnings of words of `{column}`. A custom attribute is searched by \
                 `filter.custom:<name>`."
            );
            parameter(&format!("{COLUMN}{column}"), &description, None)
        }));
        parameters
    }
}
