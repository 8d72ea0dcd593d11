"""Says whether a file was read in ranges alone, and how much of it.

    ranges.py LOG PATH SIZE [SHARE]

LOG is that of range_server.py. Exit code 1: the file was not read, was asked for as a whole, or (with SHARE) more than that share of its SIZE
was sent.
"""

import sys


def main(log, path, size, share="1000"):
    with open(log, encoding="utf-8") as lines:
        asked = [line.rstrip("\n").split("\t") for line in lines]
    got = [(status, int(sent)) for method, status, sent, of in asked if method == "GET" and of.lstrip("/") == path]
    sent = sum(sent for _, sent in got)
    whole = [status for status, _ in got if status != "206"]
    if not got or whole or sent > float(share) * int(size):
        sys.exit(f"{path}: {len(got)} requests, {len(whole)} of them for no range; {sent} of {size} bytes were sent")
    print(f"   {path}: {len(got)} ranges, {sent} of {size} bytes", file=sys.stderr)


main(*sys.argv[1:])
