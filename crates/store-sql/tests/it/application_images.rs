//! Images of tiles are kept, replaced and taken away, and shown to whom they are for.

use jetway_identity::applications::{
    ImageFormat, TileImage, UpdateApplicationError, application_image, delete_applications,
    image_of_tile, set_application_image,
};
use jetway_identity::{
    ApplicationId, EventKind, UserState, list_tiles, set_application_active, set_user_state,
    unassign_group,
};
use serde_json::json;

use crate::applications::get;
use crate::bed::{Bed, EMAIL, new_application, on_both};

on_both!(
    an_image_is_kept_replaced_and_taken_away_with_an_event_each_time,
    an_image_goes_with_its_application_and_is_never_one_of_another,
    an_image_is_shown_to_those_whose_portal_has_the_tile,
);

/// A GIF of this width, without pixels.
fn gif(width: u8) -> TileImage {
    let file = [b"GIF89a", &[width, 0, 1, 0, 0, 0, 0][..], b"\x3b"].concat();
    TileImage::read(&file).unwrap()
}

async fn set(bed: &Bed, id: ApplicationId, image: Option<&TileImage>) {
    set_application_image(&mut bed.op(), &bed.store, id, None, image)
        .await
        .unwrap();
}

/// Requirement G06.
async fn an_image_is_kept_replaced_and_taken_away_with_an_event_each_time(bed: Bed) {
    let id = bed.application(new_application("acme")).await;
    let (first, second) = (gif(1), gif(2));
    assert_eq!(get(&bed, id).await.image, None);
    let mut before = None;
    for (image, version) in [
        (Some(&first), 2),
        (Some(&first), 2),
        (Some(&second), 3),
        (None, 4),
        (None, 4),
    ] {
        set(&bed, id, image).await;
        let application = get(&bed, id).await;
        let hash = image.map(|image| image.hash.clone());
        assert_eq!((&application.image, application.version), (&hash, version));
        let kept = application_image(&bed.store, id).await.unwrap();
        assert_eq!(kept.as_ref(), image);
        if hash != before {
            let event = bed.last_event(EventKind::ApplicationUpdate).await;
            let change = json!([{"field": "image", "from": before, "to": hash}]);
            assert_eq!(event.detail["changes"], change);
        }
        before = hash;
    }
    assert_eq!(bed.events(EventKind::ApplicationUpdate).await.len(), 3);
    assert_eq!(first.format, ImageFormat::Gif);
    let mut op = bed.op();
    let stale = set_application_image(&mut op, &bed.store, id, Some(1), Some(&first));
    assert!(matches!(
        stale.await,
        Err(UpdateApplicationError::Stale(present)) if present.version == 4
    ));
    assert_eq!(application_image(&bed.store, id).await.unwrap(), None);
    let nobody = ApplicationId::random(&mut bed.op().rng);
    let missing = set_application_image(&mut op, &bed.store, nobody, None, Some(&first));
    assert!(matches!(
        missing.await,
        Err(UpdateApplicationError::NoSuchApplication)
    ));
}

async fn an_image_goes_with_its_application_and_is_never_one_of_another(bed: Bed) {
    let gone = bed.application(new_application("aws-a")).await;
    let stays = bed.application(new_application("aws-b")).await;
    set(&bed, gone, Some(&gif(1))).await;
    set(&bed, stays, Some(&gif(2))).await;
    delete_applications(&mut bed.op(), &bed.store, &[gone])
        .await
        .unwrap();
    assert_eq!(application_image(&bed.store, gone).await.unwrap(), None);
    let kept = application_image(&bed.store, stays).await.unwrap();
    assert_eq!(kept, Some(gif(2)));
}

/// Requirements G06, K01, K05, L04.
async fn an_image_is_shown_to_those_whose_portal_has_the_tile(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let stranger = bed.user("wile.coyote@the-acme-corporation.com").await;
    let group = bed.group_of(user, "operations", &[]).await;
    let id = bed.application(new_application("acme")).await;
    set(&bed, id, Some(&gif(1))).await;
    let seen = async |user| image_of_tile(&bed.store, user, id).await.unwrap();
    assert_eq!(seen(user).await, None, "not granted yet");
    bed.assign(id, group).await;
    assert_eq!(seen(user).await, Some(gif(1)));
    assert_eq!(seen(stranger).await, None);
    let tiles = list_tiles(&bed.store, user).await.unwrap();
    assert_eq!((tiles[0].id, &tiles[0].image), (id, &Some(gif(1).hash)));
    set_application_active(&mut bed.op(), &bed.store, id, false)
        .await
        .unwrap();
    assert_eq!(seen(user).await, None, "switched off");
    set_application_active(&mut bed.op(), &bed.store, id, true)
        .await
        .unwrap();
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Suspended)
        .await
        .unwrap();
    assert_eq!(seen(user).await, None, "suspended");
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Active)
        .await
        .unwrap();
    assert_eq!(seen(user).await, Some(gif(1)));
    unassign_group(&mut bed.op(), &bed.store, id, group)
        .await
        .unwrap();
    assert_eq!(seen(user).await, None, "withdrawn");
}
