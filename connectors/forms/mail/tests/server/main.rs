//! Letters against a real mail server (aiosmtpd) and an independent reader (Python's `email`). Skipped where they are missing; with
//! `VIRSIS_PEERS_REQUIRED=1` they are installed first, and what is still missing is a failure.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod encryption;
mod peer;
mod reading;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::DateTime;
use mail::{Delivery, Encryption, Failure, Letter, Reason, Settings, SmtpSettings, SmtpStep, prepare};

use crate::peer::{Server, read};

fn letter(to: &str) -> Letter {
    Letter {
        id: "7f3a-1".to_owned(),
        to: to.to_owned(),
        subject: "Jūsų prašymas Nr. 12-ąžuolas įregistruotas: „Žalioji šūsnis“".to_owned(),
        text: "Gerb. pareiškėjau,\n\n.jūsų prašymas priimtas.\nĄČĘĖĮŠŲŪŽ ąčęėįšųūž „–“ €\n-- \nRegistras\n".to_owned(),
        written: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls: Encryption::None,
        user: None,
        password_file: None,
        from: "Juridinių asmenų registras <registras@example.lt>".to_owned(),
        hello: Some("virsis.example.lt".to_owned()),
        timeout: Duration::from_secs(20),
        authorities_file: None,
    }
}

fn smtp(settings: SmtpSettings) -> Box<dyn Delivery> {
    prepare(&Settings::Smtp(settings)).unwrap()
}

