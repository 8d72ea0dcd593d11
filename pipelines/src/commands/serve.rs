//! `virsis serve`: runs the schedules, previews the portal on the loopback address and serves the form endpoint, metrics and the health
//! check.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{RwLock, watch};
use tokio_cron_scheduler::{Job, JobScheduler};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::commands::demo;
use crate::config::Config;
use crate::endpoint;
use crate::endpoint::audit_head;
use crate::monitoring;
use crate::run::{self, Completed, RunOptions, RunReport};
use crate::schedule::{Schedule, WhenLate};
use crate::state::ledger;
use crate::state::serving;

/// Headers that let the browser show the pages, run what asks the database, and nothing else.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-cache"),
];

/// How often the head of the audit log is recorded.
const NOTE_EVERY: Duration = Duration::from_secs(600);
/// Longest time to wait for open responses of the preview and of the metrics when the program stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// Exit code after a second signal.
const ENDED_AT_ONCE: i32 = 2;

pub(crate) fn run(config: Config) -> Result<()> {
    let _serving = serving::take(&config.paths.state, "two of them would write to one store")?;
    let schedules = config.serve.schedules.iter().map(|name| Schedule::load(&config.home, name)).collect::<Result<Vec<_>>>()?;
    let endpoint = if config.forms.enabled { Some(Arc::new(endpoint::app(&config)?)) } else { None };
    if endpoint.is_some() {
        audit_head::begin(&config)?;
    }
    let helper = endpoint::training::helper(&config, demo::again(&config), demo::serve(&config))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(serve(Arc::new(config), schedules, endpoint, helper))
}

async fn serve(
    config: Arc<Config>,
    schedules: Vec<Schedule>,
    endpoint: Option<Arc<forms::App>>,
    helper: Option<training::Helper>,
) -> Result<()> {
    let ending = ending();
    let scheduler = JobScheduler::new().await.context("cannot start the scheduler")?;
    let runs = ScheduledRuns { config: config.clone(), in_progress: Arc::default() };
    for schedule in schedules {
        let last = ledger::read(&config.paths.state)?.last().map(|run| run.started);
        if schedule.when_late == WhenLate::RunOnce && schedule.missed(last, Utc::now())? {
            tracing::warn!(schedule = schedule.name, "a scheduled time was missed; running once now");
            let runs = runs.clone();
            tokio::spawn(async move { runs.run().await });
        }
        arm(scheduler.clone(), runs.clone(), Arc::new(schedule), Utc::now()).await?;
    }
    scheduler.start().await.context("cannot start the scheduler")?;
    let listener = listen(config.serve.address, "serve.address").await?;
    println!("portal on http://{} (Ctrl-C to stop)", listener.local_addr()?);
    let portal = answer(listener, portal(&config), ending.clone());
    let watched = match config.metrics.listen {
        Some(address) => {
            let listener = listen(address, "metrics.listen").await?;
            println!("metrics on http://{}/metrics, health beside it on /health", listener.local_addr()?);
            Some(answer(listener, monitoring::listener::router(config.clone(), endpoint.clone()), ending.clone()))
        }
        None => None,
    };
    let watched = async {
        match watched {
            Some(watched) => watched.await,
            None => Ok(()),
        }
    };
    let practised = match (helper, &config.training) {
        (Some(helper), Some(training)) => {
            let listener = listen(training.listen, "training.listen").await?;
            println!("training on http://{}: accounts, exercises, practice signatures", listener.local_addr()?);
            Some(answer(listener, helper.router(), ending.clone()))
        }
        _ => None,
    };
    let practised = async {
        match practised {
            Some(practised) => practised.await,
            None => Ok(()),
        }
    };
    let portal = async { tokio::try_join!(portal, watched, practised).map(drop) };
    let Some(endpoint) = endpoint else {
        portal.await?;
        runs.finished().await;
        return Ok(());
    };
    if let Some(doubt) = config.forms.doubt() {
        tracing::warn!("{doubt}");
    }
    let listener = listen(config.forms.address, "forms.address").await?;
    println!("form endpoint on http://{}, public address {}", listener.local_addr()?, config.forms.origin);
    let endpoint = async {
        forms::serve(endpoint, listener, ended(ending.clone())).await;
        Ok(())
    };
    let noting = tokio::spawn(note_audit_head(config.clone()));
    let done = tokio::try_join!(portal, endpoint).map(|_| ());
    noting.abort();
    runs.finished().await;
    audit_head::note_or_tell(&config);
    done
}

async fn listen(address: SocketAddr, setting: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; change {setting}"))
}

