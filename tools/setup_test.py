"""How setup.sh handles missing packages; two small programs simulate the machine's package tools."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SETUP = Path(__file__).parent / "setup.sh"


@pytest.fixture
def machine():
    """The PATH of a machine that has all packages except `ninja-build`, and records the arguments of apt-get."""
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, because other users cannot enter it
        path = Path(name)
        path.chmod(0o755)
        (path / "dpkg-query").write_text(
            '#!/bin/bash\nfor name in "${@:4}"; do\n'
            '  if [ "$name" = ninja-build ]; then echo "config-files $name"; else echo "installed $name"; fi\ndone\n'
        )
        (path / "apt-get").write_text(f'#!/bin/bash\necho "$*" >>{path}/told\n')
        for program in ["dpkg-query", "apt-get"]:
            (path / program).chmod(0o755)
        yield path


def setup(machine, *arguments, before=()):
    environment = {**os.environ, "PATH": f"{machine}:{os.environ['PATH']}"}
    return subprocess.run([*before, SETUP, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_installs_exactly_what_is_missing(machine):
    run = setup(machine, "packages")
    assert run.returncode == 0, run.stderr
    assert (machine / "told").read_text().splitlines() == [
        "update -q",
        "install -y -q --no-install-recommends ninja-build",
    ]


def test_others_are_told_what_is_missing_and_how_to_get_it(machine):
    before = []
    if os.geteuid() == 0:
        before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        probe = [*before, "test", "-x", SETUP]
        if not shutil.which("setpriv") or subprocess.run(probe, check=False).returncode != 0:
            pytest.skip("nobody else may read this checkout")
    run = setup(machine, "packages", before=before)
    assert run.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends ninja-build\n" in run.stderr
    assert not (machine / "told").exists()


def test_an_unknown_part_is_refused(machine):
    run = setup(machine, "everything")
    assert run.returncode == 1 and 'unknown part "everything"' in run.stderr
