//! The few messages of Spark Connect that are used here, with the numbers that `spark/connect/*.proto` of Apache Spark 4 gives their fields.
//!
//! They are written by hand because the generated ones (`apache-spark-connect-proto`) need `protoc`, and what generates them asks crates that
//! DuckDB is built with for other features, so that DuckDB would be compiled a second time. Fields that are not listed are skipped by readers.

use std::collections::HashMap;

use prost::{Message, Oneof};

/// Who asks: together with the session's id it names the session.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct UserContext {
    #[prost(string, tag = "1")]
    pub(crate) user_id: String,
    #[prost(string, tag = "2")]
    pub(crate) user_name: String,
}

/// What is to be executed or analysed.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Plan {
    #[prost(oneof = "PlanKind", tags = "1, 2")]
    pub(crate) kind: Option<PlanKind>,
}

/// Rows, or something to do.
#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum PlanKind {
    #[prost(message, tag = "1")]
    Root(Relation),
    #[prost(message, tag = "2")]
    Command(Command),
}

/// Rows.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Relation {
    #[prost(oneof = "RelationKind", tags = "2, 10, 29, 200")]
    pub(crate) kind: Option<RelationKind>,
}

/// Where rows come from.
#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum RelationKind {
    #[prost(message, tag = "2")]
    Read(Read),
    #[prost(message, tag = "10")]
    Sql(Sql),
    #[prost(message, boxed, tag = "29")]
    CollectMetrics(Box<CollectMetrics>),
    #[prost(message, tag = "200")]
    Catalog(Catalog),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Read {
    #[prost(message, optional, tag = "2")]
    pub(crate) data_source: Option<DataSource>,
}

/// Files.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DataSource {
    #[prost(string, optional, tag = "1")]
    pub(crate) format: Option<String>,
    /// In the words of a CREATE TABLE.
    #[prost(string, optional, tag = "2")]
    pub(crate) schema: Option<String>,
    #[prost(map = "string, string", tag = "3")]
    pub(crate) options: HashMap<String, String>,
    #[prost(string, repeated, tag = "4")]
    pub(crate) paths: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Sql {
    #[prost(string, tag = "1")]
    pub(crate) query: String,
}

/// Rows, and what is counted while they are made.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CollectMetrics {
    #[prost(message, optional, tag = "1")]
    pub(crate) input: Option<Relation>,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "3")]
    pub(crate) metrics: Vec<Expression>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Expression {
    #[prost(message, optional, tag = "4")]
    pub(crate) expression_string: Option<ExpressionString>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ExpressionString {
    #[prost(string, tag = "1")]
    pub(crate) expression: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Catalog {
    #[prost(message, optional, tag = "15")]
    pub(crate) drop_temp_view: Option<DropTempView>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct DropTempView {
    #[prost(string, tag = "1")]
    pub(crate) view_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Command {
    #[prost(oneof = "CommandKind", tags = "2, 3")]
    pub(crate) kind: Option<CommandKind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum CommandKind {
    #[prost(message, tag = "2")]
    Write(WriteOperation),
    #[prost(message, tag = "3")]
    CreateView(CreateView),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WriteOperation {
    #[prost(message, optional, tag = "1")]
    pub(crate) input: Option<Relation>,
    #[prost(string, optional, tag = "2")]
    pub(crate) source: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) path: Option<String>,
    #[prost(int32, tag = "5")]
    pub(crate) mode: i32,
}

impl WriteOperation {
    /// `SAVE_MODE_ERROR_IF_EXISTS`
    pub(crate) const NEW: i32 = 3;
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct CreateView {
    #[prost(message, optional, tag = "1")]
    pub(crate) input: Option<Relation>,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(bool, tag = "3")]
    pub(crate) is_global: bool,
    #[prost(bool, tag = "4")]
    pub(crate) replace: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ExecutePlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(message, optional, tag = "3")]
    pub(crate) plan: Option<Plan>,
    #[prost(string, optional, tag = "8")]
    pub(crate) client_observed_server_side_session_id: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ExecutePlanResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, repeated, tag = "6")]
    pub(crate) observed_metrics: Vec<ObservedMetrics>,
    #[prost(string, tag = "15")]
    pub(crate) server_side_session_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ObservedMetrics {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) values: Vec<Literal>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Literal {
    #[prost(int64, optional, tag = "7")]
    pub(crate) long: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AnalyzePlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(message, optional, tag = "9")]
    pub(crate) input_files: Option<AskInputFiles>,
    #[prost(message, optional, tag = "10")]
    pub(crate) spark_version: Option<AskSparkVersion>,
    #[prost(string, optional, tag = "17")]
    pub(crate) client_observed_server_side_session_id: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskInputFiles {
    #[prost(message, optional, tag = "1")]
    pub(crate) plan: Option<Plan>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskSparkVersion {}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AnalyzePlanResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) input_files: Option<InputFiles>,
    #[prost(message, optional, tag = "8")]
    pub(crate) spark_version: Option<SparkVersion>,
    #[prost(string, tag = "15")]
    pub(crate) server_side_session_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct InputFiles {
    #[prost(string, repeated, tag = "1")]
    pub(crate) files: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SparkVersion {
    #[prost(string, tag = "1")]
    pub(crate) version: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(message, optional, tag = "3")]
    pub(crate) operation: Option<ConfigOperation>,
    #[prost(string, optional, tag = "8")]
    pub(crate) client_observed_server_side_session_id: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigOperation {
    #[prost(oneof = "ConfigKind", tags = "1, 4")]
    pub(crate) kind: Option<ConfigKind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum ConfigKind {
    #[prost(message, tag = "1")]
    Set(SetPairs),
    #[prost(message, tag = "4")]
    GetOption(GetKeys),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SetPairs {
    #[prost(message, repeated, tag = "1")]
    pub(crate) pairs: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GetKeys {
    #[prost(string, repeated, tag = "1")]
    pub(crate) keys: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct KeyValue {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) value: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) pairs: Vec<KeyValue>,
    #[prost(string, tag = "4")]
    pub(crate) server_side_session_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReleaseSessionRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReleaseSessionResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
}
