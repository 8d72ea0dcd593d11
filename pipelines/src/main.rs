//! `virsis`, whose SQL runs on DuckDB.

fn main() -> std::process::ExitCode {
    pipelines::main(None)
}
