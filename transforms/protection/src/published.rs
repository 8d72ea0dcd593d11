//! A system as its readers have it, for other programs that solve it.

use serde_json::{Value, json};

use crate::System;

impl System {
    /// All that readers know, as JSON: `cells` with `shown` (the value, or null if it is suppressed), `least` and `greatest` (what is known;
    /// null if nothing is) and `whole`; `relations` with `terms` (pairs of a cell's place and its factor) and `constant`. The value of a
    /// suppressed cell is not in it.
    pub fn published(&self) -> Value {
        let cells = self.cells.iter().map(|cell| {
            let (least, greatest) = cell.known;
            let shown = (!cell.is_suppressed()).then_some(cell.value);
            json!({ "shown": shown, "least": finite(least), "greatest": finite(greatest), "whole": cell.whole })
        });
        let relations = self.relations.iter().map(|relation| json!({ "terms": relation.terms, "constant": relation.constant }));
        json!({ "cells": cells.collect::<Vec<_>>(), "relations": relations.collect::<Vec<_>>() })
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, State};

    #[test]
    fn the_value_of_a_suppressed_cell_is_not_in_it() {
        let mut system = System::default();
        let hidden = system.cell(Cell { state: State::Primary, whole: true, known: (0.0, 9000.0), ..Cell::shown(4711.0) });
        let total = system.cell(Cell::shown(5000.5));
        system.sum(total, &[hidden]);
        let expected = r#"{"cells":[{"greatest":9000.0,"least":0.0,"shown":null,"whole":true},{"greatest":null,"least":0.0,"shown":5000.5,"whole":false}],"relations":[{"constant":0.0,"terms":[[0,1.0],[1,-1.0]]}]}"#;
        assert_eq!(system.published().to_string(), expected);
    }
}
