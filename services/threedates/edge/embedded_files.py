"""What the embedded broker keeps in its data directory, apart from the store itself.

In: the directory. Out: the paths, the server's configuration, what its log said since a given moment, and a pid to
show to a person. The configuration is written anew at every start, so it is never a place to change something.
"""

from contextlib import suppress
from pathlib import Path
from typing import Literal

from threedates.edge.natsconfig import quoted

Sync = Literal["always", "lazy"]


class BrokerFiles:
    """The files of one embedded broker, below an absolute `data_dir`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.config = data_dir / "nats-server.conf"
        self.lock = data_dir / "nats-server.lock"
        self.log = data_dir / "nats-server.log"
        self.pid = data_dir / "nats-server.pid"
        self._log_from = 0

    def prepare(self) -> None:
        """Make the directory, for its owner only (the store holds what couples report), and note where the log ends.

        Raises:
            OSError: it cannot be made.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log_from = self.log.stat().st_size if self.log.exists() else 0

    def write_config(self, name: str, port: int, sync: Sync) -> None:
        """Write the server's configuration; it listens on loopback only and opens no monitoring port.

        Raises:
            OSError: the directory is not writable.
        """
        interval = "  sync_interval: always\n" if sync == "always" else ""
        text = (
            f"server_name: {quoted(name)}\n"
            f'listen: "127.0.0.1:{port}"\n'
            f"jetstream {{\n  store_dir: {quoted(self.data_dir)}\n{interval}}}\n"
            f"pid_file: {quoted(self.pid)}\n"
            f"log_file: {quoted(self.log)}\nlogfile_size_limit: 10MB\nlogfile_max_num: 3\n"
        )
        self.config.write_text(text, encoding="utf-8")

    def new_log(self) -> str:
        """What was logged since `prepare` (64 kB at most); empty if nothing can be read."""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(self._log_from)
            return log.read(64_000).decode(errors="replace")
        return ""

    def pid_hint(self) -> str:
        """` (pid 123)` as the server noted it, for a message only; empty if there is none."""
        with suppress(OSError, ValueError):
            return f" (pid {int(self.pid.read_text())})"
        return ""
