//! `jetway admin applications preview`, `check`, `aws`, `arns` and `diagnose`: single sign-on before
//! anybody signs in, and after it has failed.

use std::path::Path;

use serde_json::{Value, json};

use super::applications::{APPLICATIONS, find, label};
use super::transfer::text_of;
use super::users::{self, id};
use super::{AdminError, Context};
use crate::args::{AwsArgs, AwsForm};
use crate::printer::printable;

const CHECK_COLUMNS: [(&str, &str); 2] = [("CHECK", "outcome"), ("", "text")];
const VALUE_COLUMNS: [(&str, &str); 3] = [
    ("ATTRIBUTE", "name"),
    ("VALUE", "value"),
    ("FROM", "origin"),
];
const FAILING_COLUMNS: [(&str, &str); 2] = [("EMAIL", "user.email"), ("WHY NOT", "reason")];
const FINDING_COLUMNS: [(&str, &str); 2] = [("SEVERITY", "severity"), ("FOUND", "title")];
const PAIR_COLUMNS: [(&str, &str); 3] = [
    ("ROLE", "role_arn"),
    ("SAML PROVIDER", "provider_arn"),
    ("GROUP", "group"),
];

pub(super) fn preview(
    context: &Context,
    application: &str,
    user: &str,
    xml: bool,
) -> Result<(), AdminError> {
    let application = find(context, application)?.body;
    let user = users::find(context, user)?.body;
    let path = [APPLICATIONS, id(&application), "preview"];
    let preview = context.client.get_with(&path, &[("user", id(&user))])?.body;
    if xml {
        let none = || AdminError::NothingToRun("no response would be made".to_owned());
        return context
            .output
            .text(preview["xml"].as_str().ok_or_else(none)?);
    }
    if context.json {
        return context.output.one(&preview);
    }
    context
        .output
        .list(items(&preview, "checks"), &CHECK_COLUMNS)?;
    let mut rows = Vec::new();
    if let Some(value) = preview["name_id"]["value"].as_str() {
        let origin = &preview["name_id"]["format"];
        rows.push(json!({"name": "NameID", "value": value, "origin": origin}));
    }
    for attribute in items(&preview, "attributes") {
        for value in items(attribute, "values") {
            let (name, origin) = (&attribute["name"], &value["origin"]);
            rows.push(json!({"name": name, "value": value["value"], "origin": origin}));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    context.output.text("")?;
    context.output.list(&rows, &VALUE_COLUMNS)
}

/// Fails where somebody could not sign in, so that a pipeline stops.
pub(super) fn check(context: &Context, application: &str) -> Result<(), AdminError> {
    let application = find(context, application)?.body;
    let path = [APPLICATIONS, id(&application), "checks"];
    let checked = context.client.get(&path)?.body;
    let failing = checked["failing"].as_u64().unwrap_or_default();
    if failing == 0 {
        let count = checked["checked"].as_u64().unwrap_or_default();
        let said = match count {
            0 => format!("Nobody has {}.", label(&application)),
            _ => format!(
                "{} would work for all who have it ({count}).",
                label(&application)
            ),
        };
        return context.output.done(&said, &checked);
    }
    if context.json {
        context.output.one(&checked)?;
    } else {
        context
            .output
            .list(items(&checked, "first"), &FAILING_COLUMNS)?;
    }
    Err(AdminError::CannotSignIn(failing))
}

pub(super) fn aws(context: &Context, args: &AwsArgs) -> Result<(), AdminError> {
    let application = find(context, &args.application)?.body;
    let lists = [
        ("accounts", args.accounts.join(",")),
        ("roles", args.roles.join(",")),
        ("provider", args.provider.clone().unwrap_or_default()),
        ("policies", args.policies.join(",")),
        ("region", args.instance_region.clone().unwrap_or_default()),
        ("permission_sets", args.permission_sets.join(",")),
        ("groups", args.groups.join(",")),
    ];
    let query = lists.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = query.map(|(name, value)| (*name, value.as_str())).collect();
    let path = [APPLICATIONS, id(&application), "aws-setup"];
    let setup = context.client.get_with(&path, &query)?.body;
    if context.json {
        return context.output.one(&setup);
    }
    for note in items(&setup, "notes") {
        context.output.note(&printable(text(note)));
    }
    let parts = items(&setup, "setups");
    if parts.is_empty() {
        let what = "the application names no AWS account yet: say --account and --role-name";
        return Err(AdminError::NothingToRun(what.to_owned()));
    }
    for part in parts {
        if let Some(problem) = part["problem"].as_str() {
            return Err(AdminError::NothingToRun(printable(problem)));
        }
        context.output.text(&written(part, args.form))?;
    }
    Ok(())
}

fn written(part: &Value, form: AwsForm) -> String {
    match form {
        AwsForm::Steps => {
            let steps = items(part, "steps").iter().enumerate();
            let steps = steps.map(|(index, step)| format!("{}. {}", index + 1, text(step)));
            steps.collect::<Vec<_>>().join("\n")
        }
        AwsForm::Terraform => text(&part["terraform"]).to_owned(),
        AwsForm::Script => text(&part["script"]).to_owned(),
        AwsForm::CloudFormation => {
            let templates = items(part, "cloudformation").iter();
            let templates = templates.map(|one| text(&one["template"]));
            templates.collect::<Vec<_>>().join("\n")
        }
    }
}

pub(super) fn arns(
    context: &Context,
    application: &str,
    (file, groups): (&Path, &[String]),
    plan: bool,
) -> Result<(), AdminError> {
    let application = find(context, application)?.body;
    let mut by_role = serde_json::Map::new();
    for given in groups {
        // A role's ARN has no equals sign, and begins the text.
        let (role, group) = given
            .split_once('=')
            .filter(|(role, group)| !role.is_empty() && !group.is_empty())
            .ok_or_else(|| AdminError::NotAField(given.clone()))?;
        by_role.insert(role.to_owned(), group.into());
    }
    let body = json!({ "text": text_of(file)?, "groups": by_role });
    let path = [APPLICATIONS, id(&application), "role-arns"];
    let taken = if plan {
        context.client.plan(&path, &body)?
    } else {
        context.client.post(&path, &body)?
    };
    if context.json {
        return context.output.one(&taken);
    }
    context.output.list(items(&taken, "pairs"), &PAIR_COLUMNS)?;
    let has = if plan { "would have" } else { "has" };
    let said = format!("{} {has} these roles.", label(&application));
    context.output.note(&said);
    Ok(())
}

pub(super) fn diagnose(
    context: &Context,
    file: &Path,
    application: Option<&str>,
) -> Result<(), AdminError> {
    let mut body = json!({ "text": text_of(file)? });
    if let Some(application) = application {
        body["application"] = id(&find(context, application)?.body).into();
    }
    let answer = context.client.post(&["diagnoses"], &body)?;
    if context.json {
        return context.output.one(&answer);
    }
    let findings = items(&answer, "findings");
    if findings.is_empty() {
        context.output.note("Nothing is wrong with it.");
        return Ok(());
    }
    context.output.list(findings, &FINDING_COLUMNS)?;
    for finding in findings {
        let said = format!(
            "\n{}\n  {}\n  {}",
            text(&finding["title"]),
            text(&finding["explanation"]),
            text(&finding["fix"])
        );
        context
            .output
            .text(&said.lines().map(printable).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(())
}

fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
