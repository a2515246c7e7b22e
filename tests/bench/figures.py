"""What a benchmark found: each figure with its unit, what it is to reach, and what stood beside."""
import json


class Figures:
    def __init__(self):
        self.rows = []

    def add(self, what, value, unit, at_most=None, at_least=None, beside=None):
        """`beside` maps others that did the same in this run to their values, in the same unit."""
        self.rows.append({"what": what, "value": value, "unit": unit, "at_most": at_most,
                          "at_least": at_least, "beside": beside or {}})

    def write(self, path):
        """For the suite; nowhere without a path."""
        if path:
            path.write_text(json.dumps(self.rows, indent=2))

    def print(self):
        print("\n".join(table(self.rows)))


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def verdict(row):
    """Whether the figure is what it was to be; None when nothing was asked of it."""
    if row["at_most"] is not None:
        return row["value"] <= row["at_most"]
    if row["at_least"] is not None:
        return row["value"] >= row["at_least"]
    return None


def _target(row):
    if row["at_most"] is not None:
        return f"≤ {number(row['at_most'])}"
    return "–" if row["at_least"] is None else f"≥ {number(row['at_least'])}"


def _ratios(row):
    def one(name, value):
        times = f", {value / row['value']:.2g} times as much" if row["value"] else ""
        return f"{name}: {number(value)}{times}"
    return "; ".join(one(*other) for other in row["beside"].items()) or "–"


def table(rows):
    yield "| what | figure | to reach | | beside |"
    yield "|---|---|---|---|---|"
    words = {True: "reached", False: "**missed**", None: ""}
    for row in rows:
        yield (f"| {row['what']} | {number(row['value'])} {row['unit']} | {_target(row)}"
               f" | {words[verdict(row)]} | {_ratios(row)} |")
