//! What is personal where it would be published: found in a record before a document is formed, by the detector that the nightly run uses.

use catalog::{Finding, Guard};

use crate::entry::Record;
use crate::feed::Section;

/// Columns of a record in which something personal stands that does not belong there, each with what to do about it. Values that the system gives are
/// not for people to mend.
pub(crate) fn found<'s>(section: &'s Section, guard: &Guard, record: &Record) -> Vec<(&'s str, &'static str)> {
    let name = |place: usize| section.table.columns[place].column.name.as_str();
    let found = guard.in_row(|place| record.get(name(place)).map(String::as_str));
    let typed = |place: usize| section.field(name(place)).is_some_and(|field| field.given.is_none());
    found.into_iter().filter(|(place, _)| typed(*place)).map(|(place, finding)| (name(place), message(finding))).collect()
}

fn message(finding: Finding) -> &'static str {
    match finding {
        Finding::Text => "Čia negali būti asmens kodo ar gimimo datos, nes laukas skelbiamas viešai: ištrinkite.",
        Finding::EntityCode => "Čia rašomas juridinio asmens kodas, o šis panašus į asmens kodą: patikrinkite kodą ir valstybę.",
        Finding::Number => "Skaičius panašus į asmens kodą: patikrinkite.",
        Finding::OwnBirthDate => "Čia negali būti šio asmens gimimo datos, nes laukas skelbiamas viešai: ištrinkite ją.",
    }
}

#[cfg(test)]
mod tests {
    use catalog::{Kind, Personal};

    use super::*;
    use crate::feed::Field;
    use crate::testing::feeds;

    const CODE: &str = "33309240064";
    /// Ways to write it; the detector's own tests have hundreds.
    const SPELLINGS: &[&str] = &[
        "33309240064",
        "333 0924 0064",
        "3330924-0064",
        "3330924\u{a0}0064",
        "3330924\u{ad}0064",
        "３３３０９２４００６４",
        "٣٣٣٠٩٢٤٠٠٦٤",
        "ak33309240064",
        "33309240064LT",
        "1.33309240064",
        "33309240065",
        "3_330924_0064",
    ];

    fn places(section: &Section, values: &[(&str, &str)]) -> Vec<String> {
        let guard = Guard::over(section.table.columns.iter().map(|column| &*column.column));
        let record = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        found(section, &guard, &record).into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn typed(section: &Section) -> impl Iterator<Item = &Field> {
        section.fields.iter().filter(|field| field.given.is_none())
    }

    #[test]
    fn a_code_in_any_text_or_number_that_is_typed_is_told_at_its_field() {
        let mut fields = 0;
        for section in feeds().iter().flat_map(|feed| &feed.sections) {
            for field in typed(section).filter(|field| field.column.kind == Kind::Text && field.column.personal != Personal::Code) {
                fields += 1;
                for text in SPELLINGS {
                    assert_eq!(places(section, &[(field.name(), text)]), [field.name()], "{} {text}", section.name);
                }
            }
            for field in typed(section).filter(|field| matches!(field.column.kind, Kind::Integer | Kind::Money)) {
                assert_eq!(places(section, &[(field.name(), CODE)]), [field.name()], "{}", section.name);
                assert!(places(section, &[(field.name(), "1500")]).is_empty());
            }
        }
        assert!(fields > 20, "{fields}");
    }

    #[test]
    fn a_foreign_companys_code_passes_in_its_own_state_only() {
        let section = feeds().iter().flat_map(|feed| &feed.sections).find(|section| section.entity.is_some()).unwrap();
        for (state, code, personal) in
            [("LV", "40003521600", false), ("DE", "40003121606", true), ("EE", CODE, true), ("LV", CODE, true), ("EE", "10137319", false)]
        {
            let values = [("dalyvio_rusis", "UJ"), ("valstybe", state), ("dal_kodas", code)];
            assert_eq!(!places(section, &values).is_empty(), personal, "{state}");
        }
        assert_eq!(places(section, &[("dalyvio_rusis", "UJ"), ("dal_kodas", CODE)]), ["dal_kodas"], "without a state");
    }

    #[test]
    fn a_foreigners_birth_date_is_told_in_the_persons_other_fields() {
        let section = feeds().iter().flat_map(|feed| &feed.sections).find(|section| section.field("gimimo_data").is_some()).unwrap();
        for text in ["Ann (1950-03-04)", "1950 m. kovo 4 d.", "4.3.1950", "040350"] {
            assert_eq!(places(section, &[("vardas", text), ("gimimo_data", "1950-03-04")]), ["vardas"], "{text}");
            assert!(places(section, &[("vardas", text), ("gimimo_data", "1951-03-04")]).is_empty(), "{text}");
        }
    }
}
