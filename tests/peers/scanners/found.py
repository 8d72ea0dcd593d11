"""Says which pages wapiti reached and what it found there; exit code 1 if it found something, or did not reach what it should.

    found.py REPORT DRAFT        DRAFT is the number of a draft of whoever is signed in
"""

import json
import sys
from urllib.parse import urlsplit


def known(item):
    """No findings: search, list and sign-in show the word that was typed, escaped, which wapiti takes for an error message that names a file;
    whoever signs in has no session yet whose token could be sent (the origin is checked instead)."""
    echo = item["parameter"] in ("ieskoti", "virs", "vardas") and "wapiti.txt" in item["http_request"]
    return echo or (item["path"], item["info"].strip()) == ("/prisijungti", "Lack of anti CSRF token")


def main(report, draft):
    reached = {}
    for page in report["infos"]["crawled_pages"]:
        request = page["request"]
        if request["status_code"] in (200, 303, 422):
            reached.setdefault((request["method"], urlsplit(request["url"]).path), set()).add(request["status_code"])
    print(len(reached), "pages and forms reached:", ", ".join(f"{method} {path}" for method, path in sorted(reached) if not path.startswith("/failai")))
    # Each as somebody who is signed in sees it: others are sent to sign in.
    wanted = {("GET", "/pradzia"): 200, ("GET", "/teikti/lesos"): 200, ("POST", "/teikti/lesos"): 303, ("GET", f"/pateiktis/{draft}"): 200,
              ("POST", f"/pateiktis/{draft}"): 200, ("GET", "/pateikimai"): 200, ("POST", "/prisijungti"): 422}
    missing = [f"{method} {path}" for (method, path), status in wanted.items() if status not in reached.get((method, path), ())]
    if missing:
        print("not reached:", ", ".join(missing))
    found = {kind: items for part in ("vulnerabilities", "anomalies") for kind, every in report[part].items()
             if (items := [one for one in every if not known(one)])}
    for kind, items in found.items():
        for item in items[:5]:
            print("  ", kind, item["method"], item["path"], item.get("parameter"), item["info"][:160], "|", item["http_request"].splitlines()[0][:300])
    return 1 if found or missing else 0


with open(sys.argv[1], encoding="utf-8") as file:
    sys.exit(main(json.load(file), sys.argv[2]))
