//! News as they lie in the definitions now, as the portal and the endpoint would show them on a day, or what is wrong with them.

use catalog::{Audience, News};
use chrono::NaiveDate;
use minijinja::{Value, context};

use super::super::text::text;
use super::super::{Reply, Trouble, Visit};
use super::desk::{Desk, desk};

/// The page.
pub(in super::super) fn page(visit: &Visit<'_>) -> Result<Reply, Trouble> {
    let Desk { person, port } = desk(visit)?;
    let day = visit.asked("diena").and_then(|text| text.parse::<NaiveDate>().ok()).unwrap_or_else(|| visit.today());
    let content = port.content();
    let (all, wrong) = match &content {
        Ok(content) => (content.news.as_slice(), Vec::new()),
        Err(wrong) => ([].as_slice(), wrong.clone()),
    };
    let shown = |place: Audience| all.iter().filter(|one| one.is_shown(place, day)).map(view).collect::<Vec<_>>();
    let others: Vec<Value> = all
        .iter()
        .filter(|one| !one.is_shown(Audience::Portal, day) && !one.is_shown(Audience::Endpoint, day))
        .map(|one| context! { why => if one.date > day { "dar nerodoma" } else { "neberodoma" }, ..view(one) })
        .collect();
    let page = visit.app.templates.render(
        "admin_news.html",
        context! {
            frame => person.frame(), day => day.to_string(), wrong, portal => shown(Audience::Portal), endpoint => shown(Audience::Endpoint), others,
        },
    )?;
    Ok(Reply::page(page))
}

fn view(one: &News) -> Value {
    context! {
        name => &one.name, title => one.page.title(), date => one.date.to_string(), until => one.until.map(|day| day.to_string()),
        text => text(&one.page),
    }
}
