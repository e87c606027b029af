"""Adds up the JUnit reports of several suites, prints which tests failed, and prints the totals on the last line.

Usage: count_tests.py SUITE:EXIT_CODE:REPORT...     Exit code 0 if every suite ran tests and none failed.
"""

import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """The outcome of one <testcase>: "passed", "failed" or "skipped"; reads the dialects of ctest and pytest."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    # ctest reports "notrun" both for a test that skipped itself and for a test whose program is missing. A missing program
    # still makes the suite fail, through ctest's exit code.
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def count_suite(suite, exit_code, report):
    """Returns ({outcome: count}, [what failed]) of one suite."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    failures = []
    for case in cases:
        result = outcome(case)
        counts[result] += 1
        if result == "failed":
            # ctest repeats the test's name as its class name, and gtest appends the bytes of a parameter to the name.
            name, class_name = (case.get(key, "").split("  # GetParam()")[0] for key in ("name", "classname"))
            failures.append(f"{suite}: {name if class_name == name else f'{class_name} {name}'.strip()}")
    if counts["passed"] + counts["failed"] == 0:
        failures.append(f"{suite}: ran no test (exit code {exit_code})")
    elif exit_code != 0 and not failures:
        failures.append(f"{suite}: exit code {exit_code}, although no test failed")
    # A suite that could not run properly counts as one failure, so that the totals do not hide it.
    counts["failed"] = max(counts["failed"], len(failures))
    return counts, failures


def main(arguments):
    total = {"passed": 0, "failed": 0, "skipped": 0}
    failed = []
    for argument in arguments:
        suite, exit_code, report = argument.split(":", 2)
        counts, failures = count_suite(suite, int(exit_code), report)
        print(f"{suite:8} " + ", ".join(f"{count} {name}" for name, count in counts.items()))
        for name in total:
            total[name] += counts[name]
        failed += failures
    for line in failed:
        print(f"FAILED {line}")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if failed or not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
