//! RegisterClient.

use serde_json::{Value, json};
use url::{Host, Url};

use super::{
    OidcError,
    client::{AUTHORIZATION_CODE, Client, DEVICE_CODE, MAX_ID, REFRESH_TOKEN, secret},
    error::Kind,
    input::Input,
    scopes, start_url,
};
use crate::{LocalAws, Op};

/// Seconds that a registration lasts: 90 days.
const LIFETIME: i64 = 90 * 24 * 3600;
const MAX_NAME: usize = 256;
const MAX_REDIRECT_URIS: usize = 10;

pub(super) fn answer(aws: &LocalAws, op: &mut Op, input: Input<'_>) -> Result<Value, OidcError> {
    let name = input.required("clientName")?;
    let kind = input.required("clientType")?;
    let metadata = |text| OidcError::new(Kind::InvalidClientMetadata, text);
    if kind != "public" {
        return Err(metadata("clientType must be public"));
    }
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(metadata("clientName is not valid"));
    }
    let scopes = input.texts("scopes")?;
    if !scopes.iter().all(|scope| scopes::is_known(scope)) {
        return Err(OidcError::new(Kind::InvalidScope, "Invalid scope provided"));
    }
    let grant_types = input.texts("grantTypes")?;
    let supported = [AUTHORIZATION_CODE, REFRESH_TOKEN, DEVICE_CODE];
    if !grant_types.iter().all(|grant| supported.contains(grant)) {
        return Err(OidcError::new(
            Kind::UnsupportedGrantType,
            "Unsupported grant type provided",
        ));
    }
    let redirect_uris = input.texts("redirectUris")?;
    check_redirect_uris(&grant_types, &redirect_uris)?;
    match input.optional("issuerUrl")? {
        Some(issuer) if !start_url::is_ours(aws, issuer) => {
            return Err(OidcError::invalid_request("Invalid issuerUrl provided"));
        }
        None if grant_types.contains(&AUTHORIZATION_CODE) => {
            return Err(OidcError::invalid_request("issuerUrl is required"));
        }
        _ => {}
    }
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let client = Client {
        unique: hex::encode(op.random::<16>()),
        name: name.to_owned(),
        scopes: owned(scopes),
        grant_types: owned(grant_types),
        redirect_uris: owned(redirect_uris),
        expires_at: op.unix() + LIFETIME,
    };
    let id = client.id(aws.vault()).ok_or_else(OidcError::server_error)?;
    if id.len() > MAX_ID {
        return Err(metadata(
            "clientName, scopes and redirectUris are too long together",
        ));
    }
    Ok(json!({
        "clientSecret": secret(aws.vault(), &id, client.expires_at),
        "clientId": id,
        "clientIdIssuedAt": op.unix(),
        "clientSecretExpiresAt": client.expires_at,
        "authorizationEndpoint": null,
        "tokenEndpoint": null,
    }))
}

/// Public clients get codes on the machine of the person only.
fn check_redirect_uris(grant_types: &[&str], uris: &[&str]) -> Result<(), OidcError> {
    let invalid = || OidcError::new(Kind::InvalidRedirectUri, "Invalid redirectUris provided");
    let needed = grant_types.contains(&AUTHORIZATION_CODE);
    if uris.len() > MAX_REDIRECT_URIS || (needed && uris.is_empty()) {
        return Err(invalid());
    }
    if uris.iter().all(|uri| loopback(uri).is_some()) {
        Ok(())
    } else {
        Err(invalid())
    }
}

/// An address of a program on the same machine.
fn loopback(uri: &str) -> Option<Url> {
    let uri = Url::parse(uri).ok()?;
    let local = match uri.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    let plain = uri.scheme() == "http"
        && uri.username().is_empty()
        && uri.password().is_none()
        && uri.fragment().is_none();
    (local && plain).then_some(uri)
}

/// The redirect URI of a request, if the client registered it: the port is the program's choice at
/// the time (RFC 8252 section 7.3).
pub(super) fn registered(client: &Client, uri: &str) -> Option<Url> {
    let asked = loopback(uri)?;
    let mut without_port = asked.clone();
    without_port.set_port(None).ok()?;
    let same = |registered: &String| {
        loopback(registered).is_some_and(|mut registered| {
            registered.set_port(None).is_ok() && registered == without_port
        })
    };
    client.redirect_uris.iter().any(same).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::{loopback, registered};
    use crate::identity_center::oidc::client::Client;

    #[test]
    fn a_code_goes_only_to_a_registered_address_of_this_machine_at_any_port() {
        let client = Client {
            unique: String::new(),
            name: "test".into(),
            scopes: vec![],
            grant_types: vec![],
            redirect_uris: vec!["http://127.0.0.1/oauth/callback".into()],
            expires_at: 0,
        };
        for good in [
            "http://127.0.0.1/oauth/callback",
            "http://127.0.0.1:45659/oauth/callback",
        ] {
            assert!(registered(&client, good).is_some(), "{good}");
        }
        for bad in [
            "http://127.0.0.1:1/oauth/callback/",
            "http://127.0.0.1:1/oauth/callback?x",
            "http://127.0.0.1:1/oauth/callback#x",
            "http://user@127.0.0.1:1/oauth/callback",
            "https://127.0.0.1:1/oauth/callback",
            "http://127.0.0.1.evil.example/oauth/callback",
            "http://localhost:1/oauth/callback",
            "http://evil.example/oauth/callback",
        ] {
            assert_eq!(registered(&client, bad), None, "{bad}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for good in [
            "http://[::1]:9/x",
            "http://localhost/x",
            "http://127.9.9.9/",
        ] {
            assert!(loopback(good).is_some(), "{good}");
        }
        for bad in [
            "http://10.0.0.1/x",
            "ftp://127.0.0.1/x",
            "127.0.0.1",
            "app:/x",
        ] {
            assert_eq!(loopback(bad), None, "{bad}");
        }
    }
}
