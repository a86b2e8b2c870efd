//! `POST /admin/users/bulk`: what is done to many people at once (requirements B04, B05, D04, S05).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::credentials::{
    InviteUserError, RequirePasswordChangeError, invite_user, require_password_change,
};
use jetway_identity::factors::{RemindToEnrolError, remind_to_enrol};
use jetway_identity::sessions::{RevokeSessionError, revoke_sessions};
use jetway_identity::users::{BulkOutcome, SelectUsersError, select_users};
use jetway_identity::{
    ChangeMembersError, GroupId, StoreError, UserId, add_members, delete_users, list_groups,
    remove_members, set_user_states,
};
use jetway_pages::admin::parts::{Choice, Confirm, Hidden, Select, Typed};
use url::form_urlencoded::Serializer;

use super::bulk_action::Action;
use super::state::ask;
use super::view::ListView;
use crate::admin::counts::counted;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, see_other, typeable};

/// People whose names a question shows.
const NAMED: usize = 10;
/// Groups that are offered.
const GROUPS: u32 = 1000;
/// People in one change of a group.
const AT_ONCE: usize = 500;

/// What is to be done to whom.
struct Wanted {
    name: &'static str,
    action: Action,
    /// The list that the form was on.
    view: ListView,
    /// Everyone who matches, not only those ticked.
    all: bool,
    people: Vec<UserId>,
}

/// Asks first where much would be lost or more has to be known; then does it.
pub(crate) async fn bulk(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let (name, action) = Action::of(&fields)?;
    if !visit.may(action.permission()) {
        return Err(Failure::forbidden());
    }
    let view = ListView::of(&fields)?;
    let all = fields.get("all")? == Some("matching");
    let Some(people) = chosen(&site, &fields, &view, all).await? else {
        return back(&view, "too-many", None);
    };
    if people.is_empty() {
        return back(&view, "none", None);
    }
    let wanted = Wanted {
        name,
        action,
        view,
        all,
        people,
    };
    let group = fields
        .get("group")?
        .and_then(|id| id.parse::<GroupId>().ok());
    let typed = fields
        .get("typed")?
        .map(|typed| typed.trim().replace(',', ""));
    let number = wanted.people.len().to_string();
    let confirmed = fields.has("confirmed");
    let complete = match action {
        Action::Delete => typed.as_deref() == Some(number.as_str()),
        Action::AddToGroup | Action::RemoveFromGroup => group.is_some(),
        _ => confirmed || !all,
    };
    if !complete {
        let wrong = typed.map(|typed| typeable(&typed));
        let question = question(&site, &visit, &wanted, wrong).await?;
        let status = if confirmed {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        return ask(&site, &visit, status, question);
    }
    match carry_out(&site, &mut visit, action, group, &wanted.people).await? {
        Some(number) => {
            let sent = visit.settings.sections.mail.is_some();
            back(&wanted.view, action.done(sent), Some(number))
        }
        None => back(&wanted.view, "gone", None),
    }
}

/// `None`: too many match.
async fn chosen(
    site: &Site,
    fields: &Fields<'_>,
    view: &ListView,
    all: bool,
) -> Result<Option<Vec<UserId>>, Failure> {
    if !all {
        let ticked = fields.all("id").filter_map(|id| id.parse().ok());
        return Ok(Some(ticked.collect()));
    }
    match select_users(site.store.as_ref(), &view.filter).await {
        Ok(people) => Ok(Some(people)),
        Err(SelectUsersError::TooMany) => Ok(None),
        Err(SelectUsersError::Store(error)) => Err(error.into()),
    }
}

async fn question(
    site: &Site,
    visit: &AdminVisit,
    wanted: &Wanted,
    wrong: Option<String>,
) -> Result<Confirm, Failure> {
    let Wanted {
        action,
        view,
        people,
        ..
    } = wanted;
    let action = *action;
    let count = counted(people.len() as u64, "user");
    let words = action.words(&count);
    let mut hidden = view.keep();
    hidden.push(Hidden::new("action", wanted.name));
    hidden.push(Hidden::new("confirmed", "yes"));
    if wanted.all {
        hidden.push(Hidden::new("all", "matching"));
    } else {
        hidden.extend(people.iter().map(|id| Hidden::new("id", id.to_string())));
    }
    let grouping = matches!(action, Action::AddToGroup | Action::RemoveFromGroup);
    let rest = people.len().saturating_sub(NAMED);
    Ok(Confirm {
        heading: format!("{words}?"),
        subjects: names(site, people).await?,
        more: (rest > 0).then(|| format!("and {} more", counted(rest as u64, "user"))),
        consequences: vec![action.consequence().to_owned()],
        action: "/admin/users/bulk".to_owned(),
        csrf: visit.csrf.clone(),
        hidden,
        choice: if grouping {
            let groups = ("Group".to_owned(), "group".to_owned(), offered(site).await?);
            Some(groups)
        } else {
            None
        },
        typed: (action == Action::Delete).then(|| Typed {
            label: "Type the number of users to delete".to_owned(),
            expected: people.len().to_string(),
            error: wrong.as_ref().map(|_| "That is not the number.".to_owned()),
            value: wrong.unwrap_or_default(),
        }),
        submit: words,
        danger: action == Action::Delete,
        cancel: view.address("/admin/users", None),
    })
}

async fn names(site: &Site, people: &[UserId]) -> Result<Vec<String>, Failure> {
    let mut read = site.store.read().await?;
    let mut names = Vec::new();
    for id in people.iter().take(NAMED) {
        if let Some(user) = read.user(*id).await? {
            names.push(format!("{} · {}", user.label(), user.email));
        }
    }
    Ok(names)
}

/// The groups into which people can be put by hand.
async fn offered(site: &Site) -> Result<Select, Failure> {
    let found = list_groups(site.store.as_ref(), "", None, GROUPS).await?;
    let by_hand = found
        .groups
        .into_iter()
        .map(|found| found.group)
        .filter(|group| !group.everyone && group.rule().is_none());
    Ok(Select {
        choices: by_hand
            .map(|group| Choice::new(group.id.to_string(), group.name, false))
            .collect(),
        error: None,
    })
}

/// For how many it changed something; `None` when the group is gone.
async fn carry_out(
    site: &Site,
    visit: &mut AdminVisit,
    action: Action,
    group: Option<GroupId>,
    people: &[UserId],
) -> Result<Option<u64>, Failure> {
    let store = site.store.as_ref();
    let op = &mut visit.op;
    let done = |outcomes: Vec<(UserId, BulkOutcome)>| {
        let done = outcomes.iter().filter(|(_, one)| *one == BulkOutcome::Done);
        Some(done.count() as u64)
    };
    match (action, group) {
        (Action::State(state), _) => Ok(done(set_user_states(op, store, people, state).await?)),
        (Action::Delete, _) => Ok(done(delete_users(op, store, people).await?)),
        (Action::Invite, _) => invite_all(site, visit, people).await.map(Some),
        (Action::RemindToEnrol, _) => remind_all(site, visit, people).await.map(Some),
        (Action::RequireChange, _) => require_all(site, visit, people).await.map(Some),
        (Action::SignOut, _) => sign_out_all(site, visit, people).await.map(Some),
        (Action::AddToGroup | Action::RemoveFromGroup, None) => Ok(None),
        (Action::AddToGroup | Action::RemoveFromGroup, Some(group)) => {
            let mut number = 0;
            for some in people.chunks(AT_ONCE) {
                let outcome = if action == Action::AddToGroup {
                    add_members(op, store, group, some).await
                } else {
                    remove_members(op, store, group, some).await
                };
                match outcome {
                    Ok(changed) => number += changed as u64,
                    Err(ChangeMembersError::NotAllowed(error)) => return Err(error.into()),
                    Err(ChangeMembersError::Store(error)) => return Err(error.into()),
                    Err(_) => return Ok(None),
                }
            }
            Ok(Some(number))
        }
    }
}

async fn invite_all(
    site: &Site,
    visit: &mut AdminVisit,
    people: &[UserId],
) -> Result<u64, Failure> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let mut number = 0;
    for id in people {
        match invite_user(&mut visit.op, store, sealing, url, *id).await {
            Ok(_) => number += 1,
            Err(InviteUserError::Store(error @ StoreError::Unavailable(_))) => {
                return Err(error.into());
            }
            Err(_) => {}
        }
    }
    Ok(number)
}

