"""The page, with every address that its server turns to noted in a file."""

import runpy
import sys


def watch(notes: str) -> None:
    """Note the hosts of all connections, messages and questions for an address, a line each."""
    kept = open(notes, "a", buffering=1, encoding="utf-8")  # noqa: PTH123, SIM115 - to the end

    def note(event: str, arguments: tuple) -> None:
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            kept.write(f"{address[0] if isinstance(address, tuple) else 'unix'}\n")
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            kept.write(f"{arguments[0] or '127.0.0.1'}\n")  # no name is this machine's own

    sys.addaudithook(note)


if __name__ == "__main__":
    watch(sys.argv[1])
    runpy.run_path("app.py", run_name="__main__")
