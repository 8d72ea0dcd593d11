//! A choice decides which fields there are: what belongs to another one is neither shown, nor kept, nor handed in.

use super::ground::ground;
use super::peer::{entity_code, personal_code};
use super::way::{draft, press, records};

#[test]
fn what_belongs_to_another_choice_is_not_kept_whoever_sends_it_and_the_page_says_so() {
    let Some(ground) = ground() else { return };
    let mut own = ground.somebody("virs");
    let (secret, firm) = (personal_code(790), entity_code(790));
    let id = draft(&mut own.client, "virs", "");
    let activity = [("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    // What the form was filled with is not what this test is about.
    for _ in 0..records(&mut own.client, id, "dalyviai") {
        assert_eq!(press(&mut own.client, id, "salinti-taip:dalyviai:0", &[]).status, 303);
    }
    assert_eq!(press(&mut own.client, id, "prideti:dalyviai", &activity).status, 303);
    let person = [
        ("dalyviai.0.dalyvio_rusis", "F"),
        ("dalyviai.0.vardas", "Ūla"),
        ("dalyviai.0.pavarde", "Išgalvotoji"),
        ("dalyviai.0.asmens_kodas", &secret),
        ("dalyviai.0.akcijos", "10"),
        ("dalyviai.0.visos_akcijos", "100"),
        ("dalyviai.0.nuo", "2020-01-01"),
    ];
    let saved = press(&mut own.client, id, "saugoti", &person).text();
    assert!(saved.contains(&secret) && !saved.contains("Ištrinta, nes"), "{saved}");
    // Without scripts both come: the new kind, and what is still on the page of the old one.
    let mut changed = person.to_vec();
    changed[0] = ("dalyviai.0.dalyvio_rusis", "J");
    let shown = press(&mut own.client, id, "rodyti", &changed);
    let text = shown.text();
    assert_eq!(shown.status, 200);
    assert!(text.contains("Ištrinta, nes pagal pasirinkimą nepildoma: Vardas, Pavardė, Asmens kodas."), "{text}");
    assert!(!text.contains(&secret) && !ground.of_organisation(&own.code).contains(&secret), "nothing of it is kept");
    let field = |text: &str, depends: &str| {
        let from = text.find(&format!("<p class=\"field\" data-by=\"dalyviai.0.dalyvio_rusis\" data-none=\"{depends}")).unwrap();
        text[from..].lines().next().unwrap().to_owned()
    };
    assert!(field(&text, "J UJ\" data-must=\"F UF").contains(" hidden>"), "a name of a person is not shown: {text}");
    assert!(!field(&text, "F UF\" data-must=\"J UJ").contains(" hidden>"), "the name of a firm is: {text}");
    let entity = [
        ("dalyviai.0.dalyvio_rusis", "J"),
        ("dalyviai.0.dal_kodas", &firm),
        ("dalyviai.0.dal_pavadinimas", "Išgalvota UAB"),
        ("dalyviai.0.dal_forma", "310"),
        // No page would send these with it.
        ("dalyviai.0.asmens_kodas", &secret),
        ("dalyviai.0.gimimo_data", "1985-01-01"),
    ];
    assert_eq!(press(&mut own.client, id, "tikrinti", &entity).status, 303, "what does not belong is no problem either");
    let review = own.client.get(&format!("/pateiktis/{id}")).text();
    assert!(review.contains("Išgalvota UAB") && !review.contains(&secret) && !review.contains("1985-01-01"), "{review}");
    assert!(!ground.of_organisation(&own.code).contains(&secret));
}
