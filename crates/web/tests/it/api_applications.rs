//! `/api/v1/applications`: made, configured, given and deleted by a program.

use jetway_identity::{EventKind, Scope};
use serde_json::json;

use crate::api::{Api, fields_of, problem};
use crate::site::Site;

const PATH: &str = "/api/v1/applications";
const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";

/// Requirements F05, F07, G04, G05, G07, G09, G10, G11, I11.
#[tokio::test]
async fn an_application_is_made_from_the_catalogue_configured_and_switched_on() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let catalogue = api.get("/api/v1/application-catalogue").await.json();
    let keys: Vec<_> = catalogue["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        keys,
        [
            "aws-iam",
            "aws-iam-roles",
            "aws-identity-center",
            "saml",
            "bookmark"
        ]
    );
    let body = json!({"kind": "aws-iam", "label": "AWS A", "description": "Production"});
    let made = api.post(PATH, &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let address = made.header("location").to_owned();
    let application = made.json();
    assert_eq!(application["slug"], "amazonwebservicesiam");
    assert_eq!(application["active"], false);
    assert_eq!(application["show_in_portal"], true);
    assert_eq!(
        application["saml"]["acs_url"],
        "https://signin.aws.amazon.com/saml"
    );
    let again = api.post(PATH, &body).await.json();
    assert_eq!(again["slug"], "amazonwebservicesiam-2");

    let refused = api.patch(&address, &json!({"active": true})).await;
    assert_eq!(refused.status, 422);
    assert_eq!(fields_of(&refused), ["saml.constant_attributes[1].value"]);
    let refused = api.patch(&address, &json!({"slug": "other"})).await;
    assert_eq!(fields_of(&refused), ["slug"]);
    let pair = "arn:aws:iam::012345678987:role/Admin,arn:aws:iam::012345678987:saml-provider/acme";
    let change = json!({
        "slug": "amazonwebservicesiam",
        "active": true,
        "saml": {"constant_attributes": [{"name": ROLE, "value": pair}], "session_seconds": 3600},
    });
    let changed = api.patch(&address, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let application = changed.json();
    assert_eq!(application["active"], true);
    assert_eq!(application["saml"]["session_seconds"], 3600);
    assert_eq!(
        application["saml"]["name_id"]["source"], "email",
        "what is not named stays"
    );
    let change = json!({"saml": {"session_seconds": null, "relay_state": "x"}});
    let application = api.patch(&address, &change).await.json();
    assert_eq!(application["saml"]["session_seconds"], json!(null));
    let event = site.last_event(EventKind::ApplicationUpdate).await.unwrap();
    let listed = event.detail["changes"].as_array().unwrap();
    let fields: Vec<_> = listed
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["saml.relay_state", "saml.session_seconds"]);
}

#[tokio::test]
async fn a_change_that_cannot_be_names_its_fields_and_changes_nothing() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let made = api
        .post(PATH, &json!({"kind": "saml", "label": "Wiki"}))
        .await;
    let address = made.header("location").to_owned();
    for (change, fields) in [
        (json!({"label": ""}), vec!["label"]),
        (json!({"color": "red"}), vec!["color"]),
        (
            json!({"bookmark_url": "https://x.example"}),
            vec!["bookmark_url"],
        ),
        (
            json!({"saml": {"acs_url": "http://wiki.example"}}),
            vec!["saml.acs_url"],
        ),
        (
            json!({"saml": {"signing": "nothing"}}),
            vec!["saml.signing"],
        ),
        (json!({"saml": {"unknown": 1}}), vec!["saml"]),
        (json!({"saml": []}), vec!["saml"]),
        (
            json!({"saml": {"name_id": {"source": "shoe size"}}}),
            vec!["saml.name_id.source"],
        ),
        (
            json!({"saml": {"request_certificates": ["x"]}}),
            vec!["saml.request_certificates[0]"],
        ),
        (
            json!({"saml": {"login_url": "javascript:alert(1)"}}),
            vec!["saml.login_url"],
        ),
        (
            json!({"saml": {"role_rules": [
                {"group": "a", "account": "1", "role": "b", "provider": "c"}
            ]}}),
            vec!["saml.role_rules[0].account", "saml.role_rules"],
        ),
    ] {
        let refused = api.patch(&address, &change).await;
        assert_eq!(refused.status, 422, "{change}: {}", refused.body);
        assert_eq!(fields_of(&refused), fields, "{change}");
    }
    let read = api.get(&address).await;
    assert_eq!(read.header("etag"), "\"1\"");
    let refused = api.post(PATH, &json!({"kind": "jira", "label": "x"})).await;
    assert_eq!(fields_of(&refused), ["kind"]);
    let taken = json!({"kind": "saml", "label": "x", "slug": "customsaml20"});
    let refused = api.post(PATH, &taken).await;
    assert_eq!(
        (refused.status, fields_of(&refused)),
        (409, vec!["slug".to_owned()])
    );
}

