#!/usr/bin/env python3
"""Draws what remote_dram_bench measured: one plot for each path, time over size, into SVG files.

Usage: bench/plot.py FIGURES.json [FOLDER]

FIGURES.json comes from `remote_dram_bench speed wheel --json`; the files are FOLDER/speed_PATH.svg (default: doc).
It needs bench/requirements.txt.
"""

import json
import sys
from pathlib import Path

LOOKS = {"bound": "k--", "ours": "C0o-", "ours, as a view": "C2o-", "memcached": "C1s-", "redis": "C3^-", "file": "C1s-", "memory": "C3^-"}


def panels(rows: list[dict]) -> dict[str, dict[str, dict[int, float]]]:
    """Title of a panel -> name of a line -> bytes -> microseconds; one operation in flight."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for row in rows:
        # Cold puts, and gets into memory of the library, have too few sizes for a line.
        is_cold_put = row["verb"] == "put" and row["keys"] > 1
        if row["in_flight"] != 1 or is_cold_put or row["verb"] not in ("get", "view", "put"):
            continue
        is_view = row["verb"] == "view"
        title = "get" if is_view else row["verb"]
        if row["verb"] != "put" and not row["path"].startswith("gateway"):
            title += ", hot" if row["keys"] == 1 else ", cold"
        lines = found.setdefault(title, {})
        for contender in row["contenders"]:
            name = contender["name"]
            if contender["role"] == "bound":
                if is_view or name != row["bound"]:
                    continue
                name = "bound"
            elif contender["role"] == "ours":  # each of our gateways has a name of its own
                name = "ours, as a view" if is_view else "ours"
            lines.setdefault(name, {})[row["bytes"]] = contender["p50_us"]
    return found


def rows_of(report: dict) -> list[dict]:
    """The rows of speed and wheel, which have contenders and sizes; a run may have measured only one of the two modes."""
    return report.get("speed", []) + report.get("wheel", [])


def size_text(size: int) -> str:
    for unit, text in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size // unit} {text}"
    return f"{size} B"


def draw(path: str, report: dict, folder: Path) -> None:
    import matplotlib  # imported here, so that tests of the other functions do not need it

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # Text stays text, which is small and searchable; the fixed salt makes equal figures give equal files.
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "remote_dram"})
    found = panels([row for row in rows_of(report) if row["path"] == path])
    figure, all_axes = plt.subplots(1, len(found), figsize=(9, 3.6), sharey=True, squeeze=False)
    for axes, (title, lines) in zip(all_axes[0], found.items()):
        sizes = sorted({size for line in lines.values() for size in line})
        for name in [name for name in LOOKS if name in lines]:
            points = sorted(lines[name].items())
            axes.plot([x for x, _ in points], [y for _, y in points], LOOKS[name], label=name, markersize=4)
        axes.set(title=title, xscale="log", yscale="log", xlabel="bytes of a value")
        axes.set_xticks(sizes, [size_text(size) for size in sizes], rotation=45)
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    all_axes[0][0].set_ylabel("p50, µs")
    all_axes[0][0].legend(fontsize="small")
    figure.suptitle(f"path {path}, one in flight; {report['cpu']}, {report['cores']} cores, {report['date']}", fontsize=10)
    figure.tight_layout()
    file = folder / f"speed_{path.replace(' ', '_')}.svg"
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
    print(file)


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2] if len(sys.argv) == 3 else Path(__file__).parent.parent / "doc")
    for path in dict.fromkeys(row["path"] for row in rows_of(report)):
        draw(path, report, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
