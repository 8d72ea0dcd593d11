use serde_json::{Value, json};

use crate::sample::{Histories, Night, PUBLICATION, Who, percent};
use crate::shown::Release;
use crate::{Error, Publication, Tables};

const V: &str = "300000001";
const W: &str = "300000002";
const P: Who<'static> = Who::Person("p1");
const Q: Who<'static> = Who::Person("p2");

fn id(name: &str) -> String {
    format!("lt-virsis/{V}/{name}")
}

fn company(code: &str) -> String {
    id(&format!("entity/LT-RC-{code}"))
}

/// Statements about a record.
fn about<'s>(statements: &'s [Value], record: &str) -> Vec<&'s Value> {
    statements.iter().filter(|statement| statement["recordId"] == record).collect()
}

/// The only one.
fn only<'s>(statements: &'s [Value], record: &str) -> &'s Value {
    let found = about(statements, record);
    assert_eq!(found.len(), 1, "{record}");
    found[0]
}

fn statuses(statements: &[Value], record: &str) -> Vec<String> {
    about(statements, record).iter().map(|statement| statement["recordStatus"].as_str().unwrap().to_owned()).collect()
}

fn place(statements: &[Value], record: &str) -> usize {
    statements.iter().position(|statement| statement["recordId"] == record).unwrap()
}

/// A VIRS that two persons hold.
fn held_by_two(one: i128, other: i128) -> Night {
    let mut night = Night::with(V);
    night.holding(V, V, P, percent(one)).holding(V, V, Q, percent(other));
    night.owner(V, P, percent(one), false, 1).owner(V, Q, percent(other), false, 1);
    night
}

/// P has 60 % of W, which has 50 % of V; Q has the rest of V, and nobody knows who has the rest of W.
fn chain() -> Night {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Lithuanian(W), percent(50)).holding(V, V, Q, percent(50));
    night.holding(V, W, P, percent(60)).holding(V, W, Who::Unknown("ne_visi"), percent(40));
    night.owner(V, Q, percent(50), false, 1).owner(V, P, percent(30), false, 2).owner(V, Who::Unknown("ne_visi"), percent(20), false, 0);
    night
}

