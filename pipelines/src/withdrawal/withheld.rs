//! The list of withheld texts, which are never published again whatever a register goes on sending: `state/withheld.jsonl` (0600) has the
//! length and a keyed hash of each text, never the text. The folder of the internal tier has the same list: were one of them restored from an older copy, what was
//! withheld since must not come back.
//!
//! A row with such a text in a column that may be published is left out of the run. Columns of codes and birth dates, which no published tier
//! has, are not searched.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hasher;
use std::path::PathBuf;

use anyhow::{Context, Result};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use catalog::{Catalog, Personal, print_cell};
use chrono::{DateTime, Utc};
use publish::fold;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use siphasher::sip128::{Hasher128, SipHasher24};
use transforms::scope::Tables;

use crate::config::Paths;
use crate::state::ledger;

const FILE: &str = "withheld.jsonl";

/// One withheld text, and who decided so.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    when: DateTime<Utc>,
    who: String,
    why: String,
    /// Letters and digits of the text.
    letters: usize,
    /// Its keyed hash.
    #[serde(rename = "mark")]
    hash: String,
}

/// How many texts were withheld after a moment, wherever the list is.
pub(crate) fn since(paths: &Paths, moment: DateTime<Utc>) -> Result<usize> {
    let mut texts = HashSet::new();
    for file in files(paths) {
        let lines = ledger::read_lines::<Line>(&file)?;
        texts.extend(lines.into_iter().filter(|line| line.when > moment).map(|line| (line.letters, line.hash)));
    }
    Ok(texts.len())
}

/// The two places of the list.
fn files(paths: &Paths) -> [PathBuf; 2] {
    [&paths.state, &paths.internal].map(|folder| folder.join(FILE))
}

/// All withheld texts.
#[derive(Debug)]
pub(crate) struct Withheld {
    key: [u8; 16],
    by_letters: BTreeMap<usize, HashSet<String>>,
}

impl Withheld {
    /// Reads the list, wherever it is. `salt` is this installation's secret.
    pub(crate) fn load(paths: &Paths, salt: &[u8; 32]) -> Result<Self> {
        let mut hash = Sha256::new();
        hash.update(b"withheld ");
        hash.update(salt);
        let mut key = [0; 16];
        key.copy_from_slice(&hash.finalize()[..16]);
        let mut by_letters: BTreeMap<usize, HashSet<String>> = BTreeMap::new();
        for file in files(paths) {
            for line in ledger::read_lines::<Line>(&file)? {
                by_letters.entry(line.letters).or_default().insert(line.hash);
            }
        }
        Ok(Self { key, by_letters })
    }

    /// The same, after each of the two places has what the other has: only one of them may have been put back, or was there before there were two.
    pub(crate) fn evened_out(paths: &Paths, salt: &[u8; 32]) -> Result<Self> {
        let lists = files(paths).map(|file| ledger::read_lines::<Line>(&file));
        let [one, other] = lists;
        let (one, other) = (one?, other?);
        for (file, lines, others) in [(&files(paths)[0], &one, &other), (&files(paths)[1], &other, &one)] {
            let known: HashSet<(usize, &str)> = lines.iter().map(|line| (line.letters, line.hash.as_str())).collect();
            for line in others.iter().filter(|line| !known.contains(&(line.letters, line.hash.as_str()))) {
                ledger::append_line(file, line)?;
            }
        }
        Self::load(paths, salt)
    }

    /// Adds texts; one that is there already is not added again.
    pub(crate) fn add(&mut self, paths: &Paths, texts: &[String], who: &str, why: &str, when: DateTime<Utc>) -> Result<()> {
        for text in texts {
            let folded = fold(text);
            let (letters, hash) = (folded.chars().count(), self.hash(&folded));
            if self.by_letters.entry(letters).or_default().insert(hash.clone()) {
                let line = Line { when, who: who.to_owned(), why: why.to_owned(), letters, hash };
                for file in files(paths) {
                    ledger::append_line(&file, &line)?;
                }
            }
        }
        Ok(())
    }

    /// Identifies this list.
    pub(crate) fn content(&self) -> String {
        let mut hashes: Vec<&String> = self.by_letters.values().flatten().collect();
        hashes.sort();
        format!("{hashes:?}")
    }

