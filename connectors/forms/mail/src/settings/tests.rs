//! Settings as they are written, and what is refused before the first letter.

use std::fs::Permissions;

use super::*;
use crate::prepare;

fn parse(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

fn refusal(text: &str) -> String {
    prepare(&parse(text).unwrap()).map(|delivery| delivery.name()).unwrap_err().to_string()
}

const LOCAL: &str = "delivery = 'smtp'\nhost = '127.0.0.1'\ntls = 'none'\nfrom = 'a@example.lt'\n";

#[test]
fn both_deliveries_can_be_written_and_unknown_keys_cannot() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("letters");
    let file = format!("delivery = 'file'\nfolder = '{}'\nfrom = 'Registras <a@example.lt>'\n", folder.display());
    assert_eq!(prepare(&parse(&file).unwrap()).unwrap().name(), "file");
    let full = "delivery = 'smtp'\nhost = 'mail.example.lt'\nport = 2465\ntls = 'starttls'\nuser = 'virsis'\npassword_file = '/x'\n\
                from = 'a@example.lt'\nhello = 'virsis.example.lt'\ntimeout_seconds = 2.5\nauthorities_file = '/y'\n";
    let Settings::Smtp(settings) = parse(full).unwrap() else { panic!() };
    assert_eq!((settings.port, settings.tls, settings.timeout), (Some(2465), Encryption::Starttls, Duration::from_millis(2_500)));
    let Settings::Smtp(short) = parse("delivery = 'smtp'\nhost = 'mail.example.lt'\nfrom = 'a@example.lt'\n").unwrap() else { panic!() };
    assert_eq!((short.port, short.tls, short.timeout), (None, Encryption::Required, Duration::from_secs(60)));
    assert_eq!(prepare(&Settings::Smtp(short)).unwrap().name(), "smtp");
    for wrong in [
        format!("{file}host = 'x'\n"),
        format!("{full}pasword_file = 'x'\n"),
        full.replace("starttls", "opportunistic"),
        file.replace("file", "fax"),
    ] {
        assert!(parse(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn without_tls_only_this_machine_is_written_to() {
    assert!(prepare(&parse(LOCAL).unwrap()).is_ok());
    assert!(prepare(&parse(&LOCAL.replace("127.0.0.1", "::1")).unwrap()).is_ok());
    for host in ["mail.example.lt", "localhost", "10.0.0.1", "0.0.0.0", "127.0.0.1.example.lt"] {
        let error = refusal(&LOCAL.replace("127.0.0.1", host));
        assert!(error.contains("`tls`"), "{host}: {error}");
    }
}

#[test]
fn settings_with_which_nothing_could_be_sent_are_refused() {
    for (key, text) in [
        ("from", LOCAL.replace("a@example.lt", "example.lt")),
        ("host", LOCAL.replace("127.0.0.1", "")),
        ("host", LOCAL.replace("127.0.0.1", "a b")),
        ("port", format!("{LOCAL}port = 0\n")),
        ("timeout_seconds", format!("{LOCAL}timeout_seconds = 0\n")),
        ("user", format!("{LOCAL}user = 'virsis'\n")),
        ("user", format!("{LOCAL}password_file = '/x'\n")),
        ("hello", format!("{LOCAL}hello = 'a b'\n")),
        ("hello", format!("{LOCAL}hello = ''\n")),
    ] {
        let error = refusal(&text);
        assert!(error.contains(&format!("`{key}`")), "{text}: {error}");
    }
    assert!(parse(&format!("{LOCAL}timeout_seconds = -1\n")).is_err());
}

#[test]
fn a_password_is_one_line_of_a_file_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    let text = format!("{LOCAL}user = 'virsis'\npassword_file = '{}'\n", path.display());
    assert!(refusal(&text).contains("password"));
    std::fs::write(&path, "slaptas ąžuolas\n").unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    assert!(refusal(&text).contains("chmod 600"));
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert_eq!(read_secret(&path).unwrap(), "slaptas ąžuolas");
    assert!(prepare(&parse(&text).unwrap()).is_ok());
    for wrong in ["", "\n", "two\nlines\n", "nothing\0"] {
        std::fs::write(&path, wrong).unwrap();
        let error = refusal(&text);
        assert!(error.contains("one line") && !error.contains("nothing"), "{error}");
    }
}

#[test]
fn authorities_are_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authorities.crt");
    let text = format!("delivery = 'smtp'\nhost = 'mail.example.lt'\nfrom = 'a@example.lt'\nauthorities_file = '{}'\n", path.display());
    assert!(refusal(&text).contains("authorities.crt"));
    for wrong in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&path, wrong).unwrap();
        assert!(refusal(&text).contains("certificate"), "{wrong}");
    }
}
