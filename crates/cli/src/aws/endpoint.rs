//! Where STS is, found the way every AWS tool finds it.

use std::path::PathBuf;

use url::Url;

use super::config_file::AwsConfig;
use crate::http::{HttpError, require_safe};

/// The address of STS and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StsEndpoint {
    pub(crate) url: Url,
    pub(crate) decided_by: String,
}

/// What is wrong with the endpoint settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointError {
    #[error("the endpoint {value:?} in {named_by} is not a URL")]
    NotAUrl { value: String, named_by: String },
    #[error("the endpoint in {named_by}: {source}")]
    Insecure { named_by: String, source: HttpError },
    #[error("{0:?} is not the name of an AWS region")]
    Region(String),
    #[error("the profile {profile} names the services section {services:?}, which {} does not have", file.display())]
    NoServices {
        profile: String,
        services: String,
        file: PathBuf,
    },
}

impl EndpointError {
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::NotAUrl { .. } => "It looks like https://sts.us-east-1.amazonaws.com.",
            Self::Insecure { source, .. } => source.advice().unwrap_or_default(),
            Self::Region(_) => "It looks like us-east-1; see --region and AWS_REGION.",
            Self::NoServices { .. } => "Add the section, or correct its name in the profile.",
        }
    }
}

/// Everything that has a say, in the order in which AWS tools ask.
#[derive(Debug)]
pub(crate) struct EndpointSources<'a> {
    pub(crate) config: &'a AwsConfig,
    pub(crate) profile: &'a str,
    pub(crate) region: Option<&'a str>,
    /// `AWS_ENDPOINT_URL_STS`
    pub(crate) service_variable: Option<String>,
    /// `AWS_ENDPOINT_URL`
    pub(crate) variable: Option<String>,
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`; anything but `true` means no, as in botocore.
    pub(crate) ignore_configured: Option<String>,
}

impl EndpointSources<'_> {
    /// `partition` is that of the role, for the case that no region says otherwise.
    pub(crate) fn resolve(&self, partition: Option<&str>) -> Result<StsEndpoint, EndpointError> {
        match self.configured()? {
            Some((value, named_by)) => from_setting(value, named_by),
            None => from_region(self.region, partition),
        }
    }

    fn configured(&self) -> Result<Option<(String, String)>, EndpointError> {
        let in_profile = |key: &str| self.config.profile(self.profile, key);
        let ignore = self
            .ignore_configured
            .clone()
            .or_else(|| Some(in_profile("ignore_configured_endpoint_urls")?.value));
        if ignore.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        if let Some(value) = &self.service_variable {
            return Ok(Some((value.clone(), "AWS_ENDPOINT_URL_STS".to_owned())));
        }
        if let Some(value) = &self.variable {
            return Ok(Some((value.clone(), "AWS_ENDPOINT_URL".to_owned())));
        }
        if let Some(found) = self.in_services()? {
            return Ok(Some(found));
        }
        Ok(in_profile("endpoint_url").map(|found| {
            let named_by = format!("profile {} of {}", self.profile, found.file.display());
            (found.value, named_by)
        }))
    }

    /// What the profile's services section says of STS. A profile that names a section which is
    /// not there means an endpoint that nobody can know: AWS's own would be a guess.
    fn in_services(&self) -> Result<Option<(String, String)>, EndpointError> {
        let Some(services) = self.config.profile(self.profile, "services") else {
            return Ok(None);
        };
        let (services, file) = (services.value, self.config.path());
        if !self.config.has_services(&services) {
            return Err(EndpointError::NoServices {
                profile: self.profile.to_owned(),
                services,
                file: file.to_owned(),
            });
        }
        let value = self.config.service(&services, "sts", "endpoint_url");
        let named_by = format!("[services {services}] of {}", file.display());
        Ok(value.map(|value| (value, named_by)))
    }
}

fn from_setting(value: String, named_by: String) -> Result<StsEndpoint, EndpointError> {
    let Ok(mut url) = Url::parse(&value) else {
        return Err(EndpointError::NotAUrl { value, named_by });
    };
    if let Err(source) = require_safe(&url) {
        return Err(EndpointError::Insecure { named_by, source });
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(StsEndpoint {
        url,
        decided_by: named_by,
    })
}

fn from_region(
    region: Option<&str>,
    partition: Option<&str>,
) -> Result<StsEndpoint, EndpointError> {
    let (host, decided_by) = match (region, partition) {
        // The name that AWS tools have for "no region".
        (Some("aws-global"), _) => (
            "sts.amazonaws.com".to_owned(),
            "the region aws-global".to_owned(),
        ),
        (Some(region), _) => {
            check_region(region)?;
            (
                format!("sts.{region}.{}", dns_suffix(region)),
                format!("the region {region}"),
            )
        }
        // These partitions have no global endpoint.
        (None, Some("aws-us-gov")) => by_partition("us-gov-west-1"),
        (None, Some("aws-cn")) => by_partition("cn-north-1"),
        (None, Some("aws-eusc")) => by_partition("eusc-de-east-1"),
        (None, _) => (
            "sts.amazonaws.com".to_owned(),
            "no region is set".to_owned(),
        ),
    };
    let url = Url::parse(&format!("https://{host}/"));
    let url = url.map_err(|_| EndpointError::Region(region.unwrap_or_default().to_owned()))?;
    Ok(StsEndpoint { url, decided_by })
}

fn by_partition(region: &str) -> (String, String) {
    (
        format!("sts.{region}.{}", dns_suffix(region)),
        "the partition of the role".to_owned(),
    )
}

/// A region becomes a part of a host name, so nothing else may be in it.
fn check_region(region: &str) -> Result<(), EndpointError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let shape =
        (3..=40).contains(&region.len()) && !region.starts_with('-') && !region.ends_with('-');
    if shape && region.bytes().all(plain) {
        Ok(())
    } else {
        Err(EndpointError::Region(region.to_owned()))
    }
}

fn dns_suffix(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "amazonaws.com.cn",
        _ if region.starts_with("eusc-") => "amazonaws.eu",
        // aws and aws-us-gov.
        _ => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[profile production]\nservices = local\nendpoint_url = \
                          https://all.example.com/base\n[profile plain]\nendpoint_url = \
                          https://all.example.com/base\n[profile off]\nendpoint_url = \
                          https://all.example.com\nignore_configured_endpoint_urls = \
                          true\n[services local]\nsts =\n    endpoint_url = \
                          http://localhost:4566\n";

    fn sources<'a>(config: &'a AwsConfig, profile: &'a str) -> EndpointSources<'a> {
        EndpointSources {
            config,
            profile,
            region: None,
            service_variable: None,
            variable: None,
            ignore_configured: None,
        }
    }

    fn by_region(region: Option<&str>, partition: Option<&str>) -> String {
        from_region(region, partition).unwrap().url.to_string()
    }

    #[test]
    fn regions_lead_to_the_endpoint_of_their_partition() {
        assert_eq!(
            by_region(Some("us-east-2"), None),
            "https://sts.us-east-2.amazonaws.com/"
        );
        assert_eq!(
            by_region(Some("us-gov-west-1"), None),
            "https://sts.us-gov-west-1.amazonaws.com/"
        );
        assert_eq!(
            by_region(Some("cn-north-1"), None),
            "https://sts.cn-north-1.amazonaws.com.cn/"
        );
        assert_eq!(
            by_region(Some("eusc-de-east-1"), None),
            "https://sts.eusc-de-east-1.amazonaws.eu/"
        );
        assert_eq!(by_region(None, Some("aws")), "https://sts.amazonaws.com/");
        assert_eq!(by_region(None, None), "https://sts.amazonaws.com/");
        assert_eq!(
            by_region(Some("aws-global"), None),
            "https://sts.amazonaws.com/"
        );
        assert_eq!(
            by_region(None, Some("aws-cn")),
            "https://sts.cn-north-1.amazonaws.com.cn/"
        );
    }

    #[test]
    fn a_region_cannot_lead_to_another_host() {
        for region in ["evil.example/", "a@b", "us-east-1.evil", "", "US EAST"] {
            assert!(from_region(Some(region), None).is_err(), "{region}");
        }
    }

    #[test]
    fn the_most_specific_endpoint_setting_wins() {
        let config = AwsConfig::parse(CONFIG, "");
        let url = |sources: &EndpointSources<'_>| sources.resolve(None).unwrap().url.to_string();
        let mut all = sources(&config, "production");
        assert_eq!(url(&all), "http://localhost:4566/");
        assert_eq!(
            url(&sources(&config, "plain")),
            "https://all.example.com/base/"
        );
        assert_eq!(url(&sources(&config, "off")), "https://sts.amazonaws.com/");
        all.variable = Some("https://variable.example.com".to_owned());
        assert_eq!(url(&all), "https://variable.example.com/");
        all.service_variable = Some("https://sts.example.com".to_owned());
        assert_eq!(url(&all), "https://sts.example.com/");
        all.ignore_configured = Some("TRUE".to_owned());
        assert_eq!(url(&all), "https://sts.amazonaws.com/");
        // botocore knows no other word for it, and a variable that is set hides the profile's.
        for no in ["1", "yes", "false"] {
            let mut off = sources(&config, "off");
            off.ignore_configured = Some(no.to_owned());
            assert_eq!(url(&off), "https://all.example.com/", "{no}");
        }
    }

    #[test]
    fn a_services_section_that_is_not_there_is_an_error_and_not_awss_own_endpoint() {
        let config = AwsConfig::parse("[profile a]\nservices = locl\n[services local]\n", "");
        let mut all = sources(&config, "a");
        let error = all.resolve(None).unwrap_err().to_string();
        assert!(
            error.contains("locl") && error.contains("config"),
            "{error}"
        );
        all.variable = Some("http://localhost:1".to_owned());
        assert!(all.resolve(None).is_ok());
    }

    #[test]
    fn an_endpoint_in_the_clear_on_another_host_is_refused() {
        let config = AwsConfig::default();
        let mut all = sources(&config, "x");
        all.variable = Some("http://sts.example.com".to_owned());
        let error = all.resolve(None).unwrap_err().to_string();
        assert!(
            error.contains("AWS_ENDPOINT_URL") && error.contains("https"),
            "{error}"
        );
    }
}
