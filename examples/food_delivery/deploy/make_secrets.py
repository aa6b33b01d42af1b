"""`python -m examples.food_delivery.deploy.make_secrets [folder]`: the secrets that `compose.yaml` reads, made once.

What is there already stays: a database keeps the password that it was made with.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "secrets"


def make(folder: Path) -> list[str]:
    """Returns the names of the files that were made."""
    # Compose shows a container the file as it is on the host, so it has to be readable for the container's user.
    # What keeps others of this host away is the folder.
    folder.mkdir(mode=0o700, exist_ok=True)
    password = folder / "postgres_password"
    made = [_write(password, secrets.token_hex(32))]
    url = f"postgresql://food:{password.read_text('ascii')}@postgres:5432/food"
    made += [_write(folder / "food_database_url", url), _write(folder / "food_secret_key", secrets.token_urlsafe(48))]
    return [name for name in made if name]


def _write(file: Path, text: str) -> str:
    if file.exists():
        return ""
    file.write_text(text, "ascii")
    file.chmod(0o444)
    return file.name


if __name__ == "__main__":
    made_now = make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    print(f"Made: {', '.join(made_now) or 'nothing, all are there'}")