fn secret(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

#[test]
fn a_letter_arrives_byte_by_byte_and_is_understood_by_an_independent_reader() {
    let Some(server) = Server::start(&[]) else { return };
    let sent = letter("ona@example.lt");
    smtp(settings(server.port)).deliver(&sent).unwrap();
    let folder = server.folder.path().join("folder");
    let from = settings(0).from;
    prepare(&Settings::File { folder: folder.clone(), from }).unwrap().deliver(&sent).unwrap();
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(std::fs::read(&kept[0]).unwrap(), std::fs::read(folder.join("7f3a-1.eml")).unwrap());
    let envelope = server.envelope(&kept[0]);
    assert_eq!(envelope["from"], "registras@example.lt");
    assert_eq!(envelope["to"], serde_json::json!(["ona@example.lt"]));
    assert_eq!((&envelope["hello"], &envelope["tls"]), (&"virsis.example.lt".into(), &false.into()));
    let seen = &read(&kept)[0];
    assert_eq!(seen["subject"], sent.subject);
    assert_eq!(seen["text"].as_str().unwrap().replace("\r\n", "\n"), sent.text);
    assert_eq!(seen["from"], serde_json::json!([["Juridinių asmenų registras", "registras@example.lt"]]));
    assert_eq!(seen["to"], serde_json::json!([["", "ona@example.lt"]]));
    assert_eq!(seen["id"], "<7f3a-1@example.lt>");
    assert_eq!(seen["written"], sent.written.timestamp());
    assert_eq!(seen["automatic"], "auto-generated");
    assert_eq!((&seen["type"], &seen["charset"]), (&"text/plain".into(), &"utf-8".into()));
    assert_eq!(seen["defects"], serde_json::json!([]));
    assert_eq!((&seen["ascii"], &seen["bare_ends"]), (&true.into(), &0.into()));
    assert!(seen["longest_line"].as_u64().unwrap() <= 78, "{seen}");
}

#[test]
fn a_greylisted_letter_is_taken_at_a_later_try() {
    let Some(server) = Server::start(&["--fail-first", "2"]) else { return };
    let delivery = smtp(settings(server.port));
    let sent = letter("ona@example.lt");
    let greylisted = Reason::Refused { step: SmtpStep::Recipient, code: 450, status: Some((4, 2, 0)) };
    assert_eq!(delivery.deliver(&sent), Err(Failure::Later(greylisted.clone())));
    assert_eq!(delivery.deliver(&sent), Err(Failure::Later(greylisted)));
    assert!(server.kept().is_empty());
    assert_eq!(delivery.deliver(&sent), Ok(()));
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn a_refused_recipient_and_a_refused_letter_are_for_never_and_others_still_get_theirs() {
    let Some(server) = Server::start(&["--reject", "nera@example.lt", "--refuse", "grieztas@example.lt"]) else { return };
    let delivery = smtp(settings(server.port));
    let refused =
        |step, status| Err(Failure::Never(Reason::Refused { step, code: if step == SmtpStep::Letter { 554 } else { 550 }, status }));
    assert_eq!(delivery.deliver(&letter("nera@example.lt")), refused(SmtpStep::Recipient, Some((5, 1, 1))));
    let failure = delivery.deliver(&letter("grieztas@example.lt"));
    assert_eq!(failure, refused(SmtpStep::Letter, Some((5, 7, 1))));
    // The server repeated the letter's last line.
    let failure = failure.unwrap_err();
    let said = format!("{failure:?} {failure}");
    assert!(!said.contains("example.lt") && !said.contains("Registras"), "{said}");
    assert!(server.kept().is_empty());
    assert_eq!(delivery.deliver(&letter("ona@example.lt")), Ok(()));
    assert_eq!(server.envelope(&server.kept()[0])["to"], serde_json::json!(["ona@example.lt"]));
}

#[test]
fn a_server_that_falls_silent_is_left_in_time() {
    let Some(server) = Server::start(&["--stall", "tyla@example.lt"]) else { return };
    let impatient = SmtpSettings { timeout: Duration::from_millis(1_000), ..settings(server.port) };
    let began = Instant::now();
    assert_eq!(smtp(impatient).deliver(&letter("tyla@example.lt")), Err(Failure::Later(Reason::Silence(SmtpStep::Recipient))));
    let took = began.elapsed();
    assert!((Duration::from_millis(900)..Duration::from_secs(10)).contains(&took), "{took:?}");
}

#[test]
fn a_letter_that_was_taken_and_not_confirmed_comes_twice_under_one_id() {
    let Some(server) = Server::start(&["--close", "dukart@example.lt"]) else { return };
    let delivery = smtp(settings(server.port));
    for _ in 0..2 {
        assert_eq!(delivery.deliver(&letter("dukart@example.lt")), Err(Failure::Later(Reason::Unconfirmed)));
    }
    let kept = server.kept();
    assert_eq!(kept.len(), 2);
    let seen = read(&kept);
    assert_eq!(seen[0]["id"], "<7f3a-1@example.lt>");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), std::fs::read(&kept[1]).unwrap());
}

#[test]
fn a_login_is_needed_and_a_wrong_password_is_for_later() {
    let folder = tempfile::tempdir().unwrap();
    let right = secret(folder.path(), "right", "slaptas ąžuolas\n");
    let wrong = secret(folder.path(), "wrong", "slapta liepa");
    let Some(server) = Server::start(&["--user", "virsis", "--password-file", right.to_str().unwrap()]) else { return };
    let with = |password: &Path| SmtpSettings {
        user: Some("virsis".to_owned()),
        password_file: Some(password.to_owned()),
        ..settings(server.port)
    };
    let sent = letter("ona@example.lt");
    let refused = |step, code, status| Err(Failure::Later(Reason::Refused { step, code, status }));
    let failure = smtp(with(&wrong)).deliver(&sent);
    assert_eq!(failure, refused(SmtpStep::Login, 535, Some((5, 7, 8))));
    assert!(!format!("{failure:?}").contains("slapta"));
    assert_eq!(smtp(settings(server.port)).deliver(&sent), refused(SmtpStep::Sender, 530, Some((5, 7, 0))));
    assert!(server.kept().is_empty());
    assert_eq!(smtp(with(&right)).deliver(&sent), Ok(()));
    assert_eq!(server.envelope(&server.kept()[0])["user"], "virsis");
}
