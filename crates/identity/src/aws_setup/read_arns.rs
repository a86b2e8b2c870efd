//! The way back: ARNs that an administrator pastes, as lines or as the JSON that Terraform and
//! CloudFormation print, become role pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use jetway_saml::RolePair;
use serde_json::Value;

use crate::applications::ROLE_PLACEHOLDER;

/// Bytes of pasted text that are read.
pub const MAX_PASTED_ARNS: usize = 1024 * 1024;

/// Pairs and problems that are kept; a table of more helps nobody.
const MAX_FOUND: usize = 10_000;

/// How deep the JSON is looked into. The outputs of both tools are much flatter.
const MAX_DEPTH: usize = 32;

/// Why nothing at all was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadArnsError {
    #[error("this is {length} bytes long; paste at most {MAX_PASTED_ARNS}")]
    TooLong { length: usize },
    #[error("this begins like JSON, but line {line} is not: paste the whole output")]
    NotJson { line: usize },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadArns {
    /// Each once, in the order of the text.
    pub pairs: Vec<ArnPair>,
    /// What was not understood.
    pub problems: Vec<ArnProblem>,
}

/// A role and the provider that vouches for it, both of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArnPair {
    /// 12 digits.
    pub account: String,
    pub role_arn: String,
    pub provider_arn: String,
}

/// Something that was not understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct ArnProblem {
    pub place: ArnPlace,
    pub fault: ArnFault,
}

/// Where something stands in the pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArnPlace {
    /// Counted from 1.
    Line(usize),
    /// The way to a value, such as `jetway_roles.value[0]`.
    Json(String),
}

impl fmt::Display for ArnPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Json(path) => f.write_str(path),
        }
    }
}

/// What is wrong with one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArnFault {
    #[error("{ROLE_PLACEHOLDER} still stands where the number of the AWS account belongs")]
    Placeholder,
    #[error(
        "this is neither the ARN of a role nor that of a SAML provider, nor a pair of them with a comma between"
    )]
    NotUnderstood,
    #[error("the role and the SAML provider are of two accounts; AWS wants both of one")]
    TwoAccounts,
    #[error("there is no SAML provider of the same account in the text; write it behind a comma")]
    NoProvider,
    #[error(
        "there are several SAML providers of this account in the text; write the right one behind a comma"
    )]
    SeveralProviders,
    #[error("there is no role of the same account for this SAML provider in the text")]
    NoRole,
    #[error("there are no ARNs in it")]
    Nothing,
}

/// Reads pasted text: lines of `role,provider` in either order, lines with one ARN each, the output
/// of `terraform output -json`, or that of `aws cloudformation describe-stacks`. A role that stands
/// alone is paired with the SAML provider of its account when there is exactly one.
///
/// # Errors
/// When the text is too long, or broken JSON. What is wrong with single places is in
/// [`ReadArns::problems`].
pub fn read_arns(text: &str) -> Result<ReadArns, ReadArnsError> {
    if text.len() > MAX_PASTED_ARNS {
        return Err(ReadArnsError::TooLong { length: text.len() });
    }
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    let mut reader = Reader::default();
    if trimmed.starts_with(['{', '[']) {
        let skipped = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
        let before = text[..skipped].matches('\n').count();
        let json: Value = serde_json::from_str(trimmed).map_err(|e| ReadArnsError::NotJson {
            line: before + e.line(),
        })?;
        reader.json(&json, &mut String::new(), 0);
        if reader.is_empty() {
            let place = ArnPlace::Json("the JSON".to_owned());
            reader.problem(place, ArnFault::Nothing);
        }
    } else {
        for (index, line) in text.lines().enumerate() {
            reader.line(index + 1, line);
        }
    }
    Ok(reader.finish())
}

#[derive(Default)]
struct Reader {
    pairs: Vec<ArnPair>,
    seen: BTreeSet<ArnPair>,
    lone_roles: Vec<(ArnPlace, String)>,
    lone_providers: Vec<(ArnPlace, String)>,
    problems: Vec<ArnProblem>,
}

impl Reader {
    fn is_empty(&self) -> bool {
        self.pairs.is_empty()
            && self.lone_roles.is_empty()
            && self.lone_providers.is_empty()
            && self.problems.is_empty()
    }

    /// Quotes, list marks and commas at the end come along when people copy.
    fn line(&mut self, number: usize, line: &str) {
        let text = line
            .trim_matches(|c: char| c.is_whitespace() || "\u{feff}\"',;".contains(c))
            .trim_start_matches(['-', '*', '\u{2022}'])
            .trim_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
        if !text.is_empty() && !text.starts_with('#') {
            self.text(ArnPlace::Line(number), text);
        }
    }

