"""`python -m vivace` is `vivace`."""

from vivace.cli import main

if __name__ == "__main__":
    main()
