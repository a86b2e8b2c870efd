//! Static files, compiled in. Serve them from one folder; pages refer to them with the version of
//! their content, so they may be cached for ever.

/// One static file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub content: &'static str,
    /// Changes with the content: 16 hexadecimal characters.
    pub version: Version,
}

/// FNV-1a of a file's content in hexadecimal. Names a version, protects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version([u8; 16]);

impl Version {
    const fn of(content: &str) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = content.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut at = 0;
        while at < bytes.len() {
            hash ^= bytes[at] as u64;
            hash = hash.wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        let mut text = [0; 16];
        let mut digit = 0;
        while digit < 16 {
            text[digit] = DIGITS[((hash >> (60 - 4 * digit)) & 15) as usize];
            digit += 1;
        }
        Self(text)
    }

    /// The sixteen characters.
    pub fn as_str(&self) -> &str {
        // Only hexadecimal digits were written, so the text is always valid.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

const fn asset(name: &'static str, content_type: &'static str, content: &'static str) -> Asset {
    Asset {
        name,
        content_type,
        content,
        version: Version::of(content),
    }
}

/// The style sheet of every page: tokens first, so that everything after refers to them.
pub const STYLE_SHEET: &str = "jetway.css";
/// What the admin portal needs on top of [`STYLE_SHEET`].
pub const ADMIN_STYLE_SHEET: &str = "admin.css";
/// Saves steps in the admin portal; nothing depends on it.
pub const ADMIN_SCRIPT: &str = "admin.js";
/// Asks the browser for passkeys and security keys.
pub const PASSKEY_SCRIPT: &str = "passkey.js";
/// Copies values of pages outside the admin portal.
pub const COPY_SCRIPT: &str = "copy.js";
/// Submits the one form of the single sign-on page.
pub const AUTO_SUBMIT: &str = "auto-submit.js";
/// A file of users to fill in.
pub const IMPORT_EXAMPLE: &str = "import-example.csv";
/// How the phone page is put on a home screen.
pub const PHONE_MANIFEST: &str = "phone.webmanifest";
/// The icon of the browser tab.
pub const ICON: &str = "icon.svg";

/// Every static file.
pub const ASSETS: &[Asset] = &[
    asset(
        IMPORT_EXAMPLE,
        "text/csv; charset=utf-8",
        include_str!("../static/import-example.csv"),
    ),
    asset(
        STYLE_SHEET,
        "text/css; charset=utf-8",
        concat!(
            include_str!("../static/tokens.css"),
            include_str!("../static/base.css"),
            include_str!("../static/components.css"),
            include_str!("../static/forms.css"),
            include_str!("../static/portal.css"),
            include_str!("../static/local.css"),
            include_str!("../static/identity-center.css"),
        ),
    ),
    asset(
        ADMIN_STYLE_SHEET,
        "text/css; charset=utf-8",
        concat!(
            include_str!("../static/admin/frame.css"),
            include_str!("../static/admin/parts.css"),
            include_str!("../static/admin/table.css"),
            include_str!("../static/admin/form.css"),
            include_str!("../static/admin/people.css"),
            include_str!("../static/admin/groups.css"),
            include_str!("../static/admin/activity.css"),
            include_str!("../static/admin/applications.css"),
            include_str!("../static/admin/policies.css"),
            include_str!("../static/admin/break-glass.css"),
        ),
    ),
    asset(
        ADMIN_SCRIPT,
        "text/javascript; charset=utf-8",
        concat!(
            include_str!("../static/admin/menus.js"),
            include_str!("../static/admin/toast.js"),
            include_str!("../static/admin/times.js"),
            include_str!("../static/admin/copy.js"),
            include_str!("../static/admin/selection.js"),
            include_str!("../static/admin/list-keys.js"),
            include_str!("../static/admin/unsaved.js"),
            include_str!("../static/admin/typed.js"),
            include_str!("../static/admin/refresh.js"),
            include_str!("../static/admin/palette.js"),
            include_str!("../static/admin/add-row.js"),
            include_str!("../static/admin/preview.js"),
            include_str!("../static/admin/print.js"),
        ),
    ),
    asset(
        PASSKEY_SCRIPT,
        "text/javascript; charset=utf-8",
        include_str!("../static/passkey.js"),
    ),
    asset(
        COPY_SCRIPT,
        "text/javascript; charset=utf-8",
        include_str!("../static/admin/copy.js"),
    ),
    asset(
        AUTO_SUBMIT,
        "text/javascript; charset=utf-8",
        include_str!("../static/auto-submit.js"),
    ),
    asset(
        PHONE_MANIFEST,
        "application/manifest+json",
        include_str!("../static/phone.webmanifest"),
    ),
    asset(ICON, "image/svg+xml", include_str!("../static/icon.svg")),
];

/// The file of this name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of a file with its version.
pub(crate) fn address(prefix: &str, name: &str) -> String {
    let version = find(name).map_or("", |asset| asset.version.as_str());
    format!("{prefix}/{name}?v={version}")
}
