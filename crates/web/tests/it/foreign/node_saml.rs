//! The whole conversation with node-saml, the service provider of most Node.js applications:
//! metadata, its own requests, our responses, logout.

use jetway_identity::{ApplicationId, Scope, assign_group};
use jetway_testkit::require;
use serde_json::{Value, json};

use super::{Foreign, Partner, Program};
use crate::api::Api;
use crate::browser::{Answer, Browser};
use crate::service_provider::{ACS, ENTITY_ID, sign_in_on};
use crate::site::{ROAD_RUNNER, Site};

const PATH: &str = "/saml2/wiki";
const SLO: &str = "https://wiki.acme.example/slo";
const STATE: &str = "/after?sign=in&\"<é>";

/// An application filled in from the metadata that node-saml writes about itself.
async fn fill_in(site: &Site, partner: &Partner, program: &Program) -> String {
    let mut ask = partner.ask(site);
    ask["describe"] = json!(true);
    ask["slo"] = json!(SLO);
    let metadata = program.run(ask)["metadata"].clone();
    let api = Api::new(site, Scope::Full).await;
    let body = json!({"kind": "saml", "label": "Wiki", "slug": "wiki"});
    let made = api.post("/api/v1/applications", &body).await;
    let address = made.header("location").to_owned();
    let filled = format!("{address}/service-provider-metadata");
    let filled = api.post(&filled, &json!({"metadata": metadata})).await;
    assert_eq!(filled.status, 200, "{}", filled.body);
    let active = api.patch(&address, &json!({"active": true})).await;
    assert_eq!(active.status, 200, "{}", active.body);
    let id: ApplicationId = made.json()["id"].as_str().unwrap().parse().unwrap();
    let store = site.store.as_ref();
    assign_group(&mut site.op(), store, id, site.operations)
        .await
        .unwrap();
    address
}

async fn metadata(site: &Site) -> String {
    site.browser().get(&format!("{PATH}/metadata")).await.body
}

fn case(metadata: &str, page: &Answer) -> Value {
    json!({
        "metadata": metadata,
        "response": page.input("SAMLResponse").unwrap(),
        "signing": "assertion",
    })
}

/// Requirements I01, I08.
#[tokio::test]
async fn the_metadata_of_node_saml_fills_in_the_application() {
    let program = require!(Foreign::NodeSaml.find());
    let site = Site::start().await;
    let partner = Partner::new(&site, ENTITY_ID, ACS);
    let address = fill_in(&site, &partner, &program).await;
    let api = Api::new(&site, Scope::Read).await;
    let saml = api.get(&address).await.json()["saml"].clone();
    assert_eq!(saml["audience"], ENTITY_ID);
    assert_eq!(saml["acs_url"], ACS);
    assert_eq!(saml["name_id"]["format"], "email");
    assert_eq!(saml["require_signed_requests"], true);
    assert_eq!(saml["request_certificates"], json!([partner.certificate]));
    assert_eq!(saml["single_logout"]["url"], SLO);
    let encryption = &saml["encryption"];
    assert_eq!(encryption["certificate"], json!(partner.certificate));
    assert!(encryption["cipher"].as_str().unwrap().ends_with("gcm"));
}

/// Requirement N03: it sends people here and takes them back, with what they were about to do.
#[tokio::test]
async fn people_whom_node_saml_sends_come_back_signed_in_with_the_relay_state_unchanged() {
    let program = require!(Foreign::NodeSaml.find());
    let site = Site::start().await;
    let partner = Partner::new(&site, ENTITY_ID, ACS);
    fill_in(&site, &partner, &program).await;
    let metadata = metadata(&site).await;
    let mut ask = partner.ask(&site);
    ask["sign_in"] = json!({"metadata": metadata, "relay_state": STATE});
    let asked = program.run(ask);
    let url = asked["sign_in"].as_str().unwrap();
    let link = url.strip_prefix(&site.origin).unwrap();
    let mut browser = site.browser();
    let answer = browser.get(link).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let to_sign_in = browser.get(answer.location()).await;
    let page = sign_in_on(&mut browser, &to_sign_in, ROAD_RUNNER).await;
    assert_eq!(page.attribute("form", None, "action").unwrap(), ACS);
    assert_eq!(page.input("RelayState").unwrap(), STATE);

    let mut answered = case(&metadata, &page);
    answered["in_response_to"] = json!(true);
    let mut ask = partner.ask(&site);
    ask["cases"] = json!([answered]);
    let stranger = program.run(ask.clone())["verdicts"][0].clone();
    assert_eq!(stranger["error"], "Error: InResponseTo is not valid");
    ask["asked"] = asked["asked"].clone();
    let verdict = program.run(ask)["verdicts"][0].clone();
    assert_eq!(verdict["valid"], true, "{verdict}");
    assert_eq!(verdict["name_id"], ROAD_RUNNER);
    assert_eq!(verdict["issuer"], format!("{}{PATH}", site.origin));
}