#[test]
fn a_direct_holding_is_a_relationship_with_the_day_on_which_it_began() {
    let statements = Histories::of(&[held_by_two(70, 30)]).bods();
    let records: Vec<&str> = statements.iter().map(|one| one["recordType"].as_str().unwrap()).collect();
    assert_eq!(records, ["entity", "person", "person", "relationship", "relationship"]);
    let owner = only(&statements, &id("owner/person/p1"));
    assert_eq!(owner["recordStatus"], "new");
    assert_eq!(owner["statementDate"], "2024-10-04");
    assert_eq!(owner["declarationSubject"], company(V));
    let details = &owner["recordDetails"];
    assert_eq!((&details["subject"], &details["interestedParty"]), (&json!(company(V)), &json!(id("person/p1"))));
    assert_eq!(details["isComponent"], false);
    let interest = json!({"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 70}, "startDate": "2019-04-14"});
    assert_eq!(details["interests"], json!([interest]));
    assert_eq!(owner["source"]["type"], json!(["officialRegister"]));
    let details = json!({"bodsVersion": "0.4", "license": PUBLICATION.licence_url, "publicationDate": "2024-10-04",
        "publisher": {"name": PUBLICATION.publisher, "url": "https://pavyzdys.example/"}});
    assert_eq!(owner["publicationDetails"], details);
}

#[test]
fn of_a_person_the_name_and_the_surrogate_key_are_said_and_nothing_else() {
    let statements = Histories::of(&[held_by_two(70, 30)]).bods();
    let person = only(&statements, &id("person/p1"));
    let name = json!({"type": "legal", "fullName": "Vardenis Pavardenis-p1", "givenName": "Vardenis", "familyName": "Pavardenis-p1"});
    assert_eq!(person["recordDetails"], json!({"isComponent": false, "personType": "knownPerson", "names": [name]}));
    let key = json!([{"statementPointerTarget": "", "motivation": "identifying", "description": "p1"}]);
    assert_eq!(person["annotations"], key);
}

#[test]
fn the_register_tells_of_a_virs_but_not_where_a_sole_proprietor_lives() {
    let mut night = held_by_two(70, 30);
    let virs = only(&Histories::of(&[night.clone()]).bods(), &company(V))["recordDetails"].clone();
    assert_eq!(virs["identifiers"], json!([{"id": V, "scheme": "LT-RC"}]));
    assert_eq!(virs["foundingDate"], "1997-05-19");
    assert_eq!(virs["addresses"][0]["address"], "Pavyzdžiai, Pavyzdžių g. 1");
    for own in [Some(true), None] {
        let row = &mut night.rows("out_virs__istorija")[0];
        row.remove("sava_imone");
        own.into_iter().for_each(|own| _ = row.insert("sava_imone", own.into()));
        assert_eq!(only(&Histories::of(&[night.clone()]).bods(), &company(V))["recordDetails"]["addresses"], Value::Null);
    }
}

#[test]
fn an_indirect_share_names_the_records_that_it_consists_of_which_stand_before_it() {
    let statements = Histories::of(&[chain()]).bods();
    let owner = only(&statements, &id("owner/person/p1"));
    let (direct, above) = (id(&format!("holding/entity/LT-RC-{V}/entity/LT-RC-{W}")), id(&format!("holding/entity/LT-RC-{W}/person/p1")));
    assert_eq!(owner["recordDetails"]["componentRecords"], json!([company(W), direct, above]));
    let interest = &owner["recordDetails"]["interests"][0];
    assert_eq!((&interest["directOrIndirect"], &interest["share"]), (&json!("indirect"), &json!({"exact": 30})));
    for component in [company(W), direct.clone(), above] {
        assert_eq!(only(&statements, &component)["recordDetails"]["isComponent"], true);
        assert!(place(&statements, &component) < place(&statements, &id("owner/person/p1")));
    }
    let interests = &only(&statements, &direct)["recordDetails"]["interests"];
    assert_eq!(interests[0]["share"], json!({"exact": 50}));
    assert_eq!(only(&statements, &company(V))["recordDetails"]["isComponent"], false);
    assert!(about(&statements, &id(&format!("owner/entity/LT-RC-{W}"))).is_empty(), "whoever is owned in turn is no ultimate owner");
}

#[test]
fn what_nobody_knows_the_owner_of_is_said_with_the_reason() {
    let statements = Histories::of(&[chain()]).bods();
    let gap = id(&format!("holding/entity/LT-RC-{W}/unknown/ne_visi"));
    let reason = json!({"reason": "informationUnknownToPublisher",
        "description": "Nurodyti dalyviai valdo ne viską / The participants on record do not hold the whole"});
    let held = &only(&statements, &gap)["recordDetails"];
    assert_eq!((&held["interestedParty"], &held["isComponent"]), (&reason, &json!(true)));
    assert_eq!(held["interests"][0]["share"], json!({"exact": 40}));
    let all = &only(&statements, &id("owner/unknown/ne_visi"))["recordDetails"];
    assert_eq!((&all["interestedParty"], &all["subject"]), (&reason, &json!(company(V))));
    assert!(all["componentRecords"].as_array().unwrap().contains(&json!(gap)));
    assert_eq!(all["interests"][0]["share"], json!({"exact": 20}));
    let mut night = Night::with(V);
    night.holding(V, V, Who::Unknown("be_dalyviu"), percent(100)).owner(V, Who::Unknown("be_dalyviu"), percent(100), false, 0);
    let statements = Histories::of(&[night]).bods();
    let details = &only(&statements, &id("owner/unknown/be_dalyviu"))["recordDetails"];
    assert_eq!(details["interests"][0]["share"], json!({"exact": 100}));
    assert_eq!((&details["componentRecords"], &details["interests"][0]["directOrIndirect"]), (&Value::Null, &json!("direct")));
}

#[test]
fn where_nobody_says_of_how_much_it_is_a_share_is_a_range() {
    let mut night = Night::with(V);
    night.holding(V, V, P, None).holding(V, V, Q, percent(25)).holding(V, V, Who::Unknown("be_visumos"), percent(75));
    night.owner(V, Q, percent(25), false, 1).owner(V, Who::Unknown("be_visumos"), percent(75), false, 0);
    let statements = Histories::of(&[night]).bods();
    let share = |owner: &str| only(&statements, &id(owner))["recordDetails"]["interests"][0]["share"].clone();
    assert_eq!(share("owner/person/p1"), json!({"exclusiveMinimum": 0, "maximum": 75}), "it has something, and not more than the rest");
    assert_eq!(share("owner/unknown/be_visumos"), json!({"minimum": 0, "maximum": 75}), "perhaps the named one has all of it");
    assert_eq!(share("owner/person/p2"), json!({"exact": 25}));
}

#[test]
fn a_share_through_a_part_of_unknown_size_is_at_least_what_is_known() {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Lithuanian(W), percent(50)).holding(V, V, Who::Lithuanian("300000003"), percent(50));
    night.holding(V, W, P, percent(100)).holding(V, "300000003", P, None);
    night.holding(V, "300000003", Who::Unknown("be_visumos"), percent(100));
    night.owner(V, P, percent(50), false, 2).owner(V, Who::Unknown("be_visumos"), percent(50), false, 0);
    let statements = Histories::of(&[night]).bods();
    assert_eq!(only(&statements, &id("owner/person/p1"))["recordDetails"]["interests"][0]["share"], json!({"minimum": 50}));
}

#[test]
fn entities_that_own_only_one_another_lead_to_nobody() {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Lithuanian(W), percent(100)).holding(V, V, Who::Unknown("ciklas"), None);
    night.holding(V, W, Who::Lithuanian(V), percent(100));
    night.owner(V, Who::Unknown("ciklas"), percent(100), false, 0);
    let statements = Histories::of(&[night]).bods();
    let details = &only(&statements, &id("owner/unknown/ciklas"))["recordDetails"];
    assert_eq!(details["interestedParty"]["reason"], "unknown");
    assert_eq!(details["componentRecords"].as_array().unwrap().len(), 3, "the other entity, and both holdings");
    let interest = &details["interests"][0];
    assert_eq!((&interest["directOrIndirect"], &interest["share"]), (&json!("unknown"), &json!({"exact": 100})));
    assert_eq!(details["interests"].as_array().unwrap().len(), 1);
}

