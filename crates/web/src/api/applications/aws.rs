//! `/api/v1/applications/{id}/aws-setup` and `…/role-arns`: what is run in AWS for an application, and
//! the way back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::ApplicationId;
use jetway_identity::applications::{
    Application, ApplicationChange, SamlKind, SamlSettings, SamlSignOn, application,
    update_application,
};
use jetway_identity::aws_setup::{
    ArnPair, IamWish, IdentityCenterWish, SetupTexts, read_arns, with_role_rules, with_roles,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::applications::refusal::not_updated;
use crate::api::plan::Plan;
use crate::api::problem::FieldError;
use crate::api::{JsonBody, PathId, Precondition, Problem, QueryFields};
use crate::aws_texts::{NO_PERMISSION_SET, derive_iam, derive_identity_center};
use crate::shared::{ApiCaller, Site};

/// Pairs that are taken at once.
const MAX_PAIRS: usize = 100;
/// Problems that are told.
const MAX_PROBLEMS: usize = 20;

/// What is added to what the application says. Lists are separated by commas.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wish {
    /// Numbers of AWS accounts.
    accounts: Option<String>,
    /// Names of roles; for AWS IAM.
    roles: Option<String>,
    /// Name of the SAML provider; for AWS IAM.
    provider: Option<String>,
    /// Managed policies: names of AWS's own, or ARNs.
    policies: Option<String>,
    /// Of the IAM Identity Center.
    region: Option<String>,
    /// Names of permission sets; for the IAM Identity Center.
    permission_sets: Option<String>,
    /// Names of groups that get each permission set in each account.
    groups: Option<String>,
}

/// What to run in AWS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AwsSetup {
    /// One for each SAML provider, or one for the IAM Identity Center.
    setups: Vec<Setup>,
    /// What could not be read from the application.
    notes: Vec<String>,
}

/// One set-up. Terraform, CloudFormation, script and steps do the same.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AwsSetupPart)]
struct Setup {
    /// Name of the SAML provider.
    provider: Option<String>,
    /// Why there is nothing to run; then everything else is empty.
    problem: Option<String>,
    /// For the console.
    steps: Vec<String>,
    terraform: Option<String>,
    cloudformation: Vec<Template>,
    /// For the AWS CLI. It can be run again.
    script: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CloudFormationTemplate)]
struct Template {
    about: String,
    /// JSON, as a text.
    template: String,
}

impl From<SetupTexts> for Setup {
    fn from(texts: SetupTexts) -> Self {
        let provider = texts.provider;
        match texts.forms {
            Err(error) => Self {
                provider,
                problem: Some(error.to_string()),
                steps: Vec::new(),
                terraform: None,
                cloudformation: Vec::new(),
                script: None,
            },
            Ok(forms) => Self {
                provider,
                problem: None,
                steps: forms.steps,
                terraform: Some(forms.terraform),
                cloudformation: forms
                    .cloudformation
                    .into_iter()
                    .map(|(about, template)| Template { about, template })
                    .collect(),
                script: Some(forms.script),
            },
        }
    }
}

/// Generate the AWS side of an application
///
/// As steps for the console, Terraform, CloudFormation and a script for the AWS CLI.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/aws-setup",
    tag = "Applications",
    operation_id = "generate_aws_setup",
    params(("id" = String, Path), Wish),
    responses((status = 200, description = "What to run.", body = AwsSetup))
)]
pub(crate) async fn setup(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    QueryFields(wish): QueryFields<Wish>,
) -> Result<Json<AwsSetup>, Problem> {
    let found = application(site.store.as_ref(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("application"))?;
    let saml = aws_of(&found)?;
    let identity_center = saml.kind == SamlKind::IdentityCenter;
    only(&wish, identity_center)?;
    if identity_center {
        let wish = IdentityCenterWish {
            region: wish.region,
            permission_sets: listed(wish.permission_sets),
            managed_policies: listed(wish.policies),
            groups: listed(wish.groups),
            accounts: listed(wish.accounts),
        };
        let (texts, anything) = derive_identity_center(&site, &found.slug, saml, &wish).await?;
        let notes = (!anything).then(|| NO_PERMISSION_SET.to_owned());
        return Ok(Json(AwsSetup {
            setups: vec![texts.into()],
            notes: notes.into_iter().collect(),
        }));
    }
    let wish = IamWish {
        accounts: listed(wish.accounts),
        roles: listed(wish.roles),
        provider: wish.provider,
        managed_policies: listed(wish.policies),
    };
    let derived = derive_iam(&site, &found.slug, saml, &wish).await?;
    let notes = derived.notes.iter().map(ToString::to_string).collect();
    let setups = derived.texts().into_iter().map(Setup::from);
    Ok(Json(AwsSetup {
        setups: setups.collect(),
        notes,
    }))
}

/// Custom SAML and bookmarks have no side in AWS.
fn aws_of(application: &Application) -> Result<&SamlSignOn, Problem> {
    let saml = application.sign_on.saml();
    let saml = saml.filter(|saml| saml.kind != SamlKind::Custom);
    saml.ok_or_else(|| Problem::conflict("not-aws", "This application is not one of AWS."))
}

/// A parameter that would change nothing is a mistake.
fn only(wish: &Wish, identity_center: bool) -> Result<(), Problem> {
    let unused: &[(&str, bool)] = if identity_center {
        &[
            ("roles", wish.roles.is_some()),
            ("provider", wish.provider.is_some()),
        ]
    } else {
        &[
            ("region", wish.region.is_some()),
            ("permission_sets", wish.permission_sets.is_some()),
            ("groups", wish.groups.is_some()),
        ]
    };
    let errors: Vec<_> = unused
        .iter()
        .filter(|(_, given)| *given)
        .map(|(name, _)| FieldError::new(*name, "an application of this kind has none"))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::bad_parameters(errors))
    }
}

