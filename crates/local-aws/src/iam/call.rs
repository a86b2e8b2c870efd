//! One IAM request on its way: who asks, what for, and what they may do.

use std::{fmt, sync::Arc};

use aws_lc_rs::digest::{SHA256, digest};
use jetway_aws_wire::{AwsError, QueryRequest, xml::XmlWriter};
use jetway_iam::{RequestContext, ResourceText};

use super::{
    error::IamError,
    shapes::{MARKER, Members},
};
use crate::{
    LocalAws, arn,
    authorize::{Ask, authorize},
    op::Op,
    principal::Principal,
    state::{Account, ManagedPolicy, Role, SamlProvider, State, Tag},
};

/// What an operation answers.
pub(crate) enum Reply {
    /// No result element at all.
    Empty,
    /// Writes the content of the result element.
    Result(Box<dyn FnOnce(&mut XmlWriter)>),
}

impl Reply {
    pub(crate) fn result(write: impl FnOnce(&mut XmlWriter) + 'static) -> Self {
        Self::Result(Box::new(write))
    }
}

/// One authenticated request.
pub(crate) struct Call<'a> {
    pub(crate) aws: &'a LocalAws,
    pub(crate) op: &'a mut Op,
    pub(crate) principal: &'a Principal,
    pub(crate) request: &'a QueryRequest,
    pub(crate) state: Arc<State>,
}

impl<'a> Call<'a> {
    /// The caller's account id: IAM acts in no other.
    pub(crate) fn account_id(&self) -> &'a str {
        &self.principal.account
    }

    /// The caller's account.
    pub(crate) fn account(&self) -> Result<&Account, IamError> {
        let id = self.account_id();
        self.state
            .account(id)
            .map(AsRef::as_ref)
            .ok_or_else(|| IamError::no_account(id))
    }

    /// The request's members, for checking.
    pub(crate) fn members(&self) -> Members<'a> {
        Members::of(self.request)
    }

    /// May the caller do this on this ARN.
    pub(crate) fn allow(&self, action: &str, resource: &str) -> Result<(), AwsError> {
        self.allow_with(action, resource, resource, RequestContext::default())
    }

    /// Like [`Self::allow`], with keys of the operation and the resource as refusals name it.
    pub(crate) fn allow_with(
        &self,
        action: &str,
        resource: &str,
        text: &str,
        context: RequestContext,
    ) -> Result<(), AwsError> {
        let ask = Ask {
            text: Some(ResourceText::Plain(text)),
            context,
            ..Ask::plain(action, resource, self.account_id())
        };
        authorize(&self.state, self.op, self.principal, ask)
            .map_err(|denied| AwsError::access_denied(denied.message))
    }

    /// May the caller do this to the role of this name. Then, and only then, whether it exists is
    /// told: AWS names a missing role `role <name>` in its refusal.
    pub(crate) fn role(&self, action: &str, name: &str) -> Result<Arc<Role>, AwsError> {
        self.role_with(action, name, RequestContext::default())
    }

    /// Like [`Self::role`], with keys of the operation.
    pub(crate) fn role_with(
        &self,
        action: &str,
        name: &str,
        mut context: RequestContext,
    ) -> Result<Arc<Role>, AwsError> {
        let Some(role) = self.account()?.role(name) else {
            let guess = arn::role(self.account_id(), "/", name);
            self.allow_with(action, &guess, &format!("role {name}"), context)?;
            return Err(IamError::no_role(name).into());
        };
        resource_tags(&mut context, &role.record.tags);
        self.allow_with(action, role.arn(), role.arn(), context)?;
        Ok(Arc::clone(role))
    }

    /// May the caller do this to the SAML provider with this ARN; then whether it exists.
    pub(crate) fn provider(&self, action: &str, arn: &str) -> Result<Arc<SamlProvider>, AwsError> {
        let provider = self
            .state
            .provider_by_arn(arn)
            .filter(|provider| provider.record.account == self.account_id());
        let mut context = RequestContext::default();
        if let Some(provider) = provider {
            resource_tags(&mut context, &provider.record.tags);
        }
        self.allow_with(action, arn, arn, context)?;
        match provider {
            Some(provider) => Ok(Arc::clone(provider)),
            None => Err(IamError::NoSuchEntity(format!("Manifest not found for arn {arn}")).into()),
        }
    }

    /// May the caller do this to the managed policy with this ARN; then whether it exists.
    pub(crate) fn policy(&self, action: &str, arn: &str) -> Result<Arc<ManagedPolicy>, AwsError> {
        let policy = self.visible_policy(arn);
        let mut context = RequestContext::default();
        if let Some(policy) = policy {
            resource_tags(&mut context, &policy.record.tags);
        }
        self.allow_with(action, arn, arn, context)?;
        match policy {
            Some(policy) => Ok(Arc::clone(policy)),
            None => Err(IamError::no_policy(arn).into()),
        }
    }

    /// A policy of the caller's account or of AWS.
    pub(crate) fn visible_policy(&self, arn: &str) -> Option<&Arc<ManagedPolicy>> {
        self.state.policy_by_arn(arn).filter(|policy| {
            policy.record.account == self.account_id() || policy.record.account == "aws"
        })
    }
}