#[test]
fn an_owner_outside_a_circle_has_a_direct_and_an_indirect_interest() {
    let mut night = Night::with(V);
    night.holding(V, V, P, percent(50)).holding(V, V, Who::Lithuanian(W), percent(50)).holding(V, W, Who::Lithuanian(V), percent(100));
    night.owner(V, P, percent(100), true, 1);
    let statements = Histories::of(&[night]).bods();
    let details = &only(&statements, &id("owner/person/p1"))["recordDetails"];
    let shares: Vec<_> =
        details["interests"].as_array().unwrap().iter().map(|one| (&one["directOrIndirect"], &one["share"]["exact"])).collect();
    assert_eq!(shares[..2], [(&json!("direct"), &json!(50)), (&json!("indirect"), &json!(50))]);
    assert_eq!(details["componentRecords"].as_array().unwrap().len(), 3);
}

#[test]
fn co_owners_hold_through_their_arrangement() {
    let joint = |authorised: bool| [("jungtine", "B1".into()), ("igaliotas", authorised.into())];
    let mut night = Night::with(V);
    night.holding(V, V, P, percent(45)).holding(V, V, Q, percent(30)).holding(V, V, Who::Lithuanian(W), percent(25));
    // Of its 45 % P has 15 % alone.
    night.participant(V, P, percent(30), &joint(true)).participant(V, Q, percent(30), &joint(false));
    let mut own = night.rows("out_dalyvis__istorija").iter().find(|row| row.get("asmens_id") == Some(&"p1".into())).unwrap().clone();
    own.extend([("dalyvio_nr", "kitas".into()), ("dalis", (percent(15).unwrap()).into())]);
    own.remove("jungtine");
    night.add("out_dalyvis__istorija", own);
    night.owner(V, P, percent(45), false, 1).owner(V, Q, percent(30), false, 1).owner(V, Who::Lithuanian(W), percent(25), false, 1);
    let statements = Histories::of(&[night]).bods();
    let arrangement = id(&format!("joint/LT-RC-{V}/B1"));
    assert_eq!(only(&statements, &arrangement)["recordDetails"]["entityType"], json!({"type": "arrangement"}));
    let share = |record: &str| only(&statements, record)["recordDetails"]["interests"].clone();
    assert_eq!(share(&id(&format!("holding/entity/LT-RC-{V}/joint/LT-RC-{V}/B1")))[0]["share"], json!({"exact": 60}));
    let (of_p, of_q) =
        (share(&id(&format!("holding/joint/LT-RC-{V}/B1/person/p1"))), share(&id(&format!("holding/joint/LT-RC-{V}/B1/person/p2"))));
    assert_eq!((&of_p[0]["share"], &of_q[0]["share"]), (&json!({"exact": 50}), &json!({"exact": 50})));
    assert_eq!((&of_p[1]["type"], &of_p[1]["share"]), (&json!("votingRights"), &json!({"exact": 100})), "it votes for all of them");
    assert_eq!(of_q[1], Value::Null);
    let owner = share(&id("owner/person/p1"));
    assert_eq!((&owner[0]["directOrIndirect"], &owner[0]["share"]), (&json!("direct"), &json!({"exact": 15})));
    assert_eq!((&owner[1]["directOrIndirect"], &owner[1]["share"]), (&json!("indirect"), &json!({"exact": 30})));
    let owner = only(&statements, &id("owner/person/p2"));
    assert_eq!(owner["recordDetails"]["componentRecords"][0], arrangement);
    let interests = owner["recordDetails"]["interests"].as_array().unwrap();
    assert_eq!((interests.len(), &interests[0]["directOrIndirect"]), (1, &json!("indirect")), "it has nothing alone");
}

