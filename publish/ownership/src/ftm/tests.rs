use serde_json::{Value, json};

use crate::sample::{Histories, Night, Row, Who, percent};

const V: &str = "300000001";
const W: &str = "300000002";
const P: Who<'static> = Who::Person("p1");

/// P has 60 % of W, which has V; who has the rest of W is not known.
fn chain() -> Night {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Lithuanian(W), percent(100)).holding(V, W, P, percent(60)).holding(V, W, Who::Unknown("ne_visi"), percent(40));
    night.owner(V, P, percent(60), true, 2).owner(V, Who::Unknown("ne_visi"), percent(40), false, 0);
    night
}

fn of(schema: &str, entities: &[Value]) -> Vec<Value> {
    entities.iter().filter(|entity| entity["schema"] == schema).map(|entity| entity["properties"].clone()).collect()
}

fn named<'e>(entities: &'e [Value], name: &str) -> &'e Value {
    entities.iter().find(|entity| entity["properties"]["name"] == json!([name])).unwrap()
}

#[test]
fn a_virs_is_a_company_with_its_code_and_its_page() {
    let entities = Histories::of(&[chain()]).ftm();
    let virs = named(&entities, "UAB „Pavyzdys 300000001“");
    assert_eq!(virs["schema"], "Company");
    let properties = &virs["properties"];
    assert_eq!(properties["registrationNumber"], json!([V]));
    assert_eq!(properties["jurisdiction"], json!(["lt"]));
    assert_eq!(properties["sourceUrl"], json!(["https://pavyzdys.example/public/virs/300000001.html"]));
    assert_eq!(properties["publisherUrl"], json!(["https://pavyzdys.example/"]));
}

#[test]
fn of_a_person_there_are_names_and_nothing_else() {
    let persons = of("Person", &Histories::of(&[chain()]).ftm());
    assert_eq!(persons.len(), 1);
    let keys: Vec<&String> = persons[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["firstName", "lastName", "name", "publisher", "publisherUrl"]);
}

#[test]
fn a_holding_has_its_percentage_and_an_ultimate_owner_what_it_comes_to() {
    let entities = Histories::of(&[chain()]).ftm();
    let owned = of("Ownership", &entities);
    let (person, company) = (&named(&entities, "Vardenis Pavardenis-p1")["id"], &named(&entities, "UAB „Pavyzdys 300000002“")["id"]);
    let mut shares: Vec<_> = owned.iter().map(|one| format!("{} {}", one["ownershipType"][0], one["percentage"][0])).collect();
    shares.sort();
    assert_eq!(shares, [r#""direct" "100""#, r#""direct" "60""#, r#""ultimate" "60""#]);
    assert!(owned.iter().any(|one| one["owner"][0] == *person && one["asset"][0] == *company && one["startDate"] == json!(["2019-04-14"])));
    let control = of("Control", &entities);
    assert_eq!((control.len(), &control[0]["controlType"]), (1, &json!(["indirect", "voting"])));
}

#[test]
fn whoever_holds_all_of_its_share_directly_has_one_link() {
    let mut night = Night::with(V);
    night.holding(V, V, P, percent(100)).owner(V, P, percent(100), false, 1);
    assert_eq!(of("Ownership", &Histories::of(&[night]).ftm()).len(), 1);
}

#[test]
fn what_is_not_known_is_a_note_and_makes_up_nobody() {
    let entities = Histories::of(&[chain()]).ftm();
    let note = json!(["Savininkai nežinomi: 40 %. Nurodyti dalyviai valdo ne viską."]);
    assert_eq!(named(&entities, "UAB „Pavyzdys 300000002“")["properties"]["notes"], note);
    assert!(entities.iter().all(|entity| entity["properties"]["name"] != json!(["Nežinomas"])));
}

#[test]
fn a_holding_that_ended_says_when_and_one_that_is_shown_no_more_is_gone() {
    let mut after = Night::with(V);
    after.participant(V, P, percent(100), &[("iki", 19_000.into())]);
    let before = || {
        let mut night = Night::with(V);
        night.holding(V, V, P, percent(100)).owner(V, P, percent(100), false, 1);
        night
    };
    let owned = of("Ownership", &Histories::of(&[before(), after]).ftm());
    assert_eq!((owned.len(), &owned[0]["endDate"]), (1, &json!(["2022-01-08"])));
    assert!(of("Ownership", &Histories::of(&[before(), Night::with(V)]).ftm()).is_empty());
}

#[test]
fn those_who_direct_and_those_who_answer_for_content_are_linked() {
    let mut night = Night::with(V);
    let person = |row: &mut Row| {
        row.extend([("asmens_id", "p3".into()), ("vardas", "Vardenė".into()), ("pavarde", "Pavardenė".into())]);
        row.extend([("ja_kodas", V.into()), ("nuo", 19_000.into())]);
    };
    let mut term = Row::from([("organas", "vadovas".into()), ("organas_pavadinimas", "Vadovas".into())]);
    person(&mut term);
    night.add("out_valdymas__istorija", term);
    let mut term = Row::from([("vip_nr", "VIP-1".into()), ("vip_pavadinimas", "Pavyzdžių žinios".into()), ("iki", 19_100.into())]);
    person(&mut term);
    night.add("out_atsakingas__istorija", term);
    let entities = Histories::of(&[night]).ftm();
    let person = &named(&entities, "Vardenė Pavardenė")["id"];
    let (directs, answers) = (of("Directorship", &entities), of("UnknownLink", &entities));
    assert_eq!((&directs[0]["director"][0], &directs[0]["role"]), (person, &json!(["Vadovas"])));
    assert_eq!((&answers[0]["subject"][0], &answers[0]["role"]), (person, &json!(["Atsakingas už priemonės „Pavyzdžių žinios“ turinį"])));
    assert_eq!(answers[0]["endDate"], json!(["2022-04-18"]));
}

#[test]
fn a_public_body_is_one_unless_somebody_holds_it() {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Public(W), percent(100)).owner(V, Who::Public(W), percent(100), true, 1);
    let schema = |night: &Night| named(&Histories::of(std::slice::from_ref(night)).ftm(), "UAB „Pavyzdys 300000002“")["schema"].clone();
    assert_eq!(schema(&night), "PublicBody");
    night.participant(W, P, percent(100), &[]);
    assert_eq!(schema(&night), "Company", "only companies can be owned");
}

#[test]
fn an_entity_has_one_identifier_in_every_release() {
    let ids = |night: Night| -> Vec<String> { Histories::of(&[night]).ftm().iter().map(|one| one["id"].to_string()).collect() };
    let mut other = chain();
    other.virs("300000009", &[]);
    let (before, after) = (ids(chain()), ids(other));
    assert!(before.iter().all(|id| after.contains(id)) && after.len() == before.len() + 1);
}
