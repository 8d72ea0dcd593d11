//! A line about the owners of a VIRS that its newspaper or site can show in its imprint: a drawing that is always what the register says
//! (Regulation (EU) 2024/1083, Article 6(1): media service providers make their owners easily and directly accessible).

use std::fmt::Write;

use super::text::{LONGEST_NAME, push_escaped, shortened};

/// Letters of the line; a name that is longer is cut.
const LONGEST: usize = 120;
/// Owners that are named.
const NAMED: usize = 3;
/// Width of a letter on average, and what stands left and right of the line, in pixels.
const LETTER: usize = 7;
const MARGIN: usize = 44;

/// The drawing, in Lithuanian; `owners` are names with shares, the largest first.
pub(super) fn svg(name: &str, owners: &[String]) -> Vec<u8> {
    let said = line(owners);
    let width = said.chars().count() * LETTER + MARGIN + 10;
    let mut out = String::with_capacity(1024);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"28\" viewBox=\"0 0 {width} 28\" role=\"img\" lang=\"lt\">\n<title>"
    );
    push_escaped(&shortened(name, LONGEST_NAME), &mut out);
    out.push_str(". ");
    push_escaped(&said, &mut out);
    let _ = write!(
        out,
        ". VIRSIS</title>\n<rect x=\".5\" y=\".5\" width=\"{}\" height=\"27\" rx=\"4\" fill=\"#fff\" stroke=\"#7b8a95\"/>\n\
         <path d=\"M12 19v-6m6 6V9m6 10v-4\" stroke=\"#12405c\" stroke-width=\"3\"/>\n\
         <text x=\"{}\" y=\"18.5\" font-family=\"system-ui,sans-serif\" font-size=\"13\" fill=\"#1b2730\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">",
        width - 1,
        MARGIN - 8,
        width - MARGIN
    );
    push_escaped(&said, &mut out);
    out.push_str("</text>\n</svg>\n");
    out.into_bytes()
}

/// The line itself.
fn line(owners: &[String]) -> String {
    let said = match owners {
        [] => "Savininkai nežinomi".to_owned(),
        [one] => format!("Savininkas: {one}"),
        many if many.len() <= NAMED => format!("Savininkai: {}", many.join(", ")),
        many => format!("Savininkai: {} ir dar {}", many[..NAMED].join(", "), many.len() - NAMED),
    };
    match said.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", said[..at].trim_end()),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_owners_are_named_and_the_others_counted() {
        let owners: Vec<String> = ["A 40 %", "B 30 %", "C 20 %", "D 6 %", "E 4 %"].map(str::to_owned).to_vec();
        assert_eq!(line(&owners), "Savininkai: A 40 %, B 30 %, C 20 % ir dar 2");
        assert_eq!(
            [line(&owners[..1]), line(&owners[..2]), line(&[])],
            ["Savininkas: A 40 %", "Savininkai: A 40 %, B 30 %", "Savininkai nežinomi"]
        );
        assert_eq!(line(&["Ž".repeat(2_000)]).chars().count(), LONGEST + 1);
    }

    #[test]
    fn a_name_cannot_leave_the_drawing() {
        let drawn = String::from_utf8(svg("UAB <script>", &["\"><image href=x>".to_owned()])).unwrap();
        assert!(!drawn.contains("<script>") && !drawn.contains("<image"), "{drawn}");
    }
}
