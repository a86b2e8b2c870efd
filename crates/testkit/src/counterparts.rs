//! Where the real programs are that Jetway is tested against.
//!
//! Those that `cargo xtask install` unpacks itself lie under `target/counterparts` of the
//! workspace, or in the folder that `JETWAY_COUNTERPARTS` names. Those that come from the
//! distribution are on `PATH`.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment;

/// A counterpart that is not on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    what: &'static str,
    package: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is missing, run cargo xtask install ({})",
            self.what, self.package
        )
    }
}

impl std::error::Error for Missing {}

/// What was found, or `None` after saying that the test is skipped.
///
/// # Panics
///
/// Under `CI=true`, when the counterpart is missing: there a skipped test would be a hole.
#[expect(
    clippy::panic,
    reason = "a missing counterpart must fail the run under CI=true"
)]
pub fn require<T>(found: Result<T, Missing>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(missing) if environment::is_ci() => panic!("{missing}"),
        Err(missing) => {
            // Written past the capture of the test harness, so that a skip is always seen. A
            // closed standard error must not fail the test.
            writeln!(std::io::stderr(), "skipped: {missing}").ok();
            None
        }
    }
}

/// Gives what was found, or returns from the test: [`require`](counterparts::require) as an
/// expression. A second argument is what to return, for tests that return a value.
#[macro_export]
macro_rules! require {
    ($found:expr) => {
        match $crate::counterparts::require($found) {
            Some(found) => found,
            None => return,
        }
    };
    ($found:expr, $otherwise:expr) => {
        match $crate::counterparts::require($found) {
            Some(found) => found,
            None => return $otherwise,
        }
    };
}

/// The AWS CLI v2, as Amazon ships it. Never the one on `PATH`, which may be version 1.
pub fn aws_cli() -> Result<PathBuf, Missing> {
    installed(
        "bin/aws",
        Missing {
            what: "AWS CLI v2",
            package: "npm @aws-cdk/asset-awscli-v2",
        },
    )
}

/// A Python with python3-saml, pysaml2 and signxml.
pub fn saml_python() -> Result<PathBuf, Missing> {
    installed(
        "python/bin/python",
        Missing {
            what: "the Python environment with python3-saml, pysaml2 and signxml",
            package: "PyPI",
        },
    )
}

/// A Python with aiosmtpd.
pub fn web_python() -> Result<PathBuf, Missing> {
    installed(
        "python-web/bin/python",
        Missing {
            what: "the Python environment with aiosmtpd",
            package: "PyPI",
        },
    )
}

/// A Python with cfn-lint, python-hcl2 and boto3.
pub fn aws_python() -> Result<PathBuf, Missing> {
    installed(
        "python-aws/bin/python",
        Missing {
            what: "the Python environment with cfn-lint, python-hcl2 and boto3",
            package: "PyPI",
        },
    )
}

/// The program `scim2` of scim2-cli, which runs scim2-tester.
pub fn scim2() -> Result<PathBuf, Missing> {
    installed("python-scim/bin/scim2", scim_missing())
}

/// The SCIM tester scim-sanity.
pub fn scim_sanity() -> Result<PathBuf, Missing> {
    installed("python-scim/bin/scim-sanity", scim_missing())
}

/// The SCIM server scim2-server.
pub fn scim2_server() -> Result<PathBuf, Missing> {
    installed("python-scim/bin/scim2-server", scim_missing())
}

fn scim_missing() -> Missing {
    Missing {
        what: "the Python environment with scim2-tester, scim-sanity and scim2-server",
        package: "PyPI",
    }
}

/// The API tester.
pub fn schemathesis() -> Result<PathBuf, Missing> {
    installed(
        "python-web/bin/schemathesis",
        Missing {
            what: "Schemathesis",
            package: "PyPI schemathesis",
        },
    )
}

/// The script of the accessibility checker axe-core.
pub fn axe_core() -> Result<PathBuf, Missing> {
    installed(
        "node/node_modules/axe-core/axe.min.js",
        Missing {
            what: "axe-core",
            package: "npm axe-core",
        },
    )
}

/// Node.js with the folder in whose `node_modules` the package `oidc-provider` lies.
pub fn oidc_provider() -> Result<(PathBuf, PathBuf), Missing> {
    let missing = || Missing {
        what: "the OpenID Connect server oidc-provider",
        package: "npm oidc-provider and Debian nodejs",
    };
    let package = "node/node_modules/oidc-provider/package.json";
    installed(package, missing())?;
    Ok((on_path("node", missing())?, folder().join("node")))
}

