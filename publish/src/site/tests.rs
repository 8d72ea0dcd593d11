//! The whole site of a made-up release, read back from the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use catalog::{Catalog, Released};

use super::context::SiteContext;
use crate::weight::PAGE_BUDGET;
use crate::{Committed, Manifest, Publication, ReleaseInfo, Store, list, publish, sample, verify};

fn release(home: &Path, virs: usize, each: usize) -> (Committed, Catalog) {
    let catalog = sample::catalog(home);
    let tables = sample::tables(&catalog, virs, each);
    (release_of(home, &catalog, &tables), catalog)
}

fn release_of(home: &Path, catalog: &Catalog, tables: &[Released]) -> Committed {
    let info = sample::info();
    let store = Store::open(&home.join("portal"), &home.join("internal")).unwrap();
    let staging = store.stage().unwrap();
    let started = Instant::now();
    let context = SiteContext { notice: Some("Pavyzdiniai duomenys"), ..sample::context(&info) };
    let (published, _) = publish(&staging, catalog, tables, None, &|_| None, &context).unwrap();
    let written = started.elapsed();
    let committed = staging.commit(&info).unwrap();
    println!("{published:?} written in {written:?}, committed after {:?}", started.elapsed());
    committed
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => pages(&path, found),
            false if path.extension().is_some_and(|extension| extension == "html") => found.push(path),
            false => {}
        }
    }
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_release_is_sound_and_the_same_inputs_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, catalog) = release(one.path(), 40, 3);
    let (second, _) = release(two.path(), 40, 3);
    assert_eq!(first.manifest_sha256, second.manifest_sha256);
    for folder in [&first.portal, &first.internal] {
        let report = verify(folder, &catalog).unwrap();
        assert!(report.data_files >= 16 && report.previous.is_none());
    }
    let (third, _) = release(one.path(), 40, 3);
    let files = |release: &Committed| -> BTreeMap<String, String> {
        let files = Manifest::read(&release.portal).unwrap().0.all_files(&release.portal).unwrap();
        files.into_iter().map(|file| (file.path, file.sha256)).collect()
    };
    let (before, after) = (files(&first), files(&third));
    let differing: Vec<&String> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    let tells_of_changes = |path: &&&String| {
        path.contains("/pokyciai/")
            || sample::is_description(path)
            || ["public/", "open/", "public/en/", "open/en/"].iter().any(|tier| ***path == format!("{tier}index.html"))
    };
    assert!(!differing.is_empty() && differing.iter().all(|path| tells_of_changes(&path)), "nothing changed: {differing:?}");
    assert_eq!(verify(&third.portal, &catalog).unwrap().previous, Some(true));
    assert_eq!(list(&one.path().join("portal")).unwrap().len(), 2);
}

#[test]
fn every_link_leads_somewhere_and_every_page_is_well_marked() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 12, 3);
    for root in [&committed.portal, &committed.internal] {
        assert!(well_marked(root) > 12);
    }
}

#[test]
fn a_portal_below_a_path_of_its_host_leads_there_from_lost_addresses() {
    let home = tempfile::tempdir().unwrap();
    let catalog = sample::catalog(home.path());
    let publication = Publication { url: Some("https://pavyzdys.lt/virsis".to_owned()), ..Publication::default() };
    let info = ReleaseInfo { publication: Some(publication), ..sample::info() };
    let staging = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap().stage().unwrap();
    publish(&staging, &catalog, &sample::tables(&catalog, 5, 2), None, &|_| None, &sample::context(&info)).unwrap();
    let portal = staging.commit(&info).unwrap().portal;
    assert!(read(portal.join("404.html")).contains("href=\"/virsis/public/index.html\""));
}

#[test]
fn the_definitions_of_this_project_make_a_sound_release() {
    let home = tempfile::tempdir().unwrap();
    let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let committed = release_of(home.path(), &catalog, &sample::of_every_definition(&catalog));
    for root in [&committed.portal, &committed.internal] {
        verify(root, &catalog).unwrap();
        assert!(well_marked(root) > catalog.datasets().count());
    }
}

