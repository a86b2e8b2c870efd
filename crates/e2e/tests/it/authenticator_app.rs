//! An authenticator app: `oathtool`, on the clock of this machine.

use std::process::Command;

use jetway_testkit::counterparts;

/// What an app with this secret shows now.
pub(crate) fn shown_now(secret: &str) -> String {
    let oathtool = counterparts::oathtool().unwrap();
    let output = Command::new(oathtool)
        .args(["--totp", "--base32", secret])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
