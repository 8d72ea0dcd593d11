//! The helper's pages.

use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use crate::exercises::Exercise;
use crate::settings::Settings;
use crate::waiting::Waiting;
use crate::{Error, Person};

const TEMPLATES: &[(&str, &str)] = &[
    ("accounts.html", include_str!("../templates/accounts.html")),
    ("base.html", include_str!("../templates/base.html")),
    ("exercise.html", include_str!("../templates/exercise.html")),
    ("missing.html", include_str!("../templates/missing.html")),
    ("sign.html", include_str!("../templates/sign.html")),
    ("start.html", include_str!("../templates/start.html")),
];
/// The style of the portal and of the endpoint.
pub(crate) const STYLE: &str = concat!(include_str!("../../../../publish/assets/style.css"), include_str!("../../assets/forms.css"));

/// Role of those about whom others hand in.
const VIRS: &str = "virs";
/// For so many seconds after its own thirty a one-time code is still taken.
const GRACE: u64 = 30;

/// What is shown of accounts, with the one-time codes of this moment.
fn lines(people: &[Person], seconds: u64) -> Vec<Value> {
    let line = |person: &Person| {
        let code = person.one_time_code(seconds).0;
        context! {
            role => &person.role_title, login => &person.login, password => &person.password, code, name => person.name(),
            organisation => &person.organisation, organisation_code => &person.organisation_code,
        }
    };
    people.iter().map(line).collect()
}

/// For how many seconds the codes shown now are taken.
fn left(people: &[Person], seconds: u64) -> u64 {
    people.first().map_or(0, |person| person.one_time_code(seconds).1 + GRACE)
}

/// All pages.
pub(crate) struct Pages {
    templates: Environment<'static>,
    exercises: Vec<Exercise>,
}

impl Pages {
    pub(crate) fn new(exercises: Vec<Exercise>) -> Result<Self, Error> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        for (name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        Ok(Self { templates, exercises })
    }

    fn made(&self, name: &str, context: Value) -> Result<String, Error> {
        Ok(self.templates.get_template(name)?.render(context)?)
    }

    /// Who can sign in, with which code now; what to practise; how to begin anew.
    pub(crate) fn start(&self, people: &[Person], settings: &Settings, now: DateTime<Utc>) -> Result<String, Error> {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let mut exercises: Vec<&Exercise> = self.exercises.iter().collect();
        // As the accounts stand above them.
        exercises.sort_by_key(|one| people.iter().position(|person| person.role == one.role));
        let exercises: Vec<Value> = exercises.iter().map(|one| context! { role => &one.role, title => one.page.title() }).collect();
        self.made(
            "start.html",
            context! {
                people => lines(people, seconds), left => left(people, seconds), exercises, endpoint => &settings.endpoint_origin,
                portal => &settings.portal, reset => &settings.reset, serve => &settings.serve,
            },
        )
    }

    /// An exercise, with the accounts of its role; `None` if there is none for this role.
    pub(crate) fn exercise(&self, role: &str, people: &[Person], settings: &Settings, now: DateTime<Utc>) -> Option<Result<String, Error>> {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let one = self.exercises.iter().find(|one| one.role == role)?;
        // HTML that the catalogue made of Markdown in which none stood.
        let text = Value::from_safe_string(one.html());
        let of = |role: &str| people.iter().filter(|person| person.role == role).cloned().collect::<Vec<_>>();
        Some(self.made(
            "exercise.html",
            context! {
                title => one.page.title(), text, role, own => lines(&of(role), seconds), virs => lines(&of(VIRS), seconds),
                left => left(people, seconds), endpoint => &settings.endpoint_origin, portal => &settings.portal,
            },
        ))
    }

    /// Where a document is signed.
    pub(crate) fn sign(&self, people: &[Person], one: &Waiting, nobody: bool) -> Result<String, Error> {
        let person = |person: &Person| {
            context! { login => &person.login, name => person.name(), role => &person.role_title, organisation => &person.organisation }
        };
        let people: Vec<Value> = people.iter().map(person).collect();
        self.made("sign.html", context! { number => &one.number, people, nobody, signed => one.container.is_some(), back => &one.back })
    }

    /// There is no such page, or no such document any more.
    pub(crate) fn missing(&self) -> Result<String, Error> {
        self.made("missing.html", context! {})
    }
}
