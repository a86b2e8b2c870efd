//! Bucket names in the host name (virtual-hosted style).

use s3s::{
    S3Result,
    host::{S3Host, VirtualHost},
};

/// Finds the bucket in `Host`: before the local AWS's own host name, or before Amazon's S3 host
/// names, which clients with a hosts file use. Every other host is path style.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    own: String,
}

impl Hosts {
    /// `own` is the host name of the public URL, without port.
    pub(super) fn new(own: &str) -> Self {
        Self {
            own: own.to_ascii_lowercase(),
        }
    }

    fn bucket<'a>(&self, name: &'a str) -> Option<&'a str> {
        if let Some(bucket) = before(name, &self.own) {
            // A client may also prefix the service: `bucket.s3.localhost`, `s3.localhost`.
            return match bucket {
                "s3" => None,
                bucket => Some(bucket.strip_suffix(".s3").unwrap_or(bucket)),
            };
        }
        let rest = name.strip_suffix(".amazonaws.com")?;
        // `bucket.s3`, `bucket.s3.region`, `bucket.s3-region`, `bucket.s3.dualstack.region`.
        let (bucket, tail) = rest.rsplit_once(".s3")?;
        let is_service = tail.is_empty() || tail.starts_with('.') || tail.starts_with('-');
        is_service.then_some(bucket)
    }
}

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let lower = host.to_ascii_lowercase();
        let name = lower
            .rsplit_once(':')
            .map_or(lower.as_str(), |(name, port)| {
                if port.bytes().all(|byte| byte.is_ascii_digit()) {
                    name
                } else {
                    &lower
                }
            });
        Ok(match self.bucket(name) {
            Some(bucket) => VirtualHost::new(host).with_bucket(bucket.to_owned()),
            None => VirtualHost::new(host),
        })
    }
}

fn before<'a>(name: &'a str, domain: &str) -> Option<&'a str> {
    name.strip_suffix(domain)?.strip_suffix('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(host: &str) -> Option<String> {
        let hosts = Hosts::new("localhost");
        let parsed = hosts.parse_host_header(host).unwrap();
        parsed.bucket().map(str::to_owned)
    }

    #[test]
    fn a_bucket_before_a_known_host_is_found() {
        for host in [
            "photos.localhost:4566",
            "photos.localhost",
            "Photos.s3.localhost:4566",
            "photos.s3.amazonaws.com",
            "photos.s3.eu-central-1.amazonaws.com",
            "photos.s3-eu-central-1.amazonaws.com",
        ] {
            assert_eq!(bucket(host).as_deref(), Some("photos"), "{host}");
        }
        assert_eq!(
            bucket("my.dotted.s3.localhost").as_deref(),
            Some("my.dotted")
        );
    }

    #[test]
    fn other_hosts_are_path_style() {
        for host in [
            "localhost:4566",
            "s3.localhost:4566",
            "s3.amazonaws.com",
            "s3.eu-central-1.amazonaws.com",
            "example.com",
            "127.0.0.1:4566",
        ] {
            assert_eq!(bucket(host), None, "{host}");
        }
    }
}
