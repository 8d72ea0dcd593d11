//! Training environments: only over a synthetic country, never beside anything real.

use anyhow::Result;
use training::{Helper, Settings};

use crate::config::Config;
use crate::refusal::Refusal;
use crate::sources::unknown_files;

/// Refuses `[training]` where anything might be real.
pub(crate) fn check(config: &Config) -> Result<()> {
    if config.training.is_none() {
        return Ok(());
    }
    let mark = unknown_files::synthetic_mark(config);
    let mut wrong = Vec::new();
    if !mark.is_file() {
        wrong.push(format!(
            "[training] is for synthetic countries alone, and {} is missing: make a training environment with `virsis demo --training`, or \
             remove [training] and [forms.module] from the configuration of a real installation",
            mark.display()
        ));
    }
    let real = [
        ("[sources]", !config.sources.is_empty()),
        ("[mandates]", config.mandates.is_some()),
        ("[forms.viisp]", config.forms.viisp.is_some()),
        ("[forms.mail] that sends", !matches!(config.forms.mail, None | Some(forms::MailSettings::File { .. }))),
    ];
    wrong.extend(real.iter().filter(|(_, there)| *there).map(|(section, _)| {
        format!("[training] and {section} do not go together: nothing of a training environment may come from, or go to, anybody real")
    }));
    if wrong.is_empty() { Ok(()) } else { Err(Refusal(wrong).into()) }
}

/// The helper, if the configuration has one.
pub(crate) fn helper(config: &Config, reset: String, serve: String) -> Result<Option<Helper>> {
    let Some(settings) = &config.training else { return Ok(None) };
    check(config)?;
    let own = config.forms.module.as_ref().map(|module| module.origin.clone());
    let own_origin = own.ok_or_else(|| Refusal::one("[training] needs [forms.module], with the helper's own address as its origin"))?;
    let settings = Settings {
        folder: settings.folder.clone(),
        home: config.home.clone(),
        own_origin,
        endpoint_origin: config.forms.origin.clone(),
        portal: format!("http://{}", config.serve.address),
        reset,
        serve,
    };
    Ok(Some(Helper::load(settings).map_err(Refusal::one)?))
}
