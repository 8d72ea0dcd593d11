//! Connectors: one file per register, one per transport. They bring extracts in as raw text tables and do nothing else;
//! cleaning, joining and typing belong to `transforms`.

mod beginning;
mod bounded;
mod bulk;
mod delimited;
mod error;
mod extract;
mod files;
mod formos;
mod gr;
mod gypas;
mod hashing;
mod headings;
mod http;
mod imis;
mod jadis;
mod jar;
mod libis;
mod lis;
pub mod naudotojai;
mod place;
mod row_builder;
mod splitting;
#[cfg(test)]
mod testing;
mod transport;
mod uapi;
mod vrk;
pub mod ws;

pub use bulk::{Bulk, BulkSettings};
pub use error::Error;
pub use extract::{About, AskedBy, Connector, Encoding, Extract, HeadingLine, Headings, Maps, UapiModel};
pub use files::Files;
pub use http::{Answer, Body, Call, Http, HttpSettings, Problem, Whole, terms_of};
pub use transport::{Batch, Fetched, Memory, Rejected, Request, Rows, Transport};
pub use uapi::{ClientSettings, Dialect, Format, Uapi, UapiSettings};
pub use ws::{Ws, WsSettings};
pub use xmlsignature::Term;

/// The manual feeds: what people submit.
pub static MANUAL_FEEDS: &Connector = &formos::CONNECTOR;

/// Every source the nightly run reads, in the order of the specification's table 3; the manual feeds last.
pub static CONNECTORS: &[Connector] = &[
    jar::CONNECTOR,
    gr::CONNECTOR,
    jadis::CONNECTOR,
    lis::CONNECTOR,
    gypas::CONNECTOR,
    imis::CONNECTOR,
    libis::CONNECTOR,
    vrk::CONNECTOR,
    formos::CONNECTOR,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use catalog::{Catalog, Layer};

    #[test]
    fn every_raw_table_has_exactly_one_extract_and_every_mapped_column_exists() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let mut filled = BTreeSet::new();
        let known = |connector: &Connector| catalog.classifier("saltiniai").unwrap().contains(connector.source);
        assert!(CONNECTORS.iter().all(known), "every source of the nightly run has a title");
        for connector in CONNECTORS.iter().chain([&naudotojai::MANDATES]) {
            for extract in connector.extracts {
                let table = catalog.table(extract.table).unwrap();
                assert!(extract.table.starts_with(&format!("raw_{}__", connector.source)), "{}", extract.table);
                assert!(filled.insert(extract.table), "{} is filled twice", extract.table);
                assert_eq!(table.submitted, connector.source == MANUAL_FEEDS.source, "{}", extract.table);
                let headings = extract.headings(table);
                let mapped: BTreeSet<_> = headings.iter().filter_map(|(_, to)| to.as_deref()).collect();
                let defined: BTreeSet<_> = table.received().map(|column| column.column.name.as_str()).collect();
                assert_eq!(mapped, defined, "{}", extract.table);
            }
        }
        let defined: BTreeSet<_> = catalog.tables(Layer::Raw).map(|table| table.name.as_str()).collect();
        assert_eq!(filled, defined);
    }
}
