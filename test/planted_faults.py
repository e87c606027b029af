#!/usr/bin/env python3
"""Runs test programs with a planted fault until a test fails; fails itself if no test does.

Usage: planted_faults.py FAULT PROGRAM...      The faults are those of src/base/planted_fault.h.

A program that does not end in time proves nothing, because the machine may be busy, so the next program is tried. A
time-out alone never counts as noticing the fault.
"""

import re
import subprocess
import sys
from typing import List

PROGRAM_SECONDS_MAX = 60  # the limit of the same program without a fault


def failed_test(output: str) -> str:
    failed = re.search(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", output, re.MULTILINE)
    return failed.group(1) if failed else ""


def last_test(output: str) -> str:
    """The test that was running when the program ended; empty if none had begun."""
    return (re.findall(r"^\[ RUN      \] ([\w/]+\.[\w/]+)", output, re.MULTILINE) or [""])[-1]


def main(fault: str, programs: List[str]) -> int:
    for program in programs:
        command = [program, f"--planted_fault={fault}", "--gtest_fail_fast"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                                 timeout=PROGRAM_SECONDS_MAX)  # fmt: skip
            if run.returncode == 0:
                continue
            test = failed_test(run.stdout) or last_test(run.stdout)  # the second, if the program crashed
        except subprocess.TimeoutExpired as late:
            output = (late.stdout or b"").decode(errors="replace")
            test = failed_test(output)
            if not test:
                print(f"{program} did not end within {PROGRAM_SECONDS_MAX} s, in {last_test(output)}")
                continue
        if not test:
            print(f"{program} did not run with {fault}: exit code {run.returncode}\n{run.stdout}")
            return 1
        print(f"{fault} is noticed by {test}")
        return 0
    print(f"no test notices {fault}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
