//! What a dataset is about, by the EU's authority list of data themes; it follows from the columns.

use std::collections::BTreeSet;

use catalog::{Check, Column, Kind, Text};
use metadata::{Described, DescribedDataset};
use oxrdf::NamedNode;

use crate::graph::Graph;
use crate::vocabulary::{AUTHORITY, authority, dct, skos};

/// A theme of the authority list `data-theme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Theme {
    /// Economy and finance: money, shares.
    Econ,
    /// Education, culture and sport: all that is here, since EuroVoc has mass media under “education and communications”.
    Educ,
    /// Government and public sector: institutions, elections.
    Gove,
    /// Justice, legal system and public safety: violations and measures.
    Just,
    /// Regions and cities: municipalities.
    Regi,
}

impl Theme {
    /// The themes of a dataset as a tier sees it.
    pub(crate) fn all(described: &Described<'_>, dataset: &DescribedDataset<'_>) -> BTreeSet<Self> {
        let columns = dataset.tables.iter().flat_map(|table| table.table.visible(described.tier)).filter_map(|used| Self::of(&used.column));
        columns.chain([Self::Educ]).collect()
    }

    fn of(column: &Column) -> Option<Self> {
        let classifier = match &column.check {
            Some(Check::Classifier(name)) => name.as_str(),
            _ => "",
        };
        match (column.kind, classifier, column.name.as_str()) {
            (Kind::Money | Kind::Share, ..) => Some(Self::Econ),
            (_, "savivaldybes", _) => Some(Self::Regi),
            (_, "pazeidimai" | "poveikio_priemones" | "etikos_kategorijos", _) => Some(Self::Just),
            (_, "kampanijos", _) | (_, _, "institucijos_kodas") => Some(Self::Gove),
            _ => None,
        }
    }

    /// Describes the theme: DCAT-AP asks for a label and the list that it is of.
    pub(crate) fn describe(self, graph: &mut Graph) -> NamedNode {
        let (code, lt, en) = match self {
            Self::Econ => ("ECON", "Ekonomika ir finansai", "Economy and finance"),
            Self::Educ => ("EDUC", "Švietimas, kultūra ir sportas", "Education, culture and sport"),
            Self::Gove => ("GOVE", "Valdžia ir viešasis sektorius", "Government and public sector"),
            Self::Just => ("JUST", "Teisingumas, teisės sistema ir visuomenės saugumas", "Justice, legal system and public safety"),
            Self::Regi => ("REGI", "Regionai ir miestai", "Regions and cities"),
        };
        let name = NamedNode::new_unchecked(format!("{AUTHORITY}data-theme/{code}"));
        let mut concept = graph.thing(name.clone(), skos::CONCEPT);
        concept.text(skos::PREF_LABEL, &Text { lt: lt.to_owned(), en: en.to_owned() }).link(skos::IN_SCHEME, authority::DATA_THEME);
        name
    }
}

/// Describes the list that themes are of.
pub(crate) fn taxonomy(graph: &mut Graph) -> NamedNode {
    let title = Text { lt: "Duomenų temos".to_owned(), en: "Data themes".to_owned() };
    graph.thing(authority::DATA_THEME, skos::CONCEPT_SCHEME).text(dct::TITLE, &title);
    authority::DATA_THEME.into_owned()
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn themes_follow_from_columns() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let themes = |name: &str| {
            let dataset = described.datasets.iter().find(|dataset| dataset.dataset.name == name).unwrap();
            Theme::all(&described, dataset).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(themes("virs-pagal-forma"), [Theme::Educ]);
        assert_eq!(themes("viesojo-sektoriaus-lesos"), [Theme::Econ, Theme::Educ, Theme::Gove]);
        assert_eq!(themes("virs-pagal-savivaldybe"), [Theme::Educ, Theme::Regi]);
        assert_eq!(themes("etikos-pazeidimai"), [Theme::Educ, Theme::Just]);
    }
}
