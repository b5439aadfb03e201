#!/usr/bin/env python3
"""Everything that is done with this project, from nothing but Python 3.11 or newer.

    python3 dev.py book [--open]     build the book, say where it is; --open shows it in a browser
    python3 dev.py test [ARGS]       lint, build the book, run all tests; ARGS go to pytest
    python3 dev.py lint [--fix]      formatting, lint and types
    python3 dev.py plant [ARGS]      break every function of handgrad, see the book notice
    python3 dev.py bench [ARGS]      measure the build
    python3 dev.py lock              resolve requirements.lock again

The first run makes a virtual environment in .venv, which takes about a minute.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
SITE = ROOT / "_build" / "html"
LOCK = ROOT / "requirements.lock"
OLDEST = (3, 11)
PIP = ["python", "-m", "pip", "--disable-pip-version-check", "install"]


def main() -> int:
    """Run one command; return its exit status."""
    if sys.version_info < OLDEST:
        print(f"Python {'.'.join(map(str, OLDEST))} or newer is needed, but this is {sys.version.split()[0]}.")
        return 2
    commands = {"book": book, "test": test, "lint": lint, "plant": plant, "bench": bench, "lock": lock}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=commands)
    command, rest = parser.parse_known_args()
    install()
    return commands[command.command](rest)


def book(arguments: list[str]) -> int:
    """Build the book; with --open, serve it and show it."""
    parser = argparse.ArgumentParser(prog="dev.py book", description=book.__doc__)
    parser.add_argument("--open", action="store_true", help="serve the book on this computer and open it in a browser")
    parser.add_argument("--port", type=int, default=0, help="port to serve on; by default one that is free")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    # Every warning counts: a reference that leads nowhere is one.
    status = run("jupyter-book", "build", "-W", "--keep-going", "-n", ".")
    if status:
        # Sphinx does not repeat the warnings of pages that it does not read again.
        (ROOT / "_build" / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
        print("\nThe book was not built; what has to be mended is listed above.")
        return status
    print(f"\nThe book is built, in {time.monotonic() - started:.0f} s. Open {(SITE / 'index.html').as_uri()}")
    if options.open:
        serve(options.port)
    return 0


def serve(port: int) -> None:
    """Serve the built book until interrupted."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        print(f"Serving it at {address} (Ctrl+C stops).")
        webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def test(arguments: list[str]) -> int:
    """Lint, build the book and run the tests; without arguments all of them, on all processors."""
    return lint([]) or book([]) or run("pytest", *(arguments or ["-n", "auto", "--dist", "worksteal"]))


def lint(arguments: list[str]) -> int:
    """Check formatting, lint and types; with --fix, mend what can be mended by itself."""
    fix = ["--fix"] if "--fix" in arguments else []
    form = run("ruff", "format", *([] if fix else ["--check"]), ".")
    return run("ruff", "check", *fix, ".") or form or run("mypy")


def plant(arguments: list[str]) -> int:
    """Plant faults in handgrad, and see that the checks of the book notice every one."""
    return run("python", "-m", "tools.plant", *arguments)


def bench(arguments: list[str]) -> int:
    """Measure how long the book takes to build, and how large its pages are."""
    return run("python", "-m", "tools.bench", *arguments)


def lock(arguments: list[str]) -> int:
    """Resolve requirements.lock from requirements.txt and the dev group of pyproject.toml."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.in"
        pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        wanted.write_text("\n".join(line for line in pins if line != "-e ."), encoding="utf-8")
        options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
        sources = [str(wanted), "--group", "pyproject.toml:dev"]
        return run("uv", "pip", "compile", *options, *sources, "-o", str(LOCK), *arguments, "--quiet")


def install() -> None:
    """Make the environment, unless it is there and as the lock wants it."""
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = ENVIRONMENT / "installed"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if stamp.is_file() and stamp.read_text().split() == [wanted, python]:
        return
    if ENVIRONMENT.exists() and not (stamp.is_file() and stamp.read_text().split()[-1:] == [python]):
        shutil.rmtree(ENVIRONMENT)
    print("Installing what the book needs into .venv; this takes about a minute.", flush=True)
    if not ENVIRONMENT.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    status = install_locked()
    # Not built in isolation, because the backend is in the lock, with its hash.
    status = status or run(*PIP, "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    if status:
        sys.exit("The packages could not be installed; pip says above why. Then run the same command again.")
    stamp.write_text(f"{wanted} {python}\n")


def install_locked() -> int:
    """Install the locked packages, and show how many are left to come."""
    wanted = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines())
    command = program(*PIP, "--progress-bar", "off", "--require-hashes", "-r", str(LOCK))
    found = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            found += line.startswith("Collecting ")
            if line.startswith("Collecting ") and found % 10 == 0:
                print(f"  {found} of about {wanted} packages found", flush=True)
            elif line.startswith("Installing "):
                print("  all found; unpacking them", flush=True)
    return pip.returncode


def run(name: str, *arguments: str) -> int:
    """Run a program of the environment in the root of the project; return its exit status."""
    # UTF-8 everywhere: on Windows, Python would read the book's files in a code page otherwise.
    environment = os.environ | {"PYTHONUTF8": "1"}
    return subprocess.run(program(name, *arguments), cwd=ROOT, env=environment).returncode


def program(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a program of the environment."""
    return [str(SCRIPTS / (f"{name}.exe" if os.name == "nt" else name)), *arguments]


if __name__ == "__main__":
    sys.exit(main())
