"""The totals over all suites never look better than the results of the test runners."""

import subprocess
import sys
from pathlib import Path

PASSED = '<testcase name="a" classname="a" status="run"/>'
FAILED = '<testcase name="b" classname="b" status="fail"><failure message=""/></testcase>'
ERROR = '<testcase name="c" classname="test.x"><error message=""/></testcase>'
SKIPPED = '<testcase name="d" classname="d" status="notrun"><skipped message="x"/></testcase>'


def count(tmp_path, *suites):
    """Runs the program on suites given as (exit code, test cases); returns (exit code, lines)."""
    arguments = []
    for number, (exit_code, cases) in enumerate(suites):
        report = tmp_path / f"{number}.xml"
        if cases is not None:
            report.write_text(f"<testsuite>{cases}</testsuite>")
        arguments.append(f"s{number}:{exit_code}:{report}")
    program = Path(__file__).parent / "count_tests.py"
    run = subprocess.run([sys.executable, program, *arguments], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run.returncode, run.stdout.splitlines()


def test_adds_up_what_passed(tmp_path):
    exit_code, lines = count(tmp_path, (0, PASSED), (0, PASSED * 2))
    assert (exit_code, lines[-1]) == (0, "3 passed, 0 failed")


def test_names_what_failed(tmp_path):
    exit_code, lines = count(tmp_path, (8, PASSED + FAILED + SKIPPED), (1, ERROR))
    assert (exit_code, lines[-1]) == (1, "1 passed, 2 failed, 1 skipped")
    assert lines[-3:-1] == ["FAILED s0: b", "FAILED s1: test.x c"]


def test_a_suite_that_ran_nothing_is_a_failure(tmp_path):
    for cases in ["", SKIPPED, None]:
        exit_code, lines = count(tmp_path, (0, PASSED), (0, cases))
        assert exit_code == 1 and lines[-1].startswith("1 passed, 1 failed"), lines


def test_a_suite_that_did_not_build_is_a_failure(tmp_path):
    exit_code, lines = count(tmp_path, (2, None), (0, PASSED))
    assert (exit_code, lines[-1]) == (1, "1 passed, 1 failed")


def test_an_exit_code_counts_even_if_no_test_failed(tmp_path):
    # ctest reports a test whose program is missing as skipped, and fails by its exit code.
    exit_code, lines = count(tmp_path, (8, PASSED + SKIPPED))
    assert (exit_code, lines[-1]) == (1, "1 passed, 1 failed, 1 skipped")


def test_no_suite_at_all_is_a_failure(tmp_path):
    assert count(tmp_path)[0] == 1


def test_a_report_that_was_cut_off_is_a_failure(tmp_path):
    exit_code, lines = count(tmp_path, (0, PASSED + "<"))
    assert (exit_code, lines[-1]) == (1, "0 passed, 1 failed")
