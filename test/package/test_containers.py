"""The Containerfile and the Kubernetes manifest say what the program needs.

No image is built here; what the container is allowed is tried with bwrap."""

import glob
import json
import os
import re
import shlex
import subprocess

import pytest
import yaml

from conftest import TOP
from lib import http
from lib.process import end, run, start
from lib.rfb import Viewer
from lib.server import clean_environment
from lib.transport import Plain
from lib.wait import wait_until

FOLDER = os.path.join(TOP, "packaging/container")


def instructions():
    """[(word, rest)] of the Containerfile."""
    with open(os.path.join(FOLDER, "Containerfile")) as file:
        text = re.sub(r"(?m)^\s*#.*\n", "", file.read())
    lines = text.replace("\\\n", " ").split("\n")
    return [tuple(line.split(None, 1)) for line in lines if line.strip()]


def of(word, lines):
    return [rest for name, rest in lines if name == word]


def documents():
    with open(os.path.join(FOLDER, "kubernetes.yaml")) as file:
        return list(yaml.safe_load_all(file))


@pytest.fixture(scope="module")
def deployment():
    (found,) = [one for one in documents() if one["kind"] == "Deployment"]
    return found


@pytest.fixture(scope="module")
def pod(deployment):
    return deployment["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod):
    (one,) = pod["containers"]
    return one


def last_stage():
    lines = instructions()
    starts = [number for number, line in enumerate(lines)
              if line[0] == "FROM"]
    return lines[starts[-1]:]


def test_containerfile_is_well_formed():
    known = {"FROM", "RUN", "COPY", "WORKDIR", "USER", "ENV", "EXPOSE",
             "ENTRYPOINT", "CMD"}
    lines = instructions()
    assert lines[0][0] == "FROM"
    assert {word for word, _ in lines} <= known
    stages = set()
    for word, rest in lines:
        if word == "FROM":
            found = re.fullmatch(r"([\w./-]+):([\w.-]+)(?: AS (\w+))?", rest)
            assert found and found.group(2) != "latest", rest
            stages.add(found.group(3))
        elif word == "COPY":
            found = re.fullmatch(r"(?:--from=(\w+) )?(\S+) (\S+)", rest)
            assert found, rest
            assert found.group(1) is None or found.group(1) in stages
            assert found.group(1) or glob.glob(
                os.path.join(TOP, found.group(2)))
        elif word == "RUN":
            run(["sh", "-n", "-c", rest])
        elif word in ("ENTRYPOINT", "CMD"):
            assert all(isinstance(one, str) for one in json.loads(rest))


def test_packages_exist():
    """By the names of the Debian that the image is made from."""
    wanted = set()
    for rest in of("RUN", instructions()):
        for command in rest.split("&&"):
            words = shlex.split(command)
            if words[:2] == ["apt-get", "install"]:
                wanted |= {word for word in words[2:]
                           if word[0] not in "-/"}
    assert {"xauth", "npm"} <= wanted
    known = run(["apt-cache", "pkgnames"], seconds=120).split()
    assert wanted - set(known) == set()


def test_image_is_not_roots():
    lines = last_stage()
    (user,) = of("USER", lines)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--uid {user.split(':')[0]} " in " ".join(of("RUN", lines))
    words = [word for word, _ in lines]
    assert words.index("USER") > max(
        number for number, word in enumerate(words) if word == "RUN")
    assert of("EXPOSE", lines) == ["5900"]


def test_options_exist(program, container):
    known = set(re.findall(r"(?m)^ +-(\S+)", run([program, "-help"])))
    (command,) = of("CMD", last_stage())
    for words in (json.loads(command), container["args"]):
        options = [word[1:] for word in words if word.startswith("-")]
        assert options and set(options) <= known, set(options) - known


# What the API knows of these kinds, as far as it is used: a field written
# wrongly is dropped in silence there.
FIELDS = {
    "": {"apiVersion", "kind", "metadata", "spec"},
    "metadata": {"name", "labels"},
    "Deployment.spec": {"replicas", "strategy", "selector", "template"},
    "strategy": {"type"},
    "template": {"metadata", "spec"},
    "template.spec": {
        "automountServiceAccountToken", "securityContext", "containers",
        "terminationGracePeriodSeconds", "volumes"},
    "template.spec.securityContext": {
        "runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup",
        "seccompProfile"},
    "containers": {
        "name", "image", "args", "ports", "securityContext", "startupProbe",
        "readinessProbe", "livenessProbe", "resources", "volumeMounts"},
    "containers.securityContext": {
        "allowPrivilegeEscalation", "readOnlyRootFilesystem",
        "capabilities"},
    "containers.ports": {"name", "containerPort"},
    "probe": {"httpGet", "periodSeconds", "failureThreshold"},
    "httpGet": {"path", "port"},
    "volumeMounts": {"name", "mountPath", "readOnly"},
    "volumes": {"name", "emptyDir", "secret"},
    "emptyDir": {"medium", "sizeLimit"},
    "secret": {"secretName", "defaultMode"},
    "Service.spec": {"selector", "ports"},
    "Service.ports": {"name", "port", "targetPort"},
}


def check_fields(kind, thing):
    assert set(thing) <= FIELDS[kind], (kind, set(thing) - FIELDS[kind])


def test_manifest_has_only_fields_that_exist(deployment, pod, container):
    for one in documents():
        check_fields("", one)
        check_fields("metadata", one["metadata"])
        check_fields(f"{one['kind']}.spec", one["spec"])
    check_fields("strategy", deployment["spec"]["strategy"])
    check_fields("template", deployment["spec"]["template"])
    check_fields("template.spec", pod)
    check_fields("template.spec.securityContext", pod["securityContext"])
    check_fields("containers", container)
    check_fields("containers.securityContext", container["securityContext"])
    for port in container["ports"]:
        check_fields("containers.ports", port)
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        check_fields("probe", container[name])
        check_fields("httpGet", container[name]["httpGet"])
    for mount in container["volumeMounts"]:
        check_fields("volumeMounts", mount)
    for volume in pod["volumes"]:
        check_fields("volumes", volume)
        for kind in set(volume) - {"name"}:
            check_fields(kind, volume[kind])


def test_parts_of_the_manifest_fit(deployment, pod, container):
    (service,) = [one for one in documents() if one["kind"] == "Service"]
    check_fields("Service.spec", service["spec"])
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    ports = {port["name"]: port["containerPort"]
             for port in container["ports"]}
    assert ports == {"vnc": 5900}
    for port in service["spec"]["ports"]:
        check_fields("Service.ports", port)
        assert port["targetPort"] in ports
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[name]["httpGet"]["port"] in ports
    assert {mount["name"] for mount in container["volumeMounts"]} == {
        volume["name"] for volume in pod["volumes"]}
    # Kubernetes would write 0440 as 288.
    (secret,) = [one["secret"] for one in pod["volumes"] if "secret" in one]
    assert secret["defaultMode"] == 0o440


def test_pod_is_not_roots(pod, container):
    context = pod["securityContext"]
    (user,) = of("USER", last_stage())
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == user
    assert context["runAsNonRoot"] is True
    own = container["securityContext"]
    assert own["readOnlyRootFilesystem"] is True
    assert own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]}


