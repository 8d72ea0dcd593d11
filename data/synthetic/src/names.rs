//! Names. Those of persons are put together from stems that no Lithuanian name has, under Lithuanian endings: long enough
//! that a search of every published byte finds a leak and nothing else. Those of entities and outlets come from other,
//! ordinary words, so that no person's name can be part of one.

use crate::draws::Draws;

const GIVEN_STEMS: [&str; 30] = [
    "Algžd",
    "Brovg",
    "Dargvel",
    "Evžirm",
    "Ginzdr",
    "Jolvung",
    "Kęsrub",
    "Lendvog",
    "Miržul",
    "Norgažd",
    "Olgvirt",
    "Rimzgur",
    "Svaidrub",
    "Tadrvyž",
    "Ulgrimb",
    "Vaikžerm",
    "Žygrolt",
    "Aistrvol",
    "Balgružd",
    "Cezgromb",
    "Dūngvilt",
    "Eigžumb",
    "Gražvolt",
    "Indrvyg",
    "Judgrūz",
    "Lygžamb",
    "Medžvurg",
    "Raigžult",
    "Sirvdomb",
    "Vyžgundr",
];
const GIVEN_MEN: [&str; 8] = ["imantas", "enis", "olijus", "ydas", "audas", "ermas", "ūnas", "oldas"];
const GIVEN_WOMEN: [&str; 8] = ["imantė", "enija", "olija", "ydė", "audė", "ermina", "ūnė", "olda"];

const FAMILY_STEMS: [&str; 36] = [
    "Brelž", "Dvangr", "Fralžd", "Gimzdr", "Jorblž", "Kvulgr", "Lažgvr", "Mūngvr", "Nirždr", "Ožgvul", "Plerzg", "Rudžgv", "Skvelž",
    "Švunkr", "Trolžg", "Ulbrgž", "Vramzg", "Zglirk", "Žvurbl", "Čergzd", "Drėlžg", "Ergžmb", "Glūžbr", "Ilgždr", "Kržemb", "Lubždr",
    "Mozgvr", "Pigžtr", "Ragždv", "Smulžg", "Tvyrzg", "Ūdgrž", "Vožblr", "Zumbrg", "Žergvl", "Šlažgr",
];
const FAMILY_MIDDLES: [&str; 24] = [
    "ob", "ėd", "ūnkš", "irv", "alž", "emb", "ugd", "yst", "ork", "ind", "aug", "elm", "ūrž", "ymb", "olt", "ęsn", "ard", "ipš", "uld",
    "erg", "amž", "ovn", "ėkš", "ynt",
];
/// A man's ending, a daughter's and a wife's.
const FAMILY_ENDINGS: [[&str; 3]; 7] = [
    ["auskas", "auskaitė", "auskienė"],
    ["avičius", "avičiūtė", "avičienė"],
    ["aitis", "aitytė", "aitienė"],
    ["onis", "onytė", "onienė"],
    ["elis", "elytė", "elienė"],
    ["ėnas", "ėnaitė", "ėnienė"],
    ["inskas", "inskaitė", "inskienė"],
];

const FOREIGN_GIVEN: [&str; 16] = [
    "Axbrund",
    "Bjelkvar",
    "Czedwin",
    "Dankwulf",
    "Elsabrit",
    "Fjorgund",
    "Gwenhard",
    "Hjelmtrud",
    "Ingwelda",
    "Jorkvald",
    "Kwenhild",
    "Lodwarth",
    "Mortwyn",
    "Quinbert",
    "Wulfbrid",
    "Yrsamund",
];
const FOREIGN_STEMS: [&str; 20] = [
    "Axelquor",
    "Bjurstrom",
    "Czwarkow",
    "Dunkwart",
    "Eschquel",
    "Fjeldwok",
    "Grunquist",
    "Hjortwax",
    "Kwistral",
    "Lindquex",
    "Mjolkwat",
    "Norquwil",
    "Oxenwelm",
    "Prezwark",
    "Quellbro",
    "Rawskwol",
    "Sjowelqu",
    "Torwexel",
    "Wexbrand",
    "Zwolquad",
];
const FOREIGN_MIDDLES: [&str; 16] =
    ["", "by", "cu", "dow", "ex", "fu", "gwe", "hjo", "ix", "kwu", "lux", "myr", "now", "pyx", "row", "wex"];
const FOREIGN_ENDINGS: [&str; 12] = [
    "sverdson",
    "owirczyk",
    "enbruchter",
    "quelmann",
    "wikström",
    "hoxworth",
    "okwelsky",
    "undqvister",
    "jakkönen",
    "vaxholmer",
    "brixhagen",
    "dewalkski",
];

const FIRST_WORDS: [&str; 32] = [
    "Sidabro",
    "Gintaro",
    "Šiaurės",
    "Pietų",
    "Rytų",
    "Vakarų",
    "Aušros",
    "Vėtros",
    "Ąžuolo",
    "Beržo",
    "Vario",
    "Molio",
    "Linų",
    "Rūko",
    "Žiemos",
    "Vasaros",
    "Kranto",
    "Pilies",
    "Tilto",
    "Girios",
    "Lankos",
    "Upės",
    "Ežero",
    "Kopų",
    "Marių",
    "Rasos",
    "Šerkšno",
    "Žvaigždžių",
    "Saulės",
    "Debesų",
    "Akmens",
    "Smėlio",
];
const SECOND_WORDS: [&str; 24] = [
    "banga",
    "versmė",
    "vėtrungė",
    "balsas",
    "kelias",
    "langas",
    "puslapis",
    "aidas",
    "raidė",
    "lapas",
    "garsas",
    "vaizdas",
    "tiltas",
    "sietuva",
    "skiautė",
    "gija",
    "šaltinis",
    "takas",
    "bokštas",
    "uostas",
    "dirbtuvė",
    "sodas",
    "skliautas",
    "žibintas",
];
const OUTLET_WORDS: [&str; 10] =
    ["žinios", "kronika", "apžvalga", "naujienos", "diena", "savaitė", "metraštis", "pasaulis", "valanda", "skaitiniai"];

