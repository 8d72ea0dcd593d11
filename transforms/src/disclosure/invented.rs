//! Tables for the tests of disclosure control.

use std::sync::Arc;

use crate::{KEY_BYTES, PersonKey};
use catalog::{Bounds, Column, Kind, Layer, Personal, Protect, Table, TableColumn, Text, Tier};

/// A column of a kind and a class.
pub(crate) fn column(name: &str, kind: Kind, personal: Personal) -> TableColumn {
    let column =
        Column { name: name.to_owned(), kind, title: Text::default(), description: None, check: None, unit: None, personal, past: false };
    TableColumn { column: Arc::new(column), required: false }
}

/// A table of these columns, shown in every tier.
pub(crate) fn table(columns: Vec<TableColumn>, protect: Vec<Protect>) -> Table {
    Table {
        name: "out_bandymas".to_owned(),
        layer: Layer::Out,
        title: Text::default(),
        description: Text::default(),
        key: Vec::new(),
        columns,
        rows: Bounds::default(),
        tiers: Tier::ALL.to_vec(),
        order: Vec::new(),
        require_one: Vec::new(),
        statistic: None,
        protect,
        round: Vec::new(),
        k_anonymity: None,
        payments: None,
        search: None,
        without_persons: false,
        event: None,
        handed_in: None,
        submitted: false,
        role: None,
        feeds: None,
        sources: Vec::new(),
        mentions: None,
        history: None,
    }
}

/// A key that is none of anybody's.
pub(super) fn key() -> PersonKey {
    let bytes: Vec<u8> = (0..).take(KEY_BYTES).collect();
    PersonKey::new(&bytes).expect("its bytes differ")
}
