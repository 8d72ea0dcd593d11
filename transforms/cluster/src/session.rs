//! One session on a cluster: settings that are read back, and plans that are executed.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use crate::messages::{
    AnalyzePlanRequest, AnalyzePlanResponse, AskInputFiles, AskSparkVersion, CollectMetrics, Command, CommandKind, ConfigKind,
    ConfigOperation, ConfigRequest, ConfigResponse, ExecutePlanRequest, ExecutePlanResponse, Expression, ExpressionString, GetKeys,
    KeyValue, Plan, PlanKind, Relation, RelationKind, ReleaseSessionRequest, ReleaseSessionResponse, SetPairs, Sql, UserContext,
    WriteOperation,
};
use crate::trouble::Trouble;

const EXECUTE: &str = "/spark.connect.SparkConnectService/ExecutePlan";
const ANALYZE: &str = "/spark.connect.SparkConnectService/AnalyzePlan";
const CONFIG: &str = "/spark.connect.SparkConnectService/Config";
const RELEASE: &str = "/spark.connect.SparkConnectService/ReleaseSession";

/// The user of all calls: a session is one of a user, and settings that are sent under another name would silently hold for nobody.
const USER: &str = "virsis";
/// How long a connection, and an answer to a short question, may take.
const SHORT: Duration = Duration::from_secs(60);
/// How often a server that is silent is asked whether it is still there, and how long it has to say so.
const STILL_THERE: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(20));

/// Under which name rows are counted while they are written.
const COUNTED: &str = "rows";

/// What decides a result, or what a statement can reach. `spark.sql.shuffle.partitions` comes to it.
const SETTINGS: &[(&str, &str)] = &[
    // Without it what does not fit becomes null.
    ("spark.sql.ansi.enabled", "true"),
    ("spark.sql.ansi.doubleQuotedIdentifiers", "true"),
    ("spark.sql.session.timeZone", "UTC"),
    ("spark.sql.caseSensitive", "false"),
    ("spark.sql.decimalOperations.allowPrecisionLoss", "true"),
    // No file that a statement names, and nothing put into its text.
    ("spark.sql.runSQLOnFiles", "false"),
    ("spark.sql.variable.substitute", "false"),
    // Two quotes in a text are one.
    ("spark.sql.legacy.consecutiveStringLiterals.enabled", "false"),
    ("spark.sql.parser.escapedStringLiterals", "false"),
    // A file that is not there is never an empty one.
    ("spark.sql.files.ignoreCorruptFiles", "false"),
    ("spark.sql.files.ignoreMissingFiles", "false"),
    ("spark.sql.files.maxRecordsPerFile", "0"),
    ("spark.sql.parquet.compression.codec", "zstd"),
    ("spark.sql.parquet.writeLegacyFormat", "false"),
    ("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED"),
    ("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED"),
    ("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED"),
    ("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED"),
];
const PARTITIONS: &str = "spark.sql.shuffle.partitions";

/// What the cluster itself must have been started with, each line by one of its settings: rows about persons pass between its machines, and lie
/// in scratch files of theirs.
const OF_THE_CLUSTER: &[(&[&str], &str)] = &[
    (&["spark.authenticate"], "its machines would take orders from any other"),
    (&["spark.network.crypto.enabled", "spark.ssl.rpc.enabled"], "rows would travel between its machines in the clear"),
    (&["spark.io.encryption.enabled"], "rows would stay readable in scratch files of its machines"),
];

/// How the cluster is reached.
#[derive(Clone)]
pub(crate) struct Remote {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    /// PEM; none means the authorities of the operating system.
    pub(crate) authorities: Option<Vec<u8>>,
    pub(crate) token: String,
    pub(crate) partitions: u32,
    pub(crate) statement: Duration,
}

/// A session. It is released when it is dropped, which ends whatever it has running.
pub(crate) struct Session {
    runtime: Runtime,
    channel: Channel,
    bearer: MetadataValue<Ascii>,
    id: String,
    /// The server's own name of it: a server that was started anew has another one, with other settings.
    server_side: Option<String>,
    statement: Duration,
}

