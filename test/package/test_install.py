"""make install puts everything where it is looked for, and uninstall takes
all of it away."""

import os
import re
import subprocess

import pytest

from conftest import TOP, Installed
from lib.process import run, tool


def test_everything_is_there(installed):
    for variable, name in [
            ("bindir", "x11wsvnc"),
            ("man1dir", "x11wsvnc.1"),
            ("bashcompletiondir", "x11wsvnc"),
            ("zshcompletiondir", "_x11wsvnc"),
            ("applicationsdir", "x11wsvnc.desktop"),
            ("metainfodir", "io.github.x11wsvnc.x11wsvnc.metainfo.xml"),
            ("iconsdir", "x11wsvnc.svg"),
            ("docdir", "README.md"),
            ("docdir", "COPYING"),
            ("docdir", "doc/RECIPES.md"),
            ("systemdsystemunitdir", "x11wsvnc.service"),
            ("systemdsystemunitdir", "x11wsvnc@.service"),
            ("systemdsystemunitdir", "x11wsvnc.socket"),
            ("systemduserunitdir", "x11wsvnc.service")]:
        path = installed.path(variable, name)
        assert os.path.getsize(path) > 0, path


def test_page_where_the_program_looks(program, installed):
    folder = installed.variable("pkgdatadir") + "/web"
    with open(program, "rb") as file:
        assert folder.encode() + b"\0" in file.read()
    for name in ("index.html", "page.js", "novnc/core/rfb.js"):
        assert os.path.getsize(installed.root + folder + "/" + name) > 0


def test_page_comes_with_its_licences(installed):
    novnc = installed.path("pkgdatadir", "web", "novnc")
    for name, words in [("LICENSE.txt", "noVNC"),
                        ("docs/LICENSE.MPL-2.0", "Mozilla Public License"),
                        ("vendor/pako/LICENSE", "Permission is hereby")]:
        with open(os.path.join(novnc, name)) as text:
            assert words in text.read()


def test_links_of_the_readme(installed):
    """What it points to is installed, or is for who has the sources."""
    only_sources = {"doc/ARCHITECTURE.md", "doc/DEVELOPING.md",
                    "CONTRIBUTING.md", "bench/README.md", "packages.txt"}
    with open(os.path.join(TOP, "README.md")) as readme:
        links = set(re.findall(r"\]\(([^):#]+)\)", readme.read()))
    for link in links - only_sources:
        assert os.path.exists(installed.path("docdir", link)), link


def test_man_page_is_whole(installed):
    with open(installed.path("man1dir", "x11wsvnc.1")) as page:
        text = page.read()
    assert "@" not in text.split(".SH NAME")[0]
    assert "\\fB\\-rfbport\\fR" in text


def test_no_placeholder_is_left(installed):
    for name in installed.files():
        if not name.endswith((".service", ".socket", ".desktop", ".xml")):
            continue
        with open(installed.root + name) as file:
            found = re.findall(r"@\w+@|\$\{(?:exec_)?prefix\}", file.read())
        assert not found, (name, found)


def test_uninstall_leaves_nothing(program, tmp_path):
    again = Installed(os.path.dirname(program), str(tmp_path))
    again.make("install")
    assert again.files()
    again.make("uninstall")
    assert again.files() == []
    assert not os.path.exists(again.path("pkgdatadir"))
    assert not os.path.exists(again.path("docdir"))


def test_desktop_file(installed):
    run(["desktop-file-validate",
         installed.path("applicationsdir", "x11wsvnc.desktop")])


def test_metainfo(installed):
    path = installed.path(
        "metainfodir", "io.github.x11wsvnc.x11wsvnc.metainfo.xml")
    done = subprocess.run(
        [tool("appstreamcli"), "validate", "--no-net", "--no-color", path],
        capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    assert "Validation" in said, said
    # There is no homepage; AppStream 1.0 (Debian 13) warns of that.
    assert re.findall(r"^[EW]: .*", said.replace(
        "W: io.github.x11wsvnc.x11wsvnc:~: url-homepage-missing", ""),
        re.M) == [], said
    # What it points to is what is installed beside it.
    with open(path) as file:
        text = file.read()
    assert '<launchable type="desktop-id">x11wsvnc.desktop<' in text


@pytest.mark.parametrize("file", ["web/package.json", "debian/changelog"])
def test_versions_agree(file):
    with open(os.path.join(TOP, "configure.ac")) as text:
        version = re.search(r"AC_INIT\(\[x11wsvnc\], \[([\d.]+)\]\)",
                            text.read()).group(1)
    with open(os.path.join(TOP, file)) as text:
        assert re.search(r'("version": "|^x11wsvnc \()' + re.escape(version)
                         + r'("|-)', text.read()), file
