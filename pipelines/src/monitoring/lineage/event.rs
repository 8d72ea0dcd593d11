//! Events as OpenLineage 2-0-2 defines them, with those of its facets that a night can fill.

use catalog::Table;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Who says it: this program.
const PRODUCER: &str = env!("CARGO_PKG_REPOSITORY");
const SPECIFICATION: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// A table that a night has made anew.
#[derive(Debug, Clone)]
pub(crate) struct MadeTable {
    pub(crate) name: String,
    /// The tables that its statement reads.
    pub(crate) needs: Vec<String>,
    /// Rows in the internal tier.
    pub(crate) rows: u64,
    fields: Vec<Value>,
}

impl MadeTable {
    pub(crate) fn new(table: &Table, needs: &[String], rows: usize) -> Self {
        let fields = table.columns.iter().map(|column| {
            let column = &column.column;
            json!({"name": column.name, "type": column.kind.sql(), "description": column.title.en})
        });
        Self { name: table.name.clone(), needs: needs.to_vec(), rows: rows as u64, fields: fields.collect() }
    }
}

/// What happened to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventType {
    Start,
    Complete,
    Fail,
}

impl EventType {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::Complete => "COMPLETE",
            Self::Fail => "FAIL",
        }
    }
}

/// A job by its name.
#[derive(Debug, Clone)]
pub(super) struct Job<'a> {
    pub(super) namespace: &'a str,
    pub(super) name: String,
}

impl Job<'_> {
    fn named(&self) -> Value {
        json!({"namespace": self.namespace, "name": self.name})
    }
}

/// A table as an event names it.
#[derive(Debug, Clone)]
pub(super) struct Dataset(Value);

impl Dataset {
    /// One that is read, with its number of rows where it is known.
    pub(super) fn read(namespace: &str, name: &str, rows: Option<u64>) -> Self {
        let mut dataset = json!({"namespace": namespace, "name": name});
        if let Some(rows) = rows {
            dataset["inputFacets"] =
                json!({"inputStatistics": facet("1-0-0", "InputStatisticsInputDatasetFacet", json!({"rowCount": rows}))});
        }
        Self(dataset)
    }

    /// One that is made, with its columns as they are defined.
    pub(super) fn made(namespace: &str, table: &MadeTable) -> Self {
        Self(json!({
            "namespace": namespace, "name": table.name,
            "facets": {"schema": facet("1-2-0", "SchemaDatasetFacet", json!({"fields": table.fields}))},
            "outputFacets": {"outputStatistics": facet("1-0-2", "OutputStatisticsOutputDatasetFacet", json!({"rowCount": table.rows}))},
        }))
    }
}

/// One event, as it is written.
#[derive(Debug, Clone)]
pub(super) struct Event(pub(super) Value);

impl Event {
    pub(super) fn new(kind: EventType, when: DateTime<Utc>, run: Uuid, job: &Job<'_>) -> Self {
        let engine = facet("1-1-1", "ProcessingEngineRunFacet", json!({"name": "VIRSIS Open", "version": env!("CARGO_PKG_VERSION")}));
        let job_type = facet("2-0-4", "JobTypeJobFacet", json!({"processingType": "BATCH", "integration": "VIRSIS", "jobType": "JOB"}));
        let mut named = job.named();
        named["facets"] = json!({"jobType": job_type});
        Self(json!({
            "eventType": kind.name(),
            "eventTime": when.to_rfc3339_opts(SecondsFormat::Millis, true),
            "producer": PRODUCER,
            "schemaURL": SPECIFICATION,
            "run": {"runId": run.to_string(), "facets": {"processing_engine": engine}},
            "job": named,
            "inputs": [],
            "outputs": [],
        }))
    }

    /// As a part of another run.
    pub(super) fn within(mut self, run: Uuid, job: &Job<'_>) -> Self {
        self.0["run"]["facets"]["parent"] =
            facet("1-2-0", "ParentRunFacet", json!({"run": {"runId": run.to_string()}, "job": job.named()}));
        self
    }

    /// With the reason for which it failed, as the ledger has it: names and counts, never a cell's value.
    pub(super) fn failed(mut self, reason: &str) -> Self {
        self.0["run"]["facets"]["errorMessage"] =
            facet("1-0-1", "ErrorMessageRunFacet", json!({"message": reason, "programmingLanguage": "Rust"}));
        self
    }

    pub(super) fn reads(mut self, inputs: Vec<Dataset>) -> Self {
        self.0["inputs"] = inputs.into_iter().map(|dataset| dataset.0).collect();
        self
    }

    pub(super) fn makes(mut self, outputs: Vec<Dataset>) -> Self {
        self.0["outputs"] = outputs.into_iter().map(|dataset| dataset.0).collect();
        self
    }
}

/// A facet says who made it and by which definition.
fn facet(version: &str, name: &str, content: Value) -> Value {
    let address = format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}");
    let mut facet = Map::from_iter([("_producer".to_owned(), PRODUCER.into()), ("_schemaURL".to_owned(), address.into())]);
    if let Value::Object(content) = content {
        facet.extend(content);
    }
    Value::Object(facet)
}
