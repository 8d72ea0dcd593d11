//! A generated country with its configuration and key, and the binary run over it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use arrow::array::RecordBatch;
use catalog::{Catalog, Evidence, Layer, Released, Tier};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

/// Size of the country that most tests share.
const VIRS: &str = "40";
const ENTITIES: &str = "400";

/// The project's folder, which holds `data/`, `sql/` and `schedules/`.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// What costs time and most tests do not ask about: database files, English pages, workbooks.
const LEAN: &str = "[portal]\ndatabase = false\nsqlite = false\n[publication]\nenglish = false\nworkbooks = false\n";

/// A country on disk. The folder goes when the value does.
pub(crate) struct Country {
    folder: TempDir,
}

impl Country {
    /// Extracts of a small country, a configuration over `home`, a new key; nothing published yet.
    pub(crate) fn generate(seed: u64, home: &Path) -> Self {
        Self::with_virs(VIRS, seed, home)
    }

    /// The same with another number of VIRS.
    pub(crate) fn with_virs(virs: &str, seed: u64, home: &Path) -> Self {
        let country = Self { folder: tempfile::tempdir().unwrap() };
        country.ok(&["generate", "--virs", virs, "--entities", ENTITIES, "--seed", &seed.to_string(), "--out", &country.text("extracts")]);
        let settings = format!("home = '{}'\n[retention]\nremove_personal = false\n{LEAN}", home.display());
        std::fs::write(country.path("virsis.toml"), settings).unwrap();
        country.ok(&["key"]);
        country
    }

    /// Its releases have everything that they can have.
    pub(crate) fn whole(self) -> Self {
        let settings = std::fs::read_to_string(self.path("virsis.toml")).unwrap();
        std::fs::write(self.path("virsis.toml"), settings.replace(LEAN, "[portal]\ninternal_pages = true\n")).unwrap();
        self
    }

    /// The same, published.
    pub(crate) fn published(virs: &str, seed: u64) -> Self {
        let country = Self::with_virs(virs, seed, &home());
        country.ok(&["run"]);
        country
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The binary with this country's configuration, no other settings from outside, and logs as JSON.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_virsis"));
        command.env_clear().env("VIRSIS_CONFIG", "virsis.toml").env("VIRSIS_LOG", "trace").args(["--log", "json"]).args(arguments);
        command.current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed; gives what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?} failed: {}", last_line(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must be refused (exit code 1); gives the error.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        text.split("error: ").last().unwrap().to_owned()
    }

    /// Rewrites an extract line by line; line 0 is the heading. What is not UTF-8 in it is replaced.
    pub(crate) fn rewrite(&self, file: &str, change: impl Fn(usize, &str) -> Option<String>) {
        let path = self.path("extracts").join(file);
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let lines: String = text.lines().enumerate().filter_map(|(number, line)| change(number, line)).map(|line| line + "\n").collect();
        std::fs::write(&path, lines).unwrap();
    }

    /// No source is refused for its bad rows.
    pub(crate) fn take_however_many_bad_rows(&self) {
        let path = self.path("virsis.toml");
        let settings = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{settings}[run]\nbad_rows_share = 1.0\n")).unwrap();
    }

    /// What `status.json` says of the last run.
    pub(crate) fn status(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path("portal/status.json")).unwrap()).unwrap()
    }

    /// Raw tables that the last run could not use, each with the word for why.
    pub(crate) fn trouble(&self) -> Vec<(String, String)> {
        let status = self.status();
        let lines = status["sources"].as_array().unwrap().iter();
        lines.filter_map(|line| Some((line["table"].as_str()?.to_owned(), line["reason"].as_str()?.to_owned()))).collect()
    }

    /// Hash of every file of data in the latest release, but for tables in whose name one of `words` stands, and for what is told of earlier
    /// releases.
    pub(crate) fn data(&self, besides: &[&str]) -> BTreeMap<String, String> {
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let listed = self.listed("portal");
        let besides = [besides, &["__istorija", "__pokyciai"]].concat();
        let files = listed.iter().filter(|file| text(&file["table"]).is_some_and(|table| !besides.iter().any(|word| table.contains(word))));
        let data: BTreeMap<_, _> = files.map(|file| (text(&file["path"]).unwrap(), text(&file["sha256"]).unwrap())).collect();
        assert!(data.len() > 100);
        data
    }

    /// A JSON file of the country's folder.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path(path)).unwrap()).unwrap()
    }

    /// Every file of one side of the latest release, as its manifests list them.
    pub(crate) fn listed(&self, side: &str) -> Vec<serde_json::Value> {
        let manifest = self.json(&format!("{side}/latest/manifest.json"));
        let tiers = manifest["tiers"].as_object().into_iter().flat_map(|tiers| tiers.keys());
        let tiers: Vec<_> = tiers.map(|tier| self.json(&format!("{side}/latest/{tier}/manifest.json"))).collect();
        std::iter::once(&manifest).chain(&tiers).flat_map(|manifest| manifest["files"].as_array().unwrap().clone()).collect()
    }

    pub(crate) fn truth(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path("extracts/truth.json")).unwrap()).unwrap()
    }

    /// A published table of the latest release, as JSON objects.
    pub(crate) fn table(&self, tier: &str, name: &str) -> Vec<serde_json::Value> {
        let root = if tier == "internal" { self.path("internal/latest") } else { self.path("portal/latest").join(tier) };
        rows(&root.canonicalize().unwrap(), name)
    }
}

