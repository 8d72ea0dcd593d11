//! Templates and files that pages are made of; compiled into the program.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::Error;
use crate::training::TRAINING_NOTICE;

const TEMPLATES: &[(&str, &str)] = &[
    ("account.html", include_str!("../../templates/account.html")),
    ("admin_definitions.html", include_str!("../../templates/admin_definitions.html")),
    ("admin_extract.html", include_str!("../../templates/admin_extract.html")),
    ("admin_letters.html", include_str!("../../templates/admin_letters.html")),
    ("admin_log.html", include_str!("../../templates/admin_log.html")),
    ("admin_mandate.html", include_str!("../../templates/admin_mandate.html")),
    ("admin_mandate_new.html", include_str!("../../templates/admin_mandate_new.html")),
    ("admin_mandates.html", include_str!("../../templates/admin_mandates.html")),
    ("admin_news.html", include_str!("../../templates/admin_news.html")),
    ("admin_proposal.html", include_str!("../../templates/admin_proposal.html")),
    ("admin_state.html", include_str!("../../templates/admin_state.html")),
    ("admin_told.html", include_str!("../../templates/admin_told.html")),
    ("admin_tools.html", include_str!("../../templates/admin_tools.html")),
    ("base.html", include_str!("../../templates/base.html")),
    ("build.html", include_str!("../../templates/build.html")),
    ("clarify.html", include_str!("../../templates/clarify.html")),
    ("content.html", include_str!("../../templates/content.html")),
    ("edit.html", include_str!("../../templates/edit.html")),
    ("fields.html", include_str!("../../templates/fields.html")),
    ("help.html", include_str!("../../templates/help.html")),
    ("list.html", include_str!("../../templates/list.html")),
    ("report.html", include_str!("../../templates/report.html")),
    ("reports.html", include_str!("../../templates/reports.html")),
    ("review.html", include_str!("../../templates/review.html")),
    ("roles.html", include_str!("../../templates/roles.html")),
    ("rows.html", include_str!("../../templates/rows.html")),
    ("search.html", include_str!("../../templates/search.html")),
    ("sign.html", include_str!("../../templates/sign.html")),
    ("signin.html", include_str!("../../templates/signin.html")),
    ("start.html", include_str!("../../templates/start.html")),
    ("steps.html", include_str!("../../templates/steps.html")),
    ("together.html", include_str!("../../templates/together.html")),
    ("tools.html", include_str!("../../templates/tools.html")),
    ("trouble.html", include_str!("../../templates/trouble.html")),
    ("typed.html", include_str!("../../templates/typed.html")),
    ("view.html", include_str!("../../templates/view.html")),
    ("viisp.html", include_str!("../../templates/viisp.html")),
];

/// The portal's style, and what forms add to it.
const STYLE: &str = concat!(include_str!("../../../../publish/assets/style.css"), include_str!("../../assets/forms.css"));

/// Files that pages refer to: name, media type, content.
pub(super) const ASSETS: &[(&str, &str, &[u8])] = &[
    ("stilius.css", "text/css; charset=utf-8", STYLE.as_bytes()),
    ("forma.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/forms.js")),
    ("zenklas.svg", "image/svg+xml; charset=utf-8", include_bytes!("../../assets/icon.svg")),
];

/// Part of an asset's address that changes with its content.
const MARK_LETTERS: usize = 12;

/// The address of an asset.
pub(super) fn asset_address(name: &str, content: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mark: String = hex::encode(&Sha256::digest(content)[..MARK_LETTERS / 2]);
    format!("{mark}-{name}")
}

/// All templates.
pub(crate) struct Templates(Environment<'static>);

impl Templates {
    /// Compiles them; pages of a training environment say that they are.
    ///
    /// # Errors
    /// A template is wrong: a defect.
    pub(crate) fn new(training: bool) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        environment.add_global("training", training.then_some(TRAINING_NOTICE));
        for (name, _, content) in ASSETS {
            let variable = format!("asset_{}", name.split('.').next().unwrap_or_default());
            environment.add_global(variable, asset_address(name, content));
        }
        Ok(Self(environment))
    }

    /// A page.
    ///
    /// # Errors
    /// The template and what it is given do not fit: a defect.
    pub(crate) fn render(&self, name: &str, context: minijinja::Value) -> Result<String, Error> {
        Ok(self.0.get_template(name)?.render(context)?)
    }
}
