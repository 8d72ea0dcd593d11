//! What others on the same machine see of the program: what a web server reads, and nothing else. No scratch file, no picture of its memory.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::country::{Country, home};

/// Everything below a folder, itself included, but what links lead to.
fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while at < found.len() {
        if found[at].is_dir() && !found[at].is_symlink() {
            let below: Vec<PathBuf> = fs::read_dir(&found[at]).unwrap().map(|entry| entry.unwrap().path()).collect();
            found.extend(below);
        }
        at += 1;
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// The binary under a mask that takes nothing away, or everything, and with leave to write core files.
fn under(country: &Country, mask: &str, arguments: &[&str]) -> Command {
    let inner = country.command(arguments);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("umask {mask}; ulimit -c unlimited; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_virsis")]);
    command.args(inner.get_args()).current_dir(country.path("."));
    command.env_clear().env("VIRSIS_CONFIG", "virsis.toml");
    command
}

#[test]
fn a_web_server_can_read_the_portal_and_nobody_else_anything_whatever_mask_the_program_is_started_under() {
    for (seed, mask) in [(51, "000"), (52, "077")] {
        let country = Country::generate(seed, &home());
        for arguments in [&["run"][..], &["run", "--full"]] {
            let output = under(&country, mask, arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        for path in everything(&country.path("portal")) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || name == ".lock" {
                continue;
            }
            assert_eq!(mode(&path), if path.is_dir() { 0o755 } else { 0o644 }, "{mask}: {}", path.display());
        }
        for path in everything(&country.path("state")) {
            assert_eq!(mode(&path) & 0o077, 0, "{mask}: {}", path.display());
        }
        assert_eq!(mode(&country.path("internal")), 0o700);
    }
}

#[test]
fn killed_it_leaves_neither_a_core_file_nor_a_scratch_file() {
    let country = Country::generate(53, &home());
    country.ok(&["run"]);
    // The prompt waits for somebody to type: so there is time to look.
    let mut prompt = under(&country, "022", &["sql", "--tier", "internal"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (process, limits) =
        (PathBuf::from(format!("/proc/{}", prompt.id())), |process: &Path| fs::read_to_string(process.join("limits")).unwrap());
    let is_closed =
        |text: &str| text.lines().any(|line| line.starts_with("Max core file size") && line.split_whitespace().nth(4) == Some("0"));
    let closed = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        is_closed(&limits(&process))
    });
    assert!(closed, "{}", limits(&process));
    let killed = Command::new("kill").args(["-ABRT", &prompt.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let ended = prompt.wait().unwrap();
    assert!(ended.signal().is_some() && !ended.core_dumped(), "{ended:?}");
    let lost = ["SELECT COUNT(*) FROM (SELECT DISTINCT asmens_kodas || md5(CAST(i AS VARCHAR)) FROM asmens_duomenys, range(20000) t(i))"];
    country.run(&["sql", "--tier", "internal", "-c", lost[0]]);
    for path in everything(&country.path(".")) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(name != ".tmp" && name != "core" && !name.starts_with("core.") && !name.starts_with("duckdb_temp"), "{}", path.display());
    }
    for settings in ["SET temp_directory = 'x'", "SELECT 1; SET memory_limit = '60MB'", "PRAGMA temp_directory = 'x'"] {
        country.refused(&["sql", "-c", settings]);
    }
}

/// A group that owns nothing here.
const NOBODY: u32 = 65534;

/// Whom the system lets look into a process: its own user and group, or the administrator alone if it may not be dumped.
fn looked_into_by(process: u32) -> (u32, u32) {
    let environment = fs::metadata(format!("/proc/{process}/environ")).unwrap();
    (environment.uid(), environment.gid())
}

#[test]
fn nobody_looks_into_a_served_endpoint_or_into_what_it_makes() {
    let country = Country::generate(54, &home());
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    let served = "[serve]\naddress = '127.0.0.1:0'\n[forms]\nenabled = true\nstore = 'forms/forms.sqlite'\naddress = '127.0.0.1:0'\norigin = 'http://127.0.0.1:8000'\n\
         [forms.mail]\ndelivery = 'file'\nfolder = 'letters'\nfrom = 'VIRSIS <virsis@example.invalid>'\n";
    fs::write(country.path("virsis.toml"), format!("{settings}{served}")).unwrap();
    country.ok(&["forms", "import", "extracts"]);
    country.ok(&["run"]);
    // The administrator's own processes are told apart by their group only.
    let of_group = |command: &mut Command| {
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.gid(NOBODY);
        }
    };
    let mut server = under(&country, "000", &["serve"]);
    of_group(&mut server);
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("form endpoint on")));
    let mut other = Command::new("sleep");
    of_group(&mut other);
    let mut other = other.arg("600").spawn().unwrap();
    let said = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", server.id())).unwrap();
    let (limits, status) = (said("limits"), said("status"));
    let (of_server, of_other) = (looked_into_by(server.id()), looked_into_by(other.id()));
    for child in [&mut server, &mut other] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let core: Vec<&str> =
        limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap().split_whitespace().take(2).collect();
    assert_eq!(core, ["0", "0"]);
    assert!(status.lines().any(|line| line.split_whitespace().eq(["Umask:", "0077"])), "{status}");
    assert!(of_server == (0, 0) && of_other != of_server, "{of_server:?} and {of_other:?}");
    for path in ["state", "forms"].into_iter().flat_map(|folder| everything(&country.path(folder))) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}
