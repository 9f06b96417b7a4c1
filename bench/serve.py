"""What a reader waits for at `posterity serve`, and how many readers it can have.

    python bench/serve.py ARCHIVE SITE [--seconds 4] [--connections 8]

SITE is the published site of ARCHIVE. One reader on one connection asks for pages of each
kind, every page once (it is made) and again (it is kept), and for the queries of
queries.txt, by page and by API. Then `wrk`, where it is installed, asks on many
connections; and asks nginx, where it is installed, for the same files of SITE: what this
machine can do at all. Last, what `posterity search` takes from start to answer.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

QUERIES = Path(__file__).with_name("queries.txt")
SAMPLE = 300
"""Pages of each kind."""
SEED = 1992
PATIENCE = 30.0
"""Seconds for a server to begin."""
KINDS = {
    "message": re.compile(r"archive/\d+/\d+/[0-9a-f]{64}\.html"),
    "thread": re.compile(r"thread/[0-9a-f]{64}\.html"),
    "month": re.compile(r"archive/\d+/\d+/index\.html"),
}
NGINX = """
worker_processes 1; pid {folder}/pid; error_log stderr crit; daemon off;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  types {{ text/html html; }} default_type application/octet-stream;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {site}; }}
}}
"""
WRK = """
local urls = {}
for line in io.lines("%s") do urls[#urls + 1] = line end
local at = 0
function setup(thread) end
function request()
  at = at %% #urls + 1
  return wrk.format("GET", urls[at])
end
function done(summary, latency, requests)
  io.write(string.format("FIGURES %%f %%d %%f %%f %%d\\n",
    summary.requests / (summary.duration / 1e6),
    summary.errors.status + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.bytes))
end
"""


class Load(NamedTuple):
    """What many connections had of a server; times in milliseconds."""

    a_second: float
    failed: int
    p50: float
    p99: float


class Reader:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, url: str) -> tuple[float, int, bytes]:
        """Milliseconds to the last octet, the status, the content."""
        start = time.perf_counter()
        self._socket.sendall(f"GET {url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        octets = b""
        while b"\r\n\r\n" not in octets:
            octets += self._more()
        head, _, body = octets.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        assert length, head
        parts, held = [body], len(body)
        while held < int(length[1]):
            parts.append(self._more())
            held += len(parts[-1])
        took = (time.perf_counter() - start) * 1000
        return took, int(head[9:12]), b"".join(parts)

    def _more(self) -> bytes:
        octets = self._socket.recv(1 << 18)
        assert octets, "the server closed the connection"
        return octets


def at(values: Sequence[float], share: float) -> float:
    """A percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server, from its first answer on."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(int(PATIENCE * 10)):
            time.sleep(0.1)
            with socket.socket() as one:
                if not one.connect_ex(("127.0.0.1", port)):
                    break
        yield
    finally:
        server.terminate()
        server.wait()


def sampled(site: Path) -> dict[str, list[str]]:
    """URLs of each kind, the same ones each time."""
    chance = random.Random(SEED)
    names = sorted(
        path.relative_to(site).as_posix()
        for folder in ("archive", "thread")
        for path in (site / folder).rglob("*.html")
    )
    found = {}
    for kind, pattern in KINDS.items():
        of_kind = [f"/{quote(name)}" for name in names if pattern.fullmatch(name)]
        found[kind] = chance.sample(of_kind, min(SAMPLE, len(of_kind)))
    return found


def waited(reader: Reader, name: str, pages: Sequence[str]) -> None:
    """Print what one reader waits for some pages, asked for one after another."""
    took = []
    octets = 0
    for url in pages:
        milliseconds, status, body = reader.get(url)
        assert status == 200, (status, url)
        took.append(milliseconds)
        octets += len(body)
    print(
        f"{name:<24}{len(pages):>6}{at(took, 0.5):>9.2f}{at(took, 0.99):>9.2f}"
        f"{max(took):>9.2f}{octets / len(pages) / 1000:>9.1f}"
    )


def loaded(port: int, pages: Sequence[str], seconds: int, connections: int) -> Load | None:
    """What many connections have; None where there is no wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "urls").write_text("\n".join(pages) + "\n", "utf-8")
        script = Path(folder) / "ask.lua"
        script.write_text(WRK % (Path(folder) / "urls"), "utf-8")
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"],
            capture_output=True,
            text=True,
            check=True,
        )
    rate, failed, p50, p99, _ = done.stdout.rpartition("FIGURES ")[2].split()
    return Load(float(rate), int(failed), float(p50), float(p99))


def started(archive: Path, queries: Sequence[str]) -> None:
    """Print what `posterity search` takes, from start to end, answer and all."""
    took = []
    for query in queries:
        start = time.perf_counter()
        command = [sys.executable, "-m", "posterity.cli", "search"]
        done = subprocess.run(
            [*command, "--archive", str(archive), "--", query],
            capture_output=True,
            check=True,
        )
        took.append((time.perf_counter() - start, query, len(done.stdout)))
    times = [one[0] for one in took]
    print(
        f"\nposterity search: p50 {at(times, 0.5):.3f} s, p95 {at(times, 0.95):.3f} s,"
        f" longest {max(times):.3f} s ({max(took)[1]})"
    )


def patience(port: int, pages: dict[str, list[str]], queries: list[str]) -> None:
    """Print what one reader waits for: pages, and answers to queries."""
    reader = Reader(port)
    titles = ("one reader, ms", "asked", "p50", "p99", "longest", "kB")
    print(f"{titles[0]:<24}{titles[1]:>6}" + "".join(f"{h:>9}" for h in titles[2:]))
    for kind, of_kind in pages.items():
        waited(reader, f"{kind}, made", of_kind)
        waited(reader, f"{kind}, kept", of_kind)
    apis = [f"/api/v1/search?q={quote(query)}" for query in queries]
    waited(reader, "search, made", apis)
    waited(reader, "search, kept", apis)
    waited(reader, "search page, kept", [f"/search?q={quote(q)}" for q in queries])
    fresh = [f"{url}&limit={limit}" for limit in (19, 18, 17) for url in apis]
    waited(reader, "search, made (3 times)", fresh)
    slow = sorted((reader.get(f"{url}&limit=16")[0], url) for url in apis)[-6:]
    for milliseconds, url in reversed(slow):
        print(f"    {milliseconds:7.1f} ms  {queries[apis.index(url)]}")


def main() -> None:
    """Ask, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("site", type=Path)
    parser.add_argument("--seconds", type=int, default=4, help="of load, a kind of page")
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    lines = QUERIES.read_text("utf-8").splitlines()
    queries = [line for line in lines if line and line[0] != "#"]
    pages = sampled(options.site)
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}\n")
    port = free_port()
    serve = [sys.executable, "-m", "posterity.cli", "serve", "--quiet"]
    serve += ["--archive", str(options.archive), "--port", str(port)]
    with running(serve, port):
        patience(port, pages, queries)
        print(f"\n{options.connections} connections{'':<10}{'a second':>9}  p50    p99 ms")
        searches = [f"/search?q={quote(query)}" for query in queries]
        for kind, of_kind in {**pages, "search": searches}.items():
            found = loaded(port, of_kind, options.seconds, options.connections)
            print_load(kind, found)
    beside(pages, options)
    started(options.archive, queries)


def beside(pages: dict[str, list[str]], options: argparse.Namespace) -> None:
    """Print what nginx makes of the same pages as files."""
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if nginx is None:
        print("(no nginx here)")
        return
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        config = Path(folder) / "nginx.conf"
        site = options.site.resolve()
        config.write_text(NGINX.format(folder=folder, port=port, site=site), "utf-8")
        with running([nginx, "-p", folder, "-c", str(config)], port):
            for kind, of_kind in pages.items():
                found = loaded(port, of_kind, options.seconds, options.connections)
                print_load(f"{kind}, nginx", found)


def print_load(name: str, load: Load | None) -> None:
    """One line of the second table."""
    if load is None:
        print(f"{name:<24} (no wrk here)")
        return
    failed = f"  {load.failed} FAILED" if load.failed else ""
    print(f"{name:<24}{load.a_second:>9,.0f}{load.p50:>8.2f}{load.p99:>8.2f}{failed}")


if __name__ == "__main__":
    main()
