//! Documents that wait for a signature: in memory, a few at a time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::Error;

/// So many documents are kept; the oldest goes first.
const MOST: usize = 50;

/// A document somebody handed over.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) number: String,
    pub(crate) document: Vec<u8>,
    /// Where the browser goes once it is signed.
    pub(crate) back: String,
    pub(crate) container: Option<Vec<u8>>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Room(Mutex<VecDeque<Waiting>>);

impl Room {
    /// Keeps a document; gives the number nobody can guess that it is found by.
    pub(crate) fn keep(&self, document: Vec<u8>, back: String) -> Result<String, Error> {
        let mut number = [0; 16];
        getrandom::fill(&mut number).map_err(|error| Error::Signature(error.to_string()))?;
        let number = hex::encode(number);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Waiting { number: number.clone(), document, back, container: None });
        Ok(number)
    }

    /// The document of this number.
    pub(crate) fn find(&self, number: &str) -> Option<Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|one| one.number == number).cloned()
    }

    /// Keeps the signed container beside its document.
    pub(crate) fn signed(&self, number: &str, container: Vec<u8>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = all.iter_mut().find(|one| one.number == number) {
            one.container = Some(container);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_document_makes_room() {
        let room = Room::default();
        let numbers: Vec<String> = (0..=MOST).map(|_| room.keep(vec![1], String::new()).unwrap()).collect();
        assert!(room.find(&numbers[0]).is_none() && room.find(&numbers[1]).is_some());
        room.signed(&numbers[1], vec![2]);
        assert_eq!(room.find(&numbers[1]).unwrap().container, Some(vec![2]));
        assert!(room.find(&numbers[2]).unwrap().container.is_none());
    }
}