/// How many pages there are, when each of them is whole.
fn well_marked(root: &Path) -> usize {
    let mut found = Vec::new();
    pages(root, &mut found);
    for page in &found {
        let html = read(page);
        let place = page.display();
        let language = if page.components().any(|part| part.as_os_str() == "en") { "en" } else { "lt" };
        assert!(html.starts_with(&format!("<!doctype html>\n<html lang=\"{language}\">")), "{place}");
        assert!(!html.contains(['\u{1}', '\u{2}', '\u{3}', '⟦', '⟧']), "half a choice of languages in {place}");
        if language == "en" {
            for text in crate::language::said_in_lithuanian() {
                assert!(!html.contains(text), "“{text}” is not translated in {place}");
            }
        }
        for once in ["<h1", "<main id=\"turinys\"", "class=\"skip\""] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {place}");
        }
        // What is drawn may have titles of its own.
        assert_eq!(html.split("</head>").next().unwrap().matches("<title>").count(), 1, "{place}");
        let up = if html.contains("src=\"../assets/") { "../" } else { "" };
        let script = |name: &str| format!("<script type=\"module\" src=\"{up}assets/{name}.js\"></script>");
        let further = if language == "en" { "../" } else { "" };
        let badge = format!("<img class=\"badge\" src=\"{further}../virs/{}.svg\"", page.file_stem().unwrap().display());
        let bare = [script("search"), script("match"), script("excel"), script("what_if"), badge]
            .iter()
            .fold(html.clone(), |html, part| html.replacen(part, "", 1));
        // What search engines read runs nothing.
        let data = bare.split("<script type=\"application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
        let is_data = data.is_some_and(|data| serde_json::from_str::<serde_json::Value>(data).is_ok());
        let bare = if is_data { bare.replacen("<script type=\"application/ld+json\">", "", 1) } else { bare };
        // Guides alone have pictures beside them.
        let is_guide = page.parent().is_some_and(|folder| folder.ends_with("vadovai"));
        let bare = if is_guide { bare.replace("<img src=\"", "") } else { bare };
        assert!(!bare.contains("<script") && !bare.contains(" style=") && !bare.contains("src=\""), "{place}");
        let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "ids repeat in {place}");
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if ["https://", "mailto:"].iter().any(|start| link.starts_with(start)) {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            // The page for lost addresses is shown anywhere: its links are from the root of the site.
            let target = match path.strip_prefix('/') {
                Some(path) => root.join(path),
                None if path.is_empty() => page.clone(),
                None => page.parent().unwrap().join(path),
            };
            assert!(target.is_file(), "{link} in {place}");
            assert!(anchor.is_empty() || read(&target).contains(&format!("id=\"{anchor}\"")), "{link} in {place}");
        }
    }
    found.len()
}

#[test]
fn tiers_show_only_what_they_may() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 12, 3);
    let page = |tier: &str| read(committed.portal.join(tier).join("virs/300000002.html"));
    assert!(page("public").contains("Vardenė Pavardenė 1") && page("public").contains("33,33\u{a0}%"));
    assert!(page("public").contains("Turi dalį ir čia: <a href=\"300000003.html\">"), "what else the owner has");
    assert!(
        !page("open").contains("Pavardenė")
            && !page("open").contains("Turi dalį ir")
            && page("open").contains("tokie savininkai ir visos dalys nerodomi")
            && !page("open").contains("33,33\u{a0}%")
    );
    assert!(read(committed.internal.join("virs/300000002.html")).contains("00000000000"));
    let mut found = Vec::new();
    pages(&committed.portal, &mut found);
    for path in &found {
        assert!(!read(path).contains("00000000000"), "{}", path.display());
        assert!(!path.starts_with(committed.portal.join("open")) || !read(path).contains("Pavardenė"), "{}", path.display());
    }
    assert!(!committed.portal.join("open/virs/300000001.html").exists(), "a firm that bears a person's name has no open page");
}

#[test]
fn values_are_escaped_titled_and_never_zero_when_confidential() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 12, 3);
    let public = committed.portal.join("public");
    let entity = read(public.join("virs/300000001.html"));
    assert!(entity.contains("<h1>MB &lt;script&gt;alert(") && entity.contains("&amp; Ko</h1>"));
    assert!(entity.contains("href=\"https://example.lt/sutartis?nr=0&amp;m=1\""));
    assert!(entity.contains("Fizinis asmuo") && !entity.contains("<dd>310</dd>"), "titles, not codes");
    let statistics = read(public.join("statistika/lesu_statistika.html"));
    assert!(statistics.contains("<span class=\"hidden-value\">konfidencialu</span>") && statistics.contains("Tai nėra nulis"));
    assert!(statistics.contains("1\u{a0}234\u{a0}567,89") && statistics.contains("<th scope=\"row\" class=\"number\">2025</th>"));
    assert!(statistics.contains("<ol class=\"bars\">") && statistics.contains("<span class=\"label\">Kita &lt;priemonė&gt;</span>"));
    assert!(!statistics.contains("VIP rūšies pavadinimas</th><th"), "a code and its title are one column");
    let names = read(public.join("virs/index.html"));
    let at = |name: &str| names.find(name).unwrap_or_else(|| panic!("{name} is listed"));
    assert!(at("15 akimirkų") < at("Ąžuolo žinios") && at("Ąžuolo žinios") < at("Baltijos") && at("Šiaurės") < at("Žemaičių"));
}

