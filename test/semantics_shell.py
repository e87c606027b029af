"""The command line as a door of the semantics table: see semantics_doors.py. Each verb runs one or two commands."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from semantics_doors import APPLIED, DELETED, NOT_THERE, error_of, in_place_of, not_matched
from semantics_table import MISSING, UNKNOWN, Cannot

SECONDS_MAX = 60
HEX_BYTES_MAX = 4096  # a longer value of a transaction goes through a file
EXIT_CODE_OF_NO = 1


class Failed(Exception):
    """A command that ended with an exit code other than 0, and with one line of text."""

    def __init__(self, ended):
        code, self.message = re.fullmatch(r"remote-dram: ([A-Z_]+): (.*)\n", ended.stderr.decode()).groups()
        self.code, self.exit_code, self.output = code, ended.returncode, ended.stdout


def condition(generation):
    if generation is None:
        return []
    if generation == UNKNOWN:
        raise Cannot("a condition that is none")
    return ["--if-absent"] if generation == MISSING else ["--if-generation", generation.hex()]


def argument(text):
    if b"\0" in text:
        raise Cannot("an argument with a zero in it")
    return text


def objects(output):
    return [json.loads(line) for line in output.splitlines()]


def key_of(entry):
    return bytes.fromhex(entry["key_hex"]) if "key_hex" in entry else entry["key"].encode()


def told_of(entry):
    """The answer for a key that exists, or does not exist any more."""
    if not entry.get("exists", True):
        return NOT_THERE
    told = {"generation": bytes.fromhex(entry["generation"]), "value_bytes": entry["value_bytes"]}
    return {"state": "value", **told}


class ShellDoor:
    name = "cli"
    errors = Failed

    def __init__(self, program, address):
        self._program, self._address = program, address

    def close(self):
        pass

    @staticmethod
    def failure(failed):
        return error_of(failed.code, failed.message)

    def _command(self, command, *flags, keys=(), timeout_ms=None):
        if timeout_ms is not None and timeout_ms <= 0:
            raise Cannot("a time-out that is not above 0")
        limit = [] if timeout_ms is None else ["--timeout", str(timeout_ms / 1000)]
        words = [command, *flags, "--server", self._address, *limit, "--", *map(argument, keys)]
        return [self._program, *words]

    def _run(self, *words, stdin=b"", **rest):
        command = self._command(*words, **rest)
        ended = subprocess.run(command, input=stdin, capture_output=True, timeout=SECONDS_MAX, check=False)
        if ended.returncode != 0:
            raise Failed(ended)
        return ended.stdout

    def get(self, key, range=None, timeout_ms=None):
        part = [] if range is None else [f"--range={range[0]}:{'' if range[1] == -1 else range[1]}"]
        try:
            value = self._run("get", *part, keys=[key], timeout_ms=timeout_ms)
        except Failed as failed:
            if failed.code == "NOT_FOUND":
                return NOT_THERE
            raise
        return {**self.stat(key), "value": value}

    def put(self, key, value, if_=None, timeout_ms=None):
        flags = ["--json", *condition(if_)]
        try:
            [put] = objects(self._run("put", *flags, stdin=value, keys=[key], timeout_ms=timeout_ms))
        except Failed as failed:
            return self._no(failed)
        return {**APPLIED, "generation": bytes.fromhex(put["generation"])}

    def delete(self, key, if_=None, timeout_ms=None):
        try:
            self._run("rm", *condition(if_), keys=[key], timeout_ms=timeout_ms)
        except Failed as failed:
            return self._no(failed)
        return DELETED

    @staticmethod
    def _no(failed):
        if failed.exit_code != EXIT_CODE_OF_NO:
            raise failed
        return not_matched()

    def stat(self, key, timeout_ms=None):
        try:
            [found] = objects(self._run("stat", "--json", keys=[key], timeout_ms=timeout_ms))
        except Failed as failed:
            if failed.code == "NOT_FOUND":
                return NOT_THERE
            raise
        return told_of(found)

    def stat_server(self):
        return {"keys": objects(self._run("stat", "--json"))[0]["keys"]}

    def delete_range(self, prefix, timeout_ms=None):
        words = ["rm", "--json", "--prefix", argument(prefix)]
        return objects(self._run(*words, timeout_ms=timeout_ms))[0]

    def list(self, prefix, all_pages=True, timeout_ms=None):
        entries = objects(self._run("ls", "--json", keys=[prefix], timeout_ms=timeout_ms))
        found = [(key_of(entry), entry["value_bytes"]) for entry in entries]
        return {"entries": found, "count": len(found), "more": False}

    def copy_range(self, to, prefix, strip_bytes=0, timeout_ms=None):
        keys = [prefix, in_place_of(prefix, strip_bytes, to)]
        return objects(self._run("cp", "--prefix", "--json", keys=keys, timeout_ms=timeout_ms))[0]

    def transact(self, operations, timeout_ms=None):
        state = "applied"
        with tempfile.TemporaryDirectory() as folder:
            lines = [json.dumps(self._line(Path(folder, str(i)), **each)) for i, each in enumerate(operations)]
            try:
                output = self._run("transact", "--json", stdin="\n".join(lines).encode(), timeout_ms=timeout_ms)
            except Failed as failed:
                if failed.exit_code != EXIT_CODE_OF_NO:
                    raise
                state, output = "condition failed", failed.output
        each = [{"matched": line["matched"], "generation": bytes.fromhex(line["generation"])} for line in objects(output)]
        return {"state": state, "each": each}

    @staticmethod
    def _line(file, do, key=None, prefix=None, value=None, if_=None):
        bytes_of = {"key_hex": key, "prefix_hex": prefix, "value_hex": value, "if_generation": if_}
        line = {"op": do.replace(" ", "_")}
        if value is not None and len(value) > HEX_BYTES_MAX:
            file.write_bytes(bytes_of.pop("value_hex"))
            line["value_file"] = str(file)
        return {**line, **{name: text.hex() for name, text in bytes_of.items() if text is not None}}

    def wait(self, key, while_=MISSING, meanwhile=None, timeout_ms=None):
        known = [] if while_ in (MISSING, UNKNOWN) else ["--while-generation", while_.hex()]
        words = ["wait", "--json", *known]
        if meanwhile is None:
            return told_of(objects(self._run(*words, keys=[key], timeout_ms=timeout_ms))[0])
        before = self._connections()
        command = self._command(*words, keys=[key], timeout_ms=timeout_ms)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
            while waiting.poll() is None and self._connections() == before:
                pass
            self.stat(key)  # takes as long as a whole process; the wait must still be waiting afterwards
            assert waiting.poll() is None, "did not wait"
            meanwhile()
            output, error = waiting.communicate(timeout=SECONDS_MAX)
        ended = subprocess.CompletedProcess(command, waiting.returncode, output, error)
        if ended.returncode != 0:
            raise Failed(ended)
        return told_of(objects(output)[0])

    def _connections(self):
        return objects(self._run("stat", "--json"))[0]["connections"]
