//! The account alias. An account has at most one; an alias belongs to one account only.

use jetway_aws_wire::AwsError;

use super::{
    call::{Call, Paging, Reply},
    error::IamError,
    shapes,
};
use crate::LocalAws;

/// Sets the alias, replacing the one before, as AWS does.
pub fn create_account_alias(aws: &LocalAws, account: &str, alias: &str) -> Result<(), IamError> {
    shapes::ALIAS.require("accountAlias", alias)?;
    aws.cell().change(|change| {
        let taken = change
            .state()
            .accounts
            .values()
            .any(|other| other.record.alias.as_deref() == Some(alias));
        if taken {
            return Err(IamError::AlreadyExists(format!(
                "The account alias {alias} already exists."
            )));
        }
        let Some(owner) = change.state().account(account) else {
            return Err(IamError::no_account(account));
        };
        let mut record = owner.record.clone();
        record.alias = Some(alias.to_owned());
        Ok(change.put_account(record)?)
    })
}

/// Removes the alias.
pub fn delete_account_alias(aws: &LocalAws, account: &str, alias: &str) -> Result<(), IamError> {
    aws.cell().change(|change| {
        let owner = change.state().account(account);
        let Some(owner) = owner.filter(|owner| owner.record.alias.as_deref() == Some(alias)) else {
            return Err(IamError::NoSuchEntity(format!(
                "The account alias {alias} does not exist."
            )));
        };
        let mut record = owner.record.clone();
        record.alias = None;
        Ok(change.put_account(record)?)
    })
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let alias = members.required("AccountAlias", shapes::ALIAS);
    members.done()?;
    call.allow("iam:CreateAccountAlias", "*")?;
    create_account_alias(call.aws, call.account_id(), alias)?;
    Ok(Reply::Empty)
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let paging = Paging::read(&mut members)?;
    members.done()?;
    call.allow("iam:ListAccountAliases", "*")?;
    let aliases: Vec<String> = call.account()?.record.alias.iter().cloned().collect();
    Ok(paging
        .page(aliases, Clone::clone)
        .into_reply("AccountAliases", |xml, alias| xml.characters(&alias)))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let alias = members.required("AccountAlias", shapes::ALIAS);
    members.done()?;
    call.allow("iam:DeleteAccountAlias", "*")?;
    delete_account_alias(call.aws, call.account_id(), alias)?;
    Ok(Reply::Empty)
}
