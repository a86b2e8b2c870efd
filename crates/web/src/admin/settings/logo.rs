//! `POST /admin/settings/logo` and `/admin/settings/logo/delete`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use jetway_identity::settings::{Logo, MAX_LOGO_BYTES};
use jetway_identity::{ChangeSettingsError, change_settings};
use jetway_pages::admin::settings::SettingsTab;

use super::tab::refuse_logo;
use crate::shared::{AdminVisit, Failure, Site, multipart, see_other};

/// Takes the file of the form for the logo. What it is, its first bytes say; what the browser says
/// does not count.
pub(crate) async fn upload_logo(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    if !multipart::is_multipart(&headers) {
        return Err(Failure::unsupported_media_type());
    }
    let form = multipart::parts(&headers, &body).await?;
    let picture = form.get("logo")?.map(|part| &part.bytes[..]);
    let logo = match read_logo(picture.unwrap_or_default()) {
        Ok(logo) => logo,
        Err(reason) => return refuse_logo(&site, &visit, reason).await,
    };
    set(&site, &mut visit, Some(logo), "logo").await
}

pub(crate) async fn delete_logo(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    set(&site, &mut visit, None, "no-logo").await
}

async fn set(
    site: &Site,
    visit: &mut AdminVisit,
    logo: Option<Logo>,
    done: &str,
) -> Result<Response, Failure> {
    let change = |sections: &mut jetway_identity::Sections| sections.appearance.logo = logo;
    match change_settings(&mut visit.op, site.store.as_ref(), None, change).await {
        Ok(settings) => site.organisation.keep(settings),
        Err(ChangeSettingsError::Invalid(refused)) => {
            let reasons: Vec<_> = refused.into_iter().map(|setting| setting.reason).collect();
            return refuse_logo(site, visit, &reasons.join("; ")).await;
        }
        Err(error @ ChangeSettingsError::Stale(_)) => return Err(Failure::internal(error)),
        Err(ChangeSettingsError::NotAllowed(_) | ChangeSettingsError::SectionNotAllowed(_)) => {
            return Err(Failure::forbidden());
        }
        Err(ChangeSettingsError::Store(error)) => return Err(error.into()),
    }
    see_other(&format!("{}?done={done}", SettingsTab::Organisation.href()))
}

fn read_logo(picture: &[u8]) -> Result<Logo, &'static str> {
    if picture.is_empty() {
        return Err("choose a picture first");
    }
    let media_type = media_type(picture).ok_or("this is not a PNG or JPEG picture")?;
    if picture.len() > MAX_LOGO_BYTES {
        return Err("use a picture of at most 780 kB");
    }
    Ok(Logo {
        media_type: media_type.to_owned(),
        data: STANDARD.encode(picture),
    })
}

/// By how the formats begin (PNG, second edition, 5.2 and 11.2.2; JPEG, ITU-T T.81, B.1.1.3).
fn media_type(picture: &[u8]) -> Option<&'static str> {
    let is_png = picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.get(12..16) == Some(b"IHDR");
    if is_png {
        return Some("image/png");
    }
    picture.starts_with(b"\xff\xd8\xff").then_some("image/jpeg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_its_first_bytes() {
        assert_eq!(
            media_type(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
            Some("image/png")
        );
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        for other in [
            &b"\x89PNG\r\n\x1a\n"[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"GIF89a",
            b"",
        ] {
            assert_eq!(media_type(other), None);
        }
    }

    #[test]
    fn a_picture_may_be_so_large_and_no_larger() {
        let mut picture = b"\xff\xd8\xff\xe0".to_vec();
        picture.resize(MAX_LOGO_BYTES, 0);
        assert!(read_logo(&picture).is_ok());
        picture.push(0);
        assert!(read_logo(&picture).is_err());
    }
}
