"""The production kit: parts that stand on Vivace's public face, each with an extra of its own.

A part may import another part. Nothing outside this folder knows any of them.
"""