#[test]
fn a_chain_of_majorities_gives_votes_to_each_step_and_control_to_its_end() {
    let mut night = chain();
    night.rows("out_savininkas__istorija").retain(|row| row.get("asmens_id") != Some(&"p1".into()));
    night.owner(V, P, percent(30), true, 2);
    night.control(V, 1, Who::Lithuanian(W), percent(51)).control(V, 2, P, percent(60));
    let statements = Histories::of(&[night]).bods();
    let votes = |record: &str| only(&statements, record)["recordDetails"]["interests"][1].clone();
    let step = votes(&id(&format!("holding/entity/LT-RC-{V}/entity/LT-RC-{W}")));
    assert_eq!(
        (&step["type"], &step["directOrIndirect"], &step["share"]),
        (&json!("votingRights"), &json!("direct"), &json!({"exact": 51}))
    );
    assert_eq!(votes(&id(&format!("holding/entity/LT-RC-{W}/person/p1")))["share"], json!({"exact": 60}));
    let end = votes(&id("owner/person/p1"));
    assert_eq!((&end["directOrIndirect"], &end["share"]), (&json!("indirect"), &json!({"exclusiveMinimum": 50, "maximum": 100})));
    assert_eq!(votes(&id("owner/person/p2")), Value::Null);
}

#[test]
fn whatever_a_foreign_entity_or_a_public_body_is_it_is_called_so() {
    let mut night = Night::with(V);
    night.holding(V, V, Who::Foreign("EE", Some("12345"), "Näidis OÜ"), percent(40));
    night.holding(V, V, Who::Foreign("GB", None, "Example Holding"), percent(30)).holding(V, V, Who::Public(W), percent(30));
    for row in night.rows("out_dalyvis__istorija").iter_mut().filter(|row| row.get("valstybe") == Some(&"EE".into())) {
        row.insert("registras", "Äriregister".into());
        row.insert("saltinis", "formos".into());
    }
    let statements = Histories::of(&[night]).bods();
    let details = |name: &str| only(&statements, &id(name))["recordDetails"].clone();
    let estonian = details("entity/EE-12345");
    assert_eq!(estonian["identifiers"], json!([{"id": "12345", "schemeName": "Äriregister"}]));
    assert_eq!(estonian["jurisdiction"], json!({"name": "Estonia", "code": "EE"}));
    let british = statements.iter().find(|one| one["recordDetails"]["name"] == "Example Holding").unwrap();
    assert_eq!(british["recordDetails"]["entityType"]["type"], "legalEntity");
    assert_eq!(details(&format!("entity/LT-RC-{W}"))["entityType"]["type"], "stateBody");
    let source = &only(&statements, &id("owner/entity/EE-12345"))["source"];
    assert_eq!(source["type"], json!(["selfDeclaration"]));
    assert_eq!(source["assertedBy"], json!([{"name": format!("UAB „Pavyzdys {V}“")}]));
}

