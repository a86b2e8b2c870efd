//! Applications are made, changed and deleted.

use jetway_identity::applications::{
    AddApplicationError, AddedApplication, Application, ApplicationChange, CATALOGUE,
    DeleteApplicationsError, SamlKind, SignOn, UpdateApplicationError, add_application,
    application, catalogue_entry, delete_applications, set_application_active, update_application,
};
use jetway_identity::{
    ApplicationId, CreateApplicationError, EventKind, SamlSettings, Store, StoreError, TargetKind,
    Unique, application_metadata, list_tiles,
};
use serde_json::json;
use url::Url;

use crate::bed::{Bed, EMAIL, new_application, on_both};

on_both!(
    a_change_has_a_version_and_an_event_that_says_what,
    what_changes_nothing_leaves_neither_event_nor_version,
    a_change_of_an_older_version_changes_nothing,
    an_active_application_stays_one_that_can_work,
    an_application_has_the_settings_of_its_kind_only,
    deleted_applications_are_gone_with_keys_and_grants,
    of_several_applications_all_are_deleted_or_none,
    an_entry_gives_its_name_as_the_ending_and_a_number_when_it_is_taken,
    a_chosen_ending_must_be_new,
    every_entry_of_the_catalogue_makes_an_application_that_nobody_has,
);

pub(crate) fn settings(application: &Application) -> SamlSettings {
    application.sign_on.saml().unwrap().settings.clone()
}

pub(crate) async fn get(bed: &Bed, id: ApplicationId) -> std::sync::Arc<Application> {
    application(&bed.store, id).await.unwrap().unwrap()
}

fn labelled(label: &str) -> ApplicationChange {
    ApplicationChange {
        label: Some(label.to_owned()),
        ..ApplicationChange::default()
    }
}

fn added(key: &str, slug: &str) -> AddedApplication {
    AddedApplication {
        entry: catalogue_entry(key).unwrap(),
        slug: slug.to_owned(),
        label: "AWS".to_owned(),
        description: "Production".to_owned(),
        color: "#D86613".to_owned(),
        show_in_portal: true,
        bookmark: "https://wiki.acme.example/".to_owned(),
    }
}

async fn add(bed: &Bed, new: AddedApplication) -> Result<ApplicationId, AddApplicationError> {
    let public = Url::parse("http://localhost:8700").unwrap();
    add_application(&mut bed.op(), &bed.store, bed.keys.sealing(), &public, new).await
}

/// Requirements F07, G04 to G07, I08.
async fn a_change_has_a_version_and_an_event_that_says_what(bed: Bed) {
    let id = bed.application(new_application("acme")).await;
    let before = get(&bed, id).await;
    let mut saml = settings(&before);
    saml.session_seconds = Some(3600);
    let change = ApplicationChange {
        label: Some(" AWS Production ".to_owned()),
        description: Some("Account 012345678987".to_owned()),
        color: Some("#ABCDEF".to_owned()),
        show_in_portal: Some(false),
        saml: Some(saml),
        ..ApplicationChange::default()
    };
    let after = update_application(&mut bed.op(), &bed.store, id, Some(1), change)
        .await
        .unwrap();
    assert_eq!(after, get(&bed, id).await);
    assert_eq!((before.version, after.version), (1, 2));
    assert_eq!(after.label, "AWS Production");
    assert_eq!(after.color, "#abcdef");
    assert_eq!(after.slug, "acme", "requirement G10");
    assert_eq!(settings(&after).session_seconds, Some(3600));
    let event = bed.last_event(EventKind::ApplicationUpdate).await;
    assert!(event.success);
    let target = event.target.unwrap();
    assert_eq!(
        (target.kind, target.id),
        (TargetKind::Application, id.to_string())
    );
    let changes = event.detail["changes"].as_array().unwrap();
    let of = |field: &str| changes.iter().find(|change| change["field"] == field);
    assert_eq!(
        of("show_in_portal").unwrap(),
        &json!({"field": "show_in_portal", "from": true, "to": false})
    );
    assert_eq!(of("saml.session_seconds").unwrap()["to"], 3600);
    assert!(of("active").is_none() && of("saml.acs_url").is_none());
}

async fn what_changes_nothing_leaves_neither_event_nor_version(bed: Bed) {
    let id = bed.application(new_application("acme")).await;
    let known = get(&bed, id).await;
    let same = ApplicationChange {
        label: Some(known.label.clone()),
        saml: Some(settings(&known)),
        active: Some(true),
        ..ApplicationChange::default()
    };
    for change in [same, ApplicationChange::default()] {
        let after = update_application(&mut bed.op(), &bed.store, id, None, change)
            .await
            .unwrap();
        assert_eq!(after, known);
    }
    assert!(bed.events(EventKind::ApplicationUpdate).await.is_empty());
}

