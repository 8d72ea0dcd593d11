//! The command line: one static description, from which clap derives parser and help.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub(crate) use self::queries::{ReportCommand, ReportFormat, Source, Sql, SqlFormat, in_lithuanian};

mod faults;
mod queries;

/// VIRSIS Open: who owns the media in Lithuania, and who pays for it.
#[derive(Debug, Parser)]
#[command(name = "virsis", version, about, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Configuration file; default: virsis.toml in the current folder, else /etc/virsis/virsis.toml. docs/configuration.md describes every key.
    #[arg(long, global = true, env = "VIRSIS_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Log format; by default text on a terminal, JSON lines elsewhere.
    #[arg(long, global = true, value_enum)]
    pub(crate) log: Option<LogFormat>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// What was typed; help, and errors of what operators use, end the program.
    ///
    /// # Errors
    /// In Lithuanian, what is wrong with a command that analysts use.
    pub(crate) fn read() -> Result<Self, String> {
        let all = in_lithuanian(Self::command());
        let named =
            std::env::args_os().skip(1).filter_map(|typed| typed.into_string().ok()).find(|typed| all.find_subcommand(typed).is_some());
        let read = all.try_get_matches().and_then(|typed| Self::from_arg_matches(&typed));
        read.map_err(|error| {
            let command = named.filter(|name| queries::LITHUANIAN.contains(&name.as_str()));
            command.and_then(|command| faults::in_lithuanian(&error, &command)).unwrap_or_else(|| error.exit())
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate a small synthetic country in ./demo, publish a release of it and print where its pages are.
    Demo {
        /// Working folder; what an earlier demo left in it is replaced.
        #[arg(long, default_value = "demo")]
        dir: PathBuf,
        /// Make a training environment: the form endpoint with accounts for each role, exercises, and practice signatures that are worth nothing.
        #[arg(long)]
        training: bool,
    },
    /// Generate the extracts of a synthetic country: all registers, all manual feeds, and truth.json with the known answers.
    Generate(Generate),
    /// Create the person key, the secret from which persons' surrogate keys are derived, in the file that secrets.person_key_file names.
    Key {
        #[command(subcommand)]
        command: Option<KeyCommand>,
    },
    /// Read all sources, transform and check the data, and publish a release.
    Run {
        /// Date as of which ownership is resolved; default: the newest date on which an extract was made.
        #[arg(long)]
        as_of: Option<NaiveDate>,
        /// Print wall time, CPU time and peak memory of each stage.
        #[arg(long)]
        timings: bool,
        /// Run every step again and publish, even if nothing changed since the last release.
        #[arg(long)]
        full: bool,
        /// Print for each step whether it ran or was skipped, and why.
        #[arg(long)]
        explain: bool,
    },
    /// Accept one extract that the drift gates refused; the ledger records who accepted it and why.
    Accept {
        /// Source, as listed by `virsis sources`.
        source: String,
        /// Hash of the extract, as given in the refusal.
        #[arg(long)]
        extract: String,
        /// Why the extract is correct although it differs so much from the last one.
        #[arg(long)]
        why: String,
        /// Who takes the decision.
        #[arg(long, env = "USER")]
        who: String,
    },
    /// Read one source and show a sample of its rows with personal columns masked; nothing is stored.
    Fetch {
        /// Source, as listed by `virsis sources`.
        source: String,
        /// Rows to show of each extract.
        #[arg(long, default_value_t = 5)]
        rows: usize,
    },
    /// Check that everything is ready for a nightly run: settings, certificates, disk space, sources; changes nothing.
    Doctor,
    /// List the sources: how each is reached, the date of its extract, and how it went last time.
    Sources,
    /// Check the configuration, the definitions under data/, sql/ and schedules/, the texts under data/content, the file of
    /// mandates and the boundaries on the map.
    Check,
    /// Verify a published release against its manifest: every file's hash, and the columns of every tier; or a portal, on the web or a copy, as any reader can.
    Verify(Verify),
    /// Make, change or revoke the keys that sign releases, so that readers can tell these from others.
    Signing {
        #[command(subcommand)]
        command: SigningCommand,
    },
    /// Carry the releases to an object store or another folder; readers there are led to the latest one once all of it is there.
    Publish(Publish),
    /// Attack a published release as somebody would who has only its files: exit code 1 if anything about persons can be worked out.
    Audit {
        /// The release: its number, its name, or its folder; default: the latest one.
        release: Option<String>,
        /// An earlier release to compare it with; may be given several times.
        #[arg(long, value_name = "RELEASE")]
        against: Vec<String>,
        /// Write the linear systems of the open tier and what was found for each suppressed figure to this file (JSON), so that another solver
        /// can check it.
        #[arg(long, value_name = "FILE")]
        systems: Option<PathBuf>,
    },
    /// Remove a person (a surrogate key, a personal code, a name) from all releases, which otherwise stay as they are, from stored
    /// data and later releases.
    Forget(Removal),
    /// List or withdraw releases.
    Release {
        #[command(subcommand)]
        command: ReleaseCommand,
    },
    /// Query published tables with SQL (help in Lithuanian).
    #[command(help_template = queries::SQL_HELP)]
    Sql(Sql),
    /// List or run the standard reports (help in Lithuanian).
    #[command(help_template = queries::REPORT_HELP)]
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Manage the form endpoint's password accounts.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Manage mandates: who may act for whom in the form endpoint.
    Mandates {
        #[command(subcommand)]
        command: MandatesCommand,
    },
    /// List, show, export and import submissions of the form endpoint.
    Forms {
        #[command(subcommand)]
        command: FormsCommand,
    },
    /// Verify or print the form endpoint's audit log.
    AuditLog {
        #[command(subcommand)]
        command: AuditLogCommand,
    },
    /// Copy the form endpoint's store to a new file or, with --all, everything but keys to a new folder; safe while the endpoint is running.
    Backup {
        /// File or, with --all, folder to create.
        to: PathBuf,
        /// Copy the state folder, both sides of the releases and the store, for `virsis restore`.
        #[arg(long)]
        all: bool,
        /// Leave out the releases, because they are copied by other means.
        #[arg(long, requires = "all")]
        without_releases: bool,
    },
    /// Put back what was lost (portal, internal tier, state folder, store) from a folder that `virsis backup --all` made; what is there is never overwritten.
    /// Without --yes it checks every file, and says what it would put back.
    Restore {
        /// Folder of the backup.
        backup: PathBuf,
        /// Newest latest.json that anybody has (a mirror, a reader), if portal and state were lost together: what is published goes on after it.
        #[arg(long, value_name = "FILE")]
        pointer: Option<PathBuf>,
        /// Put it back.
        #[arg(long)]
        yes: bool,
    },
    /// Run the schedules, serve a preview of the portal on the loopback address, and serve the form endpoint if it is enabled.
    Serve,
    /// Show the last runs, and the sources and row counts of the last one.
    Status,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Add a part to the person key, because an older copy of it may be in wrong hands: from the next run on every person has another surrogate key, also in
    /// the histories, and no list says which was which.
    Rotate,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// Folder of a release, or the web address or folder of a portal (where latest.json lies); default: the latest release of this installation.
    pub(crate) what: Option<String>,
    /// Public key that the publisher gave, or a file with it; needed the first time that a portal on the web is verified.
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// File in which it is remembered what was seen of a portal, so that an older state is refused the next time.
    #[arg(long, default_value = "virsis-known.json")]
    pub(crate) known: PathBuf,
    /// Check signatures and manifests alone, and download nothing else.
    #[arg(long)]
    pub(crate) manifests_only: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SigningCommand {
    /// Make the key that signs releases (secrets.signing_key_file) and the key that signs lists of keys, and publish the first list.
    Begin {
        /// File of the key that signs lists: made if it is not there. Keep it off this machine; `rotate` and `revoke` need it.
        #[arg(long, value_name = "FILE")]
        list_key: PathBuf,
    },
    /// Let another key sign releases from the next one on, and publish the list of keys that says so.
    Rotate {
        /// File of the key that signs lists.
        #[arg(long, value_name = "FILE")]
        list_key: PathBuf,
        /// File of the new key: made if it is not there. Name it in secrets.signing_key_file afterwards.
        #[arg(long, value_name = "FILE")]
        new_key: PathBuf,
    },
    /// Publish the next list of keys with the same keys for releases: with a later end, or with another key that signs lists.
    Renew {
        /// File of the key that signs lists.
        #[arg(long, value_name = "FILE")]
        list_key: PathBuf,
        /// File of the key that signs lists from then on: made if it is not there. Keep it off this machine.
        #[arg(long, value_name = "FILE")]
        new_list_key: Option<PathBuf>,
        /// Last day on which readers may use the list; default: as before.
        #[arg(long, value_name = "DAY")]
        until: Option<NaiveDate>,
    },
    /// The key that signs releases was stolen: publish a list of keys without it, and sign again with a new key what it signed. First make sure
    /// that the releases in the portal are as you made them.
    Revoke {
        /// File of the key that signs lists.
        #[arg(long, value_name = "FILE")]
        list_key: PathBuf,
        /// File of the new key: made if it is not there. Name it in secrets.signing_key_file afterwards.
        #[arg(long, value_name = "FILE")]
        new_key: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Publish {
    /// Where to: s3://bucket/folder, gs://bucket/folder, az://container/folder or file:///folder; credentials come from the usual environment variables.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: String,
    /// How many of the newest releases stay there, at least 2; default: all.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) keep: Option<usize>,
    /// Read back every file that was carried there, not only their sizes.
    #[arg(long)]
    pub(crate) read_back: bool,
    /// Let the pointer go back to an older release than the one that is shown there.
    #[arg(long)]
    pub(crate) allow_older: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// Number of VIRS.
    #[arg(long, default_value_t = 40)]
    pub(crate) virs: usize,
    /// Number of legal entities in the register.
    #[arg(long, default_value_t = 400)]
    pub(crate) entities: usize,
    /// Number of participations; default: in proportion to the entities.
    #[arg(long)]
    pub(crate) participations: Option<usize>,
    /// Number of rows of money; default: in proportion to the VIRS.
    #[arg(long)]
    pub(crate) money_rows: Option<usize>,
    /// Seed of the random numbers; the same seed and sizes give the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of nights later; each night adds, corrects and removes a few facts, and begins or ends a VIRS. 0 is the country itself.
    #[arg(long, default_value_t = 0)]
    pub(crate) night: u32,
    /// Folder to write to.
    #[arg(long)]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Create an account; the personal code is read from standard input, the password and the secret for one-time codes are printed once.
    Add {
        /// Login name.
        login: String,
        /// Given names.
        #[arg(long)]
        given: String,
        /// Family names.
        #[arg(long)]
        family: String,
    },
    /// Give an account a new password and a new secret for one-time codes, end its sessions, and reopen it if it was closed.
    Renew {
        /// Login name.
        login: String,
    },
    /// Close an account and end its sessions at once.
    Close {
        /// Login name.
        login: String,
    },
    /// End the sessions of one person, or of everybody, at once; accounts stay open.
    #[command(group = clap::ArgGroup::new("whose").required(true))]
    SignOut {
        /// Login name.
        #[arg(group = "whose")]
        login: Option<String>,
        /// Account number, as shown in the audit log; for people who sign in through VIISP and have no login name.
        #[arg(long, group = "whose")]
        account: Option<i64>,
        /// End everybody's sessions.
        #[arg(long, group = "whose")]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MandatesCommand {
    /// Replace all mandates with those of a CSV file (columns: docs/forms.md).
    Import {
        /// CSV file.
        file: PathBuf,
    },
    /// Check a CSV file of mandates; changes nothing.
    Check {
        /// CSV file.
        file: PathBuf,
    },
    /// Fetch mandates now from the source that `[mandates]` configures, as every nightly run does.
    Fetch,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormsCommand {
    /// List submissions, the latest first.
    List {
        /// Include superseded submissions.
        #[arg(long)]
        all: bool,
    },
    /// Show one submission, personal columns masked.
    Show {
        /// Submission id, as listed by `virsis forms list`.
        id: i64,
    },
    /// Write the PDF document and the signed container of a submission to a private folder.
    Export {
        /// Submission id, as listed by `virsis forms list`.
        id: i64,
        /// Folder to write to; created with mode 0700.
        #[arg(long)]
        out: PathBuf,
    },
    /// Import the history of the manual feeds from files (formos_….v1.csv or another supported format), replacing history imported before.
    Import {
        /// Folder with the files.
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditLogCommand {
    /// Verify the hash chain; prints the number of entries and the hash of the last one.
    Verify {
        /// Hash printed by an earlier verification; its entry must still be in the chain.
        #[arg(long)]
        hash: Option<String>,
        /// Signed pointer (latest.json) of this portal that somebody kept: what it stands for must still be in the chain. May be given several times; the
        /// portal's own is always looked at.
        #[arg(long, value_name = "FILE")]
        pointer: Vec<PathBuf>,
    },
    /// Print the entries as JSON lines.
    Show {
        /// Number of the first entry to print.
        #[arg(long, default_value_t = 1)]
        from: i64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// List all releases, the newest last.
    List,
    /// Withdraw every release whose tables hold a text that must not be public (a personal code, a surrogate key, a name), and keep the text out of
    /// stored extracts and later releases.
    Withdraw(Removal),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Removal {
    /// File with the texts, one per line: a personal code, a surrogate key, a name; default: standard input. The texts themselves are never
    /// arguments, which other users could see.
    pub(crate) file: Option<PathBuf>,
    /// Reason; everybody can read it in the manifest of each release, and on the page that replaces a withdrawn one, so it must not contain the
    /// text itself.
    #[arg(long)]
    pub(crate) why: String,
    /// Who takes the decision.
    #[arg(long, env = "USER")]
    pub(crate) who: String,
    /// Leave the releases of the internal tier, whose readers may see personal codes.
    #[arg(long)]
    pub(crate) portal_only: bool,
    /// Carry it out; without this flag only print what would be done.
    #[arg(long)]
    pub(crate) yes: bool,
}