#[test]
fn a_night_in_which_nothing_changed_says_nothing() {
    let [one, three] = [1, 3].map(|nights| Histories::of(&vec![chain(); nights]).bods_text(&PUBLICATION));
    assert_eq!(one, three);
}

#[test]
fn a_share_that_changed_is_said_anew() {
    let statements = Histories::of(&[held_by_two(70, 30), held_by_two(60, 40)]).bods();
    let owner = about(&statements, &id("owner/person/p1"));
    assert_eq!(statuses(&statements, &id("owner/person/p1")), ["new", "updated"]);
    let share = |at: usize| &owner[at]["recordDetails"]["interests"][0]["share"]["exact"];
    assert_eq!((share(0), share(1)), (&json!(70), &json!(60)));
    assert_eq!([&owner[0]["statementDate"], &owner[1]["statementDate"]], [&json!("2024-10-04"), &json!("2024-10-05")]);
    assert_eq!(statuses(&statements, &id("person/p1")), ["new"], "the person is the same");
}

#[test]
fn whoever_left_is_closed_with_the_day_on_which_the_holding_ended() {
    let mut after = Night::with(V);
    after.holding(V, V, Q, percent(100)).owner(V, Q, percent(100), false, 1);
    after.participant(V, P, percent(70), &[("iki", 19_990.into())]);
    let statements = Histories::of(&[held_by_two(70, 30), after]).bods();
    for record in ["person/p1", "owner/person/p1"] {
        assert_eq!(statuses(&statements, &id(record)), ["new", "closed"]);
    }
    let closed = about(&statements, &id("owner/person/p1"))[1];
    assert_eq!(closed["recordDetails"]["interests"][0]["endDate"], "2024-09-24");
    assert_eq!(closed["recordDetails"]["interests"][0]["share"]["exact"], 70, "what it was");
    assert_eq!(statuses(&statements, &id("owner/person/p2")), ["new", "updated"]);
}

#[test]
fn whoever_comes_back_is_a_new_record() {
    let mut between = Night::with(V);
    between.holding(V, V, Q, percent(100)).owner(V, Q, percent(100), false, 1);
    let nights = [held_by_two(70, 30), between.clone(), held_by_two(70, 30), between, held_by_two(5, 95)];
    let statements = Histories::of(&nights).bods();
    for name in ["person/p1", "owner/person/p1"] {
        assert_eq!(statuses(&statements, &id(name)), ["new", "closed"]);
        assert_eq!(statuses(&statements, &format!("{}~2", id(name))), ["new", "closed"]);
        assert_eq!(statuses(&statements, &format!("{}~3", id(name))), ["new"]);
    }
    let again = only(&statements, &format!("{}~3", id("owner/person/p1")));
    assert_eq!(again["recordDetails"]["interestedParty"], format!("{}~3", id("person/p1")));
}

#[test]
fn an_owner_of_whom_owners_become_known_is_an_intermediate_one() {
    let mut before = Night::with(V);
    before.holding(V, V, Who::Lithuanian(W), percent(100)).owner(V, Who::Lithuanian(W), percent(100), false, 1);
    let mut after = Night::with(V);
    after.holding(V, V, Who::Lithuanian(W), percent(100)).holding(V, W, P, percent(100)).owner(V, P, percent(100), false, 2);
    let statements = Histories::of(&[before, after]).bods();
    assert_eq!(statuses(&statements, &id(&format!("owner/entity/LT-RC-{W}"))), ["new", "closed"]);
    assert_eq!(statuses(&statements, &company(W)), ["new", "updated"]);
    assert_eq!(about(&statements, &company(W))[1]["recordDetails"]["isComponent"], true);
    assert_eq!(statuses(&statements, &id("owner/person/p1")), ["new"]);
}