async fn a_change_of_an_older_version_changes_nothing(bed: Bed) {
    let id = bed.application(new_application("acme")).await;
    let (store, seen) = (&bed.store, Some(1));
    update_application(&mut bed.op(), store, id, seen, labelled("Mine"))
        .await
        .unwrap();
    let refused = update_application(&mut bed.op(), store, id, seen, labelled("Yours")).await;
    let Err(UpdateApplicationError::Stale(present)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((present.label.as_str(), present.version), ("Mine", 2));
    assert_eq!(get(&bed, id).await.label, "Mine");
    assert_eq!(bed.events(EventKind::ApplicationUpdate).await.len(), 1);
}

/// Requirements G11, I11 and J02.
async fn an_active_application_stays_one_that_can_work(bed: Bed) {
    let id = bed.application(new_application("acme")).await;
    let mut broken = settings(&*get(&bed, id).await);
    broken.constant_attributes.clear();
    let change = |saml: &SamlSettings, active| ApplicationChange {
        saml: Some(saml.clone()),
        active,
        ..ApplicationChange::default()
    };
    let store = &bed.store;
    let refused = update_application(&mut bed.op(), store, id, None, change(&broken, None)).await;
    let Err(UpdateApplicationError::Invalid(invalid)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(invalid.0[0].field, "saml.constant_attributes");
    // Switched off in the same step, it may be incomplete.
    let off = change(&broken, Some(false));
    update_application(&mut bed.op(), store, id, None, off)
        .await
        .unwrap();
    let refused = set_application_active(&mut bed.op(), store, id, true).await;
    assert!(
        matches!(refused, Err(UpdateApplicationError::Invalid(_))),
        "{refused:?}"
    );
    assert!(!get(&bed, id).await.active);
}

/// Requirements F08 and I13.
async fn an_application_has_the_settings_of_its_kind_only(bed: Bed) {
    let saml = bed.application(new_application("acme")).await;
    let bookmark = add(&bed, added("bookmark", "wiki")).await.unwrap();
    let misplaced = [
        (
            saml,
            ApplicationChange {
                bookmark: Some("https://x.example/".to_owned()),
                ..ApplicationChange::default()
            },
            "bookmark_url",
        ),
        (
            bookmark,
            ApplicationChange {
                saml: Some(settings(&*get(&bed, saml).await)),
                ..ApplicationChange::default()
            },
            "saml",
        ),
        (
            bookmark,
            ApplicationChange {
                bookmark: Some("javascript:alert(1)".to_owned()),
                ..ApplicationChange::default()
            },
            "bookmark_url",
        ),
    ];
    for (id, change, field) in misplaced {
        let refused = update_application(&mut bed.op(), &bed.store, id, None, change).await;
        let Err(UpdateApplicationError::Invalid(invalid)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(invalid.0[0].field, field);
    }
    let moved = ApplicationChange {
        bookmark: Some("https://handbook.acme.example/".to_owned()),
        active: Some(false),
        ..ApplicationChange::default()
    };
    update_application(&mut bed.op(), &bed.store, bookmark, None, moved)
        .await
        .unwrap();
    let known = get(&bed, bookmark).await;
    let address = Url::parse("https://handbook.acme.example/").unwrap();
    assert_eq!(known.sign_on, SignOn::Bookmark(address));
    assert!(!known.active);
}

/// Requirements S02 and S03.
async fn deleted_applications_are_gone_with_keys_and_grants(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group_of(user, "operations", &[]).await;
    let (mut ids, url) = (Vec::new(), "http://localhost:8700/saml2/x");
    for slug in ["aws-a", "aws-b", "aws-c"] {
        let id = bed.application(new_application(slug)).await;
        bed.assign(id, group).await;
        ids.push(id);
    }
    // A row that was ticked twice is one row.
    let wanted = [ids[0], ids[1], ids[0]];
    let deleted = delete_applications(&mut bed.op(), &bed.store, &wanted).await;
    assert_eq!(deleted.unwrap(), 2);
    let tiles = list_tiles(&bed.store, user).await.unwrap();
    assert_eq!(tiles.len(), 1);
    assert_eq!(tiles[0].slug, "aws-c");
    for (id, slug) in ids.iter().zip(["aws-a", "aws-b"]) {
        assert!(application(&bed.store, *id).await.unwrap().is_none());
        let metadata = application_metadata(&bed.store, slug, url).await.unwrap();
        assert!(metadata.is_none());
        let mut read = bed.store.read().await.unwrap();
        assert!(read.signing_keys(*id).await.unwrap().is_empty());
        assert!(read.groups_of_application(*id).await.unwrap().is_empty());
    }
    let events = bed.events(EventKind::ApplicationDelete).await;
    let slugs: Vec<_> = events.iter().map(|event| &event.detail["slug"]).collect();
    assert_eq!(slugs, ["aws-a", "aws-b"]);
    // Its name is free again.
    bed.application(new_application("aws-a")).await;
}

/// Requirement S03.
async fn of_several_applications_all_are_deleted_or_none(bed: Bed) {
    let there = bed.application(new_application("aws-a")).await;
    let gone = bed.application(new_application("aws-b")).await;
    let store = &bed.store;
    delete_applications(&mut bed.op(), store, &[gone])
        .await
        .unwrap();
    let refused = delete_applications(&mut bed.op(), store, &[there, gone]).await;
    assert!(
        matches!(refused, Err(DeleteApplicationsError::NoSuchApplication(id)) if id == gone),
        "{refused:?}"
    );
    let many = vec![there; 201];
    let refused = delete_applications(&mut bed.op(), store, &many).await;
    assert!(matches!(refused, Err(DeleteApplicationsError::TooMany)));
    assert!(application(store, there).await.unwrap().is_some());
    assert_eq!(bed.events(EventKind::ApplicationDelete).await.len(), 1);
}

/// Requirements G09 and G12, gap X9.
async fn an_entry_gives_its_name_as_the_ending_and_a_number_when_it_is_taken(bed: Bed) {
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let id = add(&bed, added("aws-iam", " ")).await.unwrap();
        slugs.push(get(&bed, id).await.slug.clone());
    }
    assert_eq!(
        slugs,
        [
            "amazonwebservicesiam",
            "amazonwebservicesiam-2",
            "amazonwebservicesiam-3"
        ]
    );
    // Also where the name in between was given away.
    add(&bed, added("bookmark", "customsaml20")).await.unwrap();
    let id = add(&bed, added("saml", "")).await.unwrap();
    assert_eq!(get(&bed, id).await.slug, "customsaml20-2");
}

/// Requirement G12.
async fn a_chosen_ending_must_be_new(bed: Bed) {
    add(&bed, added("aws-iam", "aws-a")).await.unwrap();
    for key in ["aws-iam", "bookmark"] {
        let taken = add(&bed, added(key, " aws-a ")).await;
        assert!(
            matches!(
                taken,
                Err(AddApplicationError::Create(CreateApplicationError::Store(
                    StoreError::Taken(Unique::Slug)
                )))
            ),
            "{taken:?}"
        );
    }
    let odd = add(&bed, added("aws-iam", "AWS A")).await;
    let Err(AddApplicationError::Invalid(invalid)) = odd else {
        panic!("{odd:?}")
    };
    assert_eq!(invalid.0[0].field, "slug");
    assert_eq!(bed.events(EventKind::ApplicationCreate).await.len(), 1);
}

/// Requirements F06, F08, G11, I10, I12 and K01.
async fn every_entry_of_the_catalogue_makes_an_application_that_nobody_has(bed: Bed) {
    let user = bed.user(EMAIL).await;
    for entry in &CATALOGUE {
        let id = add(&bed, added(entry.key, entry.key)).await.unwrap();
        let made = get(&bed, id).await;
        assert_eq!(made.sign_on.kind(), entry.key);
        assert_eq!(made.color, "#d86613");
        assert_eq!(made.description, "Production");
        match &made.sign_on {
            SignOn::Bookmark(_) => assert!(made.active),
            SignOn::Saml(saml) => {
                assert!(!made.active, "it has to be configured first");
                let own = format!("http://localhost:8700/saml2/{}", entry.key);
                assert_eq!(saml.settings.idp_entity_id, own);
                let is_aws = matches!(saml.kind, SamlKind::AwsIam | SamlKind::AwsIamRoles);
                assert_eq!(saml.settings.acs_url.contains("signin.aws"), is_aws);
            }
        }
    }
    assert!(list_tiles(&bed.store, user).await.unwrap().is_empty());
    let without_address = AddedApplication {
        bookmark: String::new(),
        ..added("bookmark", "other")
    };
    let refused = add(&bed, without_address).await;
    let Err(AddApplicationError::Invalid(invalid)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(invalid.0[0].field, "bookmark_url");
}
