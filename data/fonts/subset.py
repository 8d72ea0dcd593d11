"""Cuts the two fonts of data/fonts out of Source Sans 3. See README.md; the result is the same bytes every time.

    python3 subset.py <folder TTF of the npm package source-sans> <folder for the result>
"""

import subprocess
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

# Latin with all its letters of Europe, Vietnamese left out; combining marks; Cyrillic of the living languages; punctuation,
# spaces, small digits, currencies, №, ™, Ω, ℮, arrows, the operators of a report, the box that stands for an unknown letter.
CHARACTERS = ",".join([
    "U+0020-007E", "U+00A0-00AC", "U+00AE-017F", "U+0192", "U+01C4-01DC", "U+01E6-01EB", "U+01F4-01F5", "U+01FA-021B", "U+0232-0233",
    "U+0237", "U+0259", "U+02BB-02BC", "U+02C6-02C7", "U+02D8-02DD", "U+0300-0304", "U+0306-0308", "U+030A-030C", "U+0312",
    "U+0323", "U+0326-0328", "U+0331", "U+0400-045F", "U+0490-0491", "U+1E02-1E03", "U+1E0A-1E0B", "U+1E1E-1E1F", "U+1E40-1E41",
    "U+1E56-1E57", "U+1E60-1E61", "U+1E6A-1E6B", "U+1E80-1E85", "U+1E9E", "U+1EBC-1EBD", "U+1EF2-1EF3", "U+2002-200A",
    "U+2010-2016", "U+2018-201E", "U+2020-2022", "U+2026", "U+202F", "U+2030", "U+2032-2033", "U+2039-203A", "U+2044",
    "U+2070", "U+2074-2079", "U+2080-2089", "U+20A0-20BF", "U+2113", "U+2116", "U+2122", "U+2126", "U+212E", "U+2190-2193",
    "U+2202", "U+2206", "U+2211-2212", "U+2215", "U+2219-221A", "U+221E", "U+2248", "U+2260", "U+2264-2265", "U+25A1", "U+25CF",
    "U+2713",
])
# The licence keeps the name "Source" for the font as Adobe publishes it: a part of it has to be called something else.
FAMILY = "Virsis Sans"


def cut(source: Path, target: Path, style: str) -> None:
    subprocess.run(["pyftsubset", source, f"--output-file={target}", f"--unicodes={CHARACTERS}", "--layout-features=", "--no-hinting",
                    "--drop-tables+=GDEF,GPOS,GSUB,BASE,STAT,DSIG,meta", "--name-IDs=0,1,2,3,4,5,6,13,14", "--notdef-outline",
                    "--no-recommended-glyphs", "--no-prune-codepage-ranges"], check=True)
    font = TTFont(target, recalcTimestamp=False)
    names = font["name"]
    version = names.getDebugName(5).split(";")[0].removeprefix("Version ")
    told = {1: f"{FAMILY} {style}" if style != "Regular" else FAMILY, 2: "Regular", 3: f"{version};{FAMILY.replace(' ', '')}-{style}",
            4: f"{FAMILY} {style}", 5: f"Version {version}", 6: f"{FAMILY.replace(' ', '')}-{style}"}
    for record in list(names.names):
        if record.nameID in told:
            names.setName(told[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID)
    font.save(target)


if __name__ == "__main__":
    package, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for style in ("Regular", "Semibold"):
        cut(package / f"SourceSans3-{style}.ttf", folder / f"VirsisSans-{style}.ttf", style)