async fn remind_all(
    site: &Site,
    visit: &mut AdminVisit,
    people: &[UserId],
) -> Result<u64, Failure> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let mut number = 0;
    for id in people {
        match remind_to_enrol(&mut visit.op, store, sealing, url, *id).await {
            Ok(_) => number += 1,
            Err(RemindToEnrolError::Store(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Ok(number)
}

async fn require_all(
    site: &Site,
    visit: &mut AdminVisit,
    people: &[UserId],
) -> Result<u64, Failure> {
    let mut number = 0;
    for id in people {
        match require_password_change(&mut visit.op, site.store.as_ref(), *id).await {
            Ok(()) => number += 1,
            Err(RequirePasswordChangeError::Store(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Ok(number)
}

async fn sign_out_all(
    site: &Site,
    visit: &mut AdminVisit,
    people: &[UserId],
) -> Result<u64, Failure> {
    let mut number = 0;
    for id in people {
        match revoke_sessions(&mut visit.op, site.store.as_ref(), *id, None).await {
            Ok(ended) => number += u64::from(ended > 0),
            Err(RevokeSessionError::Store(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Ok(number)
}

/// To the list as it was.
fn back(view: &ListView, done: &str, number: Option<u64>) -> Result<Response, Failure> {
    let mut query = Serializer::new(String::new());
    for field in view.keep() {
        query.append_pair(&field.name, &field.value);
    }
    query.append_pair("done", done);
    if let Some(number) = number {
        query.append_pair("n", &number.to_string());
    }
    see_other(&format!("/admin/users?{}", query.finish()))
}
