//! Where everything lies below a portal's address, and which paths of others may be followed.

/// What the pointer is called.
pub const POINTER: &str = "latest.json";
/// What lies beside a signed file.
pub const SIGNATURE: &str = ".minisig";
pub(crate) const MANIFEST: &str = "manifest.json";

/// A list of keys.
#[must_use]
pub fn key_list(version: u64) -> String {
    format!("keys/{version}.json")
}

/// The signature of a list by a key of its own.
#[must_use]
pub fn key_list_signature(version: u64) -> String {
    signature(&key_list(version))
}

/// The signature of a list by a key of the list before.
#[must_use]
pub fn key_list_previous_signature(version: u64) -> String {
    signature(&format!("{}.previous", key_list(version)))
}

/// A file of a release.
pub(crate) fn in_release(release: &str, path: &str) -> String {
    format!("releases/{release}/{path}")
}

/// The manifest of a release.
#[must_use]
pub fn manifest(release: &str) -> String {
    in_release(release, MANIFEST)
}

/// The signature of a file that lies beside it.
#[must_use]
pub fn signature(path: &str) -> String {
    format!("{path}{SIGNATURE}")
}

/// Where a store keeps the signature of just this pointer for good: written before the pointer is, it stands also where the signature beside the
/// pointer is still that of the one before.
pub(crate) fn pointer_signature(release: &str, pointer_sha256: &str) -> String {
    format!("pointers/{release}/{pointer_sha256}/{}", signature(POINTER))
}

/// The number in the name of a release, `000003-2026-11-02`; `None` for what is no such name.
pub(crate) fn sequence(release: &str) -> Option<u64> {
    let (number, date) = release.split_once('-')?;
    let sequence: u64 = number.parse().ok().filter(|sequence| *sequence > 0)?;
    let date: chrono::NaiveDate = date.parse().ok()?;
    // One spelling of each, so that no other text leads to the same release.
    (release == format!("{sequence:06}-{date}")).then_some(sequence)
}

/// Why a path of a manifest may not be followed: it must stay in its release, on every system and as part of an address.
pub(crate) fn path_problem(path: &str) -> Option<&'static str> {
    const LONGEST: usize = 1024;
    match path {
        "" => Some("it is empty"),
        _ if path.len() > LONGEST => Some("it is too long"),
        _ if path.starts_with('/') => Some("it is absolute"),
        _ if path.contains('\\') => Some("it has a backslash"),
        _ if path.chars().any(char::is_control) => Some("it has a control character"),
        _ if path.split('/').any(|part| matches!(part, "" | "." | "..")) => Some("it has an empty part, or one that leads elsewhere"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_release() {
        for path in ["a", "public/data/virs/virs.csv", ".well-known/security.txt", "paieska/š.json", "a..b/c", "a/..."] {
            assert_eq!(path_problem(path), None, "{path}");
        }
        let long = "a/".repeat(600);
        for path in [
            "",
            "/etc/passwd",
            "../a",
            "a/../../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "a\\b",
            "..\\b",
            "a\nb",
            "a\0",
            "a\u{7f}",
            "a\u{85}",
            &long,
        ] {
            assert!(path_problem(path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn a_release_has_one_name() {
        assert_eq!(sequence("000003-2026-11-02"), Some(3));
        assert_eq!(sequence("1000003-2026-11-02"), Some(1_000_003));
        for name in [
            "",
            "3-2026-11-02",
            "000000-2026-11-02",
            "+00003-2026-11-02",
            "000003-2026-11-2",
            "000003-2026-13-02",
            "000003",
            "../000003-2026-11-02",
        ] {
            assert_eq!(sequence(name), None, "{name}");
        }
    }
}
