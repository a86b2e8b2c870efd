//! The applications on a person's portal.

use std::collections::HashMap;

use crate::applications::Tile;
use crate::events::{EventFilter, EventKind, list_events};
use crate::ids::UserId;
use crate::store::{Store, StoreError};

/// So many of the person's last launches decide the order of the tiles.
const LAUNCHES: u32 = 50;

/// The active, visible applications that are granted to a group of the user: those used last
/// first, the others by label (requirements L01, L04). Nobody else's, and none for a user who is
/// not active.
pub async fn list_tiles(store: &dyn Store, user: UserId) -> Result<Vec<Tile>, StoreError> {
    let mut tiles = store.read().await?.tiles(user).await?;
    if tiles.len() < 2 {
        return Ok(tiles);
    }
    // Read from the log, so that single sign-on has nothing more to write.
    let filter = EventFilter {
        subject: Some(user.to_string()),
        kinds: vec![EventKind::SsoAuth],
        success: Some(true),
        ..EventFilter::default()
    };
    let launches = list_events(store, &filter, None, LAUNCHES).await?;
    let mut ranks: HashMap<&str, usize> = HashMap::new();
    for (rank, launch) in launches.iter().enumerate() {
        if let Some(slug) = launch.detail["application"]["slug"].as_str() {
            ranks.entry(slug).or_insert(rank);
        }
    }
    tiles.sort_by_key(|tile| ranks.get(tile.slug.as_str()).copied().unwrap_or(usize::MAX));
    Ok(tiles)
}
