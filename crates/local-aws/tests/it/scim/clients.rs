//! What SCIM clients really send to AWS, and what they trip over (identity-center.md §3.9). Each
//! test is named after the client and its trouble.

use serde_json::{Value, json};

use super::world::{ENTERPRISE, GENERIC, Scim, encoded, group, text, user};

const DUPLICATE: &str = "Refused to create a new, duplicate resource.";

fn refused(detail: &str) -> (u16, String) {
    (400, detail.to_owned())
}

/// authentik #12321: it patched the whole group without a path.
#[tokio::test]
async fn authentik_patches_a_group_without_a_path() {
    let scim = Scim::aws();
    let id = scim.group("operations", &[]).await;
    let path = format!("/Groups/{id}");
    let several = json!([{ "op": "replace", "value": { "id": id, "externalId": "1", "displayName": "Operations" } }]);
    assert_eq!(
        scim.patch(&path, several).await.error(),
        refused(
            "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute."
        )
    );
    // The id does not count: AWS's own example has it.
    let one = json!([{ "op": "replace", "value": { "id": id, "displayName": "Operations" } }]);
    assert_eq!(scim.patch(&path, one).await.status, 204);
    assert_eq!(scim.get(&path).await.json()["displayName"], "Operations");
}

/// authentik #12827: in its "aws" mode it replaced groups with PUT.
#[tokio::test]
async fn authentik_puts_a_group() {
    let scim = Scim::aws();
    let id = scim.group("operations", &[]).await;
    let mut body = group("Operations", &[]);
    body["id"] = json!(id);
    assert_eq!(scim.put(&format!("/Groups/{id}"), &body).await.status, 501);
    let unchanged = scim.get(&format!("/Groups/{id}")).await.json();
    assert_eq!(unchanged["displayName"], "operations");
}

/// authentik #20410: all members of a large group in one request.
#[tokio::test]
async fn authentik_adds_more_than_a_hundred_members_at_once() {
    let scim = Scim::aws();
    let id = scim.group("operations", &[]).await;
    let members: Vec<Value> = (0..101)
        .map(|at| json!({ "value": format!("{at}") }))
        .collect();
    let add = json!([{ "op": "add", "path": "members", "value": members }]);
    assert_eq!(
        scim.patch(&format!("/Groups/{id}"), add).await.error(),
        refused(GENERIC)
    );
}

/// authentik #23005: it compares with the members of GET, which are never there, so nobody is ever
/// removed.
#[tokio::test]
async fn authentik_reads_no_members_from_a_group() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let got = scim.get(&format!("/Groups/{id}")).await.json();
    assert!(got.get("members").is_none());
    assert_eq!(
        scim.get("/Groups").await.json()["Resources"][0]["members"],
        json!([])
    );
    assert_eq!(scim.members(&id).await, [ada]);
}

/// authentik #20530, #25330: it creates again what it created before.
#[tokio::test]
async fn authentik_creates_a_user_again_at_each_sync() {
    let scim = Scim::aws();
    let id = scim.user("ada@example.com").await;
    let again = scim.post("/Users", &user("ada@example.com")).await;
    assert_eq!(again.error(), (409, DUPLICATE.to_owned()));
    let filter = encoded(r#"userName eq "ada@example.com""#);
    assert_eq!(
        scim.get(&format!("/Users?filter={filter}")).await.ids(),
        [id]
    );
}

/// ssosync #2, #13, #17: after a throttled create that had gone through, the retry meets 409.
#[tokio::test]
async fn ssosync_retries_a_create_whose_answer_was_lost() {
    let scim = Scim::aws();
    jetway_local_aws::identity_center::allow_scim_faults(&scim.world.aws, true).unwrap();
    let mut lost = scim.request("POST", "/Users", &user("ada").to_string());
    lost.headers_mut()
        .insert("x-jetway-fault", "500-after".parse().unwrap());
    assert_eq!(scim.world.send(lost).await.status, 500);
    let again = scim.post("/Users", &user("ada")).await;
    assert_eq!(again.error(), (409, DUPLICATE.to_owned()));
}

/// ssosync #71: it asked for each pair of group and user, 40,000 times, until it used
/// `members.value`.
#[tokio::test]
async fn ssosync_asks_for_memberships_one_by_one_or_by_user() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let id = scim.group("operations", &[&ada]).await;
    for (user, total) in [(&ada, 1), (&grace, 0)] {
        let pair = encoded(&format!("id eq \"{id}\" and members eq \"{user}\""));
        let reply = scim.get(&format!("/Groups?filter={pair}")).await;
        assert_eq!(reply.json()["totalResults"], total);
        let all = encoded(&format!("members.value eq \"{user}\""));
        let reply = scim.get(&format!("/Groups?filter={all}")).await;
        assert_eq!(reply.ids().len(), total);
    }
}

