//! Figures about statistics in `apsauga.json`: how much of each is suppressed, and how closely it could be guessed.

use serde::{Deserialize, Serialize};

/// The file, beside the tier's start page.
pub const FILE: &str = "apsauga.json";

/// What the gate's audit saw of a statistic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatisticFigures {
    /// The table, without its layer.
    #[serde(rename = "lentele")]
    pub table: String,
    /// Cells.
    #[serde(rename = "langeliu")]
    pub cells: usize,
    /// Cells with suppressed figures.
    #[serde(rename = "neskelbiama_langeliu")]
    pub suppressed: usize,
    /// Of all suppressed figures, the least that a reader is left in doubt: the greatest possible part of persons over the least, in hundredths and rounded
    /// down. None where nothing bounds any.
    #[serde(rename = "siauriausias_tarpas_kartais")]
    pub narrowest: Option<f64>,
}

/// The statistics in an `apsauga.json` of a release.
///
/// # Errors
/// The file is none.
pub fn published_statistics(file: &[u8]) -> Result<Vec<StatisticFigures>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Published {
        statistika: Vec<StatisticFigures>,
    }
    serde_json::from_slice::<Published>(file).map(|published| published.statistika)
}
