//! Companies' codes: eleven digits pass only where that state's companies have such.

use catalog::{Column, Finding, Guard, Layer};

use super::CATALOG;
use super::spelled::{code, mistyped};

/// A registration number of Latvia that has a birth date in it (1940-12-02, so to speak) and its own right control digit.
fn latvian() -> String {
    let right = |digits: &str| {
        let sum: u32 =
            digits.chars().zip([9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
        sum % 11 == 3
    };
    (0..100_000)
        .map(|number| format!("400030{number:05}"))
        .find(|digits| right(digits) && catalog::codes::personal_birth_date(digits).is_some())
        .unwrap()
}

fn guard(names: [&str; 2]) -> Guard {
    let all = CATALOG.tables(Layer::Raw).flat_map(|table| &table.columns).map(|column| &*column.column).collect::<Vec<&Column>>();
    Guard::over(names.map(|name| *all.iter().find(|column| column.name == name).unwrap()))
}

fn found(code: &str, state: &str) -> Vec<Finding> {
    let both = ["dal_kodas", "dav_kodas"].map(|name| {
        let cells = [Some(state).filter(|state| !state.is_empty()), Some(code)];
        guard(["valstybe", name]).in_row(|place| cells[place]).into_iter().map(|(_, finding)| finding).collect::<Vec<_>>()
    });
    assert_eq!(both[0], both[1]);
    both[0].clone()
}

#[test]
fn a_personal_code_is_no_companys_code_in_any_state() {
    let codes = [
        code(3, 1985, 1, 1, 900),
        code(4, 1990, 2, 3, 12),
        code(5, 2001, 12, 31, 7),
        code(6, 2004, 5, 6, 90),
        code(1, 1899, 5, 6, 90),
        code(9, 12, 34, 56, 78),
    ];
    for state in CATALOG.classifier("valstybes").unwrap().terms.iter().map(|term| term.code.as_str()).chain([""]) {
        for code in &codes {
            // Where companies have codes of eleven digits, every eleventh or so is right both ways.
            let may_be_right = matches!(state, "LV" | "IT" | "HR" | "AU");
            for text in [code.clone(), format!("{state}{code}"), format!("{state}-{code}"), format!("{} {}", &code[..6], &code[6..])] {
                assert!(may_be_right || found(&text, state) == [Finding::EntityCode], "{text} {state}");
            }
            let mistyped = mistyped(code);
            assert!(may_be_right || mistyped.starts_with('9') || found(&mistyped, state) == [Finding::EntityCode], "{mistyped} {state}");
        }
    }
    let missed = (0..1000).map(|serial| code(3, 1985, 1, 1, serial)).filter(|code| found(code, "LV").is_empty()).count();
    assert_eq!(missed, 0, "no Latvian company's number begins with 3");
    // A right personal code passes there only if it is right by the state's own rule as well, which one in eleven or so is by chance.
    for state in ["LV", "IT", "HR", "AU"] {
        let passed = (0..1000).map(|serial| code(4, 1985, 1, 1, serial)).filter(|code| found(code, state).is_empty()).count();
        assert!((1..150).contains(&passed), "{state}: {passed} of 1000");
    }
}

#[test]
fn companies_codes_pass_in_their_own_state_only() {
    let latvian = latvian();
    assert_eq!(found(&latvian, "LV"), []);
    assert_eq!(found(&format!("LV{latvian}"), "LV"), []);
    for state in ["", "LT", "EE", "DE", "FI"] {
        assert_eq!(found(&latvian, state), [Finding::EntityCode], "{state}");
    }
    for (state, code) in [
        ("", "304567890"),
        ("", "1234567"),
        ("FR", "552100554"),
        ("FR", "55210055400013"),
        ("DE", "HRB 123456 B"),
        ("EE", "10137319"),
        ("PL", "0000123456"),
        ("LV", "LV-000123/7"),
        ("FI", "0112038-9"),
    ] {
        assert_eq!(found(code, state), [], "{state} {code}");
    }
    assert_eq!(found("QJ 333 0924 0064", "LV"), [Finding::EntityCode]);
}
