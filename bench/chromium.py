"""A headless Chromium for tests and benchmarks, driven by chromedriver.

Only what Debian's packages `chromium` and `chromium-driver` bring; no client library. The
DevTools protocol is spoken through chromedriver, which passes its commands on.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

STARTED = "started successfully on port "
PATIENCE = 20.0
"""Seconds that a condition is waited for."""
TALLEST = 16_000
"""Pixels of a picture; Chromium draws no taller texture."""


class Screen(NamedTuple):
    """What a page is shown on: CSS pixels, pixels per CSS pixel, preferences."""

    width: int = 1000
    height: int = 800
    scale: float = 1
    features: tuple[tuple[str, str], ...] = ()
    """Media features, such as ("prefers-color-scheme", "dark")."""
    medium: str = ""


ATTEMPTS = 3
"""How often a driver is started before that is given up."""

LIGHT = Screen(features=(("prefers-color-scheme", "light"),))
DARK = Screen(features=(("prefers-color-scheme", "dark"),))


def missing() -> str:
    """What must be installed before a Browser can be had; empty when nothing."""
    programs = ("chromium", "chromedriver")
    return ", ".join(name for name in programs if not shutil.which(name))


class Browser:
    """One window. Close it with `quit`."""

    def __init__(self) -> None:
        for attempt in range(ATTEMPTS):
            self._driver = subprocess.Popen(
                ["chromedriver", "--port=0"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            try:
                self._begin()
            except OSError:  # on a busy machine the port may be another's by now
                self._driver.kill()
                self._driver.wait()
                if attempt + 1 == ATTEMPTS:
                    raise
            else:
                return

    def _begin(self) -> None:
        self._root = f"http://127.0.0.1:{self._port()}"
        options = {
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--window-size=1000,800",
            ],
        }
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/session/{session['sessionId']}"

    def _port(self) -> int:
        """The port that chromedriver chose; what it says later is read and forgotten."""
        said = self._driver.stdout
        assert said is not None
        for line in said:
            if STARTED in line:
                threading.Thread(target=said.read, daemon=True).start()
                return int(line.partition(STARTED)[2].strip(" .\n"))
        raise OSError("chromedriver did not start")

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        request = urllib.request.Request(
            self._root + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as refused:
            said = json.loads(refused.read())["value"]["message"]
            raise RuntimeError(said) from refused

    def go(self, url: str) -> None:
        """Open a page and wait until it has loaded."""
        self._call("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """What a script returns that runs in the page as a function's body."""
        return self._call("POST", "/execute/sync", {"script": script, "args": arguments})

    def until(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """What a script returns once that is true."""
        end = time.monotonic() + PATIENCE
        while not (found := self.run(script, *arguments)):
            if time.monotonic() > end:
                raise TimeoutError(script)
            time.sleep(0.03)
        return found

    def tell(self, method: str, **params: object) -> Any:  # noqa: ANN401
        """A command of the DevTools protocol."""
        body = {"cmd": method, "params": params}
        return self._call("POST", "/goog/cdp/execute", body)

    def value(self, expression: str) -> Any:  # noqa: ANN401
        """What an expression, or the promise it is, comes to; a page's CSP is no bar."""
        answer = self.tell(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key as a keyboard does, where the focus is."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        event = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0)}
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        down = "keyDown" if text else "rawKeyDown"
        shifted = 8 if shift else 0
        self.tell(
            "Input.dispatchKeyEvent", type=down, text=text, modifiers=shifted, **event
        )
        self.tell("Input.dispatchKeyEvent", type="keyUp", modifiers=shifted, **event)

    def show_on(self, screen: Screen) -> None:
        """Show this and later pages on such a screen."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=screen.width,
            height=screen.height,
            deviceScaleFactor=screen.scale,
            mobile=False,
        )
        features = [{"name": name, "value": value} for name, value in screen.features]
        self.tell("Emulation.setEmulatedMedia", media=screen.medium, features=features)

    def said(self) -> list[str]:
        """What the console says since it was asked last, but for mere information."""
        entries = self._call("POST", "/se/log", {"type": "browser"})
        return [
            entry["message"]
            for entry in entries
            if entry["level"] not in {"INFO", "DEBUG", "FINE"}
        ]

    def asked_for(self) -> list[str]:
        """Every address that was requested since it was asked last, data: left out."""
        found = []
        for entry in self._call("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return [url for url in found if not url.startswith(("data:", "about:"))]

    def picture(self, tallest: int = TALLEST) -> bytes:
        """The whole page as a PNG, cut where it is too tall."""
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": size["width"],
            "height": min(size["height"], tallest),
            "scale": 1,
        }
        drawn = self.tell("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(drawn["data"])

    def pdf(self) -> bytes:
        """The page as it is printed on A4."""
        drawn = self.tell(
            "Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69
        )
        return base64.b64decode(drawn["data"])

    def quit(self) -> None:
        """Close it."""
        self._call("DELETE", "")
        self._driver.terminate()
        self._driver.wait()
        if self._driver.stdout is not None:
            self._driver.stdout.close()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(site: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """The address at which a plain static server has a site."""
    bound = partial(handler, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
