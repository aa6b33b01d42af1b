"""What ends a benchmark run. Whatever is raised on purpose is one of these, and its text says what to do."""


class BenchmarkError(Exception):
    """The run can't go on, or its figures would not mean what they claim."""
