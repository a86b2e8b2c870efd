//! What surrounds every page.

use askama::Template;

use crate::{Brand, PortalSection, assets};

/// The page could not be written. Only a failing `Display` of a value can cause it.
pub type RenderError = askama::Error;

/// Which of the two products the page belongs to: decides the accent colour and the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    IdentityProvider,
    /// Wears its own colour and a permanent LOCAL mark, so that nobody takes it for the real AWS.
    LocalAws,
}

/// How the page uses its space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One narrow card in the middle: sign-in, messages.
    Card,
    /// A header bar and the full width: portals, consoles, role choosers.
    Wide,
}

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// E-mail address, or whatever else tells two people of the same name apart.
    pub detail: String,
}

/// The sign-out button: a POST form, since it changes state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOut {
    pub action: String,
    /// Value of the hidden field `csrf`; `None` where the endpoint needs no token.
    pub csrf: Option<String>,
}

/// What surrounds the body of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chrome {
    pub product: Product,
    /// Shown beside the mark: the organisation, or the account at the local AWS.
    pub organisation: String,
    /// The organisation's logo and colour; the default is Jetway's own look.
    pub brand: Brand,
    /// Path under which the files of [`assets`] are served, without a trailing slash: `/static`.
    pub asset_prefix: &'static str,
    pub person: Option<Person>,
    pub sign_out: Option<SignOut>,
}

/// A typed view model with its template.
pub trait Body: Template {
    /// Goes before the product's name into the document's title.
    fn title(&self) -> &str;

    fn layout(&self) -> Layout {
        Layout::Card
    }

    /// Where in the user portal the page is; such pages have the portal's navigation.
    fn section(&self) -> Option<PortalSection> {
        None
    }

    /// Seconds after which the page asks for itself again, while it shows something at work. Heeded
    /// by the admin portal.
    fn refresh(&self) -> Option<u32> {
        None
    }

    /// Whether the page can be put on the home screen of a phone.
    fn manifest(&self) -> bool {
        false
    }

    /// Name of the one file of [`assets`] that the page loads as a script, when it needs one.
    fn script(&self) -> Option<&'static str> {
        None
    }
}

/// A whole document.
#[derive(Debug, Template)]
#[template(path = "base.html")]
pub struct Page<B: Body> {
    pub chrome: Chrome,
    pub body: B,
}

impl<B: Body> Page<B> {
    /// The document as HTML.
    pub fn to_html(&self) -> Result<String, RenderError> {
        self.render()
    }

    fn asset(&self, name: &str) -> String {
        assets::address(self.chrome.asset_prefix, name)
    }

    fn is_local(&self) -> bool {
        self.chrome.product == Product::LocalAws
    }

    fn product_name(&self) -> &'static str {
        match self.chrome.product {
            Product::IdentityProvider => "Jetway",
            Product::LocalAws => "Jetway local AWS",
        }
    }

    fn body_class(&self) -> &'static str {
        match (self.chrome.product, self.body.layout()) {
            (Product::IdentityProvider, Layout::Card) => "layout-card",
            (Product::IdentityProvider, Layout::Wide) => "layout-wide",
            (Product::LocalAws, Layout::Card) => "layout-card product-local",
            (Product::LocalAws, Layout::Wide) => "layout-wide product-local",
        }
    }
}
