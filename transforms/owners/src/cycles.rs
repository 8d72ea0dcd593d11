//! Cycles of ownership: what flows through the members of one solves `x = b + Wᵀx`, where `b` is what enters and `W` the holdings inside. Each is a small
//! dense system, factorised once.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::Holder;
use crate::components::Components;
use crate::graph::Graph;

/// Less than this leaves a cycle, for each of its members: nobody outside owns any of it. Far below one unit of the published share.
const CLOSED: f64 = 1e-14;

/// All cycles by the number of their component; nothing for one that nobody outside owns.
#[derive(Debug)]
pub(crate) struct Cycles(HashMap<u32, Option<Factors>>);

/// What becomes of what enters a component.
#[derive(Debug, PartialEq)]
pub(crate) enum Through {
    /// So much flows through each of its members.
    Members(Vec<f64>),
    /// It could never leave.
    Nothing,
}

impl Cycles {
    /// Factorises all of them.
    pub(crate) fn of(graph: &Graph, components: &Components) -> Self {
        let cycle =
            |component| is_cycle(graph, components, component).then(|| (component, factorise(graph, components.members(component))));
        Self((0..components.count()).into_par_iter().filter_map(cycle).collect())
    }

    /// Whether nobody outside owns any of a component.
    pub(crate) fn is_closed(&self, component: u32) -> bool {
        self.0.get(&component).is_some_and(Option::is_none)
    }

    /// What flows through the members of a component, given what enters at each.
    pub(crate) fn through(&self, component: u32, entering: Vec<f64>) -> Through {
        match self.0.get(&component) {
            None => Through::Members(entering),
            Some(None) => Through::Nothing,
            // What is almost closed may be beyond what numbers can tell.
            Some(Some(factors)) => match factors.solve(&entering) {
                through if through.iter().all(|amount| amount.is_finite()) => Through::Members(through),
                _ => Through::Nothing,
            },
        }
    }
}

/// Several entities that own one another, or one that owns a part of itself.
fn is_cycle(graph: &Graph, components: &Components, component: u32) -> bool {
    match components.members(component) {
        [member] => graph.edges(*member).any(|edge| edge.share > 0.0 && edge.holder == Holder::Entity(*member)),
        _ => true,
    }
}

fn factorise(graph: &Graph, members: &[u32]) -> Option<Factors> {
    let mut matrix = vec![vec![0.0; members.len()]; members.len()];
    let mut leaving = 0.0;
    for (column, &member) in members.iter().enumerate() {
        matrix[column][column] += 1.0;
        let mut kept = 0.0;
        for edge in graph.edges(member) {
            let Holder::Entity(owner) = edge.holder else { continue };
            if let Ok(row) = members.binary_search(&owner) {
                matrix[row][column] -= edge.share;
                kept += edge.share;
            }
        }
        leaving += 1.0 - kept;
    }
    (leaving > CLOSED * members.len() as f64).then(|| Factors::new(matrix))
}

/// LU factors of a small dense matrix, with partial pivoting.
#[derive(Debug)]
struct Factors {
    rows: Vec<Vec<f64>>,
    order: Vec<usize>,
}

impl Factors {
    fn new(mut rows: Vec<Vec<f64>>) -> Self {
        let size = rows.len();
        let mut order: Vec<usize> = (0..size).collect();
        for pivot in 0..size {
            let best = (pivot..size).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs())).unwrap_or(pivot);
            rows.swap(pivot, best);
            order.swap(pivot, best);
            let (above, below) = rows.split_at_mut(pivot + 1);
            for row in below {
                let factor = row[pivot] / above[pivot][pivot];
                row[pivot] = factor;
                for column in pivot + 1..size {
                    row[column] -= factor * above[pivot][column];
                }
            }
        }
        Self { rows, order }
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = self.order.iter().map(|&at| right[at]).collect();
        for row in 0..values.len() {
            values[row] -= (0..row).map(|column| self.rows[row][column] * values[column]).sum::<f64>();
        }
        for row in (0..values.len()).rev() {
            let known: f64 = (row + 1..values.len()).map(|column| self.rows[row][column] * values[column]).sum();
            values[row] = (values[row] - known) / self.rows[row][row];
        }
        values
    }
}
