//! `virsis serve`: keeps the schedules and shows the portal on the loopback address.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use chrono::Utc;
use tokio_cron_scheduler::{Job, JobScheduler};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::config::Config;
use crate::endpoint;
use crate::ledger;
use crate::nightly::{self, Night, Order, Told};
use crate::schedule::{Schedule, WhenLate};

/// What the browser may do with the pages: nothing but show them.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-cache"),
];

pub(crate) fn run(config: Config) -> Result<()> {
    let schedules = config.serve.schedules.iter().map(|name| Schedule::load(&config.home, name)).collect::<Result<Vec<_>>>()?;
    let endpoint = if config.forms.enabled { Some(Arc::new(endpoint::app(&config)?)) } else { None };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(serve(Arc::new(config), schedules, endpoint))
}

async fn serve(config: Arc<Config>, schedules: Vec<Schedule>, endpoint: Option<Arc<forms::App>>) -> Result<()> {
    let scheduler = JobScheduler::new().await.context("cannot start the scheduler")?;
    for schedule in schedules {
        let last = ledger::read(&config.paths.state)?.last().map(|run| run.started);
        if schedule.when_late == WhenLate::RunOnce && schedule.missed(last, Utc::now())? {
            tracing::warn!(schedule = schedule.name, "a scheduled time was missed; running once now");
            let config = config.clone();
            tokio::task::spawn_blocking(move || run_once(&config));
        }
        arm(scheduler.clone(), config.clone(), Arc::new(schedule)).await?;
    }
    scheduler.start().await.context("cannot start the scheduler")?;
    let address = config.serve.address;
    let listener =
        tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; change serve.address"))?;
    println!("portal on http://{} (Ctrl-C ends)", listener.local_addr()?);
    let portal = async { axum::serve(listener, portal(&config)).with_graceful_shutdown(stopped()).await.context("the preview ended") };
    let Some(endpoint) = endpoint else { return portal.await };
    if let Some(doubt) = config.forms.doubt() {
        tracing::warn!("{doubt}");
    }
    let address = config.forms.address;
    let listener =
        tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; change forms.address"))?;
    println!("form endpoint on http://{}, for people at {}", listener.local_addr()?, config.forms.origin);
    let endpoint = async {
        forms::serve(endpoint, listener, stopped()).await;
        Ok(())
    };
    tokio::try_join!(portal, endpoint).map(|_| ())
}

/// The pages of the latest release; `latest` is looked up at each request, so a new release shows at once.
fn portal(config: &Config) -> Router {
    let mut router = Router::new().fallback_service(ServeDir::new(config.paths.portal.join("latest")));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::overriding(HeaderName::from_static(name), HeaderValue::from_static(value)));
    }
    router
}

/// Puts the next time of a schedule into the scheduler; when it comes, runs and puts in the one after.
///
/// The scheduler's own cron jobs fix the time zone's offset once and would be an hour off after a change to summer time.
fn arm(
    scheduler: JobScheduler,
    config: Arc<Config>,
    schedule: Arc<Schedule>,
) -> std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let now = Utc::now();
        let next = schedule.next(now)?;
        tracing::info!(schedule = schedule.name, next = %next, "next run");
        let wait = (next - now).to_std().unwrap_or_default();
        let again = scheduler.clone();
        let job = Job::new_one_shot_async(wait, move |_, _| {
            let (scheduler, config, schedule) = (again.clone(), config.clone(), schedule.clone());
            Box::pin(async move {
                let running = config.clone();
                let _ = tokio::task::spawn_blocking(move || run_once(&running)).await;
                if let Err(error) = arm(scheduler, config, schedule).await {
                    tracing::error!(error = format!("{error:#}"), "the schedule cannot go on");
                }
            })
        })
        .context("cannot make the scheduled job")?;
        scheduler.add(job).await.context("cannot add the scheduled job")?;
        Ok(())
    })
}

fn run_once(config: &Config) {
    match nightly::run(config, Order::default(), &mut Told::start()) {
        Ok(Night::Published(committed)) => tracing::info!(release = committed.name, "scheduled run published"),
        Ok(Night::Unchanged(release)) => tracing::info!(release, "scheduled run: nothing changed"),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "scheduled run did not end well; `virsis status` says which release stands")
        }
    }
}

async fn stopped() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot listen for Ctrl-C");
        std::future::pending::<()>().await;
    }
}
