"""Where things are: this folder, the repository, and the ignored folder for what is built."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
BUILD = HERE / ".build"
PEERS = HERE / "peers"
