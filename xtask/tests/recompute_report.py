#!/usr/bin/env python3
"""Computes the figures of operations in a report.json again from the raw samples, and fails where one differs.

    recompute_report.py REPORT.json
"""

import json
import math
import sys
from collections import defaultdict


def median(values):
    """The middle of the values in order, or the mean of the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        return None
    return (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2


def percentile(values, percent):
    """The smallest value that so many per cent of all values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def times(samples):
    return {
        "count": len(samples),
        "mean_ns": sum(samples) / len(samples) if samples else None,
        "median_ns": median(samples),
        "p95_ns": percentile(samples, 95),
        "min_ns": min(samples, default=None),
        "max_ns": max(samples, default=None),
    }


def differs(found, expected):
    if found is None or expected is None:
        return found is not expected
    return not math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-6)


def main(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    first, later, work = defaultdict(list), defaultdict(list), {}
    for measurement in report["measurements"]:
        for operation in measurement["operations"]:
            key = (measurement["pass"], operation["name"], operation["input"])
            first[key] += operation["samples_ns"][:1]
            later[key] += operation["samples_ns"][1:]
            work[key] = operation["work"]

    checked, wrong = 0, []

    def check(name, found, expected):
        nonlocal checked
        checked += 1
        if differs(found, expected):
            wrong.append(f"{name}: {found} in the report, {expected} from the samples")

    def check_times(name, found, samples):
        for figure, expected in times(samples).items():
            check(f"{name} {figure}", found[figure], expected)

    for row in report["operations"]:
        keys = [(row["pass"], row["name"], on["input"]) for on in row["inputs"]]
        name = f"{row['pass']} {row['name']}"
        check_times(name, row["runs"], [sample for key in keys for sample in first[key] + later[key]])
        typical = {key: median(later[key] or first[key]) for key in keys}
        check(f"{name} total_ns", row["total_ns"], sum(typical.values()))
        check(f"{name} first_total_ns", row["first_total_ns"], sum(median(first[key]) for key in keys))
        for key, on in zip(keys, row["inputs"]):
            of_input = f"{name} on {key[2]}"
            check(f"{of_input} first_ns", on["first_ns"], median(first[key]))
            check_times(of_input, on["later"], later[key])
            for figure, amount in (("bytes_per_s", work[key]["bytes"]), ("pixels_per_s", work[key]["pixels"])):
                expected = amount * 1e9 / typical[key] if amount is not None and typical[key] else None
                check(f"{of_input} {figure}", on[figure], expected)
    missing = set(first) - {(row["pass"], row["name"], on["input"]) for row in report["operations"] for on in row["inputs"]}
    wrong += [f"not in the report: {key}" for key in sorted(missing, key=str)]
    print(f"{checked} figures checked, {len(wrong)} differ")
    print("\n".join(wrong))
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
