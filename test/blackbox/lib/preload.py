"""C functions of a test's own in the place of the C library's."""

import os

from .process import run, tool


def build(folder, source):
    """The shared library of this C text."""
    text, library = os.path.join(folder, "own.c"), os.path.join(folder,
                                                                "own.so")
    with open(text, "w", encoding="ascii") as file:
        file.write(source)
    run(["cc", "-shared", "-fPIC", "-o", library, text])
    return library


def wrapper(folder, source, *before):
    """The words in front of a program that is to have them."""
    return (*(tool(word) for word in before), tool("env"),
            f"LD_PRELOAD={build(folder, source)}")