/// Requirements G08, L05, S02.
#[tokio::test]
async fn a_bookmark_is_made_changed_and_deleted() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let body = json!({"kind": "bookmark", "label": "Wiki", "bookmark_url": "javascript:alert(1)"});
    let refused = api.post(PATH, &body).await;
    assert_eq!(fields_of(&refused), ["bookmark_url"]);
    let body =
        json!({"kind": "bookmark", "label": "Wiki", "bookmark_url": "https://wiki.acme.com/"});
    let made = api.post(PATH, &body).await;
    let address = made.header("location").to_owned();
    assert_eq!(made.json()["bookmark_url"], "https://wiki.acme.com/");
    assert_eq!(made.json()["active"], true);
    let change = json!({"bookmark_url": "https://wiki.acme.com/start"});
    let changed = api.patch(&address, &change).await.json();
    assert_eq!(changed["bookmark_url"], "https://wiki.acme.com/start");
    let refused = api.patch(&address, &json!({"saml": {}})).await;
    assert_eq!(fields_of(&refused), ["saml"]);
    assert_eq!(api.delete(&address).await.status, 204);
    assert_eq!(api.get(&address).await.status, 404);
    assert!(
        site.last_event(EventKind::ApplicationDelete)
            .await
            .is_some()
    );
}

/// Requirements H02, I04, I05, I12.
#[tokio::test]
async fn keys_follow_one_another_and_private_ones_are_never_shown() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let made = api
        .post(PATH, &json!({"kind": "saml", "label": "Wiki"}))
        .await;
    let address = format!("{}/keys", made.header("location"));
    let first = api.get(&address).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    assert_eq!(first["items"][0]["state"], "current");
    let added = api.post(&address, &json!({})).await;
    assert_eq!(added.status, 200, "{}", added.body);
    assert!(!added.body.contains("PRIVATE KEY"));
    let added = added.json();
    let states = |list: &serde_json::Value| {
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|key| key["state"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(states(&added), ["current", "next"]);
    let key = |list: &serde_json::Value, index: usize| {
        format!("{address}/{}", list["items"][index]["id"].as_str().unwrap())
    };
    let (old, new) = (key(&added, 0), key(&added, 1));
    let used = api.post(&new, &json!({"action": "use"})).await.json();
    assert_eq!(key(&used, 0), new);
    assert_eq!(states(&used), ["current", "next"]);
    let refused = api.delete(&new).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(api.delete(&old).await.status, 409, "not retired yet");
    let retired = api.post(&old, &json!({"action": "retire"})).await.json();
    assert_eq!(states(&retired), ["current", "retired"]);
    assert_eq!(api.delete(&old).await.status, 204);
    for (body, field) in [
        (json!({"private_key": "x"}), "certificate"),
        (json!({"certificate": "x"}), "private_key"),
        (
            json!({"private_key": "x", "certificate": "x"}),
            "private_key",
        ),
    ] {
        let refused = api.post(&address, &body).await;
        assert_eq!(fields_of(&refused), [field], "{}", refused.body);
    }
}

/// Requirements K02, K04, K05.
#[tokio::test]
async fn access_is_given_to_groups_and_single_users_and_explained() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let made = api
        .post(PATH, &json!({"kind": "saml", "label": "Wiki"}))
        .await;
    let address = made.header("location").to_owned();
    let duck = site
        .add_user("daffy.duck@the-acme-corporation.com", "Daffy", "Duck")
        .await;
    let (group, user) = (site.operations.to_string(), duck.to_string());
    let change = json!({"grant_groups": [group], "grant_users": [user]});
    let changed = api.post(&format!("{address}/access"), &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json(), json!({"granted": 2, "withdrawn": 0}));
    let access = api.get(&format!("{address}/access")).await.json();
    assert_eq!(access["groups"][0]["name"], "operations");
    assert_eq!(access["users"][0]["id"], user);
    let people = api.get(&format!("{address}/people?limit=1")).await.json();
    let cursor = people["next_cursor"].as_str().unwrap();
    let next = api
        .get(&format!("{address}/people?limit=1&cursor={cursor}"))
        .await;
    let all = [&people["items"][0], &next.json()["items"][0]].map(Clone::clone);
    let of = |id: &str| all.iter().find(|person| person["id"] == id).unwrap();
    assert_eq!(of(&user)["direct"], true);
    let runner = of(&site.road_runner.to_string());
    assert_eq!(
        (&runner["direct"], &runner["groups"][0]["name"]),
        (&json!(false), &json!("operations"))
    );
    let odd = json!({"grant_users": ["000000000000000000000000"]});
    let refused = api.post(&format!("{address}/access"), &odd).await;
    assert_eq!(fields_of(&refused), ["grant_users"]);
    let change = json!({"withdraw_users": [user], "withdraw_groups": [group]});
    let plan = api
        .post(&format!("{address}/access?plan=true"), &change)
        .await;
    assert_eq!(plan.json(), json!({"granted": 0, "withdrawn": 2}));
    let access = api.get(&format!("{address}/access")).await.json();
    assert_eq!(access["users"].as_array().unwrap().len(), 1, "only planned");
}

