//! A draft with as many records as a form takes: pages stay small, errors lead to the page they are on, and memory stays bounded.

use std::collections::BTreeMap;
use std::thread;

use forms::entry::{Entry, Record};
use forms::store::{self, Durability};

use super::peer::Place;
use super::way::{draft, press, problems};

const RECORDS: usize = 1_600;
/// KiB that the endpoint takes at most, however many look at large drafts at once.
const MOST_MEMORY: usize = 200 << 10;
const LOOKING: usize = 24;

#[test]
fn a_very_large_draft_is_shown_in_parts_and_many_who_look_at_it_do_not_fill_the_memory() {
    let Some(place) = Place::prepare(19) else { return };
    let virs = place.country.table("public", "virs");
    let virs = virs.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    let own = place.person(1, "virs", &virs, "Savas VIRS");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &own);
    let id = draft(&mut client, "virs", "");
    let empty = |number: usize| vec![Record::new(); number];
    let outlet = |number: usize| -> Record {
        [("vip_nr", format!("VIP-{:06}", 900_000 + number)), ("vip_pavadinimas", format!("Išgalvotas leidinys {number}"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    };
    let sections: BTreeMap<String, Vec<Record>> = [
        ("virs".to_owned(), empty(1)),
        ("vip".to_owned(), (0..200).map(outlet).collect()),
        ("atsakingi".to_owned(), empty(400)),
        ("dalyviai".to_owned(), empty(1_000)),
    ]
    .into();
    let entry = Entry { sections };
    let forms_store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let kept = forms_store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        let submission = store::find(transaction, id)?.unwrap();
        store::save(transaction, &submission, &entry, chrono::Utc::now())
    });
    assert!(kept.unwrap());

    let address = format!("/pateiktis/{id}");
    let page = client.get(&address).text();
    assert!(page.contains(&format!("1 puslapis iš {}", (RECORDS + 1).div_ceil(100))), "{page}");
    assert!(page.contains("id=\"vip-98\"") && !page.contains("id=\"vip-99\""), "a hundred records, the activity among them");
    // Errors lead to their pages, and what was typed is kept on the way there.
    let checked = press(&mut client, id, "tikrinti", &[("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")]);
    assert_eq!(checked.status, 422);
    assert!(checked.text().contains("Rodomos pirmosios 100"), "{}", problems(&checked));
    let turned = press(&mut client, id, "puslapis:4:atsakingi-150-vardas", &[("vip.0.vip_pavadinimas", "Pervadintas")]);
    assert_eq!(turned.location.as_deref(), Some(format!("{address}?puslapis=4&klaidos=1#atsakingi-150-vardas").as_str()));
    let page = client.get(&format!("{address}?puslapis=4&klaidos=1")).text();
    assert!(page.contains("id=\"atsakingi-150-vardas-klaida\""), "the error stands at its field");
    assert!(page.contains("Pervadintas (") && page.matches("<option").count() < 40_000, "what was typed on the other page was kept");
    assert_eq!(press(&mut client, id, "puslapis:4:\"><script>", &[]).status, 400);
    // Whoever adds a record is led to the page where it would be; this section is full.
    let added = press(&mut client, id, "prideti:atsakingi", &[]);
    assert_eq!(added.location.as_deref(), Some(format!("{address}?puslapis=7").as_str()));

    let lookers: Vec<_> = (0..LOOKING)
        .map(|number| {
            let (mut client, address) = (client.clone(), format!("{address}?puslapis={}&klaidos=1", number % 17 + 1));
            thread::spawn(move || client.get(&address).body.len())
        })
        .collect();
    let longest = lookers.into_iter().map(|looker| looker.join().unwrap()).max().unwrap();
    assert!(longest < 4 << 20, "a page of {longest} bytes");
    let peak = serving.peak();
    assert!(peak < MOST_MEMORY, "{peak} KiB");
}
