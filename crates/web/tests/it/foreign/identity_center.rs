//! Seed 002: AWS IAM Identity Center, configured from what AWS gives out, and its assertion with
//! attributes for access control before service providers that are not ours. The real one is not
//! within reach of a test.

use jetway_identity::{ApplicationId, Scope, assign_group};
use jetway_saml::{AuthnRequest, NAMEID_EMAIL, NameIdPolicy};
use jetway_testkit::require;
use serde_json::{Value, json};

use super::accepted::values;
use super::{Foreign, Partner};
use crate::api::Api;
use crate::service_provider::{ServiceProvider, sign_in_on};
use crate::site::{ROAD_RUNNER, Site};

const PATH: &str = "/saml2/aws-sso";
const AWS_ENTITY_ID: &str = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-906712ab34";
const AWS_ACS: &str =
    "https://us-east-1.signin.aws/platform/saml/acs/4455422d84a27c9f-9f18-41fa-81b4-769660979b1e";
const OLDER_ACS: &str = "https://us-east-1.signin.aws.amazon.com/platform/saml/acs/4455422d84a27c9f-9f18-41fa-81b4-769660979b1e";
const ACCESS_CONTROL: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
/// AWS's own, opaque to everybody else.
const STATE: &str = "AQoJb3JpZ2luX2VjEGIaCXVzLWVhc3QtMSJHMEUCIQ/+==";

/// In the shape of the file that IAM Identity Center gives out: two addresses, no certificates,
/// requests without signatures.
fn aws_metadata() -> String {
    let acs = |url: &str, index: u8, default: &str| {
        format!(
            "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             Location=\"{url}\" index=\"{index}\"{default}/>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{AWS_ENTITY_ID}\">\
         <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:NameIDFormat>{NAMEID_EMAIL}</md:NameIDFormat>{}{}\
         </md:SPSSODescriptor></md:EntityDescriptor>",
        acs(AWS_ACS, 0, " isDefault=\"true\""),
        acs(OLDER_ACS, 1, ""),
    )
}

/// The steps of the guide: the catalogue's entry, AWS's metadata, the mapping, the values on the
/// records of the person and of the group, the group.
async fn configure(site: &Site) {
    let api = Api::new(site, Scope::Full).await;
    let body = json!({"kind": "aws-identity-center", "label": "AWS SSO", "slug": "aws-sso"});
    let made = api.post("/api/v1/applications", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let address = made.header("location").to_owned();
    let fill = format!("{address}/service-provider-metadata");
    let filled = api.post(&fill, &json!({"metadata": aws_metadata()})).await;
    assert_eq!(filled.status, 200, "{}", filled.body);
    assert_eq!(filled.json()["warnings"], json!([]));
    let tag = |key: &str, source: &str| json!({"name": format!("{ACCESS_CONTROL}{key}"), "source": source});
    let mapping = json!([
        tag("Region", "addresses.work.region"),
        tag("CostCenter", "custom:AWS-ABAC-CostCenter"),
        tag("Project", "custom:AWS-ABAC-Project"),
    ]);
    let change = json!({"active": true, "saml": {"user_attribute_mapping": mapping}});
    let changed = api.patch(&address, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let change = json!({
        "attributes": {"addresses.work.region": "Arizona"},
        "custom_attributes": {"AWS-ABAC-CostCenter": "R+D: Füße/4711"},
    });
    let user = format!("/api/v1/users/{}", site.road_runner);
    let changed = api.patch(&user, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let change = json!({"attributes": {"AWS-ABAC-Project": "automation"}});
    let group = format!("/api/v1/groups/{}", site.operations);
    let changed = api.patch(&group, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let id: ApplicationId = made.json()["id"].as_str().unwrap().parse().unwrap();
    let store = site.store.as_ref();
    assign_group(&mut site.op(), store, id, site.operations)
        .await
        .unwrap();
}

/// A request as AWS sends it: not signed, with an id of its own making.
fn aws_request(site: &Site) -> String {
    let request = AuthnRequest {
        destination: Some(format!("{}{PATH}", site.origin)),
        issuer: AWS_ENTITY_ID.to_owned(),
        assertion_consumer_service_url: Some(AWS_ACS.to_owned()),
        name_id_policy: Some(NameIdPolicy {
            format: Some(NAMEID_EMAIL.to_owned()),
            ..NameIdPolicy::default()
        }),
        ..ServiceProvider::request(site, "aws_4b7e1c5a")
    };
    let link = ServiceProvider::link(&request, Some(STATE));
    link.replace("/saml2/wiki", PATH)
}

/// Requirements I01, J07, J08, J09, J10, J11, N02, N03, V02, V03.
#[tokio::test]
async fn identity_center_set_up_from_its_metadata_gets_region_and_cost_center() {
    let mut programs = Vec::new();
    for foreign in Foreign::ALL {
        programs.push(require!(foreign.find()));
    }
    let site = Site::start().await;
    let partner = Partner::new(&site, AWS_ENTITY_ID, AWS_ACS);
    configure(&site).await;
    let metadata = site.browser().get(&format!("{PATH}/metadata")).await.body;
    let mut unsolicited = site.browser_of(ROAD_RUNNER).await;
    let unsolicited = unsolicited.get(PATH).await;
    let mut browser = site.browser();
    let answer = browser.get(&aws_request(&site)).await;
    let to_sign_in = browser.get(answer.location()).await;
    let answered = sign_in_on(&mut browser, &to_sign_in, ROAD_RUNNER).await;
    let body = &answered.body;
    assert_eq!(answered.input("RelayState").expect(body), STATE);
    let cases = [&unsolicited, &answered].map(|page| {
        assert_eq!(page.attribute("form", None, "action").unwrap(), AWS_ACS);
        json!({
            "metadata": metadata,
            "response": page.input("SAMLResponse").unwrap(),
            "signing": "assertion",
            "encrypted": false,
        })
    });
    for program in &programs {
        for verdict in partner.verdicts(&site, program, &cases) {
            assert_eq!(verdict["valid"], true, "{:?}: {verdict}", program.foreign);
            assert_eq!(verdict["name_id"], ROAD_RUNNER);
            assert_eq!(verdict["name_id_format"], NAMEID_EMAIL);
            let attributes = verdict["attributes"].as_object().unwrap();
            assert_eq!(attributes.len(), 3, "nothing else: {verdict}");
            let tag = |key: &str| tag(&verdict, key);
            assert_eq!(tag("Region"), "Arizona");
            assert_eq!(tag("CostCenter"), "R+D: Füße/4711");
            assert_eq!(tag("Project"), "automation");
        }
    }
}

/// The one value of an attribute for access control.
fn tag<'a>(verdict: &'a Value, key: &str) -> &'a str {
    let values = values(verdict, &format!("{ACCESS_CONTROL}{key}"));
    assert_eq!(values.len(), 1, "{key}: {verdict}");
    values[0]
}