    fn text(&mut self, place: ArnPlace, text: &str) {
        if text.contains(ROLE_PLACEHOLDER) {
            self.problem(place, ArnFault::Placeholder);
        } else if let Ok(pair) = RolePair::parse(text) {
            self.pair(place, pair.role_arn, pair.provider_arn);
        } else if is_role(text) {
            self.lone_roles.push((place, text.to_owned()));
        } else if is_provider(text) {
            self.lone_providers.push((place, text.to_owned()));
        } else {
            self.problem(place, ArnFault::NotUnderstood);
        }
    }

    /// Strings that have nothing to do with us are normal in the outputs of a whole stack.
    fn json(&mut self, value: &Value, path: &mut String, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let length = path.len();
        match value {
            Value::String(text) if text.contains(":role/") || text.contains(":saml-provider/") => {
                self.text(ArnPlace::Json(path.clone()), text.trim());
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    write!(path, "[{index}]").ok();
                    self.json(value, path, depth + 1);
                    path.truncate(length);
                }
            }
            Value::Object(fields) => {
                let field = |name: &str| fields.get(name).and_then(Value::as_str);
                if let (Some(role), Some(provider)) = (field("role_arn"), field("provider_arn")) {
                    let text = format!("{role},{provider}");
                    self.text(ArnPlace::Json(path.clone()), &text);
                    return;
                }
                for (name, value) in fields {
                    // The role that CloudFormation works with is not for people.
                    if name == "RoleARN" {
                        continue;
                    }
                    if length > 0 {
                        path.push('.');
                    }
                    path.extend(name.chars().filter(|c| !c.is_control()).take(100));
                    self.json(value, path, depth + 1);
                    path.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn pair(&mut self, place: ArnPlace, role_arn: String, provider_arn: String) {
        if !is_role(&role_arn) || !is_provider(&provider_arn) {
            return self.problem(place, ArnFault::NotUnderstood);
        }
        if home(&role_arn) != home(&provider_arn) {
            return self.problem(place, ArnFault::TwoAccounts);
        }
        let pair = ArnPair {
            account: account(&role_arn).to_owned(),
            role_arn,
            provider_arn,
        };
        if self.pairs.len() < MAX_FOUND && self.seen.insert(pair.clone()) {
            self.pairs.push(pair);
        }
    }

    fn problem(&mut self, place: ArnPlace, fault: ArnFault) {
        if self.problems.len() < MAX_FOUND {
            self.problems.push(ArnProblem { place, fault });
        }
    }

    fn finish(mut self) -> ReadArns {
        let roles = std::mem::take(&mut self.lone_roles);
        let providers = std::mem::take(&mut self.lone_providers);
        let mut by_home: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for (_, provider) in &providers {
            by_home.entry(home(provider)).or_default().insert(provider);
        }
        let homes: BTreeSet<_> = roles.iter().map(|(_, role)| home(role)).collect();
        for (place, provider) in &providers {
            if !homes.contains(&home(provider)) {
                self.problem(place.clone(), ArnFault::NoRole);
            }
        }
        for (place, role) in &roles {
            let candidates = by_home.get(&home(role));
            let mut candidates = candidates.into_iter().flatten();
            match (candidates.next(), candidates.next()) {
                (Some(provider), None) => {
                    self.pair(place.clone(), role.clone(), (*provider).to_owned());
                }
                (None, _) => self.problem(place.clone(), ArnFault::NoProvider),
                (Some(_), Some(_)) => self.problem(place.clone(), ArnFault::SeveralProviders),
            }
        }
        self.problems.sort_by_key(|problem| match problem.place {
            ArnPlace::Line(number) => number,
            ArnPlace::Json(_) => 0,
        });
        ReadArns {
            pairs: self.pairs,
            problems: self.problems,
        }
    }
}

/// Partition and account.
fn home(arn: &str) -> (&str, &str) {
    (arn.split(':').nth(1).unwrap_or_default(), account(arn))
}

fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// `arn:<partition>:iam::<12 digits>:role/<path and name>`, with the path and name of IAM.
fn is_role(arn: &str) -> bool {
    name_of(arn, "role/").is_some_and(|name| {
        name.len() <= 512 + 64
            && name
                .split('/')
                .all(|part| super::check::is_name(part, 512, b"_+=,.@-"))
    })
}

fn is_provider(arn: &str) -> bool {
    name_of(arn, "saml-provider/").is_some_and(|name| super::check::provider_name(name).is_ok())
}

fn name_of<'a>(arn: &'a str, kind: &str) -> Option<&'a str> {
    let mut fields = arn.splitn(6, ':');
    let sound = fields.next() == Some("arn")
        && matches!(fields.next(), Some("aws" | "aws-cn" | "aws-us-gov"))
        && fields.next() == Some("iam")
        && fields.next() == Some("")
        && super::check::account(fields.next()?).is_ok();
    fields.next().filter(|_| sound)?.strip_prefix(kind)
}
