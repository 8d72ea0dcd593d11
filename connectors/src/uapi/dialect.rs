//! How requests are spelt: Spinta, the server in use, and the written specification differ, and they differ only here.

use serde::Deserialize;

/// Whose spelling to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Spinta 1.3: `limit(100)`, `_revision`, no version in addresses.
    #[default]
    Spinta,
    /// UAPI 1.1 as written: `_limit=100`, `_rev`, the dataset's version before the model.
    Uapi11,
}

/// The part of a name that says what the next page begins with.
pub(super) const PAGE: &str = "_page";

impl Dialect {
    /// Name of the property that changes with every change of an object.
    pub(super) fn revision(self) -> &'static str {
        match self {
            Self::Spinta => "_revision",
            Self::Uapi11 => "_rev",
        }
    }

    /// Address of a model's objects.
    pub(super) fn collection(self, server: &str, version: &str, model: &str) -> String {
        let server = server.trim_end_matches('/');
        match (self, model.rsplit_once('/')) {
            (Self::Uapi11, Some((dataset, name))) => format!("{server}/{dataset}/{version}/{name}"),
            _ => format!("{server}/{model}"),
        }
    }

    /// Address of a page of objects, with some of their properties.
    pub(super) fn page(self, collection: &str, properties: &[String], rows: u32, page: Option<&str>) -> String {
        let properties = properties.join(",");
        let page = page.map(encode);
        match (self, page) {
            (Self::Spinta, None) => format!("{collection}?select({properties})&limit({rows})"),
            (Self::Spinta, Some(page)) => format!("{collection}?select({properties})&limit({rows})&page(%22{page}%22)"),
            (Self::Uapi11, None) => format!("{collection}?_select={properties}&_limit={rows}"),
            (Self::Uapi11, Some(page)) => format!("{collection}?_select={properties}&_limit={rows}&_page={page}"),
        }
    }

    /// Address of the number of objects.
    pub(super) fn count(self, collection: &str) -> String {
        match self {
            Self::Spinta => format!("{collection}?count()"),
            Self::Uapi11 => format!("{collection}?_count"),
        }
    }

    /// Name of the number of objects in the answer.
    pub(super) fn count_name(self) -> &'static str {
        match self {
            Self::Spinta => "count()",
            Self::Uapi11 => "_count",
        }
    }

    /// Address of some changes, the one with number `from` included; −1 is the last one.
    pub(super) fn changes(self, collection: &str, from: i64, rows: u32) -> String {
        match self {
            Self::Spinta => format!("{collection}/:changes/{from}?limit({rows})"),
            Self::Uapi11 => format!("{collection}/:changes/{from}?_limit={rows}"),
        }
    }
}

/// Percent-encodes everything that could mean something in a query.
fn encode(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_spellings_differ_in_every_request() {
        let model = "datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo";
        let properties = ["_id".to_owned(), "forma.kodas".to_owned()];
        let addresses = |dialect: Dialect| {
            let collection = dialect.collection("https://get.data.gov.lt/", "1", model);
            [
                dialect.page(&collection, &properties, 100, None),
                dialect.page(&collection, &properties, 100, Some("W+/\"=")),
                dialect.count(&collection),
                dialect.changes(&collection, -1, 1),
            ]
        };
        assert_eq!(
            addresses(Dialect::Spinta),
            [
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo?select(_id,forma.kodas)&limit(100)",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo?select(_id,forma.kodas)&limit(100)&page(%22W%2B%2F%22%3D%22)",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo?count()",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo/:changes/-1?limit(1)",
            ]
        );
        assert_eq!(
            addresses(Dialect::Uapi11),
            [
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/1/JuridinisAsmuo?_select=_id,forma.kodas&_limit=100",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/1/JuridinisAsmuo?_select=_id,forma.kodas&_limit=100&_page=W%2B%2F%22%3D",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/1/JuridinisAsmuo?_count",
                "https://get.data.gov.lt/datasets/gov/rc/jar/iregistruoti/1/JuridinisAsmuo/:changes/-1?_limit=1",
            ]
        );
    }
}
