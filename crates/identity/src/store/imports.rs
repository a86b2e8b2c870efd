//! Storage of files of people on their way into the directory.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::ImportId;
use crate::users::transfer::{ImportProblem, ImportRow, UserImport};

/// Questions about imports.
#[async_trait]
pub trait ReadImports: Send {
    async fn import(&mut self, id: ImportId) -> Result<Option<UserImport>, StoreError>;
    /// The newest first.
    async fn latest_imports(&mut self, limit: u32) -> Result<Vec<UserImport>, StoreError>;
    /// The oldest that was confirmed and is not done.
    async fn running_import(&mut self) -> Result<Option<UserImport>, StoreError>;
    /// The first piece that is left whose number is higher than `after`, with its number. Numbers
    /// begin with 1.
    async fn next_import_piece(
        &mut self,
        id: ImportId,
        after: i64,
    ) -> Result<Option<(i64, Vec<ImportRow>)>, StoreError>;
    /// By line.
    async fn import_problems(
        &mut self,
        id: ImportId,
        limit: u32,
    ) -> Result<Vec<ImportProblem>, StoreError>;
}

/// Changes to imports.
#[async_trait]
pub trait WriteImports: Send {
    async fn insert_import(
        &mut self,
        import: &UserImport,
        pieces: &[&[ImportRow]],
        problems: &[ImportProblem],
    ) -> Result<(), StoreError>;
    async fn update_import(&mut self, import: &UserImport) -> Result<(), StoreError>;
    async fn insert_import_problem(
        &mut self,
        id: ImportId,
        problem: &ImportProblem,
    ) -> Result<(), StoreError>;
    async fn delete_import_piece(&mut self, id: ImportId, number: i64) -> Result<(), StoreError>;
    async fn delete_import(&mut self, id: ImportId) -> Result<(), StoreError>;
    /// Forgets previews that nobody confirmed, made before `before`.
    async fn prune_imports(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
}
