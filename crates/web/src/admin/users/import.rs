//! `/admin/users/import`: people from a CSV file. Nothing is written before the preview is
//! confirmed (requirement A13).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::users::transfer::{
    CancelImportError, ConfirmImportError, ImportProblem, ImportState, MAX_ROWS,
    PreviewImportError, UserImport, cancel_import, column_names, confirm_import, import_problems,
    import_status, latest_imports, preview_import, previewed_rows,
};
use jetway_identity::{CreationMethod, ImportId, UserState};
use jetway_pages::admin::parts::{Badge, Tone};
use jetway_pages::admin::people::{
    ImportPreview, ImportProgress, ImportResult, ImportUpload, LineProblem, PreviewRow,
    RecentImport,
};

use super::header::{moment, page};
use super::settings::states;
use crate::admin::counts::{counted, grouped};
use crate::admin::custom_attributes::sentence;
use crate::shared::multipart::parts;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other};

/// Problems that a page shows.
const SHOWN: u32 = 100;

/// Choose a file.
pub(crate) async fn import_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let state = CreationMethod::Bulk.default_state(&visit.settings.sections);
    let mut body = form(&visit, state, None);
    let recent = latest_imports(site.store.as_ref()).await?;
    body.recent = recent.into_iter().map(|one| brief(&visit, one)).collect();
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Looks at the file.
pub(crate) async fn upload(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let sent = parts(&headers, &body).await?;
    let default = CreationMethod::Bulk.default_state(&visit.settings.sections);
    let state = sent.text("state")?.and_then(UserState::from_name);
    let state = state.unwrap_or(default);
    let refuse = |visit: &AdminVisit, reason: String| {
        let body = form(visit, state, Some(sentence(&reason)));
        page(&site, visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
    };
    let Some(file) = sent.get("file")?.filter(|file| !file.bytes.is_empty()) else {
        return refuse(&visit, "choose a file".to_owned());
    };
    let store = site.store.as_ref();
    let name = file.file_name.clone().unwrap_or_default();
    match preview_import(&mut visit.op, store, &name, &file.bytes, Some(state)).await {
        Ok(import) => see_other(&format!("/admin/users/import/{}", import.id)),
        Err(PreviewImportError::NotAllowed(_)) => Err(Failure::forbidden()),
        Err(PreviewImportError::Store(error)) => Err(error.into()),
        Err(error) => refuse(&visit, error.to_string()),
    }
}

/// The preview, the progress, or the result: whatever the import has come to.
pub(crate) async fn show_import(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let import = find(&site, &id).await?;
    let problems = import_problems(site.store.as_ref(), import.id, SHOWN).await?;
    let (ends, problems): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(ImportProblem::ended_the_import);
    let problems: Vec<_> = problems.into_iter().map(line_problem).collect();
    let (status, query) = (StatusCode::OK, uri.query());
    match import.state {
        ImportState::Preview => {
            let rows = previewed_rows(site.store.as_ref(), import.id).await?;
            let rows = rows.into_iter().take(10).map(|row| PreviewRow {
                line: row.line,
                name: format!("{} {}", row.user.first_name, row.user.last_name)
                    .trim()
                    .to_owned(),
                username: row.user.username,
                email: row.user.email,
            });
            let body = ImportPreview {
                id: import.id.to_string(),
                csrf: visit.csrf.clone(),
                good: import.accepted(),
                bad: import.refused,
                remarks: Vec::new(),
                problems,
                rows: rows.collect(),
                outcome: format!(
                    "Those whose line names no state begin {}.",
                    import.initial_state.as_str()
                ),
                file: import.file_name,
            };
            page(&site, &visit, status, query, body)
        }
        ImportState::Running => {
            let body = ImportProgress {
                done: import.added + import.failed,
                total: import.accepted(),
                file: import.file_name,
            };
            page(&site, &visit, status, query, body)
        }
        ImportState::Done => {
            let finished = import.finished_at.unwrap_or(import.created_at);
            let body = ImportResult {
                created: import.added,
                failed: import.failed + import.refused,
                problems,
                finished: moment(finished, visit.op.now),
                stopped: ends.first().map(|end| sentence(&end.reason)),
                file: import.file_name,
            };
            page(&site, &visit, status, query, body)
        }
    }
}

/// Begins the import or throws it away.
pub(crate) async fn act_on_import(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let import = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let store = site.store.as_ref();
    let here = format!("/admin/users/import/{}", import.id);
    if fields.get("action")? == Some("discard") {
        return match cancel_import(&mut visit.op, store, import.id).await {
            Ok(()) => see_other("/admin/users?done=discarded"),
            Err(CancelImportError::Begun) => see_other(&here),
            Err(CancelImportError::NoSuchImport) => Err(Failure::not_found()),
            Err(CancelImportError::NotAllowed(_)) => Err(Failure::forbidden()),
            Err(CancelImportError::Store(error)) => Err(error.into()),
        };
    }
    if fields.get("action")? != Some("start") {
        return Err(Failure::bad_request());
    }
    match confirm_import(&mut visit.op, store, import.id).await {
        Ok(_) | Err(ConfirmImportError::Begun | ConfirmImportError::Nothing) => see_other(&here),
        Err(ConfirmImportError::NoSuchImport) => Err(Failure::not_found()),
        Err(ConfirmImportError::NotAllowed(_) | ConfirmImportError::NeedsGroups) => {
            Err(Failure::forbidden())
        }
        Err(ConfirmImportError::Store(error)) => Err(error.into()),
    }
}

fn brief(visit: &AdminVisit, import: UserImport) -> RecentImport {
    let (state, outcome) = match import.state {
        ImportState::Preview => (
            Badge::new(Tone::Waiting, "not begun"),
            format!("{} can be added", counted(import.accepted(), "user")),
        ),
        ImportState::Running => (
            Badge::new(Tone::Running, "running"),
            format!("{} added so far", counted(import.added, "user")),
        ),
        ImportState::Done => (
            Badge::new(Tone::Good, "done"),
            format!(
                "{} added, {} left out",
                counted(import.added, "user"),
                grouped(import.failed + import.refused)
            ),
        ),
    };
    RecentImport {
        href: format!("/admin/users/import/{}", import.id),
        file: import.file_name,
        state,
        outcome,
        at: moment(import.created_at, visit.op.now),
    }
}

async fn find(site: &Site, id: &str) -> Result<UserImport, Failure> {
    let id: ImportId = id.parse().map_err(|_| Failure::not_found())?;
    let found = import_status(site.store.as_ref(), id).await?;
    found.ok_or_else(Failure::not_found)
}

fn line_problem(problem: ImportProblem) -> LineProblem {
    LineProblem {
        line: problem.line,
        column: problem.field,
        problem: problem.reason,
    }
}

fn form(visit: &AdminVisit, state: UserState, problem: Option<String>) -> ImportUpload {
    ImportUpload {
        csrf: visit.csrf.clone(),
        state: states(state),
        problem,
        columns: column_names(),
        recent: Vec::new(),
        limits: format!("{} users, 20 MB", grouped(MAX_ROWS as u64)),
    }
}
