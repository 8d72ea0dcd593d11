"""Says how many tasks each executor ended, from the log of events that Spark itself writes; both must have worked."""

import collections
import json
import pathlib
import sys

tasks = collections.Counter()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if not path.is_file() or path.name.startswith((".", "appstatus")):
        continue
    for line in path.read_text().splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            # The last line of a log that is still being written.
            continue
        if event["Event"] == "SparkListenerTaskEnd" and event["Task End Reason"]["Reason"] == "Success":
            tasks[event["Task Info"]["Executor ID"]] += 1
print("spark: tasks of each executor, from Spark's own log:", dict(tasks))
sys.exit(0 if len(tasks) >= 2 and min(tasks.values()) > 20 else 1)
