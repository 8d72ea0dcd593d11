//! The start page of those who submit nothing: analysts find what was submitted, administrators also how the endpoint is doing.

use minijinja::{Value, context};

use super::frame::line;
use super::{Trouble, Visit};
use crate::Role;
use crate::store::{self, Filter};

/// How many submissions it shows.
const SHOWN: usize = 20;

/// What it shows; nothing for those who submit something.
pub(super) fn of(visit: &Visit<'_>, role: Role) -> Result<Option<Value>, Trouble> {
    if visit.app.feeds.iter().any(|feed| feed.role == role) {
        return Ok(None);
    }
    let today = visit.today();
    let (latest, numbers) = visit.app.store.read(|connection| {
        let latest = store::list(connection, Filter::All, SHOWN)?;
        if role != Role::Administratorius {
            return Ok((latest, Vec::new()));
        }
        let numbers = vec![
            (
                "Nepristatyta laiškų (dar bandoma)",
                store::waiting(connection)?,
                "Jei skaičius ilgai nemažėja, patikrinkite pašto nustatymus: „virsis doctor“.",
            ),
            ("Laiškų, kurių pristatyti nepavyko", store::given_up(connection)?, "Patikrinkite gavėjų el. pašto adresus įgaliojimų sąraše."),
            ("Pradėta, bet nepateikta juodraščių", store::open_count(connection)?, "Nekeičiami juodraščiai ištrinami patys."),
            ("Vėluojama patikslinti pateikimų", store::overdue(connection, today)?, ""),
            ("Vėluojama patikrinti registrų pakeitimų", store::overdue_changes(connection, today)?, ""),
        ];
        Ok((latest, numbers))
    })?;
    let latest: Vec<Value> = latest.iter().map(|one| line(visit.app, one)).collect();
    let numbers: Vec<Value> = numbers.into_iter().map(|(title, number, hint)| context! { title, number, hint }).collect();
    Ok(Some(context! { latest, numbers, administers => role == Role::Administratorius, virs => visit.app.register().len() }))
}
