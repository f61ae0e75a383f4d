"""Tables of figures, and the record that becomes JSON."""

import json
import math


def median(values):
    ordered = sorted(value for value in values if not math.isnan(value))
    if not ordered:
        return float("nan")
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def ratio(numerator, denominator):
    if numerator is None or denominator is None or math.isnan(numerator) or math.isnan(denominator) or denominator == 0:
        return float("nan")
    return numerator / denominator


def show(value, digits):
    return "-" if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def without_nan(value):
    """JSON knows no NaN: what could not be measured becomes null."""
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and math.isnan(value) else value


class Report:
    """Collects figures and goals of all scenarios while they are printed."""

    def __init__(self):
        self.record = {"scenarios": {}}
        self.goals = []

    def heading(self, text):
        print(f"\n== {text}", flush=True)

    def note(self, text):
        print(f"   {text}", flush=True)

    def table(self, columns, rows):
        """Prints aligned columns: the first to the left, the others to the right."""
        cells = [columns, *rows]
        widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
        for row in cells:
            line = "  ".join(cell.ljust(width) if index == 0 else cell.rjust(width)
                             for index, (cell, width) in enumerate(zip(row, widths)))
            print("   " + line.rstrip(), flush=True)

    def add(self, scenario, figures):
        self.record["scenarios"][scenario] = figures

    def goal(self, name, value, limit, at_least, digits=2):
        """Holds a figure against its goal. A figure that could not be had counts as missed."""
        met = not math.isnan(value) and (value >= limit if at_least else value <= limit)
        self.goals.append({"name": name, "value": None if math.isnan(value) else value, "limit": limit,
                           "at_least": at_least, "met": met})
        word = "at least" if at_least else "at most"
        self.note(f"{'ok    ' if met else 'MISSED'} {name}: {show(value, digits)} ({word} {limit:g})")

    def finish(self, path):
        self.record["goals"] = self.goals
        missed = [goal["name"] for goal in self.goals if not goal["met"]]
        print(f"\n{len(self.goals) - len(missed)} of {len(self.goals)} goals met", flush=True)
        for name in missed:
            self.note(f"missed: {name}")
        if path:
            with open(path, "w") as output:
                json.dump(without_nan(self.record), output, indent=2, allow_nan=False)
                output.write("\n")
        return not missed
