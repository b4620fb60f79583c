"""The certificate that is made, and those that are given."""

import base64
import datetime
import os
import signal
import socket
import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from lib import preload
from lib.certificates import (curl, der, make, make_expired, shown_certificate)
from lib.process import run as run_tool, tool
from lib.rfb import Viewer
from lib.server import Server, clean_environment
from lib.transport import connect
from lib.wait import wait_until

FILE, USAGE = 5, 2


@pytest.fixture
def home(tmp_path):
    environment = clean_environment()
    environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    return environment, tmp_path / "config" / "x11wsvnc" / "self-signed.pem"


def test_made_at_first_start_and_kept(program, xserver, home):
    environment, path = home
    shown = []
    for _ in range(2):
        with Server(program, xserver, environment=environment) as running:
            shown.append(shown_certificate(running.port))
            said = running.wait_for_output(rb"SHA-256 ([0-9A-F:]{95})\n")
            digest = run_tool(["openssl", "x509", "-noout", "-fingerprint",
                               "-sha256", "-in", str(path)])
            assert said.group(1).decode() in digest
            for name in ("localhost", "127.0.0.1"):
                assert curl("--cacert", str(path),
                            f"https://{name}:{running.port}/vnc.html"
                            ) == "200 1.1"
    assert shown[0] == shown[1] == der(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [path.name]


def test_every_name_is_in_it(program, xserver, home):
    environment, path = home
    with Server(program, xserver, "-listen", "127.0.0.7",
                listen=None, environment=environment):
        text = run_tool(["openssl", "x509", "-noout", "-ext",
                         "subjectAltName", "-in", str(path)])
    for name in (f"DNS:{socket.gethostname()}", "DNS:localhost",
                 "IP Address:127.0.0.1", "IP Address:127.0.0.7"):
        assert name in text


def test_renewed_with_its_key_when_a_name_is_new(program, xserver, home):
    environment, path = home
    keys, certificates = set(), set()
    for address in ("127.0.0.7", "127.0.0.8"):
        with Server(program, xserver, listen=address,
                    environment=environment):
            pass
        certificates.add(der(path))
        keys.add(run_tool(["openssl", "x509", "-noout", "-pubkey", "-in",
                           str(path)]))
    assert len(certificates) == 2 and len(keys) == 1


# An interface comes up once the file is there.
ANOTHER = """
#include <arpa/inet.h>
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int getifaddrs(struct ifaddrs **all)
{
	static struct sockaddr_in name = { .sin_family = AF_INET };
	static struct ifaddrs more = { .ifa_name = "new0", .ifa_flags = IFF_UP,
		.ifa_addr = (struct sockaddr *)&name };
	int (*real)(struct ifaddrs **) = dlsym(RTLD_NEXT, "getifaddrs");

	inet_pton(AF_INET, "192.0.2.17", &name.sin_addr);
	if (real(all) < 0)
		return -1;
	if (access(getenv("ANOTHER_FILE"), F_OK) < 0)
		return 0;
	more.ifa_next = *all;
	*all = &more;
	return 0;
}

void freeifaddrs(struct ifaddrs *all)
{
	void (*real)(struct ifaddrs *) = dlsym(RTLD_NEXT, "freeifaddrs");

	real(strcmp(all->ifa_name, "new0") == 0 ? all->ifa_next : all);
}
"""


@pytest.mark.parametrize("options", [(), ("-ssl", "TMP")], ids=[
    "kept", "in memory"])
def test_hangup_renews_for_a_new_address(program, xserver, home, tmp_path,
                                         options):
    """And for nothing less: whoever has compared the fingerprint would have
    to do so again. Those who are in stay."""
    environment, path = home
    another = path.parent / "another"
    environment["ANOTHER_FILE"] = str(another)
    with Server(program, xserver, *options, environment=environment,
                wrapper=preload.wrapper(tmp_path, ANOTHER, "setsid")
                ) as running:
        def hang_up(times):
            running.process.send_signal(signal.SIGHUP)
            wait_until(lambda: running.log().count("reading files again")
                       == times, "it reads")
            return shown_certificate(running.port)

        with Viewer(connect("wss", running.port)) as viewer:
            before = shown_certificate(running.port)
            assert hang_up(1) == before
            path.parent.mkdir(parents=True, exist_ok=True)
            another.write_text("")
            after = hang_up(2)
            assert "192.0.2.17" in san_of(after)
            assert "192.0.2.17" not in san_of(before)
            assert hang_up(3) == after
            viewer.refresh()


def san_of(certificate):
    names = x509.load_der_x509_certificate(certificate).extensions
    return [str(one.value) for one in names.get_extension_for_class(
        x509.SubjectAlternativeName).value]


# Two years and two months later, once the file is there.
LATER = """
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *to)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (access(getenv("LATER_FILE"), F_OK) == 0)
		now.tv_sec += 790 * 86400;
	if (to != NULL)
		*to = now.tv_sec;
	return now.tv_sec;
}
"""


def test_renewed_while_it_runs(program, xserver, home, tmp_path):
    environment, path = home
    later = path.parent / "later"
    environment["LATER_FILE"] = str(later)
    with Server(program, xserver, environment=environment,
                wrapper=preload.wrapper(tmp_path, LATER)) as running:
        before = shown_certificate(running.port)
        with Viewer(connect("wss", running.port)) as viewer:
            later.write_text("")
            wait_until(lambda: shown_certificate(running.port) != before,
                       "it is renewed")
            assert shown_certificate(running.port) == der(path)
            assert running.log().count("TLS certificate renewed") == 1
            viewer.refresh()
        key = x509.load_der_x509_certificate(before).public_key()
        now = x509.load_der_x509_certificate(der(path))
        assert now.public_key().public_numbers() == key.public_numbers()
        assert now.not_valid_after > (datetime.datetime.utcnow()
                                      + datetime.timedelta(1000))


@pytest.mark.parametrize("option", [("-ssl", "TMP"), ("-certdir",
                                                      "/proc/nowhere")])
def test_in_memory_only(program, xserver, home, option):
    environment, path = home
    with Server(program, xserver, *option, environment=environment) as one:
        first = shown_certificate(one.port)
        assert ("this run only" in one.log()) == (option[0] == "-certdir")
    with Server(program, xserver, *option, environment=environment) as two:
        assert shown_certificate(two.port) != first
    assert not path.exists()


def test_address_printed_is_plain_for_this_machine_alone(launch, xserver):
    for option, scheme in (((), "http"), (("-sslonly",), "https"),
                           (("-nossl",), "http")):
        with launch(xserver, *option, tls=False) as running:
            running.wait_for_output(
                rb"Open %s://localhost:%d/" % (scheme.encode(),
                                               running.port))
    with launch(xserver, tls=False, listen=None) as running:
        running.wait_for_output(rb"Open https://[^/]+:%d/" % running.port)


# --- given ones ---

def replace(pair, target):
    """Puts new files in place, each at once, as certbot does."""
    for new, old in zip(pair, target):
        os.replace(new, old)


@pytest.fixture
def served(tmp_path):
    return make(tmp_path, "served")


def waits_for(running, port, certificate):
    def shown():
        return shown_certificate(port) == certificate
    wait_until(shown, f"the new certificate; log: {running.log()}")


def test_reload_keeps_twenty_viewers(program, xserver, tmp_path, served):
    with Server(program, xserver, "-cert", served[0], "-key",
                served[1]) as running:
        kinds = ("tls", "wss") * 10
        viewers = [Viewer(connect(kind, running.port)) for kind in kinds]
        new = make(tmp_path, "new")
        wanted = der(new[0])
        replace(new, served)
        waits_for(running, running.port, wanted)
        for viewer in viewers:
            viewer.refresh()
            viewer.close()
        assert "read again" in running.log()


def test_reload_through_a_swapped_symlink(program, xserver, tmp_path):
    pairs = [make(tmp_path, name) for name in ("one", "two")]
    links = [str(tmp_path / name) for name in ("live.pem", "live.key")]
    for pair in pairs:
        for target, link in zip(pair, links):
            os.symlink(target, link + ".new")
            os.replace(link + ".new", link)
        if pair is pairs[0]:
            running = Server(program, xserver, "-cert", links[0], "-key",
                             links[1])
        waits_for(running, running.port, der(pair[0]))
    with running:
        pass


def spoil_half(pair, folder):
    with open(pair[0], "rb") as file:
        content = file.read()
    with open(pair[0], "wb") as file:
        file.write(content[:len(content) // 2])
    return pair[0]


def spoil_expired(pair, folder):
    expired = make_expired(folder)
    replace(expired, pair)
    return pair[0]


def spoil_mismatched(pair, folder):
    other = make(folder, "other")
    os.replace(other[1], pair[1])
    return pair[1]


def spoil_gone(pair, folder):
    os.unlink(pair[1])
    return pair[1]


@pytest.mark.parametrize("spoil", [spoil_half, spoil_expired,
                                   spoil_mismatched, spoil_gone])
def test_a_bad_pair_leaves_the_old_one(program, xserver, tmp_path, served,
                                       spoil):
    before = der(served[0])
    with Server(program, xserver, "-cert", served[0], "-key",
                served[1]) as running:
        culprit = spoil(served, tmp_path)

        def told():
            assert shown_certificate(running.port) == before
            return "stays in use" in running.log()
        wait_until(told, "it is told")
        line = next(line for line in running.log().splitlines()
                    if "stays in use" in line)
        assert culprit in line
        # Told once, and mended by the next good pair.
        good = make(tmp_path, "good")
        wanted = der(good[0])
        replace(good, served)
        waits_for(running, running.port, wanted)
        assert running.log().count("stays in use") <= 2


@pytest.mark.parametrize("spoil", [spoil_half, spoil_expired,
                                   spoil_mismatched, spoil_gone])
def test_a_bad_pair_at_the_start(program, xserver, tmp_path, served, spoil):
    culprit = spoil(served, tmp_path)
    running = Server(program, xserver, "-cert", served[0], "-key", served[1],
                     expect_start=False)
    assert running.wait() == FILE
    assert culprit in running.log()


def test_hangup_reads_again(program, xserver, tmp_path, served):
    # Without a terminal, as a service: there SIGHUP does not end it.
    with Server(program, xserver, "-cert", served[0], "-key", served[1],
                wrapper=(tool("setsid"),)) as running:
        running.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "read again" in running.log(), "it is read again")
        shown_certificate(running.port)


def test_encrypted_key(program, xserver, tmp_path, served):
    key = str(tmp_path / "encrypted.key")
    run_tool(["openssl", "pkcs8", "-topk8", "-in", served[1], "-out", key,
              "-passout", "pass:geheim"])
    with Server(program, xserver, "-cert", served[0], "-key", key,
                "--key-password=geheim") as running:
        assert shown_certificate(running.port) == der(served[0])
        with open(f"/proc/{running.process.pid}/cmdline", "rb") as line:
            assert b"geheim" not in line.read()
    for extra in ((), ("--key-password=falsch",)):
        running = Server(program, xserver, "-cert", served[0], "-key", key,
                         *extra, expect_start=False)
        assert running.wait() == FILE
        assert key in running.log() and "--key-password" in running.log()


def test_chain_is_sent(program, xserver, tmp_path):
    authority = make(tmp_path, "authority")
    leaf = make(tmp_path, "localhost", "-addext",
                "subjectAltName=DNS:localhost", signer=authority)
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join(
        open(path, "rb").read() for path in (leaf[1], leaf[0], authority[0])))
    with Server(program, xserver, "-cert", str(both)) as running:
        assert curl("--cacert", authority[0],
                    f"https://localhost:{running.port}/") == "200 1.1"


# --- versions and ciphers ---


def test_curl_with_the_key_pinned(program, xserver, home):
    """What was compared once is enough: no authority, no -k for the rest; and
    nothing is said of the host's other ports (HSTS)."""
    environment, path = home
    with Server(program, xserver, environment=environment) as running:
        url = f"https://localhost:{running.port}/vnc.html"
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(spki)
        pin = "sha256//" + base64.b64encode(digest.finalize()).decode()
        head = run_tool(["curl", "-sSI", "--cacert", str(path),
                         "--pinnedpubkey", pin, url])
        assert " 200 " in head.splitlines()[0]
        assert "strict-transport-security" not in head.lower()
        other = "sha256//" + base64.b64encode(bytes(32)).decode()
        with pytest.raises(AssertionError, match="status 90"):
            run_tool(["curl", "-sSI", "-k", "--pinnedpubkey", other, url])
