//! Which raw tables become a core table as they are, and where several meet in one.

/// A core table, and the raw tables whose rows it takes; of two with one key, that of the table named first stands.
pub(crate) type Taken = (&'static str, &'static [&'static str]);

/// Raw tables with a `ja_kodas` whose rows a core table takes as they are.
pub(crate) const BY_ENTITY: &[Taken] = &[
    ("core_finansai", &["raw_jar__finansai"]),
    ("core_numeris", &["raw_libis__numeriai"]),
    ("core_imoka", &["raw_formos__imokos"]),
    ("core_etika", &["raw_formos__etika"]),
    ("core_vip", &["raw_formos__vip"]),
    ("core_pazeidimas", &["raw_formos__pazeidimai_lrtk", "raw_formos__pazeidimai_zeit"]),
];

/// Raw tables with a `vip_nr` whose rows a core table takes as they are.
pub(crate) const BY_OUTLET: &[Taken] = &[("core_tirazas", &["raw_formos__tirazai"]), ("core_auditas", &["raw_formos__auditai"])];

/// Whether rows of this raw table meet those of others, so that their numbers are kept to name them by.
pub(crate) fn is_joined(raw: &str) -> bool {
    BY_ENTITY.iter().chain(BY_OUTLET).any(|(_, raws)| raws.len() > 1 && raws.contains(&raw))
}