/// idp-scim-sync #30, #45, #57: empty parts of a user.
#[tokio::test]
async fn idp_scim_sync_sends_empty_parts() {
    let scim = Scim::aws();
    let mut body = user("ada");
    body["name"] = json!({ "givenName": "Ada", "familyName": "" });
    let reply = scim.post("/Users", &body).await;
    assert_eq!(reply.status, 400);
    assert!(
        reply
            .error()
            .1
            .starts_with("2 validation errors detected: Value at 'name.familyName'")
    );
    let mut body = user("ada");
    body["emails"] = json!([]);
    body["phoneNumbers"] = json!([]);
    assert_eq!(scim.post("/Users", &body).await.status, 201);
}

/// idp-scim-sync #62: it reads groups in pages of 50 by the older limit.
#[tokio::test]
async fn idp_scim_sync_meets_the_limit_of_fifty() {
    let scim = Scim::of("aws-50");
    for number in 0..51 {
        scim.group(&format!("group-{number}"), &[]).await;
    }
    assert_eq!(scim.get("/Groups").await.ids().len(), 50);
    assert_eq!(
        scim.get("/ServiceProviderConfig").await.json()["filter"]["maxResults"],
        50
    );
}

/// idp-scim-sync #75: a person's address changed, so it created a new user with the same
/// `externalId`.
#[tokio::test]
async fn idp_scim_sync_changes_an_address() {
    let scim = Scim::aws();
    let mut body = user("ada@example.com");
    body["externalId"] = json!("e-1");
    body["emails"] = json!([{ "value": "ada@example.com", "type": "work", "primary": true }]);
    let id = text(&scim.post("/Users", &body).await.json()["id"]);
    body["userName"] = json!("lovelace@example.com");
    body["emails"][0]["value"] = json!("lovelace@example.com");
    assert_eq!(
        scim.post("/Users", &body).await.error(),
        (409, DUPLICATE.to_owned())
    );
    body["id"] = json!(id);
    let put = scim.put(&format!("/Users/{id}"), &body).await;
    assert_eq!(
        (put.status, &put.json()["userName"]),
        (201, &json!("lovelace@example.com"))
    );
}

/// idp-scim-sync #98, #520: more than one hundred members, so they come in portions.
#[tokio::test]
async fn idp_scim_sync_adds_members_in_portions() {
    let scim = Scim::aws();
    let id = scim.group("operations", &[]).await;
    let mut ids = Vec::new();
    for number in 0..150 {
        ids.push(json!({ "value": scim.user(&format!("user-{number}")).await }));
    }
    for portion in ids.chunks(100) {
        let add = json!([{ "op": "add", "path": "members", "value": portion }]);
        assert_eq!(scim.patch(&format!("/Groups/{id}"), add).await.status, 204);
    }
    let filter = encoded(&format!("groups.value eq \"{id}\""));
    let first = scim.get(&format!("/Users?cursor&filter={filter}")).await;
    let next = text(&first.json()["nextCursor"]);
    let second = scim
        .get(&format!("/Users?cursor={next}&filter={filter}"))
        .await;
    assert_eq!((first.ids().len(), second.ids().len()), (100, 50));
}

