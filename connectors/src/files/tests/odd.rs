//! What else may lie in a drop folder: nothing of it is followed, waited for or read without end.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;

/// Opens the extract in this folder, and says what came of it and how long it took.
fn opened(files: &Files) -> (Error, Duration) {
    let began = Instant::now();
    match files.open(&request(TABLE, None, &files.folder)) {
        Ok(fetched) => panic!("it was opened: {fetched:?}"),
        Err(error) => (error, began.elapsed()),
    }
}

/// What something is, and how it is made at a path.
type Odd<'a> = (&'a str, &'a dyn Fn(&Path));

#[test]
fn what_is_no_file_is_refused_at_once_in_every_form_and_in_history() {
    for form in FORMS {
        for place in [format!("{STEM}.{form}"), format!("{HISTORY}/{STEM}.{form}")] {
            let made: [Odd; 6] = [
                ("a pipe", &|path| mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap()),
                ("a link", &|path| symlink("/dev/zero", path).unwrap()),
                ("a link", &|path| symlink("/nowhere/at/all", path).unwrap()),
                ("a link", &|path| symlink(path.with_file_name("real"), path).unwrap()),
                ("a socket", &|path| drop(UnixListener::bind(path).unwrap())),
                ("a folder", &|path| fs::create_dir(path).unwrap()),
            ];
            for (name, make) in made {
                let folder = folder(&[]);
                if place.starts_with(HISTORY) {
                    fs::write(folder.path().join(format!("{STEM}.csv")), write("csv", &HEADINGS, ROWS)).unwrap();
                }
                let path = folder.path().join(&place);
                fs::write(path.with_file_name("real"), write(form, &HEADINGS, ROWS)).unwrap();
                make(&path);
                let (error, took) = opened(&Files::new(folder.path()));
                assert!(
                    error.rule() == "not_a_file" && error.to_string().contains(name) && error.to_string().contains(STEM),
                    "{place}: {error}"
                );
                assert!(took < Duration::from_secs(5), "{place}: {name}");
            }
        }
    }
}

#[test]
fn a_folder_of_histories_that_lies_elsewhere_is_refused() {
    let (here, elsewhere) = (tempdir().unwrap(), tempdir().unwrap());
    for folder in [here.path(), elsewhere.path()] {
        fs::write(folder.join(format!("{STEM}.csv")), write("csv", &HEADINGS, ROWS)).unwrap();
    }
    symlink(elsewhere.path(), here.path().join(HISTORY)).unwrap();
    let (error, _) = opened(&Files::new(here.path()));
    assert!(error.rule() == "not_a_file" && error.to_string().contains(HISTORY), "{error}");
}

#[test]
fn the_drop_folder_itself_may_lie_elsewhere() {
    let (here, elsewhere) = (tempdir().unwrap(), folder(&[(&format!("{STEM}.csv"), &write("csv", &HEADINGS, ROWS))]));
    let link = here.path().join("extracts");
    symlink(elsewhere.path(), &link).unwrap();
    assert_eq!(read_as(&Files::new(&link), TABLE).unwrap().rows.len(), ROWS.len());
}

#[test]
fn a_file_of_too_many_bytes_is_refused_before_it_is_read() {
    let folder = folder(&[]);
    for form in FORMS {
        let path = folder.path().join(format!("{STEM}.{form}"));
        // A hole: it takes no room on the disk.
        fs::File::create(&path).unwrap().set_len(1 << 43).unwrap();
        let (error, took) = opened(&Files::new(folder.path()));
        assert!(error.rule() == "too_large" && took < Duration::from_secs(5), "{form}: {error}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn no_file_is_read_beyond_the_night_s_deadline() {
    let many: Vec<Row> = vec![ROWS[0]; crate::row_builder::BATCH_ROWS + 1];
    for form in FORMS {
        let folder = folder(&[(&format!("{STEM}.{form}"), &write(form, &HEADINGS, &many))]);
        let files = Files::new(folder.path());
        let late = Request { deadline: Instant::now(), ..request(TABLE, None, folder.path()) };
        assert_eq!(files.open(&late).unwrap_err().rule(), "deadline", "{form}");
    }
    // It passes between two batches.
    let folder = folder(&[(&format!("{STEM}.csv"), &write("csv", &HEADINGS, &many))]);
    let soon = Request { deadline: Instant::now() + Duration::from_secs(2), ..request(TABLE, None, folder.path()) };
    let Fetched::Rows(mut rows) = Files::new(folder.path()).open(&soon).unwrap() else { panic!("nothing is remembered") };
    rows.next().unwrap().unwrap();
    std::thread::sleep(soon.deadline.saturating_duration_since(Instant::now()));
    assert_eq!(rows.next().unwrap().unwrap_err().rule(), "deadline");
    assert!(rows.next().is_none());
}

#[test]
fn a_drop_folder_that_others_may_write_to_is_complained_about() {
    let folder = folder(&[(&format!("{STEM}.csv"), b"")]);
    let set = |name: &str, mode| fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    let closed = || Files::new(folder.path()).closed();
    let file = &format!("{STEM}.csv");
    for name in ["", HISTORY, file] {
        for (at, mode) in [("", 0o755), (HISTORY, 0o755), (file, 0o644)] {
            set(at, mode);
        }
        assert!(closed().is_ok(), "{name}");
        for mode in [0o777, 0o775, 0o757, 0o772, 0o1777] {
            set(name, mode);
            let said = closed().unwrap_err();
            assert!(said.contains("chmod go-w"), "{name} {mode:o}: {said}");
        }
    }
    assert!(Files::new(&folder.path().join("nowhere")).closed().is_ok());
}
