//! Access of a property: personal data may not be `open`, at most `public` (DSA, *Prieigos lygiai*).

use catalog::{APIE_ASMENI, Personal, Table, Tier};

/// Who may have a column of a table as `tier` shows it: whoever may read the most open tier that shows the same cells of the same rows. What
/// the open tier leaves out or changes, be it a column, some of its cells or the rows about persons, is `public` where it is shown.
pub(super) fn access(table: &Table, column: &str, tier: Tier) -> &'static str {
    let shows = |other: Tier| other == tier || (other > tier && shows_the_same(table, column, tier, other));
    if shows(Tier::Open) {
        "open"
    } else if shows(Tier::Public) {
        "public"
    } else {
        "protected"
    }
}

/// Whether the more open tier `to` shows all of a column that `from` shows.
fn shows_the_same(table: &Table, column: &str, from: Tier, to: Tier) -> bool {
    let Some(used) = table.visible(to).find(|used| used.column.name == column) else { return false };
    let personal = used.column.personal;
    let is_open = to == Tier::Open;
    let is_withheld = personal.withheld_by(to).is_some() || is_open && personal == Personal::RecordNumber;
    let is_protected = table.protect.iter().any(|rule| rule.persons == column || rule.values.iter().any(|value| value == column));
    let is_coarser = from == Tier::Internal && (is_protected || table.rounded_to(column, to).is_some());
    let is_anonymised = is_open && table.k_anonymity.iter().any(|rule| rule.quasi_identifiers().any(|emptied| emptied == column));
    let loses_rows = is_open && table.column(APIE_ASMENI).is_some();
    table.tiers.contains(&to) && !is_withheld && !is_coarser && !is_anonymised && !loses_rows
}

#[cfg(test)]
mod tests {
    use catalog::Layer;

    use super::*;
    use crate::sample;

    #[test]
    fn nothing_about_a_person_is_open_and_the_open_tier_is() {
        let catalog = sample::catalog();
        let mut levels = std::collections::BTreeSet::new();
        for table in catalog.tables(Layer::Out) {
            for tier in table.tiers.iter().copied() {
                for used in table.visible(tier) {
                    let level = access(table, &used.column.name, tier);
                    levels.insert((tier, level));
                    let is_about_persons = used.column.personal != Personal::None || table.column(APIE_ASMENI).is_some();
                    assert!(tier == Tier::Open || !is_about_persons || level != "open", "{} {}", table.name, used.column.name);
                    assert!(used.column.personal.allowed_in(Tier::Public) || level == "protected");
                }
            }
        }
        let (internal, public) = (Tier::Internal, Tier::Public);
        let all =
            [(internal, "open"), (internal, "protected"), (internal, "public"), (public, "open"), (public, "public"), (Tier::Open, "open")];
        assert_eq!(levels.into_iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn a_column_is_as_open_as_the_tier_that_shows_all_of_it() {
        let catalog = sample::catalog();
        let level = |table: &str, column: &str, tier| access(catalog.table(table).unwrap(), column, tier);
        assert_eq!(level("out_savininkas", "asmens_id", Tier::Public), "public");
        assert_eq!(level("out_savininkas", "ja_kodas", Tier::Public), "public", "the open tier leaves rows about persons out");
        assert_eq!(level("out_savininkas", "ja_kodas", Tier::Open), "open");
        assert_eq!(level("out_institucija", "institucijos_kodas", Tier::Public), "open");
        assert_eq!(level("out_spraga", "spraga", Tier::Public), "public", "no table of the open tier");
        assert_eq!(level("out_stat_etika", "pazeidimu_skaicius", Tier::Internal), "protected", "exact only there");
        assert_eq!(level("out_stat_etika", "pazeidimu_skaicius", Tier::Public), "open", "protected alike");
        assert_eq!(level("out_saltinis", "eiluciu", Tier::Internal), "protected", "rounded elsewhere");
    }
}
