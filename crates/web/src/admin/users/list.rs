//! `GET /admin/users`: the list (requirements B01 to B10).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::credentials::password_expires_at;
use jetway_identity::users::{Standing, standings};
use jetway_identity::{
    Matches, Permission, User, UserCounts, UserPage, UserSort, UserState, count_users, list_users,
};
use jetway_pages::admin::parts::{Column, Counter, Counters, Direction, Field, Paging, RowsChoice};
use jetway_pages::admin::people::{
    AppliedFilter, ListFilter, ListFilterValue, Matching, PasswordStatus, UserColumn, UserColumns,
    UserRow, Users,
};

use super::header::{badge, moment, page};
use super::view::{COLUMNS, ListView, ROWS};
use super::{columns, place};
use crate::admin::counts::{counted, grouped};
use crate::shared::{AdminVisit, Failure, Site, query_fields};

pub(super) const PATH: &str = "/admin/users";

/// People by state, search and filters.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let view = ListView::of(&query)?;
    let after = query.get("after")?;
    let store = site.store.as_ref();
    let counts = count_users(store).await?;
    let found = list_users(
        store,
        &view.filter,
        view.sort,
        view.descending,
        after,
        view.rows,
    )
    .await?;
    let matching = match found.matches {
        Matches::Exactly(number) => Matching::Exactly(number),
        Matches::MoreThan(number) => Matching::MoreThan(number),
    };
    let standings = standings(&visit.op, store, &found.users).await?;
    let body = Users {
        csrf: visit.csrf.clone(),
        counters: counters(&view, counts),
        query: view.filter.text.clone(),
        filters: filters(&view),
        applied: applied(&view),
        keep: view.keep(),
        columns: heads(&view, &columns::chosen(&site, &headers)),
        paging: paging(&view, &found, after),
        rows: found
            .users
            .iter()
            .map(|user| row(&visit, user, standings.get(&user.id)))
            .collect(),
        matching,
        total: counts.all(),
        export: view.address("/admin/users/export.csv", None),
        can_edit: visit.may(Permission::WriteUsers),
        can_group: visit.may(Permission::WriteGroups),
        can_delete: visit.may(Permission::DeleteUsers),
        can_settings: visit.may(Permission::WriteSettings),
    };
    let page = page(&site, &visit, StatusCode::OK, uri.query(), body)?;
    Ok(place::note(&site, &visit, &view, after, page))
}

/// Requirement B02: each counter is a filter.
fn counters(view: &ListView, counts: UserCounts) -> Counters {
    let counter = |text: &str, state: Option<UserState>| Counter {
        href: view.with_state(state).address(PATH, None),
        text: text.to_owned(),
        count: grouped(counts.of(state)),
        current: view.filter.state == state,
    };
    Counters {
        label: "Users by state".to_owned(),
        counters: vec![
            counter("All", None),
            counter("Staged", Some(UserState::Staged)),
            counter("Active", Some(UserState::Active)),
            counter("Suspended", Some(UserState::Suspended)),
        ],
    }
}

fn filters(view: &ListView) -> Vec<ListFilter> {
    let typed = |name: &str| {
        let of_name =
            |(column, _): &&(jetway_identity::UserColumn, String)| column.as_str() == name;
        let found = view.filter.columns.iter().find(of_name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    COLUMNS
        .into_iter()
        .map(|(name, label)| ListFilter {
            name: format!("filter.{name}"),
            label: label.to_owned(),
            value: ListFilterValue::Text(Field::new(typed(name))),
        })
        .collect()
}

fn applied(view: &ListView) -> Vec<AppliedFilter> {
    let of_columns = view.filter.columns.iter().map(|(column, text)| {
        let mut without = view.clone();
        without.filter.columns.retain(|(other, _)| other != column);
        let label = COLUMNS
            .iter()
            .find(|(name, _)| *name == column.as_str())
            .map_or(column.as_str(), |(_, label)| label);
        AppliedFilter {
            text: format!("{label}: {text}"),
            remove: without.address(PATH, None),
        }
    });
    of_columns.collect()
}

fn heads(view: &ListView, chosen: &[UserColumn]) -> UserColumns {
    let column = |text: &str, sort: UserSort| {
        let sorted = view.sort == sort;
        let turned = ListView {
            sort,
            descending: sorted && !view.descending,
            ..view.clone()
        };
        let direction = if view.descending {
            Direction::Descending
        } else {
            Direction::Ascending
        };
        Column {
            text: text.to_owned(),
            href: Some(turned.address(PATH, None)),
            sorted: sorted.then_some(direction),
        }
    };
    UserColumns {
        state: column("User State", UserSort::State),
        name: column("Name", UserSort::Name),
        others: chosen
            .iter()
            .map(|one| match one {
                UserColumn::Email => (*one, column(one.text(), UserSort::Email)),
                UserColumn::Username => (*one, column(one.text(), UserSort::Username)),
                UserColumn::Created => (*one, column(one.text(), UserSort::CreatedAt)),
                _ => (*one, Column::plain(one.text())),
            })
            .collect(),
    }
}

fn paging(view: &ListView, found: &UserPage, after: Option<&str>) -> Paging {
    let here = grouped(found.users.len() as u64);
    let shown = match found.matches {
        Matches::Exactly(number) => format!("{here} of {}", counted(number, "user")),
        Matches::MoreThan(number) => format!("{here} of more than {}", counted(number, "user")),
    };
    let with_rows = |rows| ListView {
        rows,
        ..view.clone()
    };
    Paging {
        shown,
        first: after.map(|_| view.address(PATH, None)),
        next: found
            .next
            .as_deref()
            .map(|next| view.address(PATH, Some(next))),
        rows: ROWS
            .into_iter()
            .map(|rows| RowsChoice {
                rows,
                href: with_rows(rows).address(PATH, None),
                current: rows == view.rows,
            })
            .collect(),
    }
}

fn row(visit: &AdminVisit, user: &User, standing: Option<&Standing>) -> UserRow {
    let expires = password_expires_at(&visit.settings.sections.passwords, user);
    let password = match (user.password_changed_at, expires) {
        (None, _) => PasswordStatus::Pending,
        (_, Some(end)) if end <= visit.op.now => PasswordStatus::Expired,
        _ => PasswordStatus::Set,
    };
    let now = visit.op.now;
    let attribute = |name: &str| user.attributes.get(name).cloned().unwrap_or_default();
    UserRow {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email.clone(),
        state: badge(user.state),
        note: standing.and_then(|standing| note(visit, standing)),
        password,
        totp: match standing {
            Some(standing) if standing.totp => "ENROLLED".to_owned(),
            Some(Standing {
                enrolment_ends: Some(ends),
                ..
            }) => format!("NOT ENROLLED, ends {}", moment(*ends, now).relative),
            _ => "NOT ENROLLED".to_owned(),
        },
        last_sign_in: user.last_sign_in_at.map(|at| moment(at, now)),
        username: user.username.clone(),
        department: attribute("department"),
        job_title: attribute("jobTitle"),
        created: moment(user.created_at, now),
    }
}

/// Small print under the state.
fn note(visit: &AdminVisit, standing: &Standing) -> Option<String> {
    if standing.locked {
        return Some("locked".to_owned());
    }
    let next = standing.next.as_ref()?;
    let due = moment(next.due_at, visit.op.now).relative;
    Some(format!("{} {due}", next.state.as_str()))
}
