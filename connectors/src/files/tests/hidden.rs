//! What cannot be seen reaches no cell, in whatever form it comes.

use super::*;

/// Every character of the first plane, and of the plane of tags, that shows nothing; of those without a meaning only some.
fn hidden() -> Vec<char> {
    let all = (0..=0xffff).chain(0xe_0000..=0xe_01ff).filter_map(char::from_u32);
    all.filter(|letter| !matches!(letter, '\u{e010}'..='\u{f8f0}') && catalog::tidy(&letter.to_string()).is_empty()).collect()
}

#[test]
fn no_form_of_a_file_brings_an_invisible_character_in() {
    let hidden = hidden();
    assert!(
        hidden.len() > 500
            && ['\0', '\u{b}', '\u{1f}', '\u{85}', '\u{ad}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{ffff}']
                .iter()
                .all(|letter| hidden.contains(letter))
    );
    let around = |letter: char| -> Row { ["17", "", "", "", "", format!("Ry{letter}tas e{letter}\u{307}{letter}").leak()] };
    let rows: Vec<Row> = hidden.iter().map(|letter| around(*letter)).collect();
    let expected = tidied(&rows);
    assert!(expected.iter().all(|row| ["Rytas ė", "Ry tas e \u{307}"].contains(&&*row[5])));
    for form in FORMS {
        let found = read(form, &write(form, &HEADINGS, &rows)).unwrap();
        assert!(found.rejected.is_empty(), "{form}");
        for (row, (found, expected)) in found.rows.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "{form}: {:?}", hidden[row]);
        }
    }
}
