"""`python -m vivace` is `vivace`; `python -m fastapi`, where that name means Vivace, is too."""

from vivace.cli import main

if __name__ == "__main__":
    main(stderr=__spec__ is None or __spec__.name.startswith("vivace."))