/// Node.js with the folder in whose `node_modules` the package `@node-saml/node-saml` lies.
pub fn node_saml() -> Result<(PathBuf, PathBuf), Missing> {
    let missing = || Missing {
        what: "the SAML service provider node-saml",
        package: "npm @node-saml/node-saml and Debian nodejs",
    };
    let package = "node/node_modules/@node-saml/node-saml/package.json";
    installed(package, missing())?;
    Ok((on_path("node", missing())?, folder().join("node")))
}

/// Apache and the folder of its modules, among them mod_auth_mellon.
#[derive(Debug, Clone)]
pub struct ApacheWithMellon {
    pub apache: PathBuf,
    pub modules: PathBuf,
}

/// Apache with the SAML service provider mod_auth_mellon.
pub fn mellon() -> Result<ApacheWithMellon, Missing> {
    let missing = Missing {
        what: "Apache with mod_auth_mellon",
        package: "Debian libapache2-mod-auth-mellon",
    };
    let modules = PathBuf::from("/usr/lib/apache2/modules");
    // Where Debian keeps it is on the path of root alone.
    let apache = on_path("apache2", missing.clone()).unwrap_or_else(|_| "/usr/sbin/apache2".into());
    if apache.is_file() && modules.join("mod_auth_mellon.so").is_file() {
        Ok(ApacheWithMellon { apache, modules })
    } else {
        Err(missing)
    }
}

/// libxmlsec1's command line.
pub fn xmlsec1() -> Result<PathBuf, Missing> {
    on_path(
        "xmlsec1",
        Missing {
            what: "xmlsec1",
            package: "Debian xmlsec1",
        },
    )
}

/// The command line that people make their keys with.
pub fn openssl() -> Result<PathBuf, Missing> {
    on_path(
        "openssl",
        Missing {
            what: "openssl",
            package: "Debian openssl",
        },
    )
}

/// OATH one-time passwords on the command line.
pub fn oathtool() -> Result<PathBuf, Missing> {
    on_path(
        "oathtool",
        Missing {
            what: "oathtool",
            package: "Debian oathtool",
        },
    )
}

/// PostgreSQL's client program.
pub fn psql() -> Result<PathBuf, Missing> {
    on_path(
        "psql",
        Missing {
            what: "psql",
            package: "Debian postgresql",
        },
    )
}

/// WebDriver for [`chromium`].
pub fn chromedriver() -> Result<PathBuf, Missing> {
    on_path(
        "chromedriver",
        Missing {
            what: "chromedriver",
            package: "Debian chromium-driver",
        },
    )
}

/// The browser.
pub fn chromium() -> Result<PathBuf, Missing> {
    on_path(
        "chromium",
        Missing {
            what: "chromium",
            package: "Debian chromium",
        },
    )
}

/// The two programs that a [`Browser`](crate::browser::Browser) is made of.
#[derive(Debug, Clone)]
pub struct BrowserPrograms {
    pub chromedriver: PathBuf,
    pub chromium: PathBuf,
}

/// [`chromedriver`] and [`chromium`] together.
pub fn browser() -> Result<BrowserPrograms, Missing> {
    Ok(BrowserPrograms {
        chromedriver: chromedriver()?,
        chromium: chromium()?,
    })
}

/// The address of the PostgreSQL server of this test run, from `JETWAY_TEST_POSTGRES_URL`:
/// `postgres://user@host:port/database`, where the user may create databases.
pub fn postgres() -> Result<String, Missing> {
    environment::variable("JETWAY_TEST_POSTGRES_URL")
        .and_then(|url| url.into_string().ok())
        .ok_or(Missing {
            what: "a PostgreSQL server (JETWAY_TEST_POSTGRES_URL)",
            package: "or cargo xtask test, which starts one; Debian postgresql",
        })
}

/// The AWS CLI as a command with nothing of this machine's set-up in it: an empty home, no
/// instance metadata, no pager. Set `AWS_ENDPOINT_URL`, credentials and arguments on top.
pub fn aws_command(aws_cli: &Path, home: &Path) -> Command {
    let mut command = Command::new(aws_cli);
    command
        .env_clear()
        .env("PATH", environment::variable("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_PAGER", "")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    command
}

/// The folder that `cargo xtask install` fills.
pub fn folder() -> PathBuf {
    environment::variable("JETWAY_COUNTERPARTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/counterparts"),
        PathBuf::from,
    )
}

fn installed(path: &str, missing: Missing) -> Result<PathBuf, Missing> {
    let path = folder().join(path);
    if path.is_file() {
        Ok(path)
    } else {
        Err(missing)
    }
}

fn on_path(program: &str, missing: Missing) -> Result<PathBuf, Missing> {
    let path = environment::variable("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
        .ok_or(missing)
}
