//! `virsis-cluster`: `virsis`, whose nightly SQL can also run on Apache Spark.

mod engine;
mod guard;
mod messages;
mod parts;
mod session;
mod trouble;

fn main() -> std::process::ExitCode {
    pipelines::main(Some(engine::open))
}
