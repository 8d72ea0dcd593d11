//! Whether a table tells of natural persons in a tier, and on what ground it is published then.

use catalog::{APIE_ASMENI, ASMENVARDIS, Table, Text, Tier};
use oxrdf::{NamedNode, NamedNodeRef};

use crate::addresses::Addresses;
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::dct;

/// The European Media Freedom Act, Regulation (EU) 2024/1083; Article 6 is about owners of media.
const MEDIA_FREEDOM_ACT: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://data.europa.eu/eli/reg/2024/1083/oj");
/// The General Data Protection Regulation, Regulation (EU) 2016/679.
const DATA_PROTECTION: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://data.europa.eu/eli/reg/2016/679/oj");

/// Whether rows of a table may tell of natural persons in `tier`: it shows columns about them, or has rows that are marked as theirs.
pub(crate) fn tells_of_persons(table: &Table, tier: Tier) -> bool {
    let is_mark = |name: &str| [APIE_ASMENI, ASMENVARDIS].contains(&name);
    tier != Tier::Open && table.visible(tier).any(|used| used.column.personal.is_about_persons() || is_mark(&used.column.name))
}

/// Describes the ground on which data of persons are published, and what binds those who use them.
pub(crate) fn rights(graph: &mut Graph, addresses: &Addresses) -> Result<NamedNode, Error> {
    let name = addresses.thing("rights-persons")?;
    let text = Text {
        lt: "Čia yra fizinių asmenų duomenų: vardų, pavardžių, pareigų ir vardus pakeičiančių identifikatorių. Jie skelbiami pagal Visuomenės \
             informavimo įstatymo 22 ir 24 straipsnius ir Reglamento (ES) 2024/1083 6 straipsnį. Kas juos naudoja, pats privalo laikytis \
             Reglamento (ES) 2016/679 (BDAR)."
            .to_owned(),
        en: "Here are data of natural persons: names, positions and the identifiers that stand for persons. They are published under Articles 22 \
             and 24 of the Law on the Provision of Information to the Public and Article 6 of Regulation (EU) 2024/1083. Whoever uses them must \
             themselves keep to Regulation (EU) 2016/679 (GDPR)."
            .to_owned(),
    };
    let mut statement = graph.thing(name.clone(), dct::RIGHTS_STATEMENT);
    statement.text(dct::DESCRIPTION, &text).link(dct::RELATION, MEDIA_FREEDOM_ACT).link(dct::RELATION, DATA_PROTECTION);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn only_the_public_tier_tells_of_persons_and_not_in_every_table() {
        let catalog = sample::catalog();
        let tells = |table: &str, tier: Tier| tells_of_persons(catalog.table(table).unwrap(), tier);
        assert!(tells("out_savininkas", Tier::Public) && tells("out_etika", Tier::Public), "by a name, by a mark");
        assert!(!tells("out_savininkas", Tier::Open) && !tells("out_stat_virs", Tier::Public));
    }
}
