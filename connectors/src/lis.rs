//! LIS, the licence register. Owner: Registrų centras; the open dataset lacks state, place and document (IDS5), so the
//! contract extract is read: `lis_licencijos/LisLicencija` of the state data API is no substitute. A valid licence makes its holder a VIRS.

use crate::extract::{Connector, Extract};

/// One extract, in format 1.
pub(crate) const CONNECTOR: Connector =
    Connector { source: "lis", extracts: &[Extract::format_one("raw_lis__licencijos", "lis_licencijos.v1.csv")] };
