//! Organisational units, and the tree that they make.

use serde_json::json;

use crate::support::{ACCOUNT, World, json::text};

#[tokio::test]
async fn units_stand_below_the_root_and_below_each_other() {
    let world = World::organized().await;
    let root = world.root().await;
    let organization = world.organize("DescribeOrganization", json!({})).await;
    let organization = text(&organization["Organization"]["Id"]);
    let workloads = world.new_unit(&root, "Workloads").await;
    let prefix = format!("ou-{}-", &root[2..]);
    assert!(
        workloads.starts_with(&prefix) && workloads.len() == prefix.len() + 8,
        "{workloads}"
    );
    let production = world.new_unit(&workloads, "Production").await;

    let described = json!({"OrganizationalUnitId": production});
    let described = world
        .organize("DescribeOrganizationalUnit", described)
        .await;
    assert_eq!(
        described["OrganizationalUnit"],
        json!({
            "Id": production,
            "Arn": format!("arn:aws:organizations::{ACCOUNT}:ou/{organization}/{production}"),
            "Name": "Production",
            "Path": format!("{organization}/{root}/{workloads}/{production}/"),
        })
    );
    let listed = json!({"ParentId": workloads});
    let listed = world
        .organize("ListOrganizationalUnitsForParent", listed)
        .await;
    assert_eq!(listed["OrganizationalUnits"][0]["Id"], production.as_str());
    let children = json!({"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"});
    assert_eq!(
        world.organize("ListChildren", children).await["Children"],
        json!([{"Id": workloads, "Type": "ORGANIZATIONAL_UNIT"}])
    );
    let parents = |child: &str| json!({"ChildId": child});
    assert_eq!(
        world.organize("ListParents", parents(&production)).await["Parents"],
        json!([{"Id": workloads, "Type": "ORGANIZATIONAL_UNIT"}])
    );
    assert_eq!(
        world.organize("ListParents", parents(ACCOUNT)).await["Parents"],
        json!([{"Id": root, "Type": "ROOT"}])
    );
}

#[tokio::test]
async fn siblings_have_different_names_and_cousins_need_not() {
    let world = World::organized().await;
    let root = world.root().await;
    let first = world.new_unit(&root, "First").await;
    world.new_unit(&first, "First").await;
    let again = json!({"ParentId": root, "Name": "First"});
    let again = world.organizations("CreateOrganizationalUnit", again).await;
    let duplicate = (
        "DuplicateOrganizationalUnitException",
        "An OU with the same name already exists.",
    );
    assert_eq!(again.refusal(), duplicate);

    let second = world.new_unit(&root, "Second").await;
    let rename = json!({"OrganizationalUnitId": second, "Name": "First"});
    let rename = world
        .organizations("UpdateOrganizationalUnit", rename)
        .await;
    assert_eq!(rename.refusal(), duplicate);
    let rename = json!({"OrganizationalUnitId": second, "Name": "Third"});
    let rename = world.organize("UpdateOrganizationalUnit", rename).await;
    assert_eq!(rename["OrganizationalUnit"]["Name"], "Third");
}

#[tokio::test]
async fn units_go_five_levels_deep() {
    let world = World::organized().await;
    let mut parent = world.root().await;
    for level in 1..=5 {
        parent = world.new_unit(&parent, &format!("level {level}")).await;
    }
    let deeper = json!({"ParentId": parent, "Name": "level 6"});
    let deeper = world
        .organizations("CreateOrganizationalUnit", deeper)
        .await;
    assert_eq!(
        deeper.reason(),
        ("ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")
    );
    assert_eq!(
        deeper.refusal().1,
        "You cannot add an organizational unit to the specified parent because it would exceed the max depth allowed."
    );
}

#[tokio::test]
async fn a_unit_is_deleted_once_it_is_empty() {
    let world = World::organized().await;
    let root = world.root().await;
    let outer = world.new_unit(&root, "Outer").await;
    let inner = world.new_unit(&outer, "Inner").await;
    let account = world.new_account("audit").await;
    let to = |source: &str, destination: &str| json!({"AccountId": account, "SourceParentId": source, "DestinationParentId": destination});
    world.organize("MoveAccount", to(&root, &inner)).await;
    for full in [&outer, &inner] {
        let delete = json!({"OrganizationalUnitId": full});
        let refused = world
            .organizations("DeleteOrganizationalUnit", delete)
            .await;
        assert_eq!(refused.refusal().0, "OrganizationalUnitNotEmptyException");
    }
    world.organize("MoveAccount", to(&inner, &root)).await;
    for empty in [&inner, &outer] {
        let delete = json!({"OrganizationalUnitId": empty});
        world.organize("DeleteOrganizationalUnit", delete).await;
    }
    let gone = json!({"OrganizationalUnitId": inner});
    let gone = world
        .organizations("DescribeOrganizationalUnit", gone)
        .await;
    assert_eq!(
        gone.refusal(),
        (
            "OrganizationalUnitNotFoundException",
            "You specified an organizational unit that doesn't exist."
        )
    );
}

#[tokio::test]
async fn parents_and_children_that_do_not_exist_are_named_as_such() {
    let world = World::organized().await;
    let cases = [
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": "r-zzzz", "Name": "x"}),
            "ParentNotFoundException",
        ),
        (
            "ListOrganizationalUnitsForParent",
            json!({"ParentId": "ou-zzzz-12345678"}),
            "ParentNotFoundException",
        ),
        (
            "ListAccountsForParent",
            json!({"ParentId": "r-zzzz"}),
            "ParentNotFoundException",
        ),
        (
            "ListChildren",
            json!({"ParentId": "r-zzzz", "ChildType": "ACCOUNT"}),
            "ParentNotFoundException",
        ),
        (
            "ListParents",
            json!({"ChildId": "000000000000"}),
            "ChildNotFoundException",
        ),
    ];
    for (operation, input, exception) in cases {
        let answer = world.organizations(operation, input).await;
        assert_eq!(answer.refusal().0, exception, "{operation}");
    }
}
