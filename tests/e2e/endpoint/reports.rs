//! Reports behind the sign-in: who may make them, what they say, that a look is noted, and that what was typed goes nowhere.

use super::ground::ground;

const PATH: &str = "/ataskaitos/nezinomi_savininkai";

#[test]
fn analysts_and_the_ministry_make_reports_and_nobody_else_may() {
    let Some(ground) = ground() else { return };
    for role in ["virs", "lrtk", "zeit", "viea", "istaiga", "administratorius"] {
        let mut other = ground.somebody(role);
        assert_eq!([other.client.get("/ataskaitos").status, other.client.get(PATH).status], [403, 403], "{role}");
        let token = other.csrf();
        assert_eq!(other.client.post(PATH, &[("_csrf", token.as_str())]).status, 403, "{role}");
        assert!(!other.client.get("/pradzia").text().contains("/ataskaitos"), "{role} is not led there");
    }
    for role in ["km", "analitikas"] {
        let mut reader = ground.somebody(role);
        let list = reader.client.get("/ataskaitos").text();
        assert!(list.contains("VIRS su nežinomais savininkais"), "{list}");
        assert!(reader.client.get("/pradzia").text().contains("href=\"/ataskaitos\""));
        let token = reader.csrf();
        let page = reader.client.post(PATH, &[("_csrf", token.as_str()), ("p-riba", "0,1"), ("kaip", "rodyti")]);
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Nežinoma dalis didesnė kaip: 0,1") && page.text().contains("vidiniai duomenys"), "{}", page.text());
        assert!(page.text().contains("<td") || page.text().contains("netenka daugiau"), "{}", page.text());
        let looks =
            "SELECT count(*) FROM audit WHERE action = 'made report' AND object = 'report nezinomi_savininkai' AND detail LIKE 'page, %'";
        assert!(ground.count(looks) > 0, "a look is noted");
    }
}

#[test]
fn a_report_is_kept_in_each_format_with_the_rows_of_the_page() {
    let Some(ground) = ground() else { return };
    let mut reader = ground.somebody("analitikas");
    let token = reader.csrf();
    let mut file = |format: &str| reader.client.post(PATH, &[("_csrf", token.as_str()), ("p-riba", "0"), ("kaip", format)]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&file("json").body).unwrap();
    assert!(!rows.is_empty(), "the country has VIRS with unknown owners");
    let csv = file("csv").body;
    assert_eq!(csv::Reader::from_reader(csv.as_slice()).records().count(), rows.len());
    assert!(file("xlsx").body.starts_with(b"PK"));
    let page = file("rodyti").text();
    assert!(page.contains(&format!("Eilučių: {}", rows.len())), "{page}");
}

#[test]
fn what_cannot_be_answered_is_said_and_what_was_typed_is_in_no_log() {
    let Some(ground) = ground() else { return };
    let mut reader = ground.somebody("km");
    let token = reader.csrf();
    let typed = "Tokios Vertės Nėra 4711";
    let page = reader.client.post(PATH, &[("_csrf", token.as_str()), ("p-riba", typed)]);
    assert_eq!(page.status, 422);
    assert!(
        page.text().contains("turi būti: skaičius, pvz., 0,25") && page.text().contains(&format!("value=\"{typed}\"")),
        "{}",
        page.text()
    );
    assert_eq!(reader.client.post(PATH, &[("p-riba", "0")]).status, 403, "without the token of the session");
    assert_eq!(reader.client.get("/ataskaitos/../../etc/passwd").status, 404);
    assert_eq!(reader.client.get("/ataskaitos/tokios_nera").status, 404);
    assert_eq!(ground.count(&format!("SELECT count(*) FROM audit WHERE detail LIKE '%{typed}%' OR object LIKE '%{typed}%'")), 0);
}

const BUILD: &str = "/ataskaitos/sudaryti/savininkas";

#[test]
fn a_report_is_built_without_sql_by_those_who_may_see_the_table() {
    let Some(ground) = ground() else { return };
    for role in ["virs", "istaiga", "administratorius"] {
        let mut other = ground.somebody(role);
        let token = other.csrf();
        assert_eq!([other.client.get(BUILD).status, other.client.post(BUILD, &[("_csrf", token.as_str())]).status], [403, 403], "{role}");
    }
    let mut reader = ground.somebody("analitikas");
    assert!(reader.client.get("/ataskaitos").text().contains(BUILD));
    assert!(reader.client.get(BUILD).text().contains("Sudaryti ataskaitą"));
    assert_eq!(reader.client.get("/ataskaitos/sudaryti/tokios_nera").status, 404);
    // Codes of persons are not for analysts, neither in standard reports nor in these.
    assert_eq!(reader.client.get("/ataskaitos/sudaryti/asmens_duomenys").status, 404);
    let token = reader.csrf();
    let mut asked = |more: &[(&str, &str)]| reader.client.post(BUILD, &[&[("_csrf", token.as_str())], more].concat());
    let persons = [("k1-stulpelis", "savininko_rusis"), ("k1-palyginimas", "yra"), ("k1-reiksme", "fizinis")];
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&asked(&[&persons[..], &[("kaip", "json")]].concat()).body).unwrap();
    assert!(!rows.is_empty());
    let page = asked(&[&persons[..], &[("g-savininko_rusis", "taip"), ("kaip", "rodyti")]].concat());
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("Eilučių: 1<") && text.contains("GROUP BY &quot;savininko_rusis&quot;"), "{text}");
    assert!(text.replace('\u{a0}', "").contains(&format!(">{}</td>", rows.len())), "as many persons as rows: {text}");
    assert!(asked(&[&persons[..], &[("kaip", "xlsx")]].concat()).body.starts_with(b"PK"));
    let typed = "Tokio Nėra 4712";
    let refused = asked(&[("k1-stulpelis", "dalis"), ("k1-palyginimas", "nuo"), ("k1-reiksme", typed)]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("skaičių, pvz., 0,25") && refused.text().contains(typed));
    let nobody = asked(&[("k1-stulpelis", "savininkas"), ("k1-palyginimas", "yra"), ("k1-reiksme", typed)]);
    assert!(nobody.text().contains("nieko nerasta"), "{}", nobody.text());
    assert!(ground.count("SELECT count(*) FROM audit WHERE action = 'made report' AND object = 'table savininkas'") >= 4);
    assert_eq!(ground.count(&format!("SELECT count(*) FROM audit WHERE detail LIKE '%{typed}%' OR object LIKE '%{typed}%'")), 0);
}