/// `aws:ResourceTag/…` and `iam:ResourceTag/…`.
pub(crate) fn resource_tags(context: &mut RequestContext, tags: &[Tag]) {
    for tag in tags {
        context.set(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
        context.set(format!("iam:ResourceTag/{}", tag.key), tag.value.clone());
    }
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
pub(crate) fn request_tags(context: &mut RequestContext, tags: &[Tag]) {
    for tag in tags {
        context.set(format!("aws:RequestTag/{}", tag.key), tag.value.clone());
    }
    context.set_many("aws:TagKeys", tags.iter().map(|tag| tag.key.clone()));
}

/// A page of a list: `Marker` and `MaxItems`.
pub(crate) struct Paging {
    marker: Option<Marker>,
    max_items: usize,
}

impl Paging {
    pub(crate) fn read(members: &mut Members<'_>) -> Result<Self, AwsError> {
        let marker = members
            .optional("Marker", MARKER)
            .map(|text| Marker::parse(text).ok_or_else(|| AwsError::validation("Invalid Marker.")))
            .transpose()?;
        let max_items = members.integer("MaxItems", 1, 1000)?.unwrap_or(100);
        Ok(Self {
            marker,
            max_items: usize::try_from(max_items).unwrap_or(100),
        })
    }

    /// The page of `items`, which are ordered by the key that `key` gives. The marker names the
    /// first item of the next page, so that changes in between lose nothing.
    pub(crate) fn page<T>(&self, items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let start = match &self.marker {
            Some(marker) => items
                .iter()
                .position(|item| Marker::of(&key(item)) == *marker)
                .or_else(|| {
                    items
                        .iter()
                        .position(|item| Marker::of(&key(item)).start >= marker.start)
                })
                .unwrap_or(items.len()),
            None => 0,
        };
        let mut rest: Vec<T> = items.into_iter().skip(start).collect();
        let next = rest
            .get(self.max_items)
            .map(|item| Marker::of(&key(item)).to_string());
        rest.truncate(self.max_items);
        Page { items: rest, next }
    }
}

/// Names an item by the start of its key, for when the item is gone, and a hash of all of it: keys
/// may be far longer than the 320 characters of a marker.
#[derive(Debug, PartialEq, Eq)]
struct Marker {
    start: String,
    hash: String,
}

impl Marker {
    const START_BYTES: usize = 120;

    fn of(key: &str) -> Self {
        Self {
            start: key[..key.floor_char_boundary(Self::START_BYTES)].to_owned(),
            hash: hex::encode(&digest(&SHA256, key.as_bytes()).as_ref()[..8]),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (start, hash) = text.split_once('.')?;
        Some(Self {
            start: String::from_utf8(hex::decode(start).ok()?).ok()?,
            hash: hash.to_owned(),
        })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", hex::encode(&self.start), self.hash)
    }
}

/// Some of a list and where the rest begins.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    next: Option<String>,
}

impl<T> Page<T> {
    /// Writes the list under `name`, each item by `write`, then `IsTruncated` and, when there is
    /// more, `Marker`.
    pub(crate) fn write(
        self,
        name: &str,
        xml: &mut XmlWriter,
        write: impl FnMut(&mut XmlWriter, T),
    ) {
        xml.members(name, self.items, write);
        xml.boolean("IsTruncated", self.next.is_some());
        xml.optional_text("Marker", self.next.as_deref());
    }

    /// The page as the whole answer.
    pub(crate) fn into_reply(
        self,
        name: &'static str,
        write: impl FnMut(&mut XmlWriter, T) + 'static,
    ) -> Reply
    where
        T: 'static,
    {
        Reply::result(move |xml| self.write(name, xml, write))
    }
}
