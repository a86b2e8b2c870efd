//! The program `jetway`.

fn main() -> std::process::ExitCode {
    jetway_cli::run()
}
