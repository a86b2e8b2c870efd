//! Policies about sign-ins.

use async_trait::async_trait;
use jetway_identity::sign_in_policies::{SavedSignInPolicy, SignInPolicy};
use jetway_identity::store::{ReadSignInPolicies, WriteSignInPolicies};
use jetway_identity::{SignInPolicyId, StoreError};
use sqlx::any::AnyRow;
use sqlx::query;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    ALL = "SELECT p.id, p.rule, p.version, p.created_at, p.changed_at FROM sign_in_policies p";
    INSERT = "INSERT INTO sign_in_policies (id, rule, version, created_at, changed_at) \
              VALUES ($1, $2, $3, $4, $5)";
    PUT = "UPDATE sign_in_policies SET rule = $2, version = $3, changed_at = $4 WHERE id = $1";
    DELETE = "DELETE FROM sign_in_policies WHERE id = $1";
}

fn read_policy(row: &AnyRow) -> Result<SavedSignInPolicy, StoreError> {
    let mut fields = Fields::of(row);
    Ok(SavedSignInPolicy {
        policy: SignInPolicy {
            id: fields.parsed()?,
            rule: fields.json()?,
        },
        version: fields.integer()?,
        created_at: fields.time()?,
        changed_at: fields.time()?,
    })
}

#[async_trait]
impl ReadSignInPolicies for Unit {
    async fn saved_sign_in_policies(&mut self) -> Result<Vec<SavedSignInPolicy>, StoreError> {
        let rows = self.rows(query(ALL)).await?;
        let mut all = rows
            .iter()
            .map(read_policy)
            .collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|saved| saved.policy.place());
        Ok(all)
    }
}

#[async_trait]
impl WriteSignInPolicies for Unit {
    async fn insert_sign_in_policy(&mut self, saved: &SavedSignInPolicy) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(saved.policy.id.to_string())
            .bind(json(&saved.policy.rule)?)
            .bind(saved.version)
            .bind(millis(saved.created_at))
            .bind(millis(saved.changed_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_sign_in_policy(&mut self, saved: &SavedSignInPolicy) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(saved.policy.id.to_string())
            .bind(json(&saved.policy.rule)?)
            .bind(saved.version)
            .bind(millis(saved.changed_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_sign_in_policy(&mut self, id: SignInPolicyId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }
}
