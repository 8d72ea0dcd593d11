"""report.py FOLDER REPETITIONS: medians of what run.sh measured, by stage and in all, and how many times a peer's the program's are."""

import sys
from pathlib import Path
from statistics import median

WHO = ("virsis", "polars", "duckdb")
# The same work in the program and in the peers, but for what README.md says of personal values and ids.
SAME = ("definitions", "read and clean", "owners and core tables", "sql models")
# What the peers have no counterpart of, and the files, of which they write the tables alone.
REST = {
    "checks, gate, suppression": ("documents", "checks", "statistics protected", "disclosure and gate"),
    "what is published": ("publish", "commit", "tiers and files"),
}


def stages(path):
    """Wall and CPU seconds of each stage and the peak so far in MiB, as `--timings` prints them."""
    found = {}
    for line in path.read_text().splitlines():
        words = line.rsplit(maxsplit=3)
        if len(words) == 4 and all(word.isdigit() for word in words[1:]):
            wall, cpu, peak = map(int, words[1:])
            found[words[0].strip()] = (wall / 1000, cpu / 1000, peak)
    return found


def added(parts):
    parts = list(parts)
    return tuple(sum(part[place] for part in parts) for place in (0, 1)) + (max((part[2] for part in parts), default=0),)


def middle(runs):
    return tuple(median(run[place] for run in runs) for place in range(3))


def main(folder, repetitions):
    folder, rows = Path(folder), {}
    for who in WHO:
        runs = [stages(folder / f"{who}.{run}.stages") for run in range(1, int(repetitions) + 1)]
        totals = []
        for run in range(1, int(repetitions) + 1):
            wall, user, system, kilobytes = map(float, (folder / f"{who}.{run}.time").read_text().split()[-4:])
            totals.append((wall, user + system, kilobytes / 1024))
        for name in SAME:
            rows.setdefault(name, {})[who] = middle([run[name] for run in runs])
        rows.setdefault("all up to here", {})[who] = middle([added(run[name] for name in SAME) for run in runs])
        for name, parts in REST.items():
            rows.setdefault(name, {})[who] = middle([added(run[part] for part in parts if part in run) for run in runs])
        rows.setdefault("the whole process", {})[who] = middle(totals)
    print(f"medians of {repetitions}: wall s, CPU s, peak MiB so far; ratios are the program's to a peer's, below 1 the program needs less")
    print(f"{'':<27}" + "".join(f"{who:>24}" for who in WHO) + "".join(f"{f'virsis / {who}':>22}" for who in WHO[1:]))
    for name, cells in rows.items():
        figures = "".join(f"{wall:>9.1f}{cpu:>8.1f}{peak:>7.0f}" if wall or cpu else f"{'–':>24}" for wall, cpu, peak in cells.values())
        ratios = "".join(f"{' '.join(ratio(ours, theirs) for ours, theirs in zip(cells['virsis'], cells[who])):>22}" for who in WHO[1:])
        print(f"{name:<27}{figures}{ratios}")
    print(
        "The peers leave out: suppression, merging and holding of statistics and their audit, checks, gates, what is kept for the next night, the internal tier, histories, pages, search,\n"
        "ownership formats, descriptions, hashes; and do less while they read (README.md). What stands above `all up to here` is the\n"
        "same work but for that; nothing below it is."
    )


def ratio(ours, theirs):
    return f"{ours / theirs:.2f}" if ours and theirs else "–"


if __name__ == "__main__":
    main(*sys.argv[1:])
