"""The bench as a program: its JSON, and when it reports a missed target; the rates and checks of its wheel."""

from __future__ import annotations

import json
import subprocess

import pytest
from conftest import ROOT, RUN_SECONDS_MAX
from programs import module_of

BENCH = ROOT / "build/release/remote_dram_bench"
plot = module_of(ROOT / "bench/plot.py")
wheel = module_of(ROOT / "bench/wheel.py")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A run over the mapped path: its exit code with --check, and its figures."""
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    arguments = ["speed", "--short", "--check", "--paths", "mapped", "--sizes", "64,65536", "--json", file]
    run = subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=RUN_SECONDS_MAX)
    assert run.returncode in (0, 1) and not run.stderr, run.stderr
    return run.returncode, json.loads(file.read_text(encoding="utf-8"))


def test_check_fails_exactly_if_a_target_is_missed(measured):
    code, report = measured
    targets = [target for row in report["speed"] for target in row["targets"]]
    # Two sizes of: get and view, each hot and cold; put with one and with two in flight. Cold puts of one size, without a
    # target.
    assert len(targets) >= len(report["speed"]) == 13
    assert code == any(not target["met"] for target in targets)


def test_a_target_is_judged_by_what_was_measured(measured):
    _, report = measured
    for row in report["speed"]:
        figures = {contender["name"]: contender for contender in row["contenders"]}
        for target in row["targets"]:
            limit = {"p50 ≤ 1.50 × bound": 1.5, "p50 ≤ 1.20 × bare socket": 1.2,
                     "p50 ≤ 0.050 × memcached": 0.05, "p50 ≤ 1.25 × bound": 1.25, "p50 ≤ 2.00 µs": 2}
            if target["target"] == "GB/s ≥ 1.00 × bound":
                assert target["met"] == (target["measured"] >= 1)
                continue
            assert target["met"] == (target["measured"] <= limit[target["target"]])
            if target["target"].endswith("bound"):  # one round: the median of ratios is the ratio
                bound = min(each["p50_us"] for each in row["contenders"] if each["role"] == "bound")
                assert target["measured"] == pytest.approx(figures["ours"]["p50_us"] / bound)


def test_a_plot_has_a_line_for_each_contender(measured):
    _, report = measured
    panels = plot.panels(report["speed"])
    assert list(panels) == ["get, hot", "get, cold", "put"]
    for title, lines in panels.items():
        views = set() if title == "put" else {"ours, as a view"}
        assert {"bound", "ours"} | views <= set(lines) <= set(plot.LOOKS)
        assert all(sorted(line) == [64, 65536] for line in lines.values())


def test_a_plot_of_a_gateway_has_a_line_for_ours():
    ours = {"name": "ours_apart", "role": "ours", "p50_us": 2.0}
    row = {"path": "gateway apart", "verb": "get", "bytes": 64, "keys": 1, "in_flight": 1, "bound": "", "contenders": [ours]}
    assert plot.panels([row]) == {"get": {"ours": {64: 2.0}}}


class StoreByTheClock:
    """A store and its own clock, by which a read takes a millisecond and Python bytes of its value nine more."""

    def __init__(self, stored):
        self.stored = stored
        self.state = "value"
        self.now = 0.0

    def perf_counter(self):
        return self.now

    def read(self, key):
        return self

    def result(self):
        self.now += 0.001
        return self

    @property
    def value(self):
        self.now += 0.009
        return self.stored


def wheel_lap(monkeypatch, in_flight, store):
    """A lap of reads of one part: its p50 in microseconds, p99, GB/s and operations/s."""
    monkeypatch.setattr(wheel, "time", store)
    contender = wheel.Contender(wheel.STATIC, {"driver": "memory"})
    contender.store = store
    lap = wheel.Lap(in_flight, 10_000, 100_000, 8)
    contender.run("get", wheel.PART_BYTES, lap)
    return [float(figure) for figure in lap.figures(wheel.PART_BYTES).split()]


@pytest.mark.parametrize("in_flight", [1, 4])
def test_a_rate_of_the_wheel_does_not_count_the_comparison_of_values(monkeypatch, in_flight):
    p50, p99, gigabytes, operations = wheel_lap(monkeypatch, in_flight, StoreByTheClock(wheel.PART))
    assert p50 == p99 == pytest.approx(1000 * in_flight)
    assert operations == pytest.approx(1000)
    assert gigabytes == pytest.approx(1000 * wheel.PART_BYTES / 1e9)


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("stored", [b"\1" + wheel.PART[1:], wheel.PART[:-1]], ids=["a wrong byte", "too short"])
def test_the_wheel_stops_at_a_wrong_value(monkeypatch, in_flight, stored):
    with pytest.raises(SystemExit, match="static has other bytes"):
        wheel_lap(monkeypatch, in_flight, StoreByTheClock(stored))


def test_the_wheel_stops_at_a_missing_value(monkeypatch):
    store = StoreByTheClock(wheel.PART)
    store.state = "missing"
    with pytest.raises(SystemExit, match="static has no value"):
        wheel_lap(monkeypatch, 1, store)
