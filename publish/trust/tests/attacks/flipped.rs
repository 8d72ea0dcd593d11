//! No byte of what is served can be changed unnoticed.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::portal::Portal;

/// Two releases, of which one was revised, with two lists of keys.
fn portal() -> &'static Portal {
    static PORTAL: OnceLock<Portal> = OnceLock::new();
    PORTAL.get_or_init(|| {
        let mut portal = Portal::of(1);
        portal.rotate_list_key("list-2");
        portal.rotate_release_key("release-2");
        portal.publish();
        portal.revise(&portal.releases[0]);
        portal
    })
}

/// Where the bytes begin that count: the first line of a signature is not signed, and nothing is read from it. Nor is a tier's or a file's
/// content of a release before the latest read.
fn counts_from(portal: &Portal, path: &str, bytes: &[u8]) -> Option<usize> {
    let first = format!("releases/{}/", portal.releases[0]);
    match path.strip_prefix(&first) {
        Some(file) if !file.starts_with("manifest.json") => None,
        _ if path.ends_with(".minisig") => bytes.iter().position(|byte| *byte == b'\n'),
        _ => Some(0),
    }
}

proptest! {
    // Keys are new in every run, so a case that failed is not the same again.
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_changed_byte_of_any_file_is_refused(file in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let portal = portal();
        let counts = |path: &String| counts_from(portal, path, &portal.get(path)).is_some();
        let files: Vec<String> = portal.files().into_iter().filter(counts).collect();
        let path = file.get(&files);
        let whole = portal.get(path);
        let from = counts_from(portal, path, &whole).unwrap();
        let at = from + place.index(whole.len() - from);
        let mut changed = whole.clone();
        changed[at] ^= 1 << bit;
        prop_assert!(portal.verify(&portal.newcomer()).is_ok());
        portal.put(path, &changed);
        let result = portal.verify(&portal.newcomer());
        portal.put(path, &whole);
        prop_assert!(result.is_err(), "{path}, byte {at}, bit {bit}");
    }
}