/// Requirement I01.
#[tokio::test]
async fn metadata_fills_in_the_settings_or_changes_nothing() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let made = api
        .post(PATH, &json!({"kind": "saml", "label": "Wiki"}))
        .await;
    let address = made.header("location").to_owned();
    let fill = format!("{address}/service-provider-metadata");
    let metadata = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://wiki.example/sp\"><SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat><AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://wiki.example/acs\" index=\"0\"/><AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://wiki.example/acs2\" index=\"1\" isDefault=\"true\"/></SPSSODescriptor></EntityDescriptor>";
    let filled = api.post(&fill, &json!({"metadata": metadata})).await;
    assert_eq!(filled.status, 200, "{}", filled.body);
    let saml = filled.json()["application"]["saml"].clone();
    assert_eq!(saml["audience"], "https://wiki.example/sp");
    assert_eq!(saml["acs_url"], "https://wiki.example/acs2");
    assert_eq!(
        saml["other_acs"],
        json!([{"url": "https://wiki.example/acs", "index": 0}])
    );
    assert_eq!(saml["name_id"]["format"], "persistent");
    for bad in [
        "",
        "not XML",
        "<a/>",
        &metadata.replace("SPSSODescriptor", "IDPSSODescriptor"),
    ] {
        let refused = api.post(&fill, &json!({"metadata": bad})).await;
        assert_eq!(refused.status, 422, "{bad}");
        assert_eq!(fields_of(&refused), ["metadata"]);
    }
    let read = api.get(&address).await;
    assert_eq!(read.header("etag"), "\"2\"");
    assert_eq!(
        api.post(
            "/api/v1/applications/000000000000000000000000/service-provider-metadata",
            &json!({"metadata": metadata})
        )
        .await
        .status,
        404
    );
}

#[tokio::test]
async fn a_key_to_read_or_for_groups_changes_no_application() {
    let site = Site::start().await;
    for scope in [Scope::Read, Scope::Users, Scope::Groups, Scope::Settings] {
        let api = Api::new(&site, scope).await;
        let body = json!({"kind": "saml", "label": "Wiki"});
        let refused = api.post(PATH, &body).await;
        assert_eq!(refused.status, 403, "{scope:?}");
        problem(&refused);
    }
}
