//! Columns that mean the same in every table that has them, and that the program knows by name.

/// Numbers rows, so that there is a key where the facts have none. No page shows it, since a new row of one VIRS may change it in the
/// rows of others.
pub const SEQUENCE: &str = "eil_nr";

/// Text column that names the legal entity a row is about.
pub const ENTITY: &str = "ja_kodas";

/// Boolean column that says “this row is about a natural person (or a firm that bears one's name)”.
/// The open tier leaves such rows out, and the column with them.
pub const APIE_ASMENI: &str = "apie_asmeni";

/// Boolean column that says “what something is called here holds the name of a natural person tied to the VIRS”, or, of a foreign entity, may
/// be a person's name. The open tier empties such names, and has not the column.
pub const ASMENVARDIS: &str = "asmenvardis";

/// Boolean column that says “this firm is, or may be, natural persons' own undertaking”: its contacts are internal.
pub const SAVA_IMONE: &str = "sava_imone";

/// Boolean column that says “a natural person, or somebody nobody knows, has or had a part in the entity whose parts this row tells”. The open
/// tier empties shares in such rows: what is left to the whole could be one person's.
pub const SU_ASMENIMIS: &str = "su_asmenimis";

/// Columns that steer disclosure; the open tier has none of them.
pub const MARKS: [&str; 4] = [APIE_ASMENI, ASMENVARDIS, SAVA_IMONE, SU_ASMENIMIS];

/// Date column that says when the register made the extract: about the extract, not about what its rows tell.
pub const EXTRACT_DATE: &str = "formavimo_data";

/// Text column that says which VIRS handed a row in. The system fills it: no file has it and no form asks for it.
pub const SUBMITTER: &str = "pateikejo_kodas";

/// Text column that says where the documents lie that were published with a row: paths in the tier's folder, by what is in them. The system
/// fills it: no file has it and no form asks for it.
pub const PUBLISHED_FILE: &str = "dokumento_failas";

/// Text column that lists the suppressed columns of a row of statistics; empty where nothing is suppressed.
pub const CONFIDENTIAL_MARK: &str = "konfidencialu";
