//! What `virsis` is: it parses the command line, starts logging, and turns errors into exit codes (0 done, 1 the data or the request was refused, 2
//! anything else). `virsis-cluster` (`transforms/cluster`) is the same with one more SQL engine.

mod backup;
mod cli;
mod commands;
mod config;
mod endpoint;
mod expiry;
mod home;
mod logging;
mod memory;
mod monitoring;
mod output;
mod panics;
mod plural;
mod progress;
mod queries;
mod refusal;
mod run;
mod schedule;
mod signing;
mod sources;
mod state;
mod unseen;
mod utc;
mod withdrawal;

use std::process::ExitCode;

use crate::cli::{
    AccountCommand, AuditLogCommand, Cli, Command, FormsCommand, KeyCommand, MandatesCommand, ReleaseCommand, ReportCommand, SigningCommand,
};
use crate::config::Config;
pub use crate::config::{Cluster, OpenCluster};
use crate::refusal::Refusal;
use crate::run::RunOptions;

/// The data or the request was refused.
const REFUSED: u8 = 1;
/// Any other error.
const FAILED: u8 = 2;

/// The program; `cluster` opens the SQL engine of a cluster, in programs that have one.
#[must_use]
pub fn main(cluster: Option<OpenCluster>) -> ExitCode {
    unseen::by_others();
    memory::give_back_large_blocks();
    panics::report_only_where();
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(wrong) => {
            eprintln!("klaida: {wrong}");
            return ExitCode::from(FAILED);
        }
    };
    logging::start(cli.log);
    // Analysts are spoken to in Lithuanian, operators in English.
    let wrong = if matches!(cli.command, Command::Sql(_) | Command::Report { .. }) { "klaida" } else { "error" };
    match run(cli, cluster) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A reader that closed the pipe (`virsis sql … | head`) has read all it wants.
            if error
                .chain()
                .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe))
            {
                return ExitCode::SUCCESS;
            }
            eprintln!("{wrong}: {error:#}");
            ExitCode::from(if error.downcast_ref::<Refusal>().is_some() { REFUSED } else { FAILED })
        }
    }
}

fn run(cli: Cli, cluster: Option<OpenCluster>) -> anyhow::Result<()> {
    let load = || -> anyhow::Result<Config> {
        let mut config = Config::load(cli.config.as_deref().unwrap_or_else(|| config::default_file()))?;
        config.engine.may_be_opened_by(cluster)?;
        state::owner::check(&config.paths.state)?;
        state::version::check(&config.paths.state)?;
        Ok(config)
    };
    // What was put back in part only is for `virsis restore` alone.
    let load_half = load;
    let load = || {
        let config = load_half()?;
        state::parts::is_whole(&config)?;
        Ok(config)
    };
    let only_reads = matches!(
        cli.command,
        Command::Status
            | Command::Sources
            | Command::Doctor
            | Command::Check
            | Command::Release { command: ReleaseCommand::List }
            | Command::Report { .. }
            | Command::AuditLog { .. }
            | Command::Forms { command: FormsCommand::List { .. } | FormsCommand::Show { .. } }
    );
    panics::ONLY_READS.store(only_reads, std::sync::atomic::Ordering::Relaxed);
    match cli.command {
        Command::Demo { dir, training } => commands::demo::run(&dir, training),
        Command::Generate(generate) => commands::generate::run(&generate),
        Command::Key { command: None } => commands::key::run(&load()?),
        Command::Key { command: Some(KeyCommand::Rotate) } => commands::key::rotate(&load()?),
        Command::Run { as_of, timings, full, explain } => commands::run::run(&load()?, RunOptions { as_of, full }, timings, explain),
        Command::Accept { source, extract, why, who } => commands::accept::run(&load()?, source, extract, why, who),
        Command::Fetch { source, rows } => commands::fetch::run(&load()?, &source, rows),
        Command::Doctor => commands::doctor::run(&load()?),
        Command::Sources => commands::sources::run(&load()?),
        Command::Check => commands::check::run(&load()?),
        Command::Audit { release, against, systems } => commands::audit::run(&load()?, release.as_deref(), &against, systems.as_deref()),
        Command::Verify(verify) => commands::verify::run(&load, &verify),
        Command::Signing { command: SigningCommand::Begin { list_key } } => commands::signing::begin(&load()?, &list_key),
        Command::Signing { command: SigningCommand::Rotate { list_key, new_key } } => {
            commands::signing::rotate(&load()?, &list_key, &new_key)
        }
        Command::Signing { command: SigningCommand::Renew { list_key, new_list_key, until } } => {
            commands::signing::renew(&load()?, &list_key, new_list_key.as_deref(), until)
        }
        Command::Signing { command: SigningCommand::Revoke { list_key, new_key } } => {
            commands::signing::revoke(&load()?, &list_key, &new_key)
        }
        Command::Publish(publish) => commands::publish::run(&load()?, &publish),
        Command::Forget(removal) => commands::forget::run(&load()?, &removal),
        Command::Release { command: ReleaseCommand::List } => commands::release::list(&load()?),
        Command::Release { command: ReleaseCommand::Withdraw(removal) } => commands::withdraw::run(&load()?, &removal),
        Command::Sql(sql) => commands::sql::run(&load()?, &sql),
        Command::Report { command: ReportCommand::List } => commands::report::list(&load()?),
        Command::Report { command: ReportCommand::Run { name, parameters, source, format, out, limit } } => {
            let out = commands::report::Out { format, file: out.as_deref(), limit };
            commands::report::run(&load()?, &name, &parameters, &source, &out)
        }
        Command::Account { command: AccountCommand::Add { login, given, family } } => {
            commands::account::add(&load()?, &login, &given, &family)
        }
        Command::Account { command: AccountCommand::Renew { login } } => commands::account::renew(&load()?, &login),
        Command::Account { command: AccountCommand::Close { login } } => commands::account::close(&load()?, &login),
        Command::Account { command: AccountCommand::SignOut { login, account, .. } } => {
            commands::account::sign_out(&load()?, login.as_deref(), account)
        }
        Command::Mandates { command: MandatesCommand::Import { file } } => commands::mandates::import(&load()?, &file),
        Command::Mandates { command: MandatesCommand::Check { file } } => commands::mandates::check(&file),
        Command::Mandates { command: MandatesCommand::Fetch } => commands::mandates::fetch(&load()?),
        Command::Forms { command: FormsCommand::List { all } } => commands::forms::list(&load()?, all),
        Command::Forms { command: FormsCommand::Show { id } } => commands::forms::show(&load()?, id),
        Command::Forms { command: FormsCommand::Export { id, out } } => commands::forms::export(&load()?, id, &out),
        Command::Forms { command: FormsCommand::Import { dir } } => commands::forms::import(&load()?, &dir),
        Command::AuditLog { command: AuditLogCommand::Verify { hash, pointer } } => {
            commands::audit_log::verify(&load()?, hash.as_deref(), &pointer)
        }
        Command::AuditLog { command: AuditLogCommand::Show { from } } => commands::audit_log::show(&load()?, from),
        Command::Backup { to, all: false, .. } => commands::backup::store(&load()?, &to),
        Command::Backup { to, all: true, without_releases } => commands::backup::everything(&load()?, &to, !without_releases),
        Command::Restore { backup, pointer, yes } => commands::restore::run(&load_half()?, &backup, pointer.as_ref(), yes),
        Command::Serve => commands::serve::run(load()?),
        Command::Status => commands::status::run(&load()?),
    }
}