#[test]
fn a_virs_that_goes_closes_all_of_its_network() {
    let statements = Histories::of(&[chain(), Night::default()]).bods();
    assert!(statements.len() > 8 && statements.iter().filter(|one| one["recordStatus"] == "closed").count() * 2 == statements.len());
    let again = Histories::of(&[chain(), Night::default(), chain()]).bods();
    let subject = format!("{}~2", company(V));
    assert!(again.iter().filter(|one| one["declarationSubject"] == subject.as_str()).count() * 3 == again.len());
}

#[test]
fn of_a_chain_that_leads_nowhere_any_more_nothing_is_a_component() {
    // Whoever is removed from releases is removed from their histories, too.
    let mut night = chain();
    night.rows("out_grandis__istorija").retain(|row| row["valdomas_kodas"] != W.into());
    night.rows("out_savininkas__istorija").retain(|row| row.get("asmens_id") == Some(&"p2".into()));
    let statements = Histories::of(&[night]).bods();
    assert!(statements.iter().all(|one| one["recordDetails"]["isComponent"] == false));
    assert_eq!(only(&statements, &id(&format!("owner/entity/LT-RC-{W}")))["recordDetails"]["interests"][0]["share"], json!({"exact": 50}));
}

#[test]
fn two_releases_of_one_day_are_two_turns() {
    let releases = [1, 2, 3, 4].map(|number| Release { number, day: 20_000 });
    let nights = [held_by_two(70, 30), held_by_two(60, 40), held_by_two(70, 30), held_by_two(60, 40)];
    let nights: Vec<_> = releases.into_iter().zip(nights).collect();
    let statements = Histories::of_releases(&nights).bods();
    assert_eq!(statuses(&statements, &id("owner/person/p1")), ["new", "updated", "updated", "updated"]);
    let mut ids: Vec<_> = statements.iter().map(|one| one["statementId"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), statements.len());
    let first = Histories::of_releases(&nights[..1]).bods_text(&PUBLICATION);
    let all = Histories::of_releases(&nights).bods_text(&PUBLICATION);
    assert!(first.lines().all(|line| all.lines().any(|other| other == line)), "what the first of them said stays said");
}

#[test]
fn a_release_that_was_withdrawn_closes_nothing() {
    let release = |number| Release { number, day: 20_000 + number as i32 };
    // The second was withdrawn: the third follows the first.
    let statements = Histories::of_releases(&[(release(1), held_by_two(70, 30)), (release(3), held_by_two(60, 40))]).bods();
    assert_eq!(statuses(&statements, &id("owner/person/p1")), ["new", "updated"]);
    assert_eq!(about(&statements, &id("owner/person/p1"))[1]["statementDate"], "2024-10-07");
}

#[test]
fn who_publishes_and_where_does_not_change_what_a_statement_is() {
    let histories = Histories::of(&[chain()]);
    let other = Publication { publisher: "Kita įstaiga", url: None, licence_url: "https://pavyzdys.example/licencija" };
    let ids = |text: &str| -> Vec<String> {
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["statementId"].to_string()).collect()
    };
    let (one, two) = (histories.bods_text(&PUBLICATION), histories.bods_text(&other));
    assert_eq!(ids(&one), ids(&two));
    assert_ne!(one, two);
}

#[test]
fn a_table_or_a_column_that_is_missing_is_named() {
    let histories = Histories::of(&[chain()]);
    let missing = Tables::find(|name| (name != "out_dalyvis__istorija").then(|| histories.tables().owners)).unwrap_err();
    assert!(missing.to_string().contains("out_dalyvis__istorija"), "{missing}");
    let without = histories.with("out_grandis__istorija", |rows| {
        let place = rows.schema().index_of("dalis").unwrap();
        let others: Vec<usize> = (0..rows.num_columns()).filter(|column| *column != place).collect();
        rows.project(&others).unwrap()
    });
    let refused = super::write_bods(&without.tables(), &crate::sample::CATALOG, &PUBLICATION, &mut Vec::new()).unwrap_err();
    assert!(matches!(refused, Error::Column { table: "out_grandis__istorija", column: "dalis", needed: "share" }), "{refused}");
}
