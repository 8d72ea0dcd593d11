//! Hits in files by the first letters of their words.
//!
//! A file has all hits with a word that begins with its name; where these are too many, the first of them, and each next letter has a file
//! of its own. Letters that all of these words share need no files between: the file of a beginning is then that of the shortest name
//! that begins so.

use super::printed::Printed;

/// Bytes of the largest file: about 5 kB when packed, and no burden when not.
const LARGEST: usize = 24_000;
/// What stands in a file beside its hits.
const FRAME: usize = "{\"more\":false,\"hits\":[]}\n".len();

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// First letters of the words.
    pub(super) name: String,
    /// Which hits, the first ones first.
    hits: Vec<usize>,
    /// Whether there are others, in files of longer beginnings or in none.
    more: bool,
}

/// All files, sorted by name. `found` is sorted: what comes first is shown where not all can be.
pub(super) fn split(found: &[Printed]) -> Vec<Shard> {
    let mut words: Vec<(&str, usize)> = Vec::with_capacity(found.iter().map(|found| found.words.len()).sum());
    words.extend(found.iter().enumerate().flat_map(|(hit, found)| found.words.iter().map(move |word| (word.as_str(), hit))));
    words.sort_unstable();
    let mut shards = Vec::new();
    split_further(found, &words, 0, &mut shards);
    shards
}

impl Shard {
    /// The bytes of the file.
    pub(super) fn print(&self, found: &[Printed]) -> String {
        let hits: Vec<&str> = self.hits.iter().map(|&hit| found[hit].json.as_str()).collect();
        format!("{{\"more\":{},\"hits\":[{}]}}\n", self.more, hits.join(","))
    }
}

/// Splits sorted words, the first `shared` letters of which are the same.
fn split_further(found: &[Printed], words: &[(&str, usize)], shared: usize, shards: &mut Vec<Shard>) {
    let (Some((first, _)), Some((last, _))) = (words.first(), words.last()) else { return };
    let mut hits: Vec<usize> = words.iter().map(|(_, hit)| *hit).collect();
    hits.sort_unstable();
    hits.dedup();
    if shared > 0 && FRAME + hits.iter().map(|&hit| found[hit].json.len() + 1).sum::<usize>() <= LARGEST {
        shards.push(Shard { name: first[..shared].to_owned(), hits, more: false });
        return;
    }
    // They are sorted, so what the first and the last share, all do.
    let shared = first.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
    let is_whole = |(word, _): &&(&str, usize)| word.len() == shared;
    if shared > 0 {
        let mut first_hits: Vec<usize> = words.iter().filter(is_whole).map(|(_, hit)| *hit).collect();
        first_hits.sort_unstable();
        let whole = first_hits.clone();
        first_hits.extend(hits.into_iter().filter(|hit| whole.binary_search(hit).is_err()));
        shards.push(Shard { name: first[..shared].to_owned(), hits: fitting(found, first_hits), more: true });
    }
    let longer = &words[words.partition_point(|word| is_whole(&word))..];
    for words in longer.chunk_by(|(one, _), (other, _)| one.as_bytes()[shared] == other.as_bytes()[shared]) {
        split_further(found, words, shared + 1, shards);
    }
}

/// As many of the first hits as fit into a file.
fn fitting(found: &[Printed], hits: Vec<usize>) -> Vec<usize> {
    let mut room = LARGEST - FRAME;
    let fits = |hit: &usize| {
        let left = room.checked_sub(found[*hit].json.len() + 1);
        room = left.unwrap_or(room);
        left.is_some()
    };
    hits.into_iter().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn found(words: &[&str], bytes: usize) -> Printed {
        Printed { json: "x".repeat(bytes), words: words.iter().map(|&word| word.to_owned()).collect() }
    }

    /// The file that the script asks for: that of the shortest name that begins so, else that of the longest beginning.
    fn place<'a>(shards: &'a [Shard], word: &str) -> Option<&'a Shard> {
        let longer = shards.iter().find(|shard| shard.name.starts_with(word));
        longer.or_else(|| shards.iter().rfind(|shard| word.starts_with(&shard.name)))
    }

    /// Words of few letters, so that many begin alike.
    fn many() -> Vec<Printed> {
        let letter = |number: usize| char::from(b'a' + (number % 3) as u8);
        let word = |number: usize| (0..number % 7 + 1).map(|place| letter(number / 3_usize.pow(place as u32))).collect::<String>();
        (0..2500).map(|number| found(&[&word(number), &word(number * 7 + 1), "uab"], 90 + number % 50)).collect()
    }

    #[test]
    fn every_beginning_of_every_word_leads_to_its_hit_or_to_a_file_that_says_there_are_more() {
        let all = many();
        let shards = split(&all);
        for (hit, one) in all.iter().enumerate() {
            for word in &one.words {
                for end in 1..=word.len() {
                    let shard = place(&shards, &word[..end]).unwrap();
                    assert!(shard.hits.contains(&hit) || shard.more && shard.name.starts_with(&word[..end]), "{}", &word[..end]);
                }
            }
        }
        assert!(shards.iter().filter(|shard| shard.more).count() > 3 && shards.iter().filter(|shard| !shard.more).count() > 10);
    }

    #[test]
    fn no_file_is_too_large_and_their_names_are_sorted_and_plain() {
        let all = many();
        let shards = split(&all);
        assert!(shards.iter().all(|shard| shard.print(&all).len() <= LARGEST && !shard.hits.is_empty()));
        assert!(shards.iter().any(|shard| shard.print(&all).len() > LARGEST / 2));
        let names: Vec<&str> = shards.iter().map(|shard| shard.name.as_str()).collect();
        let sorted: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
        assert_eq!(split(&all), shards, "the same again");
    }

    #[test]
    fn what_many_share_needs_no_file_for_every_letter_and_whole_words_come_first() {
        let all: Vec<Printed> = (0..500).map(|number| found(&[if number == 499 { "laikrastis" } else { "laikrastyje" }], 100)).collect();
        let shards = split(&all);
        let names: Vec<&str> = shards.iter().map(|shard| shard.name.as_str()).collect();
        assert_eq!(names, ["laikrast", "laikrasti", "laikrastyje"]);
        assert_eq!(place(&shards, "lai").unwrap().name, "laikrast");
        let same: Vec<Printed> = (0..500).map(|number| found(&[if number == 499 { "uab" } else { "uabas" }], 100)).collect();
        assert_eq!(split(&same)[0].hits[0], 499, "called exactly so");
    }
}