#[test]
fn every_page_outside_the_internal_tier_says_who_publishes_and_on_what_terms() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 2, 2);
    let mut found = Vec::new();
    pages(&committed.portal, &mut found);
    let beside_tiers = [committed.portal.clone(), committed.portal.join("en")];
    found.retain(|path| !beside_tiers.iter().any(|folder| path.parent() == Some(folder)));
    assert!(found.len() > 10);
    for path in &found {
        let page = read(path);
        let said = ["rel=\"license", ">CC BY 4.0</a>", "href=\"mailto:duomenys@pavyzdys.lt\"", "kultūros ministerija"];
        assert!(said.iter().all(|text| page.contains(text)), "{}", path.display());
        let rules = ["asmens duomenų apsaugos taisyklės", "rules on the protection of personal data"];
        assert_eq!(rules.iter().any(|rule| page.contains(rule)), path.starts_with(committed.portal.join("public")), "{}", path.display());
    }
    for manifest in ["manifest.json", "public/manifest.json", "open/manifest.json"] {
        assert!(read(committed.portal.join(manifest)).contains("\"licence\": \"CC BY 4.0\""), "{manifest}");
    }
    assert!(
        !read(committed.internal.join("index.html")).contains("rel=\"license")
            && !read(committed.internal.join("manifest.json")).contains("licence")
    );
}

#[test]
fn what_the_portal_says_of_itself_is_linked_from_every_page_that_everybody_reads() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 2, 2);
    for (tier, own) in [("public", "Viešoji dalis, kurią dabar skaitote"), ("open", "Atvirų duomenų dalis, kurią dabar skaitote")] {
        let about = read(committed.portal.join(tier).join("apie.html"));
        assert!(about.contains("<a href=\"index.html#saltiniai\">šaltiniai</a>") && about.contains(own));
        assert!(about.contains("href=\"mailto:duomenys@pavyzdys.lt\"") && about.contains("<cite>VIRSIS</cite>"));
        let mut found = Vec::new();
        pages(&committed.portal.join(tier), &mut found);
        let links = ["apie.html\">Apie pavyzdį</a>", "apie.html\">About</a>"];
        assert!(found.iter().all(|path| links.iter().any(|link| read(path).contains(link))));
        assert!(read(committed.portal.join(tier).join("en/apie.html")).contains("<h2>What it is</h2>"));
    }
    assert!(!committed.internal.join("apie.html").exists() && !read(committed.internal.join("index.html")).contains("apie.html"));
}

#[test]
fn however_much_is_known_of_a_virs_its_page_keeps_the_budget() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 2, 3_000);
    let mut found = Vec::new();
    pages(&committed.portal, &mut found);
    pages(&committed.internal, &mut found);
    for path in &found {
        assert!(fs::metadata(path).unwrap().len() <= PAGE_BUDGET as u64, "{}", path.display());
    }
    let page = read(committed.portal.join("public/virs/300000000.html"));
    assert!(page.contains(" iš 3000; visos – rinkinio failuose"), "{page}");
    // What comes with every page.
    let weight = |name: &str| fs::metadata(committed.portal.join("public").join(name)).unwrap().len();
    for script in ["assets/search.js", "en/assets/search.js"] {
        assert!(weight("assets/style.css") + weight(script) + PAGE_BUDGET as u64 <= 100_000, "{script}");
    }
}

#[test]
fn a_long_section_is_cut_with_a_note() {
    let home = tempfile::tempdir().unwrap();
    let (committed, _) = release(home.path(), 2, 230);
    let page = read(committed.portal.join("public/virs/300000000.html"));
    assert!(page.contains("Rodoma 20\u{a0}eilučių iš 230"));
}
