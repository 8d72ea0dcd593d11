"""Says which pages wapiti reached and what it found there; exit code 1 if it found something, or did not reach what it should.

    found.py REPORT "METHOD PATH=STATUS,STATUS"...        pages that must have been reached, and with which answers that counts
"""

import json
import sys
from urllib.parse import urlsplit


def known(kind, item):
    """No findings: a page shows what was typed, escaped, and one attack takes its own escaped words for a file that was opened; whoever signs in
    has no session yet whose token could be sent (the origin is checked instead)."""
    echo = kind == "Path Traversal" and "wapiti.txt" in item["http_request"]
    return echo or (item["path"], item["info"].strip()) == ("/prisijungti", "Lack of anti CSRF token")


def main(report, wanted):
    reached = {}
    for page in report["infos"]["crawled_pages"]:
        request = page["request"]
        reached.setdefault(f"{request['method']} {urlsplit(request['url']).path}", set()).add(str(request["status_code"]))
    shown = [f"{page} ({', '.join(sorted(statuses))})" for page, statuses in sorted(reached.items()) if " /failai" not in page]
    print("reached:", "; ".join(shown))
    missing = [page for page, statuses in (one.split("=") for one in wanted) if not reached.get(page, set()) & set(statuses.split(","))]
    if missing:
        print("not reached:", "; ".join(missing))
    found = {kind: items for part in ("vulnerabilities", "anomalies") for kind, every in report[part].items()
             if (items := [one for one in every if not known(kind, one)])}
    for kind, items in found.items():
        for item in items[:5]:
            print("  ", kind, item["method"], item["path"], item.get("parameter"), item["info"][:160], "|", item["http_request"].splitlines()[0][:300])
    return 1 if found or missing else 0


with open(sys.argv[1], encoding="utf-8") as file:
    sys.exit(main(json.load(file), sys.argv[2:]))
