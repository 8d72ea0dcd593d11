//! Answers that no well-behaved server gives, played by a script; the real server is in `tests/server`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};
use std::time::Instant;

use chrono::DateTime;

use super::*;

/// Ends the letter's answer without one.
const CLOSE: &str = "";
/// Greeting, EHLO, MAIL, RCPT, DATA, the letter.
const GOOD: [&str; 6] = ["220 here", "250 here", "250 ok", "250 ok", "354 go on", "250 ok"];

/// Answers one conversation with the lines of a script, then closes. Returns what it was told, a line each.
fn play(script: Vec<String>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let player = spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let (mut stream, mut told) = (stream, Vec::new());
        for (number, line) in script.iter().enumerate() {
            if number > 0 {
                let letter: Vec<String> = if number == 5 { lines.by_ref().take_while(|line| line != ".").collect() } else { Vec::new() };
                told.extend(if number == 5 { letter } else { lines.next().into_iter().collect() });
            }
            if line == CLOSE {
                break;
            }
            stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        }
        told
    });
    (port, player)
}

fn settings(port: u16, tls: Encryption) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls,
        user: None,
        password_file: None,
        from: "registras@example.lt".to_owned(),
        hello: None,
        timeout: Duration::from_secs(5),
        authorities_file: None,
    }
}