/// mitodl/keycloak-scim #73: it looks at all three documents of discovery before anything else.
#[tokio::test]
async fn keycloak_reads_the_documents_of_discovery() {
    let scim = Scim::aws();
    let config = scim.get("/ServiceProviderConfig").await.json();
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(config["bulk"]["supported"], false);
    let types = scim.get("/ResourceTypes").await.json();
    let names: Vec<&Value> = types["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["User", "Group"]);
    assert_eq!(
        types["Resources"][0]["schemaExtensions"],
        json!([{ "schema": ENTERPRISE, "required": true }])
    );
    let schemas = scim.get("/Schemas").await.json();
    assert_eq!(schemas["totalResults"], 3);
}

/// suvera/keycloak-scim2-storage #3: it forgets the slash after the address of the console.
#[tokio::test]
async fn keycloak_forgets_the_slash() {
    let scim = Scim::aws();
    assert_eq!(scim.get("Groups/").await.status, 404);
    assert_eq!(scim.get("Users").await.status, 404);
}

/// scim-for-keycloak #149: it replaces the members.
#[tokio::test]
async fn keycloak_replaces_members() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[]).await;
    let replace = json!([{ "op": "replace", "path": "members", "value": [{ "value": ada }] }]);
    assert_eq!(
        scim.patch(&format!("/Groups/{id}"), replace).await.error(),
        refused("Replacing group memberships is not supported.")
    );
}

/// Keycloak's own identifiers have a colon in them (`f:…:ada`). AWS refused that in 2022; its
/// published patterns allow it.
#[tokio::test]
async fn keycloak_sends_a_colon_in_the_external_id() {
    let scim = Scim::aws();
    let mut body = user("ada");
    body["externalId"] = json!("f:3b1f7a9e:ada");
    let id = text(&scim.post("/Users", &body).await.json()["id"]);
    let filter = encoded(r#"externalId eq "f:3b1f7a9e:ada""#);
    assert_eq!(
        scim.get(&format!("/Users?filter={filter}")).await.ids(),
        [id]
    );
}

/// pocket-id #1353, authentik #4554: the userName must be what the assertion says, an address.
#[tokio::test]
async fn pocket_id_sends_an_address_as_user_name() {
    let scim = Scim::aws();
    let id = scim.user("ada+aws@example.com").await;
    let filter = encoded(r#"userName eq "ADA+aws@example.com""#);
    assert_eq!(
        scim.get(&format!("/Users?filter={filter}")).await.ids(),
        [id]
    );
}

/// Entra: capital letters in the operations, a manager as a bare string, one address with a filter.
#[tokio::test]
async fn entra_sends_its_own_patches() {
    let scim = Scim::aws();
    let mut body = user("ada@example.com");
    body["emails"] = json!([{ "value": "ada@example.com", "type": "work", "primary": true }]);
    let ada = text(&scim.post("/Users", &body).await.json()["id"]);
    let reply = scim
        .patch(
            &format!("/Users/{ada}"),
            json!([
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "ada@contoso.com" },
                { "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "0a0a0a0a-0000-4000-8000-000000000000" },
                { "op": "Replace", "path": "active", "value": "False" },
            ]),
        )
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let user = reply.json();
    assert_eq!(user["emails"][0]["value"], "ada@contoso.com");
    assert_eq!(
        user[ENTERPRISE]["manager"]["value"],
        "0a0a0a0a-0000-4000-8000-000000000000"
    );
    assert_eq!(user["active"], false);
    let id = scim.group("operations", &[]).await;
    let add = json!([{ "op": "Add", "path": "members", "value": [{ "value": ada }] }]);
    assert_eq!(scim.patch(&format!("/Groups/{id}"), add).await.status, 204);
    let remove = json!([{ "op": "Remove", "path": "members", "value": [{ "value": ada }] }]);
    assert_eq!(
        scim.patch(&format!("/Groups/{id}"), remove).await.status,
        204
    );
    assert_eq!(scim.members(&id).await, [""; 0]);
}

/// Entra does not take an attribute away; it replaces it with nothing, and AWS refuses that.
#[tokio::test]
async fn entra_cannot_empty_an_attribute() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let empty = json!([{ "op": "Replace", "path": "title", "value": "" }]);
    let reply = scim.patch(&format!("/Users/{ada}"), empty).await;
    assert_eq!(reply.status, 400);
    assert!(reply.error().1.contains("Value at 'title'"));
}

/// Entra keeps several phone numbers; AWS takes one.
#[tokio::test]
async fn entra_sends_several_phone_numbers() {
    let scim = Scim::aws();
    let mut body = user("ada");
    body["phoneNumbers"] =
        json!([{ "value": "1", "type": "work" }, { "value": "2", "type": "mobile" }]);
    assert_eq!(
        scim.post("/Users", &body).await.error(),
        refused("List attribute phoneNumbers exceeds allowed limit of 1")
    );
}

/// Okta: the address from the console has a slash at the end, and pushed groups are patched by
/// filter.
#[tokio::test]
async fn okta_removes_a_member_by_filter_and_ends_addresses_with_a_slash() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let remove = json!([{ "op": "remove", "path": format!("members[value eq \"{ada}\"]") }]);
    assert_eq!(
        scim.patch(&format!("/Groups/{id}/"), remove).await.status,
        204
    );
    assert_eq!(scim.members(&id).await, [""; 0]);
    assert_eq!(scim.get("/Users/?startIndex=1&count=100").await.status, 200);
}

