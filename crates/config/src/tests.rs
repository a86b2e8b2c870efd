use std::collections::BTreeMap;

use super::*;

struct Table(BTreeMap<&'static str, &'static str>);

impl Environment for Table {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| (*value).to_owned())
    }
    fn names(&self) -> Vec<String> {
        self.0.keys().map(|name| (*name).to_owned()).collect()
    }
}

fn nothing() -> Table {
    Table(BTreeMap::new())
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jetwayd.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn without_any_source_both_parts_listen_on_loopback_at_the_documented_ports() {
    let settings = Settings::resolve(&Flags::default(), &nothing()).unwrap();
    assert_eq!(
        settings.identity_provider.listen.to_string(),
        "127.0.0.1:8700"
    );
    assert_eq!(settings.local_aws.listen.to_string(), "127.0.0.1:4566");
    assert_eq!(settings.region, "us-east-1");
    assert!(settings.data_dir.is_none());
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let (_folder, path) = file("[local_aws]\nlisten = \"127.0.0.1:1\"\nregion = \"eu-west-1\"\n");
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let settings = Settings::resolve(&flags, &nothing()).unwrap();
    assert_eq!(settings.local_aws.listen.port(), 1);
    assert_eq!(settings.region, "eu-west-1");

    let environment = Table(BTreeMap::from([("JETWAYD_AWS_LISTEN", "127.0.0.1:2")]));
    let settings = Settings::resolve(&flags, &environment).unwrap();
    assert_eq!(settings.local_aws.listen.port(), 2);

    let flags = Flags {
        local_aws_listen: Some("127.0.0.1:3".to_owned()),
        ..flags
    };
    let settings = Settings::resolve(&flags, &environment).unwrap();
    assert_eq!(settings.local_aws.listen.port(), 3);
}

#[test]
fn an_unknown_key_is_refused_with_its_file_line_and_name() {
    let (_folder, path) = file("[local_aws]\nregion = \"eu-west-1\"\nportt = 3\n");
    let flags = Flags {
        config: Some(path.clone()),
        ..Flags::default()
    };
    let error = Settings::resolve(&flags, &nothing())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&format!(
            "{}, line 3: unknown field `portt`",
            path.display()
        )),
        "{error}"
    );
    assert!(!error.contains('\n'), "{error}");
}

#[test]
fn an_unknown_jetwayd_variable_is_refused_by_name() {
    let environment = Table(BTreeMap::from([("JETWAYD_DATADIR", "/x")]));
    let error = Settings::resolve(&Flags::default(), &environment)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("unknown environment variable JETWAYD_DATADIR"),
        "{error}"
    );
}

#[test]
fn an_address_that_is_none_is_refused_with_its_source() {
    let flags = Flags {
        local_aws_listen: Some("4566".to_owned()),
        ..Flags::default()
    };
    let error = Settings::resolve(&flags, &nothing())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("--aws-listen: \"4566\" is not an address and a port"),
        "{error}"
    );
}

#[test]
fn a_public_url_with_a_path_or_credentials_is_refused() {
    for url in [
        "https://sso.example.com/x",
        "https://me:pw@sso.example.com",
        "ftp://sso.example.com",
    ] {
        let (_folder, path) = file(&format!("[identity_provider]\npublic_url = \"{url}\"\n"));
        let flags = Flags {
            config: Some(path),
            ..Flags::default()
        };
        assert!(Settings::resolve(&flags, &nothing()).is_err(), "{url}");
    }
}

#[test]
fn a_loopback_address_is_shown_as_localhost() {
    let url = loopback_url("127.0.0.1:4566".parse().unwrap()).unwrap();
    assert_eq!(url.as_str(), "http://localhost:4566/");
}

#[test]
fn the_password_in_a_database_url_is_not_printed() {
    let (_folder, path) = file("[database]\nurl = \"postgres://u:hunter2@h/d\"\n");
    let read = FileSettings::read(&path).unwrap();
    assert!(!format!("{read:?}").contains("hunter2"));
}

#[test]
fn the_public_url_of_a_flag_is_stronger_than_that_of_the_environment_and_of_the_file() {
    let (_folder, path) = file("[identity_provider]\npublic_url = \"https://file.acme.com\"\n");
    let environment = Table(BTreeMap::from([(
        "JETWAYD_PUBLIC_URL",
        "https://variable.acme.com",
    )]));
    let host = |flags: &Flags, environment: &Table| {
        let settings = Settings::resolve(flags, environment).unwrap();
        let url = settings.identity_provider.public_url.unwrap();
        url.host_str().unwrap().to_owned()
    };
    let mut flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    assert_eq!(host(&flags, &nothing()), "file.acme.com");
    assert_eq!(host(&flags, &environment), "variable.acme.com");
    flags.public_url = Some("https://flag.acme.com".to_owned());
    assert_eq!(host(&flags, &environment), "flag.acme.com");
}

#[test]
fn the_sealing_key_comes_from_one_place() {
    let source = |flags: &Flags, variables: Vec<(&'static str, &'static str)>| {
        let environment = Table(variables.into_iter().collect());
        Settings::resolve(flags, &environment).map(|settings| settings.sealing_key)
    };
    let (_folder, path) = file("sealing_key_file = \"/in/the/file\"\n");
    let mut flags = Flags::default();
    let found = source(&flags, Vec::new()).unwrap();
    assert!(matches!(found, SealingKeySource::DataFolder), "{found:?}");
    flags.config = Some(path);
    let variable = ("JETWAYD_SEALING_KEY", "abc");
    let found = source(&flags, vec![variable]).unwrap();
    assert!(matches!(found, SealingKeySource::Variable(_)), "{found:?}");
    assert!(!format!("{found:?}").contains("abc"));
    let found = source(&flags, Vec::new()).unwrap();
    assert!(
        matches!(&found, SealingKeySource::File(path) if path == Path::new("/in/the/file")),
        "{found:?}"
    );
    let both = vec![variable, ("JETWAYD_SEALING_KEY_FILE", "/x")];
    let error = source(&flags, both.clone()).unwrap_err().to_string();
    assert!(error.contains("both set"), "{error}");
    flags.sealing_key_file = Some(PathBuf::from("/flag"));
    let found = source(&flags, both).unwrap();
    assert!(
        matches!(&found, SealingKeySource::File(path) if path == Path::new("/flag")),
        "{found:?}"
    );
}

#[test]
fn trusted_proxies_are_addresses_and_networks_and_none_by_default() {
    let settings = Settings::resolve(&Flags::default(), &nothing()).unwrap();
    assert!(settings.trusted_proxies.is_empty());
    let listed = "[identity_provider]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n";
    let (_folder, path) = file(listed);
    let mut flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let of = |flags: &Flags| {
        Settings::resolve(flags, &nothing()).map(|settings| {
            let networks = settings.trusted_proxies.iter().map(ToString::to_string);
            networks.collect::<Vec<_>>()
        })
    };
    assert_eq!(of(&flags).unwrap(), ["10.0.0.0/8", "::1/128"]);
    flags.trusted_proxies = Some("192.168.1.7, fd00::/8".to_owned());
    assert_eq!(of(&flags).unwrap(), ["192.168.1.7/32", "fd00::/8"]);
    flags.trusted_proxies = Some("the proxy".to_owned());
    let refused = of(&flags).unwrap_err().to_string();
    assert!(
        refused.starts_with("--trusted-proxies: \"the proxy\""),
        "{refused}"
    );
}
