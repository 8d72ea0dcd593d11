//! Shares as whole numbers of 10⁻¹², so that they add up to exactly one.

/// One whole, in the units of a published share.
pub const WHOLE: i128 = 10_i128.pow(catalog::SHARE_SCALE as u32);

/// A single share in units, rounded to the nearest and kept within the whole.
#[must_use]
pub fn to_units(share: f64) -> i128 {
    ((share * WHOLE as f64).round() as i128).clamp(0, WHOLE)
}

/// Shares that add up to about one, as units that add up to exactly [`WHOLE`] (to nothing where the shares do not): all are rounded down,
/// and the units left over go to those that lost most (the method of the largest remainder).
#[must_use]
pub fn to_whole(shares: &[f64]) -> Vec<i128> {
    let total: f64 = shares.iter().sum();
    if !(total.is_finite() && total > 0.0) {
        return vec![0; shares.len()];
    }
    let exact: Vec<f64> = shares.iter().map(|share| share / total * WHOLE as f64).collect();
    let mut units: Vec<i128> = exact.iter().map(|share| share.floor() as i128).collect();
    let mut left = WHOLE - units.iter().sum::<i128>();
    let mut by_loss: Vec<usize> = (0..shares.len()).collect();
    by_loss.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    for &at in by_loss.iter().cycle() {
        if left <= 0 {
            break;
        }
        units[at] += 1;
        left -= 1;
    }
    units
}