    /// Removes every row with one of them; returns how many, by table.
    pub(crate) fn leave_out(&self, catalog: &Catalog, tables: &mut Tables) -> Result<BTreeMap<String, usize>> {
        let mut left_out = BTreeMap::new();
        if self.by_letters.is_empty() {
            return Ok(left_out);
        }
        for (name, rows) in tables {
            let never_published: HashSet<&str> = catalog
                .table(name)?
                .columns
                .iter()
                .filter(|column| matches!(column.column.personal, Personal::Code | Personal::BirthDate))
                .map(|column| column.column.name.as_str())
                .collect();
            let mut stays = vec![true; rows.num_rows()];
            for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
                if !never_published.contains(field.name().as_str()) {
                    self.look(column, &mut stays);
                }
            }
            let gone = stays.iter().filter(|stays| !**stays).count();
            if gone > 0 {
                *rows =
                    filter_record_batch(rows, &BooleanArray::from(stays)).with_context(|| format!("cannot leave rows of {name} out"))?;
                left_out.insert(name.clone(), gone);
            }
        }
        Ok(left_out)
    }

    fn look(&self, column: &ArrayRef, stays: &mut [bool]) {
        // The same text stands in many rows.
        let mut known: HashMap<String, bool> = HashMap::new();
        let texts = column.as_string_opt::<i32>();
        let mut cell = String::new();
        for (row, stays) in stays.iter_mut().enumerate().filter(|(_, stays)| **stays) {
            let text = match texts {
                Some(texts) if texts.is_valid(row) => texts.value(row),
                Some(_) => continue,
                None => {
                    cell.clear();
                    if !print_cell(column.as_ref(), row, &mut cell) {
                        continue;
                    }
                    cell.as_str()
                }
            };
            *stays = match known.get(text) {
                Some(stays) => *stays,
                None => {
                    let answer = !self.is_in(text);
                    known.insert(text.to_owned(), answer);
                    answer
                }
            };
        }
    }

    /// Whether a text contains one of them, whatever punctuation and spaces stand between its letters.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let folded = fold(text);
        let ends: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
        self.by_letters
            .iter()
            .any(|(letters, hashes)| ends.windows(letters + 1).any(|part| hashes.contains(&self.hash(&folded[part[0]..part[*letters]]))))
    }

    fn hash(&self, folded: &str) -> String {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write(folded.as_bytes());
        format!("{:032x}", hasher.finish128().as_u128())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(home: &std::path::Path) -> Paths {
        let paths = Paths { state: home.join("state"), internal: home.join("internal"), ..Paths::default() };
        [&paths.state, &paths.internal].iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
        paths
    }

    fn withheld(paths: &Paths, texts: &[&str]) -> Withheld {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let mut withheld = Withheld::load(paths, &[7; 32]).unwrap();
        withheld.add(paths, &texts, "v", "klaida", Utc::now()).unwrap();
        withheld
    }

    #[test]
    fn a_withheld_text_is_known_again_in_any_dress_and_stands_nowhere_in_the_file() {
        let home = tempfile::tempdir().unwrap();
        let paths = paths(home.path());
        withheld(&paths, &["33309240064", "Bandomė Pavyzdytė"]);
        let again = withheld(&paths, &["333-0924-0064"]);
        let file = std::fs::read_to_string(paths.state.join(FILE)).unwrap();
        assert_eq!(file.lines().count(), 2, "the same text is there once");
        assert!(!file.contains("3330924") && !file.contains("Bandom"));
        for text in ["33309240064", "UAB 333 0924 0064 ir kt.", "３３３０９２４００６４", "BANDOMĖ  pavyzdytė", "x33309240064"]
        {
            assert!(again.is_in(text), "{text}");
        }
        for text in ["33309240065", "3330924006", "", "Bandomė"] {
            assert!(!again.is_in(text), "{text}");
        }
        assert!(!Withheld::load(&paths, &[8; 32]).unwrap().is_in("33309240064"), "hashes depend on this installation's key");
    }

    #[test]
    fn what_was_withheld_stays_so_though_either_folder_is_lost() {
        let home = tempfile::tempdir().unwrap();
        let paths = paths(home.path());
        withheld(&paths, &["Bandomė Pavyzdytė"]);
        for lost in [&paths.state, &paths.internal] {
            let (file, copy) = (lost.join(FILE), std::fs::read(lost.join(FILE)).unwrap());
            std::fs::remove_file(&file).unwrap();
            assert!(Withheld::load(&paths, &[7; 32]).unwrap().is_in("Bandomė Pavyzdytė"));
            Withheld::evened_out(&paths, &[7; 32]).unwrap();
            assert_eq!(std::fs::read(&file).unwrap(), copy, "what is lost here comes from there");
            assert_eq!((since(&paths, DateTime::UNIX_EPOCH).unwrap(), since(&paths, Utc::now()).unwrap()), (1, 0));
            std::fs::write(&file, copy).unwrap();
        }
    }
}
