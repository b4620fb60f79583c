"""C functions of a test's own in the place of the C library's."""

import os

from .process import run, tool


def build_file(folder, path):
    """The shared library of this C file, made into this folder."""
    name = os.path.splitext(os.path.basename(path))[0]
    library = os.path.join(folder, name + ".so")
    # -D: what it defines is not to be taken for another form of its name.
    run(["gcc", "-shared", "-fPIC", "-O1", "-D_GNU_SOURCE", "-o", library,
         path, "-ldl"])
    return library


def build_own(folder, name):
    """That of a C file beside this one."""
    return build_file(folder, os.path.join(os.path.dirname(__file__), name))


def build(folder, source):
    """That of this C text."""
    path = os.path.join(folder, "own.c")
    with open(path, "w", encoding="ascii") as file:
        file.write(source)
    return build_file(folder, path)


def wrapper(folder, source, *before):
    """The words in front of a program that is to have them."""
    return (*(tool(word) for word in before), tool("env"),
            f"LD_PRELOAD={build(folder, source)}")