impl Session {
    /// Connects, and makes sure of the token and of the settings.
    pub(crate) fn open(remote: &Remote) -> Result<Self, Trouble> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Trouble(format!("no thread for the connection: {error}")))?;
        let bearer = format!("Bearer {}", remote.token).parse::<MetadataValue<Ascii>>();
        let mut bearer = bearer.map_err(|_| Trouble::new("the token has signs that none can have; see engine.token_file"))?;
        bearer.set_sensitive(true);
        let endpoint = endpoint(remote)?;
        let channel = runtime.block_on(endpoint.connect()).map_err(|error| Trouble::of_transport(&error))?;
        let id = uuid::Uuid::new_v4().to_string();
        let mut session = Self { runtime, channel, bearer, id, server_side: None, statement: remote.statement };
        session.must_ask_for_the_token()?;
        session.configure(remote.partitions)?;
        Ok(session)
    }

    /// The version of the cluster.
    pub(crate) fn version(&mut self) -> Result<String, Trouble> {
        let question = AnalyzePlanRequest { spark_version: Some(AskSparkVersion {}), ..self.question() };
        let answer: AnalyzePlanResponse = self.ask(ANALYZE, question, SHORT)?;
        self.same(&answer.session_id, &answer.server_side_session_id)?;
        let version = answer.spark_version.unwrap_or_default().version;
        let known = version.len() < 30 && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        known.then_some(version).ok_or_else(|| Trouble::new("the cluster does not say its version"))
    }

    /// The files that a statement would read.
    pub(crate) fn input_files(&mut self, sql: &str) -> Result<Vec<String>, Trouble> {
        let plan = Some(Plan { kind: Some(PlanKind::Root(statement(sql))) });
        let question = AnalyzePlanRequest { input_files: Some(AskInputFiles { plan }), ..self.question() };
        let answer: AnalyzePlanResponse = self.ask(ANALYZE, question, self.statement)?;
        self.same(&answer.session_id, &answer.server_side_session_id)?;
        answer.input_files.map(|found| found.files).ok_or_else(|| Trouble::new("the cluster does not say which files a statement reads"))
    }

    /// Writes what a statement gives as Parquet into a new folder; gives how many rows its workers made.
    pub(crate) fn write(&mut self, sql: &str, folder: &str) -> Result<u64, Trouble> {
        let count = Expression { expression_string: Some(ExpressionString { expression: "count(1)".to_owned() }) };
        let counted = CollectMetrics { input: Some(statement(sql)), name: COUNTED.to_owned(), metrics: vec![count] };
        let input = Relation { kind: Some(RelationKind::CollectMetrics(Box::new(counted))) };
        let write = WriteOperation {
            input: Some(input),
            source: Some("parquet".to_owned()),
            path: Some(folder.to_owned()),
            mode: WriteOperation::NEW,
        };
        let counts = self.execute(PlanKind::Command(Command { kind: Some(CommandKind::Write(write)) }))?;
        counts.ok_or_else(|| Trouble::new("the cluster does not say how many rows it made"))
    }

    /// Executes a plan to its end; gives the rows that were counted, if any were to be.
    pub(crate) fn execute(&mut self, plan: PlanKind) -> Result<Option<u64>, Trouble> {
        let question = ExecutePlanRequest {
            session_id: self.id.clone(),
            user_context: user(),
            plan: Some(Plan { kind: Some(plan) }),
            client_observed_server_side_session_id: self.server_side.clone(),
        };
        let (mut grpc, request) = (self.grpc(), self.request(question, self.statement));
        let answers = async {
            grpc.ready().await.map_err(|error| Trouble::of_transport(&error))?;
            let codec = ProstCodec::<ExecutePlanRequest, ExecutePlanResponse>::default();
            let answers = grpc.server_streaming(request, PathAndQuery::from_static(EXECUTE), codec).await;
            let mut answers = answers.map_err(|status| Trouble::of(&status))?.into_inner();
            let (mut counted, mut named) = (None, None);
            while let Some(answer) = answers.message().await.map_err(|status| Trouble::of(&status))? {
                for metrics in answer.observed_metrics.iter().filter(|metrics| metrics.name == COUNTED) {
                    counted = metrics.values.first().and_then(|value| u64::try_from(value.long?).ok());
                }
                named = Some((answer.session_id, answer.server_side_session_id));
            }
            Ok::<_, Trouble>((counted, named))
        };
        let limit = self.statement;
        let (counted, named) =
            self.runtime.block_on(async { tokio::time::timeout(limit, answers).await.unwrap_or_else(|_| Err(too_long())) })?;
        // Commands may end without a word; that the session is still the same the server made sure of.
        if let Some((session, server_side)) = named {
            self.same(&session, &server_side)?;
        }
        Ok(counted)
    }

    /// Settings are sent and read back: one that does not hold could change a result without a word.
    fn configure(&mut self, partitions: u32) -> Result<(), Trouble> {
        let partitions = partitions.to_string();
        let wanted: Vec<(&str, &str)> = SETTINGS.iter().copied().chain([(PARTITIONS, partitions.as_str())]).collect();
        let pairs = wanted.iter().map(|(key, value)| KeyValue { key: (*key).to_owned(), value: Some((*value).to_owned()) }).collect();
        self.config(ConfigKind::Set(SetPairs { pairs }))?;
        let of_the_cluster = OF_THE_CLUSTER.iter().flat_map(|(keys, _)| keys.iter().copied());
        let keys = wanted.iter().map(|(key, _)| *key).chain(of_the_cluster).map(str::to_owned).collect();
        let held = self.config(ConfigKind::GetOption(GetKeys { keys }))?;
        let is = |key: &str, value: &str| {
            let found = held.iter().filter(|pair| pair.key == key).map(|pair| pair.value.as_deref());
            found.eq([Some(value)])
        };
        if let Some((key, value)) = wanted.iter().find(|(key, value)| !is(key, value)) {
            return Err(Trouble(format!("the cluster does not keep the setting {key} = {value}, without which results could be others")));
        }
        if let Some((keys, why)) = OF_THE_CLUSTER.iter().find(|(keys, _)| !keys.iter().any(|key| is(key, "true"))) {
            return Err(Trouble(format!("the cluster was started without {} = true: {why}; see docs/scale.md", keys.join(" or "))));
        }
        Ok(())
    }

    fn config(&mut self, kind: ConfigKind) -> Result<Vec<KeyValue>, Trouble> {
        let question = ConfigRequest {
            session_id: self.id.clone(),
            user_context: user(),
            operation: Some(ConfigOperation { kind: Some(kind) }),
            client_observed_server_side_session_id: self.server_side.clone(),
        };
        let answer: ConfigResponse = self.ask(CONFIG, question, SHORT)?;
        self.same(&answer.session_id, &answer.server_side_session_id)?;
        Ok(answer.pairs)
    }

    /// A server that answers whoever has no token lets anybody who reaches it read the shared folder.
    fn must_ask_for_the_token(&self) -> Result<(), Trouble> {
        let mut request = Request::new(AnalyzePlanRequest {
            session_id: uuid::Uuid::new_v4().to_string(),
            spark_version: Some(AskSparkVersion {}),
            ..self.question()
        });
        request.set_timeout(SHORT);
        match self.unary::<_, AnalyzePlanResponse>(ANALYZE, request)? {
            Err(status) if status.code() == Code::Unauthenticated => Ok(()),
            Err(status) => Err(Trouble::of(&status)),
            Ok(_) => Err(Trouble::new(
                "the cluster answers whoever asks: start its Spark Connect server with spark.connect.authenticate.token, see docs/scale.md",
            )),
        }
    }

    /// Every answer must be of this session, and of the same server all the time.
    fn same(&mut self, session: &str, server_side: &str) -> Result<(), Trouble> {
        let known = self.server_side.get_or_insert_with(|| server_side.to_owned());
        if session == self.id && known == server_side {
            return Ok(());
        }
        Err(Trouble::new("the cluster answers for another session: its Spark Connect server was started anew; run again"))
    }

    fn question(&self) -> AnalyzePlanRequest {
        AnalyzePlanRequest {
            session_id: self.id.clone(),
            user_context: user(),
            client_observed_server_side_session_id: self.server_side.clone(),
            ..AnalyzePlanRequest::default()
        }
    }

    fn ask<Q, A>(&self, path: &'static str, question: Q, limit: Duration) -> Result<A, Trouble>
    where
        Q: prost::Message + Default + Send + Sync + 'static,
        A: prost::Message + Default + Send + Sync + 'static,
    {
        self.unary(path, self.request(question, limit))?.map_err(|status| Trouble::of(&status))
    }

    fn unary<Q, A>(&self, path: &'static str, request: Request<Q>) -> Result<Result<A, Status>, Trouble>
    where
        Q: prost::Message + Default + Send + Sync + 'static,
        A: prost::Message + Default + Send + Sync + 'static,
    {
        let mut grpc = self.grpc();
        self.runtime.block_on(async {
            grpc.ready().await.map_err(|error| Trouble::of_transport(&error))?;
            let answer = grpc.unary(request, PathAndQuery::from_static(path), ProstCodec::<Q, A>::default()).await;
            Ok(answer.map(tonic::Response::into_inner))
        })
    }

    fn grpc(&self) -> Grpc<Channel> {
        Grpc::new(self.channel.clone())
    }

    fn request<Q>(&self, question: Q, limit: Duration) -> Request<Q> {
        let mut request = Request::new(question);
        request.set_timeout(limit);
        request.metadata_mut().insert("authorization", self.bearer.clone());
        request
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Best effort: a server that is gone has nothing left to end.
        let question = ReleaseSessionRequest { session_id: self.id.clone(), user_context: user() };
        let _ = self.ask::<_, ReleaseSessionResponse>(RELEASE, question, Duration::from_secs(10));
    }
}

fn endpoint(remote: &Remote) -> Result<Endpoint, Trouble> {
    let failed = |error: tonic::transport::Error| Trouble::of_transport(&error);
    let scheme = if remote.tls { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{}:{}", remote.host, remote.port)).map_err(failed)?;
    let endpoint = endpoint
        .connect_timeout(Duration::from_secs(15))
        .http2_keep_alive_interval(STILL_THERE.0)
        .keep_alive_timeout(STILL_THERE.1)
        .tcp_nodelay(true)
        .user_agent("virsis")
        .map_err(failed)?;
    if !remote.tls {
        return Ok(endpoint);
    }
    let tls = match &remote.authorities {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    endpoint.tls_config(tls).map_err(failed)
}

pub(crate) fn statement(sql: &str) -> Relation {
    Relation { kind: Some(RelationKind::Sql(Sql { query: sql.to_owned() })) }
}

fn user() -> Option<UserContext> {
    Some(UserContext { user_id: USER.to_owned(), user_name: USER.to_owned() })
}

fn too_long() -> Trouble {
    Trouble::of(&Status::deadline_exceeded(""))
}
