//! The command line: one static description, from which clap makes parser and help.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::withdraw::Withdraw;

/// VIRSIS Open: who owns the media in Lithuania, and who pays for it.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Configuration file; every key is described in docs/configuration.md.
    #[arg(long, global = true, env = "VIRSIS_CONFIG", default_value = "virsis.toml")]
    pub(crate) config: PathBuf,
    /// How to write logs; text to a terminal, JSON lines elsewhere, unless said.
    #[arg(long, global = true, value_enum)]
    pub(crate) log: Option<LogFormat>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a small synthetic country in ./demo, run the pipeline over it and say where the pages are.
    Demo {
        /// Folder to work in; it is made anew.
        #[arg(long, default_value = "demo")]
        dir: PathBuf,
    },
    /// Write extracts of a synthetic country: all registers, all manual feeds, and truth.json.
    Generate(Generate),
    /// Make a new random key for the surrogate ids of persons, in the file the configuration names.
    Key,
    /// Read all sources, transform, check and publish a release.
    Run {
        /// Day for which owners are resolved; default: the newest date among the extracts.
        #[arg(long)]
        as_of: Option<NaiveDate>,
        /// Print wall time, CPU time and peak memory of each stage.
        #[arg(long)]
        timings: bool,
        /// Run every step again and publish, even if nothing changed since the last release.
        #[arg(long)]
        full: bool,
        /// Print for each step whether it ran, and why.
        #[arg(long)]
        explain: bool,
    },
    /// Let one extract through the drift gates that refused it; the ledger keeps who did so and why.
    Accept {
        /// The source, as `virsis sources` names it.
        source: String,
        /// The hash that the refusal names.
        #[arg(long)]
        extract: String,
        /// Why this extract is right although it is so different.
        #[arg(long)]
        why: String,
        /// Who decides.
        #[arg(long, env = "USER")]
        who: String,
    },
    /// Read one source and show a sample, personal columns masked; nothing is kept.
    Fetch {
        /// The source, as `virsis sources` names it.
        source: String,
        /// How many rows to show of each extract.
        #[arg(long, default_value_t = 5)]
        rows: usize,
    },
    /// Look whether everything is in place for a night; change nothing.
    Doctor,
    /// Each source: how it is reached, its last good date, its state.
    Sources,
    /// Check the configuration, the definitions under data/, sql/ and schedules/, the texts under data/content and the file of mandates.
    Check,
    /// Re-check a published release: every hash, every column.
    Verify {
        /// The release's folder; default: the latest.
        dir: Option<PathBuf>,
    },
    /// Releases of the portal.
    Release {
        #[command(subcommand)]
        command: ReleaseCommand,
    },
    /// Ask published tables in SQL.
    Sql(Sql),
    /// Standard reports.
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Accounts that sign in to the form endpoint with a password.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Who may act for whom in the form endpoint.
    Mandates {
        #[command(subcommand)]
        command: MandatesCommand,
    },
    /// What was handed in through the form endpoint.
    Forms {
        #[command(subcommand)]
        command: FormsCommand,
    },
    /// The form endpoint's log of every action.
    AuditLog {
        #[command(subcommand)]
        command: AuditLogCommand,
    },
    /// Copy the form endpoint's store, while it runs, to a new file.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Run the schedule, show the portal on the loopback address, and start the form endpoint if it is enabled.
    Serve,
    /// The last runs, sources and row counts.
    Status,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// How many VIRS.
    #[arg(long, default_value_t = 40)]
    pub(crate) virs: usize,
    /// How many legal entities in the register.
    #[arg(long, default_value_t = 400)]
    pub(crate) entities: usize,
    /// How many participations; default: in proportion to the entities.
    #[arg(long)]
    pub(crate) participations: Option<usize>,
    /// How many rows of money; default: in proportion to the VIRS.
    #[arg(long)]
    pub(crate) money_rows: Option<usize>,
    /// Same seed and size, same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Folder to write to.
    #[arg(long)]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account; the personal code is read from standard input, password and one-time secret are printed once.
    Add {
        /// Name to sign in with.
        login: String,
        /// Given names.
        #[arg(long)]
        given: String,
        /// Family names.
        #[arg(long)]
        family: String,
    },
    /// Give an account another password and one-time secret; opens a closed one again, ends its sessions.
    Renew {
        /// Name to sign in with.
        login: String,
    },
    /// Close an account; its sessions end at once.
    Close {
        /// Name to sign in with.
        login: String,
    },
    /// End sessions at once, of one person or of everybody; accounts stay open.
    #[command(group = clap::ArgGroup::new("whose").required(true))]
    SignOut {
        /// Name to sign in with.
        #[arg(group = "whose")]
        login: Option<String>,
        /// Number of the account, as the audit log has it: of somebody who comes through VIISP.
        #[arg(long, group = "whose")]
        account: Option<i64>,
        /// Everybody.
        #[arg(long, group = "whose")]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MandatesCommand {
    /// Put the mandates of a CSV file in the place of all there are (docs/forms.md has the columns).
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Is a CSV file of mandates in order? Changes nothing.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Ask the source that `[mandates]` names, now; every night does so, too.
    Fetch,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormsCommand {
    /// Submissions that were handed in, the latest first.
    List {
        /// Those that later ones took the place of, too.
        #[arg(long)]
        all: bool,
    },
    /// One submission, codes of persons masked.
    Show {
        /// Its number.
        id: i64,
    },
    /// Write the document and the signed container of a submission to a closed folder.
    Export {
        /// Its number.
        id: i64,
        /// Folder to write to; made with mode 0700.
        #[arg(long)]
        out: PathBuf,
    },
    /// Bring in the manual feeds' history (formos_….csv and other forms of files) once; it takes the place of history brought in before.
    Import {
        /// Folder that holds the files.
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditLogCommand {
    /// Is the chain of entries whole? Prints how many there are, and the last one's hash.
    Verify {
        /// A hash printed earlier: that entry must still be in the chain.
        #[arg(long)]
        hash: Option<String>,
    },
    /// Print entries as JSON lines.
    Show {
        /// The first entry to print.
        #[arg(long, default_value_t = 1)]
        from: i64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// All releases, the newest last.
    List,
    /// Remove everything that was published or kept with a text that must go: a personal code, a person's id, a name.
    Withdraw(Withdraw),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// Release, by sequence number or name; default: the latest.
    #[arg(long)]
    pub(crate) release: Option<String>,
    /// Whose tables: internal, public or open.
    #[arg(long)]
    pub(crate) tier: Option<catalog::Tier>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Sql {
    #[command(flatten)]
    pub(crate) source: Source,
    /// One statement, which may begin with comments; without it, a prompt with history.
    #[arg(short = 'c', long = "command", allow_hyphen_values = true)]
    pub(crate) statement: Option<String>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = SqlFormat::Table)]
    pub(crate) format: SqlFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlFormat {
    Table,
    Csv,
    Json,
    Markdown,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// All reports, with their parameters.
    List,
    /// Run one.
    Run {
        /// Its name, as `virsis report list` shows it.
        name: String,
        /// A parameter, NAME=VALUE; may stand several times.
        #[arg(long = "param", value_name = "NAME=VALUE")]
        parameters: Vec<String>,
        #[command(flatten)]
        source: Source,
        /// How to print or write the result.
        #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
        format: ReportFormat,
        /// File to write to; needed for xlsx.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Table,
    Csv,
    Json,
    Xlsx,
    Html,
}
