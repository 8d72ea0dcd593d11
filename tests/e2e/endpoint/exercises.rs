//! Every exercise of every role, done in a browser as its text says (`tests/peers/browser/exercises.mjs`).

use super::browser::{modules, run_script};
use super::training::School;

#[test]
fn each_exercise_of_each_role_is_done_step_by_step_as_it_is_written() {
    let Some(modules) = modules() else { return };
    let (school, _) = School::make();
    let _lesson = school.serve();
    let origin = |port: u16| format!("http://127.0.0.1:{port}");
    let settings = serde_json::json!({
        "origin": origin(school.ports[0]), "helper": origin(school.ports[1]), "letters": school.folder.path().join("letters"),
        "virsis": env!("CARGO_BIN_EXE_virsis"), "configuration": school.settings(),
    });
    run_script(&modules, "exercises", settings, |_| panic!("the helper signs"));
}
