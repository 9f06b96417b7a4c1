"""Run every fuzzer for a while; exit status 1 when one finds something.

usage: python fuzz/run.py [SECONDS EACH, default 600]
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FUZZERS = ("parse.py", "mbox.py")
SLOWEST = 10  # seconds for one input: what a person would call a hang


def main() -> int:
    """Run them one after the other."""
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: atheris is not installed: .venv/bin/pip install atheris")
        return 1
    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in FUZZERS:
            corpus = Path(folder, name).with_suffix("")
            corpus.mkdir()
            print(f"{name}: {seconds} seconds", flush=True)
            command = [sys.executable, HERE / name, corpus, f"-max_total_time={seconds}"]
            options = [f"-timeout={SLOWEST}", "-max_len=8192", "-print_final_stats=1"]
            failed += (
                subprocess.run([*command, *options], check=False, cwd=folder).returncode
                != 0
            )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