/// Answers until the program is to end, and for a moment longer.
async fn answer(listener: TcpListener, router: Router, ending: watch::Receiver<bool>) -> Result<()> {
    let serving = axum::serve(listener, router).with_graceful_shutdown(ended(ending.clone()));
    tokio::select! {
        done = serving => done.context("a server of `virsis serve` stopped"),
        () = async { ended(ending).await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
    }
}

/// Records the head of the audit log from time to time.
async fn note_audit_head(config: Arc<Config>) {
    let mut clock = tokio::time::interval(NOTE_EVERY);
    loop {
        clock.tick().await;
        let config = config.clone();
        // A panic in there has been logged by the panic hook.
        let _ = tokio::task::spawn_blocking(move || audit_head::note_or_tell(&config)).await;
    }
}

/// Becomes true on the first signal to stop; the second one ends the program at once.
fn ending() -> watch::Receiver<bool> {
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        stopped().await;
        // Fails only when nobody listens any more, and there is nothing left to stop.
        let _ = tell.send(true);
        stopped().await;
        std::process::exit(ENDED_AT_ONCE);
    });
    told
}

async fn ended(mut ending: watch::Receiver<bool>) {
    // Fails only if the task above is gone, which never happens while it waits for a signal.
    let _ = ending.wait_for(|ending| *ending).await;
}

/// Serves the pages of the latest release; `latest` is resolved at each request, so a new release shows at once.
fn portal(config: &Config) -> Router {
    let latest = config.paths.portal.join("latest");
    let missing = ServeFile::new(latest.join("404.html"));
    let mut router = Router::new().fallback_service(ServeDir::new(latest).not_found_service(missing));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::overriding(HeaderName::from_static(name), HeaderValue::from_static(value)));
    }
    router
}

/// Schedules one run at the next time after `after`; that run then schedules the following one.
///
/// The scheduler's own cron jobs fix the time zone's offset once and would be an hour off after a change to summer time.
fn arm(
    scheduler: JobScheduler,
    runs: ScheduledRuns,
    schedule: Arc<Schedule>,
    after: DateTime<Utc>,
) -> std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let now = Utc::now();
        // A timer may fire slightly early by the wall clock: the time it fired for must not come again.
        let next = schedule.next(now.max(after))?;
        tracing::info!(schedule = schedule.name, next = %next, "next run");
        let wait = (next - now).to_std().unwrap_or_default();
        let again = scheduler.clone();
        let job = Job::new_one_shot_async(wait, move |_, _| {
            let (scheduler, runs, schedule) = (again.clone(), runs.clone(), schedule.clone());
            Box::pin(async move {
                runs.run().await;
                if let Err(error) = arm(scheduler, runs, schedule, next).await {
                    tracing::error!(error = format!("{error:#}"), "cannot schedule the next run");
                }
            })
        })
        .context("cannot make the scheduled job")?;
        scheduler.add(job).await.context("cannot add the scheduled job")?;
        Ok(())
    })
}

/// Runs the pipeline when a schedule says so, and knows whether a run is in progress.
#[derive(Clone)]
struct ScheduledRuns {
    config: Arc<Config>,
    /// Every run holds it for reading: whoever gets to write it knows that no run is in progress.
    in_progress: Arc<RwLock<()>>,
}

impl ScheduledRuns {
    async fn run(&self) {
        let (config, in_progress) = (self.config.clone(), self.in_progress.clone().read_owned().await);
        let night = tokio::task::spawn_blocking(move || {
            run_once(&config);
            drop(in_progress);
        });
        // A panic in there has been logged by the panic hook.
        let _ = night.await;
    }

    async fn finished(&self) {
        drop(self.in_progress.write().await);
    }
}

fn run_once(config: &Config) {
    match run::run(config, RunOptions::default(), &mut RunReport::start()) {
        Ok(Completed::Published(committed)) => tracing::info!(release = committed.name, "scheduled run published"),
        Ok(Completed::Unchanged(release)) => tracing::info!(release, "scheduled run: nothing changed"),
        Err(error) => {
            tracing::error!(
                error = format!("{error:#}"),
                "scheduled run failed; `virsis release list` shows the latest release, `virsis status` the runs"
            )
        }
    }
}

/// Waits for Ctrl-C, or for the SIGTERM of a service manager.
async fn stopped() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(error) => {
                tracing::error!(%error, "cannot listen for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for Ctrl-C");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! { () = terminated => {}, () = interrupted => {} }
    tracing::info!("stopping: requests and a run in progress are finished first; a second signal stops at once");
}
