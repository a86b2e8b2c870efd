//! The user portal: the applications of one person as tiles (requirements L01 to L03).

use askama::Template;

use super::PortalSection;
use crate::{Body, Layout, TileMark};

/// From this many tiles on, the portal offers a search.
pub const SEARCH_FROM: usize = 9;

/// One application of the person.
#[derive(Debug, Clone)]
pub struct Tile {
    pub href: String,
    /// A bookmark: opened beside the portal, and told nothing about it.
    pub opens_elsewhere: bool,
    pub label: String,
    pub description: String,
    pub mark: TileMark,
}

/// A description of more characters than a tile shows has a `details` below the tile.
const SHOWN_OF_DESCRIPTION: usize = 80;

impl Tile {
    fn has_details(&self) -> bool {
        self.description.chars().count() > SHOWN_OF_DESCRIPTION
    }
}

/// The tiles that match the search, in the order given (recently used first), and how many there
/// are in all.
#[derive(Debug, Template)]
#[template(path = "portal/tiles.html")]
pub struct Portal {
    tiles: Vec<Tile>,
    total: usize,
    query: String,
}

impl Portal {
    /// Keeps the tiles whose label or description contains every word of the query, in any case.
    pub fn new(tiles: Vec<Tile>, query: &str) -> Self {
        let total = tiles.len();
        let query = query.trim();
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let tiles = tiles
            .into_iter()
            .filter(|tile| matches(tile, &words))
            .collect();
        Self {
            tiles,
            total,
            query: query.to_owned(),
        }
    }

    fn offers_search(&self) -> bool {
        self.total >= SEARCH_FROM || !self.query.is_empty()
    }
}

fn matches(tile: &Tile, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {}", tile.label, tile.description).to_lowercase();
    words.iter().all(|word| text.contains(word))
}

impl Body for Portal {
    fn title(&self) -> &'static str {
        "Applications"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Applications)
    }
}
