//! `/profile/passkeys…`: a person adds passkeys and security keys, renames and removes them
//! (requirements M01 and M02).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::factors::webauthn::RelyingParty;
use jetway_identity::factors::{
    self, ChangePasskeyError, FactorKind, PasskeyAnswer, begin_passkey,
};
use jetway_identity::{Op, PasskeyId};
use jetway_pages::PasskeyForm;
use jetway_pages::account::{AddPasskey, ChangePasskey};

use crate::portal::factors::{NewFactor, Own, refused, sentence};
use crate::portal::profile::own_form;
use crate::shared::csrf::{self, Purpose};
use crate::shared::passkeys::{json, relying_party_at, tools};
use crate::shared::{Failure, Site, Visit, see_other, sign_in_path, signed_in};

const PROFILE: &str = "/profile";

/// The page that asks the browser to make a key.
pub(crate) async fn add_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let party = relying_party_at(&site, &visit.origin);
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PROFILE));
    };
    // The profile says where keys work.
    let Some(party) = party else {
        return see_other(PROFILE);
    };
    let adding = Adding {
        site: &site,
        party: &party,
        own: &own,
    };
    adding
        .page(&mut op, StatusCode::OK, String::new(), None)
        .await
}

/// Keeps the key that the browser made.
pub(crate) async fn finish_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let party = relying_party_at(&site, &visit.origin);
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PROFILE));
    };
    let Some(party) = party else {
        return see_other(PROFILE);
    };
    let fields = own_form(&headers, &body, &own.token)?;
    let name = fields.get("name")?.unwrap_or_default();
    let answer = fields.get("answer")?.unwrap_or_default();
    let given = PasskeyAnswer {
        sealed: fields.get("ceremony")?.unwrap_or_default(),
        json: answer.as_bytes(),
    };
    let (store, who) = (site.store.as_ref(), (&own.person.session).into());
    let tools = tools(&site, &party);
    let outcome = factors::finish_passkey(&mut op, store, tools, who, (given, name)).await;
    match outcome {
        Ok(codes) => {
            let new = NewFactor {
                kind: FactorKind::Webauthn,
                shown_at: "/profile?done=passkey",
                done: "The passkey is added.",
                codes,
            };
            own.proved(&site, &mut op, &headers, new).await
        }
        Err(ChangePasskeyError::Refused(error)) => {
            let problem = if answer.is_empty() {
                "Your browser did not run the script of this page, which asks for the passkey. \
                 Allow JavaScript for this site, or use another browser."
                    .to_owned()
            } else {
                sentence(&error.to_string())
            };
            let adding = Adding {
                site: &site,
                party: &party,
                own: &own,
            };
            let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            adding.page(&mut op, status, name, Some(problem)).await
        }
        Err(error) => not_changed(error),
    }
}

/// The page of one key.
pub(crate) async fn change_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path(PROFILE));
    };
    let own = Own {
        token: present.token.to_owned(),
        person: present.person,
        typed: String::new(),
    };
    let name = name_of(&site, &own, &id).await?;
    own.key_page(&site, StatusCode::OK, (&id, name), None)
}

pub(crate) async fn rename_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PROFILE));
    };
    let fields = own_form(&headers, &body, &own.token)?;
    let name = fields.get("name")?.unwrap_or_default();
    let (store, who) = (site.store.as_ref(), (&own.person.session).into());
    match factors::rename_passkey(&mut op, store, who, (parsed(&id)?, name)).await {
        Ok(()) => see_other("/profile?done=passkey-renamed"),
        Err(ChangePasskeyError::Refused(error)) => {
            let present = name_of(&site, &own, &id).await?;
            let problem = Some(sentence(&error.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            own.key_page(&site, status, (&id, present), problem)
        }
        Err(error) => not_changed(error),
    }
}

pub(crate) async fn remove_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path(PROFILE));
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let who = (&own.person.session).into();
    match factors::remove_passkey(&mut op, store, sealing, who, parsed(&id)?).await {
        Ok(()) => see_other("/profile?done=passkey-removed"),
        Err(error) => not_changed(error),
    }
}

/// What is no id names no key.
fn parsed(id: &str) -> Result<PasskeyId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

async fn name_of(site: &Site, own: &Own, id: &str) -> Result<String, Failure> {
    let id = parsed(id)?;
    let keys = factors::list_passkeys(site.store.as_ref(), own.person.user.id.into()).await?;
    let key = keys.into_iter().find(|key| key.id == id);
    key.map(|key| key.name).ok_or_else(Failure::not_found)
}

/// Whoever is not fresh signs in again; what was overtaken shows as it is now.
fn not_changed(error: ChangePasskeyError) -> Result<Response, Failure> {
    match error {
        ChangePasskeyError::Change(error) => refused(error),
        ChangePasskeyError::Gone | ChangePasskeyError::Refused(_) => see_other(PROFILE),
    }
}

struct Adding<'a> {
    site: &'a Site,
    party: &'a RelyingParty,
    own: &'a Own,
}

impl Adding<'_> {
    /// The page, with a new question each time.
    async fn page(
        &self,
        op: &mut Op,
        status: StatusCode,
        name: String,
        problem: Option<String>,
    ) -> Result<Response, Failure> {
        let who = (&self.own.person.session).into();
        let (store, tools) = (self.site.store.as_ref(), tools(self.site, self.party));
        let begun = match begin_passkey(op, store, tools, who).await {
            Ok(begun) => begun,
            Err(error) => return not_changed(error),
        };
        let page = AddPasskey {
            form: PasskeyForm {
                action: "/profile/passkeys/finish".to_owned(),
                csrf: csrf::token(&self.own.token, Purpose::Profile),
                next: None,
                options: json(&begun.options)?,
                ceremony: begun.sealed,
            },
            name,
            back: PROFILE,
            problem,
        };
        self.own.answer(self.site, status, page)
    }
}

impl Own {
    fn key_page(
        &self,
        site: &Site,
        status: StatusCode,
        (id, name): (&str, String),
        problem: Option<String>,
    ) -> Result<Response, Failure> {
        let page = ChangePasskey {
            action: format!("/profile/passkeys/{id}"),
            csrf: csrf::token(&self.token, Purpose::Profile),
            name,
            back: PROFILE,
            problem,
        };
        self.answer(site, status, page)
    }
}
