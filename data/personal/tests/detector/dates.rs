//! Birth dates: those that a word calls so, and those of whoever the row is about.

use chrono::NaiveDate;
use personal::{stands_in, tells_date};

#[test]
fn a_date_that_a_word_calls_a_birth_date_is_found() {
    for text in [
        "gim. 1950-03-04",
        "Gim. 1950.03.04",
        "g. 1950.03.04",
        "gimęs 1950 m. kovo 4 d.",
        "gimusi 1950 m. kovo 4 d. Vilniuje",
        "1950 m. kovo 4 d. gimusi",
        "1950-03-04 gimęs",
        "Gimimo data: 1950-03-04",
        "gimė Kaune 1950 metų kovo 4 dieną",
        "gim. 50-03-04",
        "gim. 19500304",
        "gim. 04.03.50",
        "gim. 1950 03 04",
        "gim. 1950/3/4",
        "gim. ４.３.１９５０",
        "gim\u{ad}. 19\u{200b}50-03-04",
        "GIM. 1950 KOVO 4",
        "geb. 4.3.1950",
        "geboren am 4. März 1950",
        "geb. 04.03.1950 in Köln",
        "born 4 March 1950",
        "born on March 4th, 1950",
        "date of birth: 03/04/1950",
        "DOB 1950-03-04",
        "ur. 4 marca 1950 r.",
        "urodzona 4.03.1950",
        "род. 4 марта 1950 г.",
        "родилась 04.03.1950",
        "дата рождения 04.03.1950",
        "04.03.1950 г.р.",
        "dzim. 1950. gada 4. martā",
        "dzimis 04.03.1950",
        "sünd. 4. märts 1950",
        "sündinud 04.03.1950",
        "synt. 4.3.1950",
        "född 1950-03-04",
        "født 4.3.1950",
        "нар. 04.03.1950",
        "gim. 4.III.1950",
        "1950-03-04 g.",
        "*1950-03-04",
        "Ann Example * 4.3.1950",
        "gimtadienis kovo 4 d. 1950",
        "narodzony 1950-03-04",
        "р. 04.03.1950",
        "né le 4 mars 1950",
        "nato il 4 marzo 1950",
        "nacida el 4.3.1950",
        "https://pavyzdys.lt/gim.%201950-03-04",
    ] {
        assert!(stands_in(text), "{text}");
    }
}

#[test]
fn other_dates_and_words_that_begin_alike_are_not() {
    for text in [
        "2021-03-04 Nr. 12",
        "Nr. 3-B 2021-03-04",
        "Vilniaus gimnazija, 2021-03-04",
        "Gimtoji žemė 2021-03-04",
        "Vilniaus g. 12-34, LT-01103 Vilnius",
        "Kovo 11-osios g. 12, LT-01103",
        "Sausio 13-osios g. 2-3-4",
        "2021 m. kovo 4 d. sutartis Nr. ĮV-12",
        "Народна газета 04.03.2021",
        "įkurta 1950-03-04",
        "gim. 1950",
        "7 dienos 24 valandos 365",
        "Urmo g. 1950",
        "S. Daukanto g. 15, LT-03147",
        "15 min",
        "24 valandos",
        "geb",
        "1991-03-11 g. 5, Vilnius",
        "* 2021-03-04 pakeista",
        "NATO 1950-03-04",
        "dob 12",
        "1990-03-11 Nepriklausomybės aktas",
    ] {
        assert!(!stands_in(text), "{text}");
    }
}

#[test]
fn a_persons_own_birth_date_is_found_in_every_usual_spelling_and_no_other_date_is() {
    let born = NaiveDate::from_ymd_opt(1950, 3, 4).unwrap();
    for text in [
        "1950-03-04",
        "1950.03.04",
        "1950/03/04",
        "1950 03 04",
        "1950-3-4",
        "04.03.1950",
        "4.3.1950",
        "03/04/1950",
        "4-3-1950",
        "1950 m. kovo 4 d.",
        "1950 kovo 4",
        "4 March 1950",
        "March 4, 1950",
        "4. März 1950",
        "4 марта 1950",
        "4. marts 1950",
        "19500304",
        "04031950",
        "040350",
        "500304",
        "50-03-04",
        "04.03.50",
        "Žinios 19500304",
        "x19500304y",
        "1 9 5 0 0 3 0 4",
        "１９５０-０３-０４",
        "1950\u{200b}-03-04",
        "Nr. 19500304-12",
        "1950年3月4日",
        "a1950b03c04d",
        "kovo 4-oji, 1950",
        "1950-063",
    ] {
        assert!(tells_date(text, born), "{text}");
    }
    for text in [
        "1950-03-05",
        "1951-03-04",
        "1950",
        "03-04",
        "kovo 4",
        "2050-03-04",
        "1950, 4 ir 3",
        "3 ir 4",
        "Vilnius, Rasos g. 4-3, LT-01950",
        "",
    ] {
        assert!(!tells_date(text, born), "{text}");
    }
}