fn listed(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    let parts = text.split(',').map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What AWS answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRoleArns)]
pub(crate) struct Body {
    /// Role and SAML provider, a pair a line, in either order; or the output of
    /// `terraform output -json`, or of `aws cloudformation describe-stacks`.
    #[schema(min_length = 1)]
    text: String,
    /// For AWS IAM (multiple roles): the name of the group that gets a role, by the role's ARN. Roles
    /// without a group are left out.
    #[serde(default)]
    groups: BTreeMap<String, String>,
}

/// What was taken into the application.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleArns {
    pairs: Vec<RolePairTaken>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RolePairTaken {
    role_arn: String,
    provider_arn: String,
    /// Who gets it; `null`: everyone who has the application.
    group: Option<String>,
}

/// Take role ARNs into an application
///
/// For Amazon Web Services (IAM) they replace the values of the attribute Role; for AWS IAM (multiple
/// roles) they become role rules. What is not understood refuses all of it.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{id}/role-arns",
    tag = "Applications",
    operation_id = "take_role_arns",
    request_body = Body,
    params(("id" = String, Path), Plan, ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "What was taken.", body = RoleArns))
)]
pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    QueryFields(plan): QueryFields<Plan>,
    condition: Precondition,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<RoleArns>, Problem> {
    let store = plan.store(site.store.as_ref());
    let found = application(&*store, id).await?;
    let found = found.ok_or_else(|| Problem::not_found("application"))?;
    let saml = aws_of(&found)?;
    if !saml.kind.is_aws_iam() {
        let detail = "Accounts and permission sets are assigned in AWS.";
        return Err(Problem::conflict("no-roles", detail));
    }
    let taken = taken(&body, saml.kind)?;
    let change = ApplicationChange {
        saml: Some(changed(saml, &taken)?),
        ..ApplicationChange::default()
    };
    // What was merged into has to be what is there.
    let expected = condition.expected().or(Some(found.version));
    update_application(&mut caller.op, &*store, id, expected, change)
        .await
        .map_err(not_updated)?;
    let pairs = taken.into_iter().map(|(group, pair)| RolePairTaken {
        role_arn: pair.role_arn,
        provider_arn: pair.provider_arn,
        group,
    });
    Ok(Json(RoleArns {
        pairs: pairs.collect(),
    }))
}

/// The pairs, each with its group where roles go by group.
fn taken(body: &Body, kind: SamlKind) -> Result<Vec<(Option<String>, ArnPair)>, Problem> {
    let read = read_arns(&body.text).map_err(|error| Problem::field("text", error.to_string()))?;
    if !read.problems.is_empty() {
        let errors = read.problems.iter().take(MAX_PROBLEMS);
        let errors = errors.map(|problem| FieldError::new("text", problem.to_string()));
        return Err(Problem::invalid(errors.collect()));
    }
    if read.pairs.is_empty() {
        let message = "no pair of a role and a SAML provider was found";
        return Err(Problem::field("text", message));
    }
    if read.pairs.len() > MAX_PAIRS {
        let message = format!(
            "these are {} pairs; send at most {MAX_PAIRS}",
            read.pairs.len()
        );
        return Err(Problem::field("text", message));
    }
    if kind == SamlKind::AwsIam {
        if !body.groups.is_empty() {
            let message = "everyone who has this application gets all of its roles";
            return Err(Problem::field("groups", message));
        }
        return Ok(read.pairs.into_iter().map(|pair| (None, pair)).collect());
    }
    let there = |arn: &String| read.pairs.iter().any(|pair| pair.role_arn == *arn);
    if let Some(unknown) = body.groups.keys().find(|arn| !there(arn)) {
        let message = format!("the text has no role {unknown}");
        return Err(Problem::field("groups", message));
    }
    let given = read.pairs.into_iter().filter_map(|pair| {
        let group = body.groups.get(&pair.role_arn)?;
        Some((Some(group.clone()), pair))
    });
    let given: Vec<_> = given.collect();
    if given.is_empty() {
        let message = "name a group for at least one role";
        return Err(Problem::field("groups", message));
    }
    Ok(given)
}

fn changed(
    saml: &SamlSignOn,
    taken: &[(Option<String>, ArnPair)],
) -> Result<SamlSettings, Problem> {
    if saml.kind == SamlKind::AwsIam {
        let pairs: Vec<_> = taken.iter().map(|(_, pair)| pair.clone()).collect();
        return Ok(with_roles(&saml.settings, &pairs));
    }
    let rules = taken.iter().map(|(group, pair)| {
        let group = group.clone().unwrap_or_default();
        (group, pair.clone())
    });
    let rules: Vec<_> = rules.collect();
    let settings = with_role_rules(&saml.settings, &rules);
    settings.map_err(|error| Problem::field("groups", error.to_string()))
}
