"""What debian/ says fits the tree; tools/package builds and tries it."""

import fnmatch
import os
import re

import pytest

from conftest import TOP
from lib.process import run


def paragraphs(path):
    """A control file as a list of dictionaries."""
    with open(os.path.join(TOP, path)) as file:
        text = re.sub(r"(?m)^#.*\n", "", file.read())
    found = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        fields, name = {}, None
        for line in paragraph.split("\n"):
            if line[0] in " \t":
                fields[name] += "\n" + line.strip()
                continue
            name, mark, value = line.partition(":")
            assert mark and re.fullmatch(r"[A-Za-z-]+", name), line
            assert name not in fields, f"{name} twice in {path}"
            fields[name] = value.strip()
        found.append(fields)
    return found


def names(field):
    return {re.split(r"[ (|[]", part.strip())[0]
            for part in field.split(",") if part.strip()}


def test_changelog():
    version = run(["dpkg-parsechangelog", "-l",
                   os.path.join(TOP, "debian/changelog"), "-S", "Version"])
    assert re.fullmatch(r"\d+\.\d+\.\d+-\d+", version.strip())


def test_needs_what_the_build_needs():
    with open(os.path.join(TOP, "packages.txt")) as file:
        packages = set(re.sub(r"\?|#.*", "", file.read()).split())
    essential = {"gcc", "libc6-dev", "make"}
    source, binary = paragraphs("debian/control")
    assert packages - essential - names(source["Build-Depends"]) == set()
    assert binary["Package"] == source["Source"] == "x11wsvnc"
    assert "${shlibs:Depends}" in binary["Depends"]


def test_copyright_of_all_that_is_installed(installed):
    files = [paragraph["Files"].split()
             for paragraph in paragraphs("debian/copyright")[1:]
             if "Files" in paragraph]
    prefix = installed.variable("prefix")
    page = [name.replace(prefix, "usr", 1) for name in installed.files()
            if "/web/novnc/" in name]
    assert any("/pako/" in name for name in page)
    for name in page:
        assert any(fnmatch.fnmatch(name, pattern)
                   for patterns in files[1:] for pattern in patterns), name


def test_licences_are_given():
    all_of_it = paragraphs("debian/copyright")
    used = {one["License"] for one in all_of_it if "Files" in one}
    given = {one["License"].split("\n")[0] for one in all_of_it
             if "Files" not in one and "License" in one}
    assert used == given


@pytest.mark.parametrize("script", [
    "debian/tests/smoke", "tools/package", "tools/package-try",
    "debian/x11wsvnc.postrm", "debian/rules"])
def test_scripts_can_be_read(script):
    path = os.path.join(TOP, script)
    with open(path) as file:
        first = file.readline()
    if "make" in first:
        # Names every target that it would run, and fails at a bad line.
        run(["make", "-n", "-f", path, "override_dh_auto_install"], cwd=TOP)
    else:
        run([first[2:].strip(), "-n", path])


def test_every_test_is_there():
    for test in paragraphs("debian/tests/control"):
        for name in test["Tests"].split():
            assert os.access(os.path.join(TOP, "debian/tests", name),
                             os.X_OK)


def test_conffiles_are_for_options_that_exist(program):
    with open(os.path.join(TOP, "debian/x11wsvnc.default")) as file:
        (line,) = re.findall(r"(?m)^#OPTIONS=(.*)$", file.read())
    known = run([program, "-help"])
    for option in re.findall(r"(?:^| )(-\w+)", line):
        assert re.search(rf"(?m)^ +{option}\b", known), option


def test_default_file_tells_the_units_own_options(installed):
    with open(os.path.join(TOP, "debian/x11wsvnc.default")) as file:
        (said,) = re.findall(r"(?m)^#(OPTIONS=.*)$", file.read())
    with open(os.path.join(
            TOP, "packaging/systemd/x11wsvnc.service.in")) as unit:
        text = unit.read().replace("@sysconfdir@", "/etc")
    assert f'Environment="{said}"' in text


def test_purge_takes_what_units_make():
    with open(os.path.join(TOP, "debian/x11wsvnc.postrm")) as file:
        purged = file.read()
    folder = os.path.join(TOP, "packaging/systemd")
    for name in os.listdir(folder):
        if not name.endswith(".service.in"):
            continue
        with open(os.path.join(folder, name)) as unit:
            text = unit.read()
        for state in re.findall(r"(?m)^StateDirectory=(.*)$", text):
            assert f"/var/lib/{state}" in purged
