"""Reads Prometheus's text format, version 0.0.4, and refuses what is not
quite it: more than Prometheus itself does."""

import re

TYPE = "text/plain; version=0.0.4; charset=utf-8"
KINDS = ("counter", "gauge", "histogram")
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
SAMPLE = re.compile(
    r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})? ([0-9]+(?:\.[0-9]+)?)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]*)"')


class Family:
    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.samples = {}  # (name, labels in order): value

    def value(self, **labels):
        """The one sample, or the sum of those with these labels."""
        found = [value for (name, have), value in self.samples.items()
                 if name == self.name and set(labels.items()) <= set(have)]
        assert found or self.kind == "gauge", f"no {self.name} {labels}"
        return sum(found)

    def part(self, suffix):
        return self.samples[(self.name + suffix, ())]


def read_labels(text):
    if text is None:
        return ()
    labels = LABEL.findall(text)
    assert ",".join(f'{n}="{v}"' for n, v in labels) == text, text
    assert len({n for n, _ in labels}) == len(labels), text
    return tuple(labels)


def parse(body):
    """{name: Family}; every family whole and in one piece."""
    text = body.decode("utf-8")
    assert text.endswith("\n")
    families, current, helped = {}, None, None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, helped, sentence = line.split(" ", 3)
            assert NAME.fullmatch(helped) and sentence.strip() == sentence
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == helped and kind in KINDS, line
            assert name not in families, f"{name} in two pieces"
            current = families[name] = Family(name, kind)
            continue
        found = SAMPLE.fullmatch(line)
        assert found and current is not None, f"bad line {line!r}"
        name, labels, value = found.groups()
        suffixes = (("_bucket", "_sum", "_count")
                    if current.kind == "histogram" else ("",))
        assert name in [current.name + s for s in suffixes], line
        key = (name, read_labels(labels))
        assert key not in current.samples, f"{line} twice"
        current.samples[key] = float(value)
    for family in families.values():
        check(family)
    return families


def check(family):
    if family.kind == "counter":
        assert family.name.endswith("_total"), family.name
        assert family.samples, family.name
    if family.kind != "histogram":
        return
    buckets = [(dict(labels)["le"], value)
               for (name, labels), value in family.samples.items()
               if name.endswith("_bucket")]
    assert buckets[-1] == ("+Inf", family.part("_count"))
    bounds = [float(bound) for bound, _ in buckets]
    assert bounds == sorted(set(bounds))
    counts = [value for _, value in buckets]
    assert counts == sorted(counts)
    assert family.part("_sum") >= 0
