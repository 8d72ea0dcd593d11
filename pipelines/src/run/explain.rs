//! `virsis run --explain`: for each step of a run, whether it ran and why.

use publish::Published;
use transforms::{RunReason, SqlResults};

use crate::sources::source::{Sources, Verdict};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepReport {
    pub(crate) name: String,
    pub(crate) ran: bool,
    pub(crate) why: String,
}

/// The steps of reading the sources.
pub(crate) fn reading(sources: &Sources) -> Vec<StepReport> {
    let step = |(table, source): (&&str, &crate::sources::source::Source)| {
        let why = match (source.verdict, &source.trouble) {
            (Verdict::Fresh, _) => "the extract has new data".to_owned(),
            (Verdict::Unchanged, _) => "the extract has nothing new".to_owned(),
            (Verdict::Stale, trouble) => {
                format!("the last good extract is used: {}", trouble.as_ref().map_or("not reached", |trouble| trouble.rule))
            }
        };
        StepReport { name: format!("read {table}"), ran: source.verdict == Verdict::Fresh, why }
    };
    sources.iter().map(step).collect()
}

/// The steps of models, checks and tables; `why_not` says why nothing of the previous run could be used.
pub(crate) fn making(made: &SqlResults, changed_core: &[String], why_not: Option<&str>) -> Vec<StepReport> {
    let first = || why_not.unwrap_or("it is new").to_owned();
    let core = match (why_not, changed_core) {
        (Some(why_not), _) => why_not.to_owned(),
        (None, []) => "an extract changed; no core table did".to_owned(),
        (None, names) => format!("an extract changed; then also {}", names.join(", ")),
    };
    let mut steps = vec![StepReport { name: "build core tables".to_owned(), ran: true, why: core }];
    steps.extend(made.statements.iter().map(|step| StepReport {
        name: format!("{} {}", step.kind, step.name),
        ran: step.reason.is_some(),
        why: match &step.reason {
            None => "SQL and inputs are unchanged".to_owned(),
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
            (false, _) => "its rows are unchanged; the files are linked".to_owned(),
        };
        steps.push(StepReport { name: format!("write {}", step.name), ran: changed, why });
    }
    steps
}

/// The step of rendering pages.
pub(crate) fn rendering(published: &Published) -> StepReport {
    let why = format!("{} of {} changed; the others are linked", published.pages_rendered, published.pages);
    StepReport { name: "render pages".to_owned(), ran: published.pages_rendered > 0, why }
}
