# The native module, as the package uses it; only Generation and Value are for everyone.
from typing import List as _List  # in Store, `list` is a method
from typing import final

from ._errors import Error
from ._operations import PackedRead, PackedWrite

@final
class Generation:
    """Names one version of one key. It is compared with ==, and taken as a condition."""

    MISSING: Generation
    """The key does not exist; as a condition: it must not."""

    @staticmethod
    def from_bytes(bytes: bytes, /) -> Generation:
        """From TensorStore's encoding of a storage generation."""

    def __bytes__(self) -> bytes:
        """TensorStore's encoding of a storage generation."""

    def hex(self) -> str: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Value:
    """The bytes that a get returned: a read-only buffer, and no copy.

    bytes(v), memoryview(v), numpy.frombuffer(v, dtype) read it; it equals any buffer of the same bytes.
    It keeps the bytes alive, also after the client is closed.
    """

    @property
    def generation(self) -> Generation:
        """The version that was read."""

    @property
    def whole_size(self) -> int:
        """Bytes of the whole value, also if only a range of it was read."""

    def __len__(self) -> int: ...
    def __eq__(self, other: object) -> bool: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

@final
class Store:
    @staticmethod
    def connect(
        address: str,
        credentials_file: str,
        path: str,
        accepts_restart: bool,
        connect_timeout_ms: int,
        timeout_ms: int,
        /,
    ) -> Store: ...
    def get(
        self,
        key: bytes,
        into: object,
        if_generation: Generation,
        if_not_generation: Generation,
        min: int,
        max: int,
        timeout_ms: int,
        /,
    ) -> Value | Generation | None: ...
    def view(self, key: bytes, min: int, max: int, timeout_ms: int, /) -> Value | None: ...
    def put(
        self, key: bytes, value: object, if_generation: Generation, timeout_ms: int, /
    ) -> Generation | None: ...
    def delete(self, key: bytes, if_generation: Generation, timeout_ms: int, /) -> bool: ...
    def delete_range(self, begin: bytes, end: bytes, timeout_ms: int, /) -> int: ...
    def copy_range(
        self, begin: bytes, end: bytes, strip_bytes: int, prefix: bytes, timeout_ms: int, /
    ) -> int: ...
    def list(
        self, begin: bytes, end: bytes, after: bytes | None, timeout_ms: int, /
    ) -> tuple[list[tuple[bytes, int]], bool]: ...
    def stat(self, key: bytes, timeout_ms: int, /) -> tuple[Generation, int] | None: ...
    def read_many(
        self, reads: _List[PackedRead], at_one_instant: bool, timeout_ms: int, /
    ) -> _List[Value | tuple[Generation, int] | Generation | None | Error]: ...
    def write_many(
        self, writes: _List[PackedWrite], timeout_ms: int, /
    ) -> _List[Generation | None | Error]: ...
    def transact(
        self, operations: _List[PackedWrite], timeout_ms: int, /
    ) -> tuple[bool, _List[tuple[bool, Generation]]]: ...
    def wait(
        self, key: bytes, while_generation: Generation, timeout_ms: int, /
    ) -> tuple[Generation, int] | None: ...
    def stat_server(
        self, timeout_ms: int, /
    ) -> tuple[str, int, int, int, int, int, int, float, str, str, str]: ...

@final
class Server:
    @staticmethod
    def start(
        listen_addr: str,
        credentials_file: str,
        socket_path: str,
        socket_mode: int,
        memory_limit: int,
        value_limit: int,
        threads: int,
        /,
    ) -> Server: ...
    def local(self) -> Store: ...
    def stop(self) -> None: ...
    @property
    def listen_addr(self) -> str: ...
    @property
    def socket_path(self) -> str: ...
    @property
    def incarnation(self) -> int: ...

@final
class Gateway:
    @staticmethod
    def start(store: Store, listen: str, /) -> Gateway: ...
    def stop(self) -> None: ...
    @property
    def target(self) -> str: ...

def prefix_range(prefix: bytes, /) -> tuple[bytes, bytes]: ...
def single_range(key: bytes, /) -> tuple[bytes, bytes]: ...

version: str
paths: tuple[str, ...]
timeout_max_ms: int

def default_socket_path(xdg_runtime_dir: str, /) -> str: ...
