//! A code is found however it is spelled.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::oracle;
use super::spelled::{GROUPS, code, grouped, mistyped, spellings};

/// Any code of somebody who may live.
fn any_code() -> impl Strategy<Value = String> {
    (3_u32..7, 0_u32..100, 1_u32..13, 1_u32..29, 0_u32..1000)
        .prop_map(|(first, year, month, day, serial)| code(first, year, month, day, serial))
}

#[test]
fn letters_that_look_like_digits_may_be_most_of_a_code() {
    for text in ["424OЗOЗЗl45", "333O924OO64", "ЗЗЗ09240064"] {
        assert!(personal::stands_in(text), "{text}");
    }
}

/// Found by the fuzzer: the ornament was read as one more digit.
#[test]
fn digits_in_circles_and_of_other_scripts_hide_no_code() {
    assert!(personal::stands_in("130juuN40U➆Ž 330)1U.3a280128x3e"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_digit_that_may_be_an_ornament_hides_no_code(code in any_code(), place in 1_usize..11) {
        let (left, right) = code.split_at(place);
        let arabic = |digits: &str| digits.chars().filter_map(|digit| char::from_u32(0x660 + digit.to_digit(10)?)).collect::<String>();
        for ornament in ["➆", "❸", "七", "〇", "৭", "①", "¹", "⁴", "₂", "７", "⑪", "➆¹", "❸৭"] {
            for text in [format!("{left}{ornament}{right}"), format!("{}{ornament}{}", arabic(left), arabic(right))] {
                prop_assert!(personal::stands_in(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn a_right_code_is_found_in_every_spelling(code in any_code()) {
        for text in spellings(&code) {
            for text in [text.clone(), format!("Žinios {text}"), format!("{text} (redakcija)")] {
                prop_assert!(personal::stands_in(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn a_mistyped_code_that_stands_by_itself_is_found(code in any_code()) {
        let code = mistyped(&code);
        let parted = [" ", "-", ".", "_", "\u{a0}", " – ", "\u{ad}", "\u{200b}"].into_iter().flat_map(|mark| GROUPS.iter().map(|lengths| grouped(&code, lengths, mark)).collect::<Vec<_>>());
        for text in parted.chain(["#", "ak#", "#LT", "x_#", "a/k #, Vilnius"].map(|around| around.replace('#', &code))) {
            prop_assert!(personal::stands_in(&text), "{text:?}");
        }
    }

    #[test]
    fn letters_that_look_like_digits_hide_no_code(code in any_code()) {
        let pairs = [[('0', 'O'), ('1', 'l'), ('3', 'З')], [('0', 'o'), ('1', 'I'), ('3', '3')], [('0', 'О'), ('1', 'і'), ('3', 'з')]];
        for pairs in pairs {
            let text: String = code.chars().map(|digit| pairs.iter().find(|(from, _)| *from == digit).map_or(digit, |(_, to)| *to)).collect();
            // Of fewer than five digits nobody would read one.
            if text.chars().filter(char::is_ascii_digit).count() >= 5 {
                prop_assert!(personal::stands_in(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn an_address_of_the_web_hides_no_code(code in any_code()) {
        for text in [format!("https://pavyzdys.lt/{}%20{}", &code[..5], &code[5..]), format!("https://pavyzdys.lt/?k={}%3{}", &code[..4], &code[4..])] {
            prop_assert!(personal::stands_in(&text), "{text:?}");
        }
    }

    #[test]
    fn any_separators_between_a_codes_digits_change_nothing(code in any_code(), marks in prop::collection::vec("[^\\p{L}\\p{N}+]{0,3}", 10)) {
        // Digits of other scripts would be digits of their own.
        prop_assume!(!marks.iter().flat_map(|mark| mark.nfkd()).any(|letter| letter.is_alphanumeric() || letter == '+'));
        let text: String = code.chars().zip(marks.iter().map(String::as_str).chain([""])).map(|(digit, mark)| format!("{digit}{mark}")).collect();
        prop_assert!(personal::stands_in(&text), "{text:?}");
    }

    #[test]
    fn what_a_simple_minded_judge_finds_is_found(code in any_code(), marks in prop::collection::vec("[ a-zĄ-ž.,;/0-9\\-]{0,3}", 12)) {
        let parts = marks[1..].iter().map(String::as_str);
        let text: String = code.chars().zip(parts).map(|(digit, mark)| format!("{digit}{}", mark.trim_matches(|letter: char| letter.is_ascii_digit()))).collect();
        let text = format!("{}{text}", marks[0]);
        prop_assume!(!oracle::may_hold_known(&text));
        prop_assert!(!oracle::finds_code(&text) || personal::stands_in(&text), "{text:?}");
    }

    #[test]
    fn nothing_that_can_be_written_breaks_the_detector(text in "\\PC*") {
        let _ = personal::stands_in(&text);
        let _ = personal::tells_date(&text, chrono::NaiveDate::from_ymd_opt(1950, 3, 4).unwrap());
    }
}
