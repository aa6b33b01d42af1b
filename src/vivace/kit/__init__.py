"""The production kit: what programs come to need around their routes, each part a package of its own.

The parts use Vivace as any program does: `from vivace import ...`, and the modules that FastAPI has, too. What a part
needs beyond the core install is an extra, named when it is missing. A part may import another part; nothing outside
this folder knows any of them.
"""
