//! Which address is answered by which function.

use super::{
    Limits, Method, Reply, Trouble, Visit, account, administration, built, edit, files, finish, lookups, module, reading, reports, save,
    search, signin, signing, start, together, typed,
};

/// The first word of all addresses of administration.
const ADMINISTRATION: &str = "administravimas";

/// Answers a visit.
pub(super) fn answer(visit: &Visit<'_>, limits: &Limits) -> Result<Reply, Trouble> {
    let path: Vec<&str> = visit.path.iter().map(String::as_str).collect();
    // Before anything is looked for, so that nobody else learns what is there.
    if path.first() == Some(&ADMINISTRATION) {
        administration::allowed(visit)?;
    }
    match (visit.method, path.as_slice()) {
        (Method::Get, []) => Ok(Reply::to(if visit.session.is_some() { "/pradzia" } else { "/prisijungti" })),
        (Method::Get, ["prisijungti"]) => signin::page(visit),
        (Method::Post, ["prisijungti"]) => {
            let _place = limits.sign_in(visit.address)?;
            signin::with_password(visit)
        }
        (Method::Post, ["prisijungti", "viisp"]) => {
            let _place = limits.sign_in(visit.address)?;
            signin::begin_viisp(visit)
        }
        (Method::Post, ["viisp", "atgal"]) => {
            let _place = limits.sign_in(visit.address)?;
            signin::back_from_viisp(visit)
        }
        (Method::Post, ["viisp", "testi"]) => {
            limits.sign_in(visit.address)?;
            signin::finish_viisp(visit)
        }
        (Method::Get, ["vaidmuo"]) => signin::roles(visit),
        (Method::Post, ["vaidmuo"]) => checked(visit, signin::choose_role),
        (Method::Post, ["atsijungti"]) => checked(visit, signin::sign_out),
        (Method::Get, ["paskyra"]) => account::page(visit),
        (Method::Post, ["paskyra", "slaptazodis"]) => checked(visit, |visit| {
            let _place = limits.sign_in(visit.address)?;
            account::change_password(visit)
        }),
        (Method::Post, ["paskyra", "atjungti"]) => checked(visit, |visit| {
            let _place = limits.sign_in(visit.address)?;
            account::sign_out_elsewhere(visit)
        }),
        (Method::Get, ["pradzia"]) => start::page(visit),
        (Method::Get, ["budeti"]) => signin::awake(visit),
        (Method::Post, ["patikrinta"]) => checked(visit, start::looked),
        (Method::Get, ["pateikimai"]) => reading::list(visit),
        (Method::Get, ["ataskaitos"]) => reports::list(visit),
        (Method::Get, ["ataskaitos", report]) => reports::page(visit, report),
        (Method::Post, ["ataskaitos", report]) => {
            // Each reads whole tables; what is forged uses up nothing.
            checked(visit, |visit| {
                limits.look_up(visit.person()?.account.id)?;
                reports::made(visit, report)
            })
        }
        (Method::Get, ["ataskaitos", "sudaryti", table]) => built::page(visit, table),
        (Method::Post, ["ataskaitos", "sudaryti", table]) => checked(visit, |visit| {
            limits.look_up(visit.person()?.account.id)?;
            built::made(visit, table)
        }),
        (Method::Get, ["pasirasyti-kartu"]) => together::page(visit),
        (Method::Post, ["pasirasyti-kartu"]) => checked(visit, together::submit),
        (Method::Get, ["pasirasyti-kartu", "dokumentai.zip"]) => together::documents(visit),
        (Method::Get, ["pagalba"]) => start::help(visit),
        (Method::Get, ["teikti", feed]) => search::page(visit, feed),
        (Method::Post, ["teikti", feed]) => checked(visit, |visit| search::begin(visit, feed)),
        (Method::Get, ["pateiktis", id]) => {
            if visit.asked(edit::FIND).is_some() {
                limits.look_up(visit.person()?.account.id)?;
            }
            edit::page(visit, number(id)?)
        }
        (Method::Post, ["pateiktis", id]) => {
            let id = number(id)?;
            typed::keeping(visit, id, checked(visit, |visit| save::save(visit, id)))
        }
        (Method::Get, ["pateiktis", id, "irasyta"]) => typed::page(visit, number(id)?),
        (Method::Post, ["pateiktis", id, "irasyta"]) => checked(visit, |visit| typed::decide(visit, number(id)?)),
        (Method::Get, ["pateiktis", id, "dokumentas.pdf"]) => files::document(visit, number(id)?),
        (Method::Get, ["pateiktis", id, "pasirasyta.asice"]) => files::container(visit, number(id)?),
        (Method::Get, ["pateiktis", id, "priedas", attachment]) => files::attachment(visit, number(id)?, number(attachment)?),
        (Method::Post, ["pateiktis", id, "perziureta"]) => checked(visit, |visit| finish::review(visit, number(id)?)),
        (Method::Post, ["pateiktis", id, "atgal"]) => checked(visit, |visit| finish::back(visit, number(id)?)),
        (Method::Post, ["pateiktis", id, "atsisakyti"]) => checked(visit, |visit| finish::discard(visit, number(id)?)),
        (Method::Post, ["pateiktis", id, "parasas"]) => checked(visit, |visit| signing::sign(visit, number(id)?)),
        (Method::Get, ["pateiktis", id, "rc"]) => edit::page(visit, number(id)?),
        (Method::Post, ["pateiktis", id, "rc"]) => {
            // Each holds a thread while the module answers.
            limits.look_up(visit.person()?.account.id)?;
            checked(visit, |visit| module::leave(visit, number(id)?))
        }
        (Method::Post, ["pateiktis", id, "rc", "paimti"]) => {
            limits.look_up(visit.person()?.account.id)?;
            checked(visit, |visit| module::collect(visit, number(id)?))
        }
        (Method::Post, ["pateiktis", id, "taisyti"]) => checked(visit, |visit| finish::correct(visit, number(id)?)),
        (Method::Post, ["pateiktis", id, "patikslinti"]) => checked(visit, |visit| finish::clarify(visit, number(id)?)),
        (Method::Post, ["paieska", what]) => {
            let account = visit.person()?.account.id;
            if *what == "juridiniai" { limits.suggest(account) } else { limits.look_up(account) }?;
            checked(visit, |visit| lookups::answer(visit, what))
        }
        (Method::Get, ["administravimas"]) => administration::state::page(visit),
        (Method::Get, ["administravimas", "israsas", table]) => administration::extract::page(visit, table),
        (Method::Post, ["administravimas", "israsas", table]) => {
            decided(visit, limits, |visit| administration::extract::propose(visit, table))
        }
        (Method::Get, ["administravimas", "siulymas", proposal]) => administration::proposal::page(visit, number(proposal)?),
        (Method::Post, ["administravimas", "siulymas", proposal]) => {
            decided(visit, limits, |visit| administration::proposal::decide(visit, number(proposal)?))
        }
        (Method::Get, ["administravimas", "igaliojimai"]) => administration::mandates::page(visit),
        (Method::Post, ["administravimas", "igaliojimai"]) => checked(visit, administration::mandates::page),
        (Method::Get, ["administravimas", "igaliojimai", "naujas"]) => administration::mandate::form(visit),
        (Method::Post, ["administravimas", "igaliojimai", "naujas"]) => decided(visit, limits, administration::mandate::propose),
        (Method::Get, ["administravimas", "igaliojimai", mandate]) => administration::mandate::page(visit, number(mandate)?),
        (Method::Post, ["administravimas", "igaliojimai", mandate]) => {
            decided(visit, limits, |visit| administration::mandate::end(visit, number(mandate)?))
        }
        (Method::Get, ["administravimas", "laiskai"]) => administration::letters::page(visit),
        (Method::Post, ["administravimas", "laiskai"]) => checked(visit, |visit| {
            limits.look_up(visit.person()?.account.id)?;
            administration::letters::change(visit)
        }),
        (Method::Get, ["administravimas", "zurnalas"]) => {
            // Each is a search of all entries, and an entry.
            limits.look_up(visit.person()?.account.id)?;
            administration::log::page(visit)
        }
        (Method::Get, ["administravimas", "naujienos"]) => administration::news::page(visit),
        (Method::Get, ["administravimas", "apibrezimai"]) => administration::definitions::page(visit),
        (Method::Get, ["failai", name]) => files::asset(name),
        _ => Err(Trouble::NotFound),
    }
}

fn checked(visit: &Visit<'_>, work: impl FnOnce(&Visit<'_>) -> Result<Reply, Trouble>) -> Result<Reply, Trouble> {
    visit.check_token()?;
    work(visit)
}

/// What a password is shown for once more: as hard to guess as at the door.
fn decided(visit: &Visit<'_>, limits: &Limits, work: impl FnOnce(&Visit<'_>) -> Result<Reply, Trouble>) -> Result<Reply, Trouble> {
    checked(visit, |visit| {
        limits.look_up(visit.person()?.account.id)?;
        let _place = limits.sign_in(visit.address)?;
        work(visit)
    })
}

fn number(text: &str) -> Result<i64, Trouble> {
    text.parse().ok().filter(|number| *number > 0).ok_or(Trouble::NotFound)
}
