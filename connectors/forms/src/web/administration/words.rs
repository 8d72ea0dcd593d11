//! What program words are called in Lithuanian: rules by which extracts are refused, stages of nights, actions of the audit log.

/// Why a source could not be used.
pub(super) fn rule(rule: &str) -> &'static str {
    match rule {
        "fewer_rows" => "gerų eilučių gerokai mažiau negu praėjusį kartą",
        "lost_keys" => "dingo daug įrašų, kurie buvo praėjusį kartą",
        "emptier_column" => "stulpelis daug tuštesnis negu praėjusį kartą",
        "older_events" => "naujausi faktai senesni negu praėjusį kartą",
        "older_extract" => "išrašas padarytas anksčiau už paskutinį gerą",
        "bad_rows" => "per daug blogų eilučių",
        "other_store" => "pateikimų saugykloje trūksta to, kas buvo praėjusią naktį",
        "missing" => "išrašo nėra",
        "unreadable" => "išrašo nepavyko perskaityti",
        "truncated" | "incomplete" => "išrašas nutrūksta: gauta ne viskas",
        "changed_headings" | "no_headings" | "column_type" => "stulpeliai kitokie, negu sutarta",
        "endless_row" | "damaged" | "archive" | "not_data" | "not_a_file" | "two_forms" | "wrong_form" => {
            "failas sugadintas arba ne toks, koks sutartas"
        }
        "too_large" => "išrašas per didelis",
        "unreachable" | "status" | "too_slow" | "given_up" | "redirected" => "šaltinis neatsako arba atsako klaida",
        "deadline" | "budget" => "šaltinis nespėjo atsakyti per skirtą laiką",
        "certificate" | "not_allowed" => "šaltinis neįsileidžia arba jo sertifikatas netinka",
        "signature" | "other_answer" | "protocol" | "not_codes" => "atsakymas netikras arba ne toks, koks sutartas",
        "changed_while_read" | "duplicate_page" => "duomenys keitėsi, kol buvo skaitomi",
        "settings" => "nustatymai netinka",
        "not_brought_in" => "istorija dar neįkelta",
        "mandates" => "įgaliojimų sąrašas nepriimtas",
        _ => "išrašo panaudoti nepavyko",
    }
}

/// A stage of a night.
pub(super) fn stage(name: &str) -> &str {
    match name {
        "definitions" => "apibrėžimai",
        "read and clean" => "skaitymas ir valymas",
        "documents" => "dokumentai",
        "owners and core tables" => "savininkai ir pagrindinės lentelės",
        "sql models" => "skelbiamos lentelės",
        "checks" => "patikros",
        "statistics protected" => "statistikos apsauga",
        "disclosure and gate" => "atskleidimo kontrolė ir vartai",
        "publish" => "skelbimas",
        "commit" => "laidos įrašymas",
        other => other,
    }
}

/// What an action was about: a kind, and perhaps a number.
pub(super) fn object(object: &str) -> String {
    let (kind, rest) = object.split_once(' ').unwrap_or((object, ""));
    let kind = match kind {
        "submission" => "pateikimas",
        "proposal" => "pasiūlymas",
        "session" => "prisijungimas",
        "account" => "paskyra",
        "accounts" => "paskyros",
        "letter" => "laiškas",
        "letters" => "laiškai",
        "mandate" => "įgaliojimas",
        "mandates" => "įgaliojimai",
        "audit" => "veiksmų žurnalas",
        "history" => "istorija",
        "report" => "ataskaita",
        "virs" => "VIRS",
        other => other,
    };
    format!("{kind} {rest}").trim_end().to_owned()
}

/// An action of the audit log.
pub(super) fn action(name: &str) -> &str {
    match name {
        "sign in" => "prisijungė",
        "sign in refused" => "prisijungti neleista",
        "sign out" => "atsijungė",
        "act for" => "pasirinko rolę",
        "password refused" => "neteisingas slaptažodis",
        "change password" => "pakeitė slaptažodį",
        "end other sessions" => "baigė kitus savo prisijungimus",
        "end sessions" => "baigti prisijungimai",
        "make account" => "sukurta paskyra",
        "renew account" => "atnaujinta paskyra",
        "close account" => "uždaryta paskyra",
        "encrypt" => "užšifruota",
        "store put back" => "saugykla atkurta iš kopijos",
        "refused" => "užklausa nepriimta",
        "begin" => "pradėjo juodraštį",
        "save" => "išsaugojo juodraštį",
        "check" => "patikrino",
        "form" => "suformavo dokumentą",
        "review" => "peržiūrėjo",
        "sign" => "pasirašė",
        "submit" => "pateikė",
        "supersede" => "pakeitė ankstesnį pateikimą",
        "back" => "grįžo taisyti",
        "discard" => "atsisakė juodraščio",
        "correct" => "pradėjo taisyti pateiktą",
        "ask to clarify" => "paprašė patikslinti",
        "answer request" => "atsakė į prašymą patikslinti",
        "leave to sign" => "išėjo pasirašyti RC modulyje",
        "signature refused" => "parašas nepriimtas",
        "read submission" => "skaitė pateikimą",
        "read document" => "skaitė dokumentą",
        "read container" => "skaitė pasirašytą dokumentą",
        "read attachment" => "skaitė priedą",
        "look up" => "ieškojo registre",
        "looked at change" => "patikrino registrų pakeitimą",
        "made report" => "parengė ataskaitą",
        "keep what was typed" => "išsaugota, kas įrašyta per vėlai",
        "export" => "eksportuota",
        "import history" => "įkelta istorija",
        "import mandates" => "įkelti įgaliojimai",
        "fetch mandates" => "parsisiųsti įgaliojimai",
        "propose" => "pasiūlė",
        "confirm proposal" => "patvirtino pasiūlymą",
        "decline proposal" => "atmetė pasiūlymą",
        "withdraw proposal" => "atšaukė savo pasiūlymą",
        "proposal lapsed" => "pasiūlymas nebegalioja",
        "add mandate" => "pridėjo įgaliojimą",
        "end mandate" => "baigė įgaliojimą",
        "accept extract" => "priėmė išrašą",
        "try letters again" => "liepė siųsti laiškus dar kartą",
        "give up letter" => "liepė laiško nebesiųsti",
        "search audit log" => "ieškojo veiksmų žurnale",
        "preview news" => "peržiūrėjo naujienas",
        other => other,
    }
}
