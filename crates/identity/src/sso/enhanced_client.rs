//! Single sign-on by a client that is no browser (SAML profiles 4.2): it brings a request of the
//! service provider together with the person's e-mail address and password, and takes the answer
//! back by itself.

use jetway_saml::{AuthnRequest, Inbound};
use secrecy::{ExposeSecret as _, SecretString};

use crate::key_ring::KeyRing;
use crate::op::Op;
use crate::passwords::PasswordHashers;
use crate::sessions::{self, SignInAttempt, SignInError, Via};
use crate::sso::assert::{AssertError, AssertRequest, Grant, assert};
use crate::sso::refuse::{Refusal, RefuseError, refuse_request};
use crate::sso::request::{Carrier, ReceiveError, Received, receive_by};
use crate::store::{Store, StoreError};

/// What the client sends.
#[derive(Debug)]
pub struct EnhancedClient<'a> {
    /// Which application, by its name in the URL.
    pub slug: &'a str,
    /// Where the request arrived, for its Destination.
    pub address: &'a str,
    pub request: &'a Inbound<AuthnRequest>,
    pub email: String,
    pub password: SecretString,
}

/// What it gets.
#[derive(Debug)]
pub enum EnhancedAnswer {
    Granted(Box<Grant>),
    /// A status instead of an assertion.
    Refused(Box<Refusal>),
}

/// Why it gets nothing.
#[derive(Debug, thiserror::Error)]
pub enum EnhancedClientError {
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Assert(#[from] AssertError),
    #[error(transparent)]
    Refuse(#[from] RefuseError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Judges the request, signs the person in by the rules of every sign-in, and decides as for a
/// browser. The session is for this answer alone: it ends with it, since nobody holds its token.
pub async fn answer_enhanced_client(
    op: &mut Op,
    store: &dyn Store,
    keys: &KeyRing,
    hashers: &PasswordHashers,
    client: EnhancedClient<'_>,
) -> Result<EnhancedAnswer, EnhancedClientError> {
    let slug = client.slug;
    let place = (slug, client.address);
    let received = receive_by(op, store, place, client.request, Carrier::EnhancedClient).await?;
    let attempt = SignInAttempt {
        email: client.email,
        password: client.password,
        via: Via::CommandLine,
        device: None,
    };
    let signed_in = sessions::sign_in(op, store, (hashers, keys.sealing()), attempt).await?;
    let token = signed_in.token.expose_secret();
    let answer = match &received {
        Received::Accepted(wish) => {
            let request = AssertRequest {
                session_token: token,
                slug,
                wish: Some(wish),
            };
            let granted = assert(op, store, keys, request).await;
            granted
                .map(|grant| EnhancedAnswer::Granted(Box::new(as_redeemed(grant))))
                .map_err(EnhancedClientError::from)
        }
        Received::Unmet(wish, unmet) => {
            let refused = refuse_request(op, store, keys, slug, (wish, *unmet)).await;
            refused
                .map(|refusal| EnhancedAnswer::Refused(Box::new(refusal)))
                .map_err(EnhancedClientError::from)
        }
    };
    sessions::sign_out(op, store, token).await?;
    answer
}

/// AWS IAM never sends a request: the client wrote this one in its name, and brings the response to
/// STS, where a response to a request that was not made is none (SAML profiles 4.1.5).
fn as_redeemed(grant: Grant) -> Grant {
    if grant.kind.is_aws_iam() {
        grant.unsolicited()
    } else {
        grant
    }
}
