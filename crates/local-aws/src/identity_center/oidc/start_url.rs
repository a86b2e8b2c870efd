//! The names under which an instance is known to programs (§1.3).

use url::Url;

use crate::{
    LocalAws,
    identity_center::{enabled, portal_url},
    state::center::InstanceRecord,
};

/// Whether a start URL or issuer URL means the instance of this local AWS.
pub(super) fn is_ours(aws: &LocalAws, url: &str) -> bool {
    let state = aws.state();
    let (Some(center), Some(url)) = (enabled(&state), plain(url)) else {
        return false;
    };
    aliases(aws, &center.instance)
        .iter()
        .any(|alias| plain(alias).as_ref() == Some(&url))
}

fn aliases(aws: &LocalAws, instance: &InstanceRecord) -> [String; 6] {
    let (id, region) = (&instance.id, &instance.region);
    [
        portal_url(aws),
        instance.start_url(),
        format!("https://{}.awsapps.com/start", instance.identity_store_id),
        format!("https://{id}.portal.{region}.app.aws"),
        format!("https://{id}.{region}.portal.amazonaws.com"),
        format!("https://identitycenter.amazonaws.com/{id}"),
    ]
}

/// Scheme, host and path, without the slash, the `#` or the `#/` at the end that people paste.
fn plain(url: &str) -> Option<(String, String)> {
    let mut url = Url::parse(url).ok()?;
    let stray = |fragment: &str| fragment.trim_start_matches('/').is_empty();
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return None;
    }
    if !url.fragment().is_none_or(stray) {
        return None;
    }
    url.set_fragment(None);
    let origin = url.origin().ascii_serialization();
    Some((origin, url.path().trim_end_matches('/').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_people_paste_behind_the_address_does_not_count() {
        let expected = plain("https://d-1234567890.awsapps.com/start");
        for pasted in [
            "https://d-1234567890.awsapps.com/start/",
            "https://d-1234567890.awsapps.com/start#",
            "https://d-1234567890.awsapps.com/start/#/",
            "https://D-1234567890.AWSAPPS.com/start",
        ] {
            assert_eq!(plain(pasted), expected, "{pasted}");
        }
        for other in [
            "http://d-1234567890.awsapps.com/start",
            "https://d-1234567890.awsapps.com/start/x",
            "https://d-1234567890.awsapps.com/start?x",
            "https://d-1234567890.awsapps.com:444/start",
            "https://d-1234567890.awsapps.com@evil.example/start",
        ] {
            assert_ne!(plain(other), expected, "{other}");
        }
    }
}
