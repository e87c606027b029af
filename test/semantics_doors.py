"""The doors of the semantics table that are written in Python: a Client, and the stock TensorStore over the gateway.

A door has a method for each verb that it supports, with the arguments that it supports; the table's `if` and `while`
are if_ and while_. A method returns a dict with the table's field names; the answers of a batch's or transaction's
operations are in "each". A method may raise the store's errors: failure() turns such an exception into an answer.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import remote_dram as rd
import tensorstore as ts
from remote_dram._native import prefix_range
from semantics_table import MISSING, UNKNOWN, Cannot

APPLIED = {"state": "applied"}
DELETED = {"state": "applied", "generation": MISSING}
NOT_THERE = {"state": "missing", "generation": MISSING, "value_bytes": 0}


def error_of(code, message):
    """The answer for an error of which only code and text are known; a door that knows more adds it."""
    return {"error": code, "message": message, "outcome_unknown": "it is unknown whether" in message}


def not_matched(generation=UNKNOWN):
    return {"state": "condition failed", "generation": generation}


def in_place_of(prefix, strip_bytes, to):
    """The text that replaces the whole prefix in the keys of the copies."""
    if strip_bytes > len(prefix):
        raise Cannot("a copy that strips more than the prefix")
    return to + prefix[strip_bytes:]


def version(generation):
    return None if generation is None else rd.Generation.from_bytes(generation)


def seconds(timeout_ms):
    if timeout_ms is not None and timeout_ms <= 0:
        raise Cannot("a time-out that is not above 0")
    return {} if timeout_ms is None else {"timeout": timeout_ms / 1000}


def end_or_none(range):
    return range and (range[0], None if range[1] == -1 else range[1])


def until_asleep(thread, future):
    """Waits until the thread is in its call and sleeps.

    It must be seen asleep three times in a row, with pauses that leave Python's lock to it: it may also sleep for the lock.
    """
    seen_asleep = 0
    while seen_asleep < 3 and not future.done():
        time.sleep(0.002)
        state = Path(f"/proc/self/task/{thread}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        seen_asleep = seen_asleep + 1 if state == "S" else 0


class PythonDoor:
    name = "python"
    errors = rd.Error

    def __init__(self, address):
        self._client = rd.connect(address, path="shm")

    def close(self):
        self._client.close()

    @staticmethod
    def failure(found):
        """The answer for an error, or for anything else that a call may return."""
        if found is None:
            return NOT_THERE
        if isinstance(found, rd.ConditionFailed):
            return not_matched(bytes(found.generation or b""))
        if isinstance(found, rd.Error):
            return {**error_of(found.code.name, found.message), "outcome_unknown": found.outcome_unknown}
        if isinstance(found, rd.Generation):
            return {"state": "applied", "generation": bytes(found)}
        if isinstance(found, rd.Stat):
            return {"state": "value", "generation": bytes(found.generation), "value_bytes": found.size}
        told = {"generation": bytes(found.generation), "value_bytes": found.whole_size}
        return {"state": "value", "value": bytes(found), **told}

    def get(self, key, range=None, if_=None, unless=None, room=None, timeout_ms=None):
        return self.failure(
            self._client.get(
                key,
                range=end_or_none(range),
                into=None if room is None else bytearray(room),
                if_generation=version(if_),
                if_not_generation=version(unless),
                **seconds(timeout_ms),
            )
        )

    def put(self, key, value, if_=None, timeout_ms=None):
        return self.failure(self._client.put(key, value, if_generation=version(if_), **seconds(timeout_ms)))

    def delete(self, key, if_=None, timeout_ms=None):
        self._client.delete(key, if_generation=version(if_), **seconds(timeout_ms))
        return DELETED

    def stat(self, key, timeout_ms=None):
        return self.failure(self._client.stat(key, **seconds(timeout_ms)))

    def stat_server(self):
        return {"keys": self._client.stat_server().keys}

    def delete_range(self, prefix=None, begin=None, end=None, timeout_ms=None):
        return {"keys_deleted": self._client.delete_range(prefix, begin=begin, end=end, **seconds(timeout_ms))}

    def list(self, prefix=None, begin=None, end=None, all_pages=True, timeout_ms=None):
        found = list(self._client.list(prefix, begin=begin, end=end, **seconds(timeout_ms)))
        return {"entries": found, "count": len(found), "more": False}

    def batch_read(self, operations, at_one_instant=False, timeout_ms=None):
        terms = {"at_one_instant": at_one_instant, **seconds(timeout_ms)}
        if operations and all(set(each) == {"key", "stat"} for each in operations):
            found = self._client.stat_many([each["key"] for each in operations], **terms)
        else:
            reads = [self._read(**each) for each in operations]
            found = self._client.get_many(reads, return_exceptions=True, **terms)
        answers = [self.failure(each) for each in found]
        for asked, answer in zip(operations, answers):
            if asked.get("stat"):
                answer.pop("value", None)
        return {"each": answers}

    @staticmethod
    def _read(key, range=None, if_=None, unless=None, stat=False):
        # get_many has no stats; a read of no bytes replaces them.
        return rd.Read(key, (0, 0) if stat else end_or_none(range), version(if_), version(unless))

    @staticmethod
    def _write(do, if_=None, **rest):
        if do == "delete range":
            return rd.DeleteRange(**rest)
        return {"put": rd.Put, "delete": rd.Delete, "check": rd.Check}[do](**rest, if_generation=version(if_))

    def batch_write(self, operations, timeout_ms=None):
        writes = [self._write(**each) for each in operations]
        written = self._client.write_many(writes, return_exceptions=True, **seconds(timeout_ms))
        return {"each": [self.failure(each) for each in written]}

    def transact(self, operations, timeout_ms=None):
        writes = [self._write(**each) for each in operations]
        try:
            found = [(True, now) for now in self._client.transact(writes, **seconds(timeout_ms))]
            state = "applied"
        except rd.ConditionFailed as failed:
            found, state = failed.outcomes, "condition failed"
        return {"state": state, "each": [{"matched": each, "generation": bytes(now)} for each, now in found]}

    def copy_range(self, to, prefix, strip_bytes=0, timeout_ms=None):
        target = in_place_of(prefix, strip_bytes, to)
        return {"keys_copied": self._client.copy_range(prefix, target, **seconds(timeout_ms))}

    def wait(self, key, while_=MISSING, meanwhile=None, timeout_ms=None):
        terms = {"while_generation": version(while_), **seconds(timeout_ms)}
        if meanwhile is None:
            return self.failure(self._client.wait(key, **terms))
        begun = SimpleQueue()
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(lambda: begun.put(threading.get_native_id()) or self._client.wait(key, **terms))
            until_asleep(begun.get(), waiting)
            # A second wait, which is answered at once. If the first was wrongly answered at once, too, its answer has arrived.
            self._client.wait(key, while_generation=version(b"\xff"))
            assert not waiting.done(), "did not wait"
            meanwhile()
            return self.failure(waiting.result())


class GatewayDoor:
    name = "gateway"
    errors = ValueError

    def __init__(self, address):
        self._client = rd.connect(address)
        self._store = ts.KvStore.open(self._client.kvstore_spec()).result()

    def close(self):
        self._client.close()

    @staticmethod
    def failure(error):
        # TensorStore raises a ValueError for each code; except for INVALID_ARGUMENT, its text begins with the code's name.
        code, message = re.fullmatch(r"(?:([A-Z_]+): )?(.*)", str(error), re.DOTALL).groups()
        return error_of(code or "INVALID_ARGUMENT", message)

    def get(self, key, range=None, unless=None):
        part = range and slice(range[0], None if range[1] == -1 else range[1])
        read = self._store.read(key, byte_range=part, if_not_equal=unless).result()
        if read.state == "missing":
            return {**NOT_THERE, "generation": read.stamp.generation}
        if read.state != "value":
            return not_matched(read.stamp.generation)
        whole = read if range is None else self._store.read(key).result()
        told = {"value_bytes": len(whole.value), "generation": read.stamp.generation}
        return {"state": "value", "value": read.value, **told}

    def stat(self, key):
        return self.get(key, range=(0, 0))

    def put(self, key, value, if_=None):
        generation = self._store.write(key, value, if_equal=if_).result().generation
        return {**APPLIED, "generation": generation} if generation != UNKNOWN else not_matched()

    def delete(self, key, if_=None):
        return self.put(key, None, if_)

    @staticmethod
    def _range(prefix, begin, end):
        return ts.KvStore.KeyRange(*((begin, end) if prefix is None else prefix_range(prefix)))

    def delete_range(self, prefix=None, begin=b"", end=b""):
        self._store.delete_range(self._range(prefix, begin, end)).result()
        return {}

    def list(self, prefix=None, begin=b"", end=b"", all_pages=True):
        keys = sorted(self._store.list(self._range(prefix, begin, end)).result())
        return {"entries": [(key, None) for key in keys], "count": len(keys), "more": False}
