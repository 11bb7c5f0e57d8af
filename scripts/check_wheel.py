"""Why it exists: a wheel is proven by installing it where nothing else is, not by looking into it.

The clean environment gets the pinned dependencies and the wheel; then Node leaves the path, sockets are barred, and the
command and all four pose networks must still work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LOAD_WEIGHTS = """
import hashlib, json, socket
from importlib.resources import as_file, files

def barred(*_args, **_kwargs):
    raise SystemExit("the network was used at run time")

socket.socket.connect = barred
socket.getaddrinfo = barred

import levelstride
from ai_edge_litert.interpreter import Interpreter

folder = files("levelstride.recording.weights")
listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
for name, entry in listed.items():
    data = (folder / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"], name
    with as_file(folder / name) as path:
        net = Interpreter(model_path=str(path), num_threads=1)
        net.allocate_tensors()
        net.invoke()
    print(f"{name}: {len(data):,} bytes, {len(net.get_output_details())} outputs, runs")
assert len(listed) == 4, listed
assert (folder / "NOTICE").is_file()
"""


def check(wheel: Path) -> None:
    """Install ``wheel`` in a new environment and use it there; raise CalledProcessError when a step fails."""
    with tempfile.TemporaryDirectory(prefix="levelstride-wheel-") as temporary:
        folder = Path(temporary)
        venv.create(folder / "env", with_pip=True)
        bin_folder = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        python = bin_folder / "python"
        pins = ROOT / "requirements" / "run.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", wheel.resolve(), "-c", pins], check=True)
        # Only the environment's own programs: no Node, no npm, no source tree.
        bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "npm_"))}
        bare["PATH"] = str(bin_folder)
        command = bin_folder / "levelstride"
        subprocess.run([command, "--help"], check=True, cwd=folder, env=bare, stdout=subprocess.DEVNULL)
        subprocess.run([command, "library", "check"], check=True, cwd=folder, env=bare, stdout=subprocess.DEVNULL)
        subprocess.run([python, "-I", "-c", LOAD_WEIGHTS], check=True, cwd=folder, env=bare)


def main() -> int:
    """Check the wheel named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Install a wheel in a clean environment and use it there.")
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel
    if not wheel.is_file():
        print(f"check_wheel: {wheel} was not found: run `make wheel` first.", file=sys.stderr)
        return 1
    try:
        check(wheel)
    except subprocess.CalledProcessError as error:
        print(f"check_wheel: {wheel.name} failed at: {Path(error.cmd[0]).name}", file=sys.stderr)
        return 1
    print(f"{wheel.name} ({wheel.stat().st_size / 1e6:.1f} MB) works in a clean environment")
    return 0


if __name__ == "__main__":
    sys.exit(main())
