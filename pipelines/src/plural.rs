//! Counts with their nouns in messages: `1 row`, `2 rows`.

use std::fmt::Display;

/// A count and its noun, in the singular or the plural.
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(count: N, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == N::from(1) { singular } else { plural })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        let told = |count: usize| counted(count, "entry", "entries");
        assert_eq!([told(0), told(1), told(2)], ["0 entries", "1 entry", "2 entries"]);
    }
}
