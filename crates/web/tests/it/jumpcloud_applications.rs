//! `/api/applications`, as scripts for JumpCloud call it.

use axum::body::Body;
use http::Request;
use http::header::{CONTENT_TYPE, HOST};
use jetway_identity::{EventKind, Scope};
use serde_json::{Value, json};

use crate::browser::{Answer, send};
use crate::site::{APPLICATION, ROLE, Site};

const ROLE_NAME: &str = "https://aws.amazon.com/SAML/Attributes/Role";

pub(crate) struct Script<'a> {
    site: &'a Site,
    key: String,
}

impl<'a> Script<'a> {
    pub(crate) async fn new(site: &'a Site) -> Self {
        let key = site.api_key(Scope::Full).await;
        Self { site, key }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let host = self.site.origin.split_once("://").unwrap().1;
        let request = Request::builder()
            .method(method)
            .uri(format!("/api{path}"))
            .header(HOST, host)
            .header("x-api-key", &self.key)
            .header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer = send(&self.site.router, request.body(body).unwrap()).await;
        assert!(!answer.body.contains("PRIVATE KEY"), "{method} {path}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    /// Adds an application and returns its id.
    pub(crate) async fn add(&self, body: &Value) -> String {
        let made = self.post("/applications", body).await;
        assert_eq!(made.status, 200, "{}", made.body);
        made.json()["_id"].as_str().unwrap().to_owned()
    }
}

/// Requirements F05, G04, G05, G07, G09, I10, I11, J02.
#[tokio::test]
async fn a_script_adds_configures_switches_on_and_deletes_an_application() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let start = format!("{}/saml2/", site.origin);
    let body = json!({
        "name": "aws-iam",
        "displayLabel": "AWS A",
        "description": "Production",
        "ssoUrl": format!("{start}aws-a"),
        "color": "#202D38",
        "sso": {"hidden": true, "type": "saml"},
        "config": {"defaultTargetUrl": {"value": "https://console.aws.amazon.com/"}},
        "beta": false,
    });
    let made = script.post("/applications", &body).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    let id = made["_id"].as_str().unwrap();
    assert_eq!((id.len(), &made["id"]), (24, &made["_id"]));
    for (member, expected) in [
        ("name", json!("aws-iam")),
        ("displayName", json!("Amazon Web Services (IAM)")),
        ("displayLabel", json!("AWS A")),
        ("ssoUrl", json!(format!("{start}aws-a"))),
        ("active", json!(false)),
        ("color", json!("#202d38")),
    ] {
        assert_eq!(made[member], expected, "{member}");
    }
    assert_eq!(made["sso"]["hidden"], true);
    assert!(made["sso"]["idpCertExpirationAt"].is_string());
    let config = &made["config"];
    assert_eq!(
        config["acsUrl"]["value"],
        "https://signin.aws.amazon.com/saml"
    );
    assert_eq!(config["spEntityId"]["value"], "urn:amazon:webservices");
    assert_eq!(config["idpEntityId"]["value"], format!("{start}aws-a"));
    assert_eq!(
        config["defaultTargetUrl"]["value"],
        "https://console.aws.amazon.com/"
    );
    let certificate = config["idpCertificate"]["value"].as_str().unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(config.get("idpPrivateKey").is_none());

    let address = format!("/applications/{id}");
    let incomplete = script.put(&address, &json!({"active": true})).await;
    assert_eq!(incomplete.status, 400);
    let message = incomplete.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("config.constantAttributes.1.value: "),
        "{message}"
    );
    // What a client does: it reads, changes and sends all of it back.
    let mut whole = script.get(&address).await;
    whole["active"] = json!(true);
    whole["config"]["constantAttributes"]["value"] = json!([{"name": ROLE_NAME, "value": ROLE}]);
    whole["config"]["signResponse"]["value"] = json!(true);
    let changed = script.put(&address, &whole).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json()["active"], true);
    let event = site.last_event(EventKind::ApplicationUpdate).await.unwrap();
    let listed = event.detail["changes"].as_array().unwrap().iter();
    let fields: Vec<_> = listed.map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        ["active", "saml.signing", "saml.constant_attributes"],
        "and nothing else"
    );
    let again = script.put(&address, &changed.json()).await;
    assert_eq!(again.json(), changed.json());

    let deleted = script.call("DELETE", &address, None).await;
    assert_eq!((deleted.status, &deleted.json()["_id"]), (200, &json!(id)));
    let gone = script.call("GET", &address, None).await;
    assert_eq!(
        (gone.status, gone.json()),
        (404, json!({"message": "Not Found"}))
    );
}