def test_runs_with_what_the_pod_has(program, container, tmp_path):
    """Its arguments, as another user without any power, where nothing but
    the pod's volumes can be written."""
    (tmp_path / "passwords").write_text("secret\n")
    arguments = [word.replace("/run/secrets/x11wsvnc/", "/tmp/secrets/")
                 for word in container["args"]]
    log = open(tmp_path / "log", "wb")
    with log:
        process = start(
            ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000",
             "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--cap-drop",
             "ALL", "--die-with-parent", "--ro-bind", "/", "/", "--dev",
             "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs",
             "/home", "--dir", "/home/desk", "--ro-bind",
             str(tmp_path / "passwords"), "/tmp/secrets/passwords",
             "--ro-bind", program, "/tmp/x11wsvnc", "--setenv", "HOME",
             "/home/desk", "/tmp/x11wsvnc", *arguments, "-rfbport", "0"],
            env=dict(clean_environment(), ASAN_OPTIONS="detect_leaks=0"),
            stdout=log, stderr=log)
    try:
        def port():
            text = (tmp_path / "log").read_text()
            assert process.poll() is None, text
            return re.search(r"(?m)^PORT=(\d+)$", text)
        number = int(wait_until(port, "the port", seconds=60).group(1))
        for name in ("startupProbe", "readinessProbe", "livenessProbe"):
            path = container[name]["httpGet"]["path"]
            def answered():
                with Plain(number) as stream:
                    stream.write(http.request(path, host="192.0.2.1:5900"))
                    return http.read_answer(stream).status == 200
            wait_until(answered, f"{path} says yes")
        with Viewer(Plain(number), password="secret") as viewer:
            assert (viewer.width, viewer.height) == (1280, 800)
            viewer.refresh()
    finally:
        status = end(process)
    assert status in (0, -15, 143), (tmp_path / "log").read_text()