/// Okta names the members beside their ids.
#[tokio::test]
async fn okta_adds_a_member_with_a_display_name() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[]).await;
    let member = json!({ "value": ada, "display": "ada@example.com" });
    let add = json!([{ "op": "add", "path": "members", "value": [member] }]);
    let reply = scim.patch(&format!("/Groups/{id}"), add).await;
    assert_eq!(reply.status, 204);
    assert_eq!(scim.members(&id).await, [ada]);
}

/// Okta deactivates instead of deleting.
#[tokio::test]
async fn okta_deactivates_without_a_path() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    let reply = scim.patch(&format!("/Users/{ada}"), off).await;
    assert_eq!(
        (reply.status, &reply.json()["active"]),
        (200, &json!(false))
    );
}

/// OneLogin never deletes groups: a group that is left alone stays, empty.
#[tokio::test]
async fn onelogin_leaves_empty_groups_behind() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    scim.delete(&format!("/Users/{ada}")).await;
    assert_eq!(scim.get(&format!("/Groups/{id}")).await.status, 200);
}

/// JumpCloud finds a group that is there and does not overwrite its name; it reads 50.
#[tokio::test]
async fn jumpcloud_adopts_a_group_that_exists() {
    let scim = Scim::aws();
    let id = scim.group("Operations", &[]).await;
    let create = scim.post("/Groups", &group("operations", &[])).await;
    assert_eq!(create.status, 409);
    let filter = encoded(r#"displayName eq "operations""#);
    let found = scim.get(&format!("/Groups?filter={filter}&count=50")).await;
    assert_eq!(found.ids(), [id]);
    assert_eq!(found.json()["Resources"][0]["displayName"], "Operations");
}

/// Teleport begins a full sync by replacing all members.
#[tokio::test]
async fn teleport_begins_with_replacing_all_members() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let clear = json!([{ "op": "replace", "path": "members", "value": [] }]);
    assert_eq!(
        scim.patch(&format!("/Groups/{id}"), clear).await.error(),
        refused("Replacing group memberships is not supported.")
    );
    assert_eq!(scim.members(&id).await, [ada]);
}