/// Requirement G10, and what would change an application's key or nature in passing.
#[tokio::test]
async fn what_is_final_or_has_its_own_address_is_refused_and_nothing_changes() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let address = format!("/applications/{}", site.application);
    let before = script.get(&address).await;
    let other = script
        .add(&json!({"name": "saml", "displayLabel": "Wiki"}))
        .await;
    let foreign = script.get(&format!("/applications/{other}")).await;
    for (change, word) in [
        (
            json!({"ssoUrl": format!("{}/saml2/other", site.origin)}),
            "ssoUrl: ",
        ),
        (
            json!({"ssoUrl": "https://sso.jumpcloud.com/saml2/aws"}),
            "ssoUrl: ",
        ),
        (json!({"name": "bookmark"}), "name: "),
        (
            json!({"config": {"idpPrivateKey": {"value": "-----BEGIN PRIVATE KEY-----"}}}),
            "config: keys",
        ),
        (
            json!({"config": {"idpCertificate": foreign["config"]["idpCertificate"]}}),
            "config: keys",
        ),
        (
            json!({"config": {"signAssertion": false, "signResponse": false}}),
            "config: the assertion or the response",
        ),
        (
            json!({"config": {"acsUrl": {"value": "http://x.example"}}}),
            "config.acsUrl: ",
        ),
        (
            json!({"config": {"acsUrl": {"value": 1}}}),
            "config.acsUrl must be",
        ),
        (
            json!({"config": {"signatureAlgorithm": "RSA-SHA1"}}),
            "config.signatureAlgorithm ",
        ),
        (
            json!({"config": {"overrideNameIdFormat": "x"}}),
            "config.overrideNameIdFormat ",
        ),
        (
            json!({"config": {"spCertificate": "x"}}),
            "config.spCertificate: ",
        ),
        (json!({"config": {"idpInitUrl": "x"}}), "config.idpInitUrl "),
        (
            json!({"config": {"constantAttributes": [{"name": "x"}]}}),
            "config.constantAttributes ",
        ),
        (
            json!({"config": {"databaseAttributes": {"value": [{"name": "x", "value": "shoe size"}]}}}),
            "config.databaseAttributes: ",
        ),
        (json!({"config": []}), "config must be"),
        (json!({"displayLabel": ""}), "displayLabel: "),
        (json!({"active": "yes"}), "active must be"),
        (json!([]), "Send a JSON object."),
    ] {
        let refused = script.put(&address, &change).await;
        assert_eq!(refused.status, 400, "{change}: {}", refused.body);
        let message = refused.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(word), "{change}: {message}");
    }
    assert_eq!(script.get(&address).await, before);
    let same = json!({"ssoUrl": before["ssoUrl"], "name": before["name"], "displayLabel": "AWS"});
    assert_eq!(script.put(&address, &same).await.status, 200);
}