/// A table of a tier's folder as JSON objects: in the internal tier it can be there as Parquet alone.
pub(crate) fn rows(tier: &Path, name: &str) -> Vec<serde_json::Value> {
    let found = |extension: &str| files(tier).into_iter().find(|path| path.ends_with(format!("{name}.{extension}")));
    if let Some(file) = found("json") {
        return serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    }
    let file = File::open(found("parquet").unwrap_or_else(|| panic!("{} has no table {name}", tier.display()))).unwrap();
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batches: Vec<_> = batches.map(Result::unwrap).collect();
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&home()).unwrap());
    let table = CATALOG.tables(Layer::Out).find(|table| table.subject() == name).unwrap().clone();
    let schema = table.schema_for(Tier::Internal);
    let rows = arrow::compute::concat_batches(&batches.first().map_or(schema.clone(), |batch| batch.schema()), &batches).unwrap();
    // Files say the titles of columns, too.
    let rows = RecordBatch::try_new(schema, rows.columns().to_vec()).unwrap();
    let released = Released::admit(table, Tier::Internal, rows, &Evidence::default()).unwrap();
    let mut json = Vec::new();
    publish::publisher("json").unwrap().write(&released, &mut json).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn last_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().last().unwrap_or_default().to_owned()
}

/// A published country that tests only read; its first run's output is kept.
pub(crate) struct Published {
    pub(crate) country: Country,
    pub(crate) run: Output,
}

pub(crate) static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    let country = Country::generate(1, &home()).whole();
    let run = country.run(&["run"]);
    assert!(run.status.success(), "{}", last_line(&run.stderr));
    Published { country, run }
});

/// Whether a file says which release it is of, or tells of earlier ones: two releases of the same rows differ in it.
pub(crate) fn tells_of_releases(path: &str) -> bool {
    const FILES: [&str; 10] = [
        "/croissant.json",
        "/csvw.json",
        "/nuosavybe/bods.jsonl",
        "/nuosavybe/ftm.jsonl",
        "/datapackage.json",
        "/dcat-ap-2.1.1.ttl",
        "/dcat.jsonld",
        "/dcat.ttl",
        "/llms.txt",
        "/openapi.json",
    ];
    path.contains("/pokyciai/") || FILES.iter().any(|file| path.trim_end_matches(".gz").ends_with(file))
}

/// What is not the same in both, by path.
pub(crate) fn differing<T: PartialEq>(one: &BTreeMap<String, T>, other: &BTreeMap<String, T>) -> Vec<String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    paths.into_iter().filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Rows of a delimited extract as text, with their headings; damaged rows have as many fields as they have.
pub(crate) fn extract(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = std::fs::read(path).unwrap();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(b'|').has_headers(false).flexible(true).from_reader(bytes);
    let mut rows = reader.byte_records().map(|row| row.unwrap().iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
    (rows.next().unwrap(), rows.collect())
}

/// Copies `data/`, `sql/` and `schedules/` so that a test may change them.
pub(crate) fn copy_of_home(target: &Path) {
    for folder in [
        "data/columns",
        "data/tables",
        "data/datasets",
        "data/pages",
        "data/guides",
        "data/classifiers",
        "data/law",
        "data/forms",
        "data/content",
        "data/content/naujienos",
        "sql",
        "sql/models",
        "sql/checks",
        "sql/examples",
        "sql/reports",
        "schedules",
    ] {
        std::fs::create_dir_all(target.join(folder)).unwrap();
        for entry in std::fs::read_dir(home().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            std::fs::copy(&path, target.join(folder).join(path.file_name().unwrap())).unwrap();
        }
    }
}
