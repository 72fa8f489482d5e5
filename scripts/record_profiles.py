#!/usr/bin/env python3
"""Puts what bench_profiles measured into the faults' files. A tool for maintainers.

    build/bench/bench_profiles --faults D4,M1 --profile small > lines
    scripts/record_profiles.py lines
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from write_catalogue import write  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def find(id_):
    for folder in ("catalogue/published", "examples/problems"):
        path = os.path.join(ROOT, folder, id_ + ".json")
        if os.path.exists(path):
            return path
    raise SystemExit("no fault " + id_)


def main(paths):
    for path in paths:
        for line in open(path):
            found = json.loads(line)
            name = find(found["id"])
            fault = json.load(open(name))
            profile = fault.setdefault("profiles", {}).setdefault("small", {})
            profile["measured"] = {
                "command": "bench_profiles --faults %s --profile small --runs %d" % (found["id"], found["runs"]),
                "data": found["data"], "faulty": found["faulty"], "fixed": found["fixed"], "d": found.get("d")}
            with open(name, "w") as file:
                file.write(write(fault) + "\n")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1:])
