//! The data folder: what survives, and what is refused.

use std::{fs, sync::Arc};

use jetway_local_aws::{Clock, Entropy, LocalAws, Settings, iam};
use rand::{SeedableRng, rngs::StdRng};
use time::OffsetDateTime;

use crate::support::{ACCOUNT, ALLOW_ALL, World, idp::session_with};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH
    }
}

impl Entropy for Fixed {
    fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(7)
    }
}

fn refusal(folder: std::path::PathBuf) -> String {
    let settings = Settings {
        public_url: "http://localhost:4566".parse().unwrap(),
        data_dir: folder,
        region: "us-east-1".into(),
    };
    let error = LocalAws::open(settings, Arc::new(Fixed), Arc::new(Fixed)).unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n'), "{text}");
    text
}

#[tokio::test]
async fn everything_survives_a_restart_sealed_sessions_too() {
    let (world, idp) = World::federated();
    let keys = session_with(&world, &idp, ALLOW_ALL).await;
    iam::create_account_alias(&world.aws, ACCOUNT, "acme").unwrap();
    iam::attach_role_policy(
        &world.aws,
        ACCOUNT,
        "Engineer",
        "arn:aws:iam::aws:policy/AWSDenyAll",
    )
    .unwrap();
    iam::detach_role_policy(
        &world.aws,
        ACCOUNT,
        "Engineer",
        "arn:aws:iam::aws:policy/AWSDenyAll",
    )
    .unwrap();
    let admin = world.admin.clone();
    let before = world
        .iam(&admin, &[("Action", "GetRole"), ("RoleName", "Engineer")])
        .await;
    let world = world.restart();
    assert_eq!(world.admin.access_key_id, admin.access_key_id);
    assert_eq!(world.admin.secret, admin.secret);
    let after = world
        .iam(&admin, &[("Action", "GetRole"), ("RoleName", "Engineer")])
        .await;
    assert_eq!(before.value("RoleId"), after.value("RoleId"));
    world
        .iam(&keys, &[("Action", "ListRoles")])
        .await
        .assert_ok();
    world.redeem("Engineer", &idp.response()).await.assert_ok();
    let aliases = world.iam(&keys, &[("Action", "ListAccountAliases")]).await;
    assert_eq!(aliases.values("member"), ["acme"]);
}

#[tokio::test]
async fn assuming_a_role_writes_nothing() {
    let (world, idp) = World::federated();
    let file = world.folder().join("state.redb");
    let before = fs::read(&file).unwrap();
    for _ in 0..3 {
        world.redeem("Engineer", &idp.response()).await.assert_ok();
    }
    assert!(before == fs::read(&file).unwrap());
}

#[tokio::test]
async fn no_secret_is_in_the_state_file_and_the_key_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let (world, idp) = World::federated();
    let cookie = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await
        .cookie();
    let token = cookie.split_once('=').unwrap().1;
    let content = fs::read(world.folder().join("state.redb")).unwrap();
    for secret in [world.admin.secret.as_str(), token] {
        assert!(
            !content
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
    let mode = fs::metadata(world.folder().join("master.key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use() {
    let world = World::empty();
    let text = refusal(world.folder());
    assert!(
        text.contains("state.redb is already in use by another process"),
        "{text}"
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let text = refusal(file.join("aws"));
    assert!(
        text.starts_with("the data folder ") && text.contains("is not writable"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_state_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for content in [b"not a database at all".to_vec(), vec![0; 8192]] {
        fs::write(folder.path().join("state.redb"), content).unwrap();
        let text = refusal(folder.path().to_owned());
        assert!(text.starts_with("the state is damaged: "), "{text}");
    }
}

#[test]
fn somebody_elses_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table: redb::TableDefinition<'_, &str, &str> = redb::TableDefinition::new("theirs");
    let database = redb::Database::create(folder.path().join("state.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(table)
        .unwrap()
        .insert("a", "b")
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let text = refusal(folder.path().to_owned());
    assert!(text.contains("was not written by this program"), "{text}");
}

#[test]
fn flipped_bytes_and_a_cut_off_end_are_noticed() {
    let (world, _) = World::federated();
    let folder = world.folder();
    let keep = world.restart();
    let copy = tempfile::tempdir().unwrap();
    drop(keep.aws);
    for name in ["state.redb", "master.key"] {
        // The folder itself goes with the world, so the damage is done to a copy.
        fs::copy(folder.join(name), copy.path().join(name)).unwrap();
    }
    let file = copy.path().join("state.redb");
    let good = fs::read(&file).unwrap();
    let at = good
        .windows(8)
        .position(|window| window == b"Engineer")
        .unwrap();
    let mut flipped = good.clone();
    flipped[at] ^= 1;
    for damaged in [flipped, good[..good.len() / 2].to_vec()] {
        fs::write(&file, damaged).unwrap();
        let text = refusal(copy.path().to_owned());
        assert!(text.starts_with("the state is damaged: "), "{text}");
    }
}

#[test]
fn a_lost_or_broken_key_is_not_replaced_silently() {
    let (world, _) = World::federated();
    let copy = tempfile::tempdir().unwrap();
    fs::copy(
        world.folder().join("state.redb"),
        copy.path().join("state.redb"),
    )
    .unwrap();
    let text = refusal(copy.path().to_owned());
    assert!(
        text.contains("master.key is missing, but there is state that needs it"),
        "{text}"
    );
    fs::write(copy.path().join("master.key"), "short").unwrap();
    let text = refusal(copy.path().to_owned());
    assert!(text.contains("master.key is damaged"), "{text}");
}

#[test]
fn an_address_with_a_path_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        public_url: "http://localhost:4566/aws".parse().unwrap(),
        data_dir: folder.path().to_owned(),
        region: "us-east-1".into(),
    };
    let error = LocalAws::open(settings, Arc::new(Fixed), Arc::new(Fixed)).unwrap_err();
    assert!(error.to_string().contains("http://localhost:4566/aws"));
}