/// Unless told otherwise it wants the response signed, which by default is not: the page says so.
#[tokio::test]
async fn node_saml_as_it_comes_takes_only_what_has_the_response_signed() {
    let program = require!(Foreign::NodeSaml.find());
    let site = Site::start().await;
    let partner = Partner::new(&site, ENTITY_ID, ACS);
    let address = fill_in(&site, &partner, &program).await;
    let api = Api::new(&site, Scope::Full).await;
    let mut cases = Vec::new();
    for signing in ["assertion", "response", "assertion_and_response"] {
        let change = json!({"saml": {"signing": signing, "encryption": null}});
        let changed = api.patch(&address, &change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let mut browser = site.browser_of(ROAD_RUNNER).await;
        let mut case = case(&metadata(&site).await, &browser.get(PATH).await);
        case["defaults"] = json!(true);
        cases.push(case);
    }
    let verdicts = partner.verdicts(&site, &program, &cases);
    assert_eq!(verdicts[0]["error"], "Error: Invalid document signature");
    assert_eq!(verdicts[1]["error"], "Error: Invalid signature");
    assert_eq!(verdicts[2]["valid"], true, "{}", verdicts[2]);
}

async fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/").await.status == 200
}

/// SAML profiles 4.4.
#[tokio::test]
async fn logout_started_by_node_saml_ends_the_session_and_is_confirmed_by_either_binding() {
    let program = require!(Foreign::NodeSaml.find());
    let site = Site::start().await;
    let partner = Partner::new(&site, ENTITY_ID, ACS);
    let address = fill_in(&site, &partner, &program).await;
    let api = Api::new(&site, Scope::Full).await;
    for binding in ["post", "redirect"] {
        let change = json!({"saml": {"single_logout": {"url": SLO, "binding": binding}}});
        let changed = api.patch(&address, &change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let metadata = metadata(&site).await;
        let mut browser = site.browser_of(ROAD_RUNNER).await;
        let page = browser.get(PATH).await;
        let verdict = &partner.verdicts(&site, &program, &[case(&metadata, &page)])[0];
        let mut ask = partner.ask(&site);
        ask["sign_out"] = json!({
            "metadata": metadata,
            "relay_state": STATE,
            "profile": {
                "nameID": verdict["name_id"],
                "nameIDFormat": verdict["name_id_format"],
                "sessionIndex": verdict["session_index"],
            },
        });
        let asked = program.run(ask);
        let url = asked["sign_out"].as_str().unwrap();
        let answer = browser.get(url.strip_prefix(&site.origin).unwrap()).await;
        assert!(!is_signed_in(&mut browser).await, "{}", answer.body);
        let mut ask = partner.ask(&site);
        ask["asked"] = asked["asked"].clone();
        ask["signed_out"] = json!({"metadata": metadata});
        if binding == "post" {
            assert_eq!(answer.attribute("form", None, "action").unwrap(), SLO);
            assert_eq!(answer.input("RelayState").unwrap(), STATE);
            ask["signed_out"]["form"] = json!(answer.input("SAMLResponse").unwrap());
        } else {
            let (to, query) = answer.location().split_once('?').unwrap();
            assert_eq!(to, SLO);
            ask["signed_out"]["query"] = json!(query);
        }
        let confirmed = program.run(ask)["signed_out"].clone();
        assert_eq!(confirmed["valid"], true, "{binding}: {confirmed}");
        assert_eq!(confirmed["loggedOut"], true, "{binding}: {confirmed}");
    }
}
