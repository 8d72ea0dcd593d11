//! The declared rules in the engine's terms.

use catalog::DisclosureRules;
use protection::Rules;

/// Rules for what persons add to a cell.
pub(super) fn engine_rules(rules: DisclosureRules) -> Rules {
    Rules {
        threshold: rules.minimum_persons,
        dominance: (1, f64::from(rules.dominance_percent) / 100.0),
        p: f64::from(rules.p_percent) / 100.0,
    }
}
