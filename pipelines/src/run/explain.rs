//! `virsis run --explain`: for each step of a night, whether it ran and why.

use publish::Published;
use transforms::{RunReason, SqlResults};

use crate::sources::source::{Sources, Verdict};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) ran: bool,
    pub(crate) why: String,
}

/// Which extracts brought something new.
pub(crate) fn reading(sources: &Sources) -> Vec<Step> {
    let step = |(table, source): (&&str, &crate::sources::source::Source)| {
        let why = match (source.verdict, &source.trouble) {
            (Verdict::Fresh, _) => "the extract brings something new".to_owned(),
            (Verdict::Unchanged, _) => "the extract brings nothing new".to_owned(),
            (Verdict::Stale, trouble) => {
                format!("the last good extract stands in: {}", trouble.as_ref().map_or("not reached", |trouble| trouble.rule))
            }
        };
        Step { name: format!("read {table}"), ran: source.verdict == Verdict::Fresh, why }
    };
    sources.iter().map(step).collect()
}

/// What models and checks ran, and which tables are to be written; `why_not` says why nothing of an earlier night could be used.
pub(crate) fn making(made: &SqlResults, changed_core: &[String], why_not: Option<&str>) -> Vec<Step> {
    let first = || why_not.unwrap_or("it is new").to_owned();
    let core = match (why_not, changed_core) {
        (Some(why_not), _) => why_not.to_owned(),
        (None, []) => "an extract changed; no core table did".to_owned(),
        (None, names) => format!("an extract changed; then also {}", names.join(", ")),
    };
    let mut steps = vec![Step { name: "build core tables".to_owned(), ran: true, why: core }];
    steps.extend(made.statements.iter().map(|step| Step {
        name: format!("{} {}", step.kind, step.name),
        ran: step.reason.is_some(),
        why: match &step.reason {
            None => "SQL and inputs are those of last time".to_owned(),
            Some(RunReason::First) => first(),
            Some(RunReason::Sql) => "its SQL changed".to_owned(),
            Some(RunReason::Needs(names)) => format!("changed: {}", names.join(", ")),
        },
    }));
    for step in made.statements.iter().filter(|step| step.kind == "model") {
        let changed = made.changed.contains_key(&step.name);
        let why = match (changed, why_not) {
            (true, Some(why_not)) => why_not.to_owned(),
            (true, None) => "its rows changed".to_owned(),
            (false, _) => "its rows are those of the latest release; the files are linked".to_owned(),
        };
        steps.push(Step { name: format!("write {}", step.name), ran: changed, why });
    }
    steps
}

/// Which pages were rendered.
pub(crate) fn rendering(published: &Published) -> Step {
    let why = format!("{} of {} show something else; the others are linked", published.pages_rendered, published.pages);
    Step { name: "render pages".to_owned(), ran: published.pages_rendered > 0, why }
}

/// Prints the steps as a table.
pub(crate) fn print(steps: &[Step]) {
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for Step { name, ran, why } in steps {
        println!("{:<7} {name:<width$}  {why}", if *ran { "ran" } else { "skipped" });
    }
}