fn letter() -> Letter {
    Letter {
        id: "7f3a-1".to_owned(),
        to: "ona@example.lt".to_owned(),
        subject: "Prašymas".to_owned(),
        text: ".\n..\nSlapta žinia".to_owned(),
        written: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

fn deliver(script: &[&str]) -> (Result<(), Failure>, Vec<String>) {
    let (port, player) = play(script.iter().map(|line| (*line).to_owned()).collect());
    let result = Smtp::new(&settings(port, Encryption::None)).unwrap().deliver(&letter());
    (result, player.join().unwrap())
}

fn with(place: usize, answer: &str) -> Result<(), Failure> {
    let mut script = GOOD;
    script[place] = answer;
    deliver(&script[..=place]).0
}

#[test]
fn a_letter_goes_over_step_by_step_and_its_dots_are_doubled() {
    let (result, told) = deliver(&GOOD);
    assert_eq!(result, Ok(()));
    assert_eq!(told[..4], ["EHLO example.lt", "MAIL FROM:<registras@example.lt>", "RCPT TO:<ona@example.lt>", "DATA"]);
    assert_eq!(told[told.len() - 3..], ["..", "...", "Slapta =C5=BEinia"]);
}

#[test]
fn only_what_concerns_the_recipient_or_the_letter_is_final() {
    let (greeting, hello, sender, recipient, data, letter) = (0, 1, 2, 3, 4, 5);
    for (place, answer) in [
        (recipient, "550 5.1.1 ona@example.lt unknown"),
        (recipient, "550 unknown"),
        (recipient, "553 no"),
        (recipient, "501 5.1.3 bad address"),
        (data, "554 no valid recipients"),
        (letter, "554 5.7.1 Slapta"),
        (letter, "552 5.3.4 too big"),
    ] {
        let failure = with(place, answer).unwrap_err();
        assert!(matches!(failure, Failure::Never(Reason::Refused { .. })), "{answer}: {failure:?}");
    }
    for (place, answer) in [
        (greeting, "554 no service"),
        (greeting, "421 busy"),
        (hello, "550 who?"),
        (sender, "550 5.7.1 not you"),
        (sender, "452 full"),
        (sender, "530 5.7.0 log in first"),
        (recipient, "450 4.2.0 greylisted"),
        (recipient, "421 bye"),
        (recipient, "530 5.7.0 log in first"),
        (recipient, "503 5.5.1 what?"),
        (data, "451 not now"),
        (letter, "451 4.3.0 not now"),
        (letter, "452 4.3.1 full"),
    ] {
        let failure = with(place, answer).unwrap_err();
        assert!(matches!(failure, Failure::Later(Reason::Refused { .. })), "{answer}: {failure:?}");
    }
}

#[test]
fn a_reason_has_the_code_and_none_of_the_words() {
    let failure = with(3, "550-5.1.1 ona@example.lt\r\n550 5.1.1 Slapta žinia").unwrap_err();
    assert_eq!(failure, Failure::Never(Reason::Refused { step: SmtpStep::Recipient, code: 550, status: Some((5, 1, 1)) }));
    assert_eq!(failure.to_string(), "not delivered, and never will be: the mail server answered 550 5.1.1 to the recipient");
    let failure = with(5, "554 ona@example.lt").unwrap_err();
    assert_eq!(failure.to_string(), "not delivered, and never will be: the mail server answered 554 to the letter");
}

#[test]
fn an_answer_of_the_wrong_kind_is_no_delivery() {
    assert_eq!(with(4, "250 ok"), Err(Failure::Later(Reason::Answer(SmtpStep::Data))));
    assert_eq!(with(5, "354 go on"), Err(Failure::Later(Reason::Unconfirmed)));
    assert_eq!(with(3, "what?"), Err(Failure::Later(Reason::Answer(SmtpStep::Recipient))));
    assert_eq!(with(0, "HTTP/1.1 400"), Err(Failure::Later(Reason::Answer(SmtpStep::Connection))));
}

#[test]
fn a_server_that_closes_is_for_later_and_after_the_letter_it_may_come_twice() {
    for place in 0..5 {
        let failure = with(place, CLOSE).unwrap_err();
        assert!(matches!(failure, Failure::Later(Reason::Answer(_) | Reason::Connection(..))), "{place}: {failure:?}");
    }
    assert_eq!(with(5, CLOSE), Err(Failure::Later(Reason::Unconfirmed)));
}

#[test]
fn starttls_and_logins_are_not_done_without_where_they_are_not_offered() {
    let (port, player) = play([GOOD[0], GOOD[1], "221 bye"].map(str::to_owned).to_vec());
    let result = Smtp::new(&settings(port, Encryption::Starttls)).unwrap().deliver(&letter());
    assert_eq!(result, Err(Failure::Later(Reason::Plain)));
    assert_eq!(player.join().unwrap(), ["EHLO example.lt", "QUIT"]);
    let folder = tempfile::tempdir().unwrap();
    let password = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
    std::fs::write(password.path(), "slaptas").unwrap();
    let (port, player) = play([GOOD[0], GOOD[1], CLOSE].map(str::to_owned).to_vec());
    let login = SmtpSettings {
        user: Some("virsis".to_owned()),
        password_file: Some(password.path().to_owned()),
        ..settings(port, Encryption::None)
    };
    assert_eq!(Smtp::new(&login).unwrap().deliver(&letter()), Err(Failure::Later(Reason::Login)));
    assert_eq!(player.join().unwrap(), ["EHLO example.lt"]);
}

#[test]
fn silence_ends_in_time_with_and_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for tls in [Encryption::None, Encryption::Starttls, Encryption::Required] {
        let began = Instant::now();
        let impatient = SmtpSettings { timeout: Duration::from_millis(200), ..settings(port, tls) };
        let result = Smtp::new(&impatient).unwrap().deliver(&letter());
        assert_eq!(result, Err(Failure::Later(Reason::Silence(SmtpStep::Connection))), "{tls:?}");
        assert!(began.elapsed() < Duration::from_secs(4), "{tls:?}");
    }
}

#[test]
fn a_closed_port_and_an_unknown_name_are_for_later() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let result = Smtp::new(&settings(port, Encryption::None)).unwrap().deliver(&letter());
    assert_eq!(result, Err(Failure::Later(Reason::Connection(SmtpStep::Connection, io::ErrorKind::ConnectionRefused))));
    let nowhere = SmtpSettings { host: "mail.invalid".to_owned(), ..settings(port, Encryption::Required) };
    assert_eq!(Smtp::new(&nowhere).unwrap().deliver(&letter()), Err(Failure::Later(Reason::Name)));
}

#[test]
fn what_is_not_fit_for_a_letter_reaches_no_server() {
    // Nobody listens there: whatever connected would fail for later.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let smtp = Smtp::new(&settings(port, Encryption::None)).unwrap();
    let wrong = Letter { to: "ona@example.lt\r\nDATA".to_owned(), ..letter() };
    assert_eq!(smtp.deliver(&wrong), Err(Failure::Never(Reason::Address)));
}
