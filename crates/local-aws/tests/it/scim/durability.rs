//! What was acknowledged is still there after the process died, however it died.

use std::{fs, path::Path};

use serde_json::json;

use super::world::{Scim, encoded};

/// The data folder as a power cut would leave it now, opened again.
fn after_a_crash(scim: Scim, tear: impl FnOnce(&Path)) -> Scim {
    let folder = scim.world.folder();
    let copy = tempfile::tempdir().unwrap();
    // The journal first: a copy of the state file that is younger than it lacks nothing.
    for file in ["state.journal", "state.redb", "master.key"] {
        fs::copy(folder.join(file), copy.path().join(file)).unwrap();
    }
    tear(&copy.path().join("state.journal"));
    // Closing the first process writes more into its folder; what counts is the copy.
    Scim {
        world: scim.world.restart_from(copy.path()),
        ..scim
    }
}

async fn find(scim: &Scim, name: &str) -> Vec<String> {
    let filter = encoded(&format!("userName eq \"{name}\""));
    scim.get(&format!("/Users?filter={filter}")).await.ids()
}

#[tokio::test]
async fn users_groups_and_memberships_survive_a_restart() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let group = scim.group("operations", &[&ada, &grace]).await;
    scim.delete(&format!("/Users/{grace}")).await;
    let before = scim.get(&format!("/Users/{ada}")).await.json();
    let scim = scim.restart();
    assert_eq!(scim.get(&format!("/Users/{ada}")).await.json(), before);
    assert_eq!(scim.get(&format!("/Users/{grace}")).await.status, 404);
    assert_eq!(scim.members(&group).await, [ada]);
    assert_eq!(
        scim.post("/Groups", &super::world::group("operations", &[]))
            .await
            .status,
        409
    );
}

/// Nothing of the process gets to run: what the operating system has is all there is.
#[tokio::test]
async fn acknowledged_writes_survive_the_death_of_the_process() {
    let scim = Scim::aws();
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(scim.user(&format!("user-{number}")).await);
    }
    let group = scim.group("operations", &[&ids[0], &ids[1]]).await;
    let rename = json!([{ "op": "replace", "path": "userName", "value": "renamed" }]);
    scim.patch(&format!("/Users/{}", ids[2]), rename).await;
    scim.delete(&format!("/Users/{}", ids[3])).await;
    let scim = after_a_crash(scim, |_| {});
    assert_eq!(find(&scim, "user-19").await, [ids[19].clone()]);
    assert_eq!(find(&scim, "renamed").await, [ids[2].clone()]);
    assert_eq!(find(&scim, "user-3").await, [""; 0]);
    assert_eq!(scim.members(&group).await.len(), 2);
    assert_eq!(scim.get("/Users").await.ids().len(), 19);
}

/// What takes something away from somebody is not left to the moment before the next sync.
#[tokio::test]
async fn removals_and_deactivations_are_synced_when_they_are_confirmed() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let group = scim.group("operations", &[&ada, &grace]).await;
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    let leave = json!([{ "op": "remove", "path": "members", "value": [{ "value": grace }] }]);
    let journal = || fs::read(scim.world.folder().join("state.journal")).unwrap();
    scim.patch(&format!("/Users/{ada}"), off).await;
    assert_eq!(journal(), b"");
    scim.patch(&format!("/Groups/{group}"), leave).await;
    assert_eq!(journal(), b"");
    scim.delete(&format!("/Groups/{group}")).await;
    scim.delete(&format!("/Users/{ada}")).await;
    assert_eq!(journal(), b"");
}

/// A line that the crash cut short was never acknowledged; all before it were.
#[tokio::test]
async fn a_torn_last_line_of_the_journal_costs_nothing_else() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let scim = after_a_crash(scim, |journal| {
        let mut content = fs::read(journal).unwrap();
        content.extend_from_slice(br#"999 0011223344556677 [["users","torn"#);
        fs::write(journal, content).unwrap();
    });
    assert_eq!(find(&scim, "ada").await, [ada]);
    let grace = scim.user("grace").await;
    let scim = scim.restart();
    assert_eq!(find(&scim, "grace").await, [grace]);
}
