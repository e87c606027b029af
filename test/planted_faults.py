#!/usr/bin/env python3
"""Runs test programs with a planted fault until a test fails; if all of them pass, nobody would notice it.

Usage: planted_faults.py FAULT PROGRAM...      The faults are those of src/base/planted_fault.h.
"""

import re
import subprocess
import sys
from typing import List

PROGRAM_SECONDS_MAX = 60  # as for the same program without a fault; one that hangs is noticed, too


def failed_test(output: str) -> str:
    """The test that failed, or in which the program died; empty if none began."""
    failed = re.search(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", output, re.MULTILINE)
    began = re.findall(r"^\[ RUN      \] ([\w/]+\.[\w/]+)", output, re.MULTILINE)
    return failed.group(1) if failed else began[-1] if began else ""


def main(fault: str, programs: List[str]) -> int:
    for program in programs:
        command = [program, f"--planted_fault={fault}", "--gtest_fail_fast"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                                 timeout=PROGRAM_SECONDS_MAX)  # fmt: skip
            exit_code, output = run.returncode, run.stdout
        except subprocess.TimeoutExpired as hung:
            exit_code, output = 1, (hung.stdout or b"").decode(errors="replace")
        if exit_code == 0:
            continue
        test = failed_test(output)
        if not test:
            print(f"{program} did not run with {fault}: exit code {exit_code}\n{output}")
            return 1
        print(f"{fault} is noticed by {test}")
        return 0
    print(f"no test notices {fault}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