#[tokio::test]
async fn settings_of_single_sign_on_go_there_and_back() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let id = script
        .add(&json!({"name": "saml", "displayName": "Wiki", "config": {
            "acsUrl": {"value": "https://wiki.example/acs"},
            "spEntityId": "https://wiki.example/sp",
        }, "active": true}))
        .await;
    let address = format!("/applications/{id}");
    let made = script.get(&address).await;
    assert_eq!(
        (&made["displayLabel"], &made["active"]),
        (&json!("Wiki"), &json!(true))
    );
    assert_eq!(
        made["ssoUrl"],
        format!("{}/saml2/customsaml20", site.origin)
    );
    for (member, value) in [
        ("subjectField", json!("username")),
        (
            "overrideNameIdFormat",
            json!("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        ),
        ("signatureAlgorithm", json!("RSA-SHA512")),
        ("signResponse", json!(true)),
        ("idpInitUrl", json!("https://wiki.example/login")),
        ("includeGroups", json!(true)),
        ("groupsAttributeName", json!("groups")),
        (
            "spCertificate",
            made["config"]["idpCertificate"]["value"].clone(),
        ),
    ] {
        let change = json!({"config": {member: {"value": value}}});
        let changed = script.put(&address, &change).await;
        assert_eq!(changed.status, 200, "{member}: {}", changed.body);
        assert_eq!(changed.json()["config"][member]["value"], value);
        assert_eq!(script.get(&address).await["config"][member]["value"], value);
    }
    let rows = json!([{"name": "mail", "value": "email"}]);
    let change = json!({"config": {"databaseAttributes": rows, "includeGroups": false}});
    let config = script.put(&address, &change).await.json()["config"].clone();
    let row = &config["databaseAttributes"]["value"][0];
    assert_eq!(
        (&row["name"], &row["value"]),
        (&json!("mail"), &json!("email"))
    );
    assert_eq!(config["groupsAttributeName"]["value"], "");
    // A client that knows only of the assertion.
    let change = json!({"config": {"signAssertion": false}});
    let config = script.put(&address, &change).await.json()["config"].clone();
    assert_eq!(config["signResponse"]["value"], true);
}

/// Requirements G08, L05, G12.
#[tokio::test]
async fn bookmarks_and_addresses_are_checked_as_everywhere() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let id = script
        .add(&json!({"name": "bookmark", "displayLabel": "Wiki", "ssoUrl": "https://wiki.acme.com/"}))
        .await;
    let address = format!("/applications/{id}");
    let change = json!({"ssoUrl": "https://wiki.acme.com/start", "active": false});
    let changed = script.put(&address, &change).await.json();
    assert_eq!(changed["ssoUrl"], "https://wiki.acme.com/start");
    assert_eq!(
        (&changed["sso"]["type"], &changed["active"]),
        (&json!("bookmark"), &json!(false))
    );
    for (body, status) in [
        (
            json!({"name": "bookmark", "displayLabel": "x", "ssoUrl": "javascript:alert(1)"}),
            400,
        ),
        (json!({"name": "saml"}), 400),
        (json!({"displayLabel": "x"}), 400),
        (json!({"name": "jira", "displayLabel": "x"}), 400),
        (
            json!({"name": "saml", "displayLabel": "x", "ssoUrl": "https://x.example/saml2/x"}),
            400,
        ),
        (
            json!({"name": "saml", "displayLabel": "x", "ssoUrl": format!("{}/saml2/Ä", site.origin)}),
            400,
        ),
        (
            json!({
                "name": "saml", "displayLabel": "x",
                "ssoUrl": format!("{}/saml2/{APPLICATION}", site.origin),
            }),
            409,
        ),
    ] {
        let refused = script.post("/applications", &body).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.body);
        assert!(refused.json()["message"].is_string());
    }
}

#[tokio::test]
async fn lists_take_limit_skip_sort_fields_and_filter() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    for label in ["b", "A", "c"] {
        script
            .add(&json!({"name": "saml", "displayLabel": label}))
            .await;
    }
    let labels = async |query: &str| -> (Value, Vec<String>) {
        let list = script.get(&format!("/applications?{query}")).await;
        let results = list["results"].as_array().unwrap().iter();
        let labels = results.map(|one| one["displayLabel"].as_str().unwrap().to_owned());
        (list["totalCount"].clone(), labels.collect())
    };
    let all = labels("").await;
    assert_eq!((all.0, all.1.len()), (json!(4), 4));
    let page = labels("sort=displayLabel&skip=1&limit=2").await;
    assert_eq!(
        page,
        (json!(4), vec!["AWS Production".to_owned(), "b".to_owned()])
    );
    assert_eq!(labels("sort=-displayLabel&limit=1").await.1, ["c"]);
    let found = labels("filter=displayLabel:$eq:b").await;
    assert_eq!(found, (json!(1), vec!["b".to_owned()]));
    assert_eq!(labels("filter=active:$eq:true").await.1, ["AWS Production"]);
    let cut = script
        .get("/applications?limit=1&fields=displayLabel%20active")
        .await;
    assert_eq!(
        cut["results"][0].as_object().unwrap().len(),
        3,
        "with the id"
    );
    for query in ["limit=many", "filter=x"] {
        let refused = script
            .call("GET", &format!("/applications?{query}"), None)
            .await;
        assert_eq!(refused.status, 400, "{query}");
    }
}
