//! What the program says to the shell: the documented exit statuses.

use std::process::ExitCode;

/// Every exit status of `jetway`. `exec` passes on the status of the command it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// It worked.
    Success = 0,
    /// Something else went wrong.
    Failure = 1,
    /// The command line was not understood.
    Usage = 2,
    /// An answer is needed and nobody can be asked.
    InputNeeded = 3,
    /// The identity provider refused the sign-in.
    AuthenticationRefused = 4,
    /// The second factor was refused, or none that works here is available.
    MfaRefused = 5,
    /// There is no such role in the assertion.
    NoSuchRole = 6,
    /// AWS refused.
    AwsRefused = 7,
    /// A server could not be reached or did not speak the protocol.
    Network = 8,
    /// A file or a setting is wrong.
    Configuration = 9,
    /// `exec`: the command was found but could not be executed.
    NotExecutable = 126,
    /// `exec`: the command was not found.
    NotFound = 127,
    /// Interrupted with Ctrl-C.
    Interrupted = 130,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status as u8)
    }
}