const TOWNS: [&str; 12] = [
    "Vilnius",
    "Kaunas",
    "Klaipėda",
    "Šiauliai",
    "Panevėžys",
    "Alytus",
    "Marijampolė",
    "Utena",
    "Telšiai",
    "Tauragė",
    "Rokiškis",
    "Šilutė",
];

/// A person's given and family name, with a number that is the same for equal names only.
pub(crate) struct PersonName {
    /// Given name.
    pub(crate) given: String,
    /// Family name.
    pub(crate) family: String,
    /// Tells names apart.
    pub(crate) number: u64,
}

/// The name of a Lithuanian.
pub(crate) fn lithuanian(female: bool, draws: &mut Draws) -> PersonName {
    let given_endings = if female { GIVEN_WOMEN } else { GIVEN_MEN };
    let form = if female { 1 + draws.below(2) } else { 0 };
    let choice = [GIVEN_STEMS.len(), given_endings.len(), FAMILY_STEMS.len(), FAMILY_MIDDLES.len(), FAMILY_ENDINGS.len()]
        .map(|size| draws.below(size));
    PersonName {
        given: [GIVEN_STEMS[choice[0]], given_endings[choice[1]]].concat(),
        family: [FAMILY_STEMS[choice[2]], FAMILY_MIDDLES[choice[3]], FAMILY_ENDINGS[choice[4]][form]].concat(),
        number: number(&choice) * 3 + form as u64,
    }
}

/// The name of a Lithuanian with two family names.
pub(crate) fn double(female: bool, draws: &mut Draws) -> PersonName {
    let (first, second) = (lithuanian(female, draws), lithuanian(female, draws));
    PersonName {
        given: first.given,
        family: format!("{}-{}", first.family, second.family),
        // Apart from all others: numbers of single names have less than 32 bits.
        number: ((first.number + 1) << 32) | second.number,
    }
}

/// The name of a foreigner.
pub(crate) fn foreign(draws: &mut Draws) -> PersonName {
    let choice = [FOREIGN_GIVEN.len(), FOREIGN_STEMS.len(), FOREIGN_MIDDLES.len(), FOREIGN_ENDINGS.len()].map(|size| draws.below(size));
    PersonName {
        given: FOREIGN_GIVEN[choice[0]].to_owned(),
        family: [FOREIGN_STEMS[choice[1]], FOREIGN_MIDDLES[choice[2]], FOREIGN_ENDINGS[choice[3]]].concat(),
        // Apart from all Lithuanian names, whose numbers have six parts.
        number: u64::MAX - number(&choice),
    }
}

fn number(choice: &[usize]) -> u64 {
    choice.iter().fold(0, |number, &part| number * 64 + part as u64)
}

/// Two ordinary words and a number, the stuff of every entity's name.
pub(crate) fn entity(number: usize, draws: &mut Draws) -> String {
    format!("{} {} {number}", draws.pick(&FIRST_WORDS), draws.pick(&SECOND_WORDS))
}

/// The name of an outlet.
pub(crate) fn outlet(number: usize, draws: &mut Draws) -> String {
    format!("{} {} {number}", draws.pick(&FIRST_WORDS), draws.pick(&OUTLET_WORDS))
}

/// A town that a seat, a territory or an institution lies in.
pub(crate) fn town(draws: &mut Draws) -> &'static str {
    draws.pick::<&str>(&TOWNS)
}

/// A seat's address in one of these places.
pub(crate) fn address(places: &[String], draws: &mut Draws) -> String {
    let place = draws.pick(places);
    format!("{place}, {} g. {}, LT-{:05}", draws.pick(&FIRST_WORDS), draws.between(1, 150), draws.between(0, 99_999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_persons_are_long_and_equal_only_with_equal_numbers() {
        let mut draws = Draws::of(5, "test");
        let mut known = std::collections::BTreeMap::new();
        for round in 0..20_000 {
            let name = match round % 10 {
                0 => foreign(&mut draws),
                1 => double(round % 3 == 0, &mut draws),
                _ => lithuanian(round % 2 == 0, &mut draws),
            };
            assert!(name.given.chars().count() >= 6 && name.family.chars().count() >= 9, "{} {}", name.given, name.family);
            let text = format!("{} {}", name.given, name.family);
            assert_eq!(*known.entry(name.number).or_insert_with(|| text.clone()), text);
        }
        let texts: std::collections::BTreeSet<_> = known.values().collect();
        assert_eq!(texts.len(), known.len());
    }

    #[test]
    fn no_stem_of_a_family_stands_in_an_ordinary_word() {
        let ordinary = [&FIRST_WORDS[..], &SECOND_WORDS, &OUTLET_WORDS, &TOWNS].concat().join(" ").to_lowercase();
        for stem in FAMILY_STEMS.iter().chain(&FOREIGN_STEMS).chain(&GIVEN_STEMS).chain(&FOREIGN_GIVEN) {
            assert!(!ordinary.contains(&stem.to_lowercase()), "{stem}");
        }
    }
}
