"""Small programs, each a function `build(f)` of the framework's module that returns an application."""
