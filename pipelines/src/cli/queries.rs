//! `virsis sql` and `virsis report`. Analysts use them, so their help is Lithuanian.

use std::path::PathBuf;

use clap::{Arg, Command, Subcommand, ValueEnum};

/// Commands that speak Lithuanian.
pub(super) const LITHUANIAN: [&str; 2] = ["sql", "report"];

pub(super) const SQL_HELP: &str = "\
SQL užklausos iš paskelbtų lentelių. Duomenis galima tik skaityti; failai ir tinklas nepasiekiami.

Naudojimas: virsis sql [PARINKTYS]

Parinktys:
{options}

Pavyzdžiai:
  virsis sql                                    atveria užklausų langą; help paaiškina daugiau
  virsis sql -c 'SHOW TABLES'                   lentelės
  virsis sql -c 'DESCRIBE virs'                 lentelės stulpeliai
  virsis sql --format csv -c 'FROM virs' > virs.csv
  virsis sql --as-of 2026-03-01 -c 'FROM savininkas'   kas skelbta tą dieną
";

pub(super) const REPORT_HELP: &str = "\
Standartinės ataskaitos iš paskelbtų lentelių.

Naudojimas: virsis report KOMANDA [PARINKTYS]

Komandos:
{subcommands}

Parinktys:
{options}
";

const REPORT_LIST_HELP: &str = "\
Išvardija ataskaitas ir jų parametrus su numatytosiomis reikšmėmis.

Naudojimas: virsis report list [PARINKTYS]

Parinktys:
{options}
";

const REPORT_RUN_HELP: &str = "\
Parengia vieną ataskaitą.

Naudojimas: virsis report run ATASKAITA [PARINKTYS]

Argumentai:
{positionals}

Parinktys:
{options}

Pavyzdžiai:
  virsis report run didziausi_lesu_gavejai --param metai=2025
  virsis report run virs_savininkai --param ja_kodas='vario langas'
  virsis report run nezinomi_savininkai --param riba=0,25 --format xlsx --out savininkai.xlsx
";

/// What every command has, said in Lithuanian for those that analysts use.
pub(crate) fn in_lithuanian(mut all: Command) -> Command {
    // Gives each command its own copy of the options that all of them have.
    all.build();
    let listed =
        |command: Command| ["list", "run"].into_iter().fold(translated(command), |command, name| command.mut_subcommand(name, translated));
    all.mut_subcommand("sql", translated).mut_subcommand("report", listed)
}

fn translated(command: Command) -> Command {
    let plain = |arg: Arg, help: &'static str| arg.help(help).hide_env(true).hide_default_value(true).hide_possible_values(true);
    command
        .mut_arg("config", |arg| {
            plain(arg, "Nustatymų failas; numatyta: tas, kurį nurodo VIRSIS_CONFIG, virsis.toml šiame aplanke arba /etc/virsis/virsis.toml")
                .value_name("FAILAS")
        })
        .mut_arg("log", |arg| plain(arg, "Žurnalo forma: text arba json").value_name("FORMA"))
        .mut_arg("help", |arg| arg.help("Šis paaiškinimas"))
}

#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// Leidimas: jo numeris arba pavadinimas; numatyta: naujausias.
    #[arg(long, value_name = "LEIDIMAS")]
    pub(crate) release: Option<String>,
    /// Kurie duomenys: internal (vidiniai), public (vieši) arba open (atviri); numatyta: užklausoms vieši, ataskaitoms vidiniai, jei turite teisę juos skaityti, kitaip vieši.
    #[arg(long, value_name = "DALIS")]
    pub(crate) tier: Option<catalog::Tier>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Sql {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Užklausa; kelios skiriamos kabliataškiais, kiekvienos atsakymas spausdinamas. Be šios parinkties atveriamas užklausų langas.
    #[arg(short = 'c', long = "command", allow_hyphen_values = true, value_name = "UŽKLAUSA")]
    pub(crate) statement: Option<String>,
    /// Diena: lentelės tokios, kokios skelbtos tą dieną. Statistikos tada nėra, tik duomenys; numatyta: naujausi.
    #[arg(long, value_name = "DIENA", conflicts_with = "release")]
    pub(crate) as_of: Option<String>,
    /// Atsakymo forma: table (lentelė, numatyta), csv, json arba markdown.
    #[arg(long, value_enum, default_value_t = SqlFormat::Table, value_name = "FORMA", hide_default_value = true, hide_possible_values = true)]
    pub(crate) format: SqlFormat,
    /// Kiek eilučių rodyti terminale, 0 – visas; numatyta 1000. Į failą ar kitą programą rašomos visos.
    #[arg(long, value_name = "KIEK", default_value_t = 1000, hide_default_value = true)]
    pub(crate) limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlFormat {
    Table,
    Csv,
    Json,
    Markdown,
}

#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum ReportCommand {
    /// Išvardyti ataskaitas ir jų parametrus.
    #[command(help_template = REPORT_LIST_HELP)]
    List,
    /// Parengti vieną ataskaitą.
    #[command(help_template = REPORT_RUN_HELP)]
    Run {
        /// Ataskaitos vardas iš „virsis report list“.
        #[arg(value_name = "ATASKAITA")]
        name: String,
        /// Ataskaitos parametras; gali būti keli.
        #[arg(long = "param", value_name = "VARDAS=REIKŠMĖ")]
        parameters: Vec<String>,
        #[command(flatten)]
        source: Source,
        /// Ataskaitos forma: table (lentelė, numatyta), csv, json, xlsx arba html.
        #[arg(long, value_enum, default_value_t = ReportFormat::Table, value_name = "FORMA", hide_default_value = true, hide_possible_values = true)]
        format: ReportFormat,
        /// Failas, į kurį rašyti; formai xlsx būtinas.
        #[arg(long, value_name = "FAILAS")]
        out: Option<PathBuf>,
        /// Kiek eilučių rodyti terminale, 0 – visas; numatyta 1000.
        #[arg(long, value_name = "KIEK", default_value_t = 1000, hide_default_value = true)]
        limit: usize,
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
