"""World files: text stays text, unknown keys are named, changes merge by date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from scanner.model import Level
from scanner.world import WorldError, load, raw

BASE = "now: 2024-06-01\ndomains:\n"


def test_scalars_stay_text(write):
    # given values that YAML would take for numbers, booleans and dates
    world = load(
        write(
            BASE
            + "  acme.com:\n    registration: {registrar: NO, registrant: {name: 0142, organisation: 2015}, "
            "created: 2015-03}\n    dns: {TXT: [on, 1.10]}\nlabels: {cases/a.yaml: {campaign: 007}}\n"
        )
    )
    # then they are the very words of the file
    acme = world.domains["acme.com"]
    assert acme.registration is not None
    assert acme.registration.registrar == "NO"
    assert acme.registration.registrant.name == "0142"
    assert acme.registration.registrant.organisation == "2015"
    assert str(acme.registration.created) == "2015-03"
    assert acme.zone is not None
    assert acme.zone.records["TXT"] == ("on", "1.10")
    assert world.labels["cases/a.yaml"].campaign == "007"


def test_defaults_of_the_contract(write):
    world = load(write("now: 2024-06-01\ndomains: {acme.com: {site: sites/a}}\n"))
    acme = world.domains["acme.com"]
    assert (world.latency, world.registration_latency, world.pace, world.deadline_scale) == (0, 0, False, 0.1)
    assert world.now == datetime(2024, 6, 1, tzinfo=UTC)
    assert acme.registration is None
    assert acme.archive.snapshots == ()
    assert acme.ct.entries == ()


def test_latencies_are_milliseconds(write):
    world = load(
        write(
            "defaults: {latency_ms: 80, registration_ms: 400}\npace: true\ndeadline_scale: 1\ndomains: {}\n"
        )
    )
    assert (world.latency, world.registration_latency) == (0.08, 0.4)
    assert (world.pace, world.deadline_scale) == (True, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nwo: 2024-06-01\ndomains: {}", "nwo"),
        ("defaults: {latency: 3}\ndomains: {}", "latency"),
        (BASE + "  a.com: {sight: sites/a}", "sight"),
        (BASE + "  a.com: {registration: {registered: 2020}}", "registered"),
        (BASE + "  a.com: {registration: {registrant: {phone: 1}}}", "phone"),
        (BASE + "  a.com: {dns: {SPF: [x]}}", "SPF"),
        (BASE + "  a.com: {site: {folder: sites/a}}", "folder"),
        (BASE + "  a.com: {site: {paths: {/x: {code: 500}}}}", "code"),
        (BASE + "  a.com: {hosts: {www: {sit: sites/a, dns: {A: []}}}}", "sit"),
        (BASE + "  a.com: {tls: {self_signed: true}}", "self_signed"),
        (BASE + "  a.com: {archive: [{when: 2020, site: sites/a}]}", "when"),
        (BASE + "  a.com: {archive: {faults: timeout}}", "faults"),
        (BASE + "  a.com: {ct: [{logged: 2020, name: a.com}]}", "name"),
        (BASE + "  a.com: {}\nlabels: {cases/a.yaml: {atleast: known}}", "atleast"),
        (BASE + "  a.com: {}\nchanges: [{at: 2030-01-01, domians: {}}]", "domians"),
        (BASE + "  a.com: {}\nchanges: [{at: 2030-01-01, domains: {a.com: {sight: x}}}]", "sight"),
    ],
)
def test_an_unknown_key_is_one_line_that_names_it(write, text, named):
    # when a file has a key nobody knows, also in a change that lies ahead
    with pytest.raises(WorldError) as caught:
        load(write(text))
    # then the message names it and stays on one line
    assert repr(named) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (BASE + "  a.com: {site: sites/none}", "domains.a.com.site"),
        (BASE + "  a.com: {site: ../outside}", "domains.a.com.site"),
        (BASE + "  a.com: {dns: {A: [300.1.1.1]}}", "domains.a.com.dns.A"),
        (BASE + "  a.com: {dns: {MX: [mail.a.com]}}", "domains.a.com.dns.MX"),
        (BASE + "  a.com: {dns: {CAA: [nonsense]}}", "domains.a.com.dns.CAA"),
        (BASE + "  a.com: {dns: {fault: broken}}", "domains.a.com.dns.fault"),
        (BASE + "  a.com: {registration: {created: 2020-13-01}}", "domains.a.com.registration.created"),
        (BASE + "  a.com: {registration: {via: mail}}", "domains.a.com.registration.via"),
        (BASE + "  a.com: {site: {behaviour: odd}}", "domains.a.com.site.behaviour"),
        (BASE + "  a.com: {site: {status: 42}}", "domains.a.com.site.status"),
        (BASE + "  a.com: {tls: {expired: maybe}}", "domains.a.com.tls.expired"),
        (BASE + "  a.com: {archive: [{site: sites/a}]}", "domains.a.com.archive[0].at"),
        (BASE + "  a.com: {}\nlabels: {cases/a.yaml: {least: bad}}", "labels.cases/a.yaml.least"),
        ("now: soon\ndomains: {}", "now"),
        ("domains: [a.com]", "domains"),
        ("domains: {a.com: {}, a.com: {}}", "world.yaml:1"),
        ("domains: {a.com: [", "world.yaml"),
    ],
)
def test_a_bad_value_says_where(write, text, place):
    with pytest.raises(WorldError, match=place.replace("[", r"\[").replace("]", r"\]")) as caught:
        load(write(text))
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_world_is_one_line(tmp_path):
    with pytest.raises(WorldError, match="no such file"):
        load(tmp_path)


CHANGING = (
    BASE
    + """  acme.com:
    registration: {created: 2020-01-02, registrar: One, status: [ok]}
    dns: {A: [95.217.1.2], NS: [ns1.one.test, ns2.one.test]}
    site: sites/a
changes:
  - {at: 2024-09-01, domains: {acme.com: {dns: {NS: [ns1.fbi.seized.gov]}}, new.com: {site: sites/a}}}
  - {at: 2024-07-01, domains: {ACME.com.: {registration: {registrar: Two, status: null}}}}
  - {at: 2025-01-01, domains: {acme.com: null}, defaults: {latency_ms: 5}}
"""
)


@pytest.mark.parametrize(
    ("now", "registrar", "status", "servers"),
    [
        (None, "One", ("ok",), ("ns1.one.test", "ns2.one.test")),
        ("2024-07-01", "Two", (), ("ns1.one.test", "ns2.one.test")),
        ("2024-10", "Two", (), ("ns1.fbi.seized.gov",)),
    ],
)
def test_changes_up_to_now_merge(write, now, registrar, status, servers):
    # given changes out of order; when the world is loaded at a day
    acme = load(write(CHANGING), now).domains["acme.com"]
    # then mappings have merged, lists were replaced, null has removed, and the rest stands
    assert acme.registration is not None
    assert acme.zone is not None
    assert (acme.registration.registrar, acme.registration.status) == (registrar, status)
    assert acme.zone.records["NS"] == servers
    assert acme.zone.records["A"] == ("95.217.1.2",)
    assert str(acme.registration.created) == "2020-01-02"


def test_a_change_can_remove_and_add_domains(write):
    world = load(write(CHANGING), "2025-02-01")
    assert sorted(world.domains) == ["new.com"]
    assert world.latency == 0.005
    assert world.now == datetime(2025, 2, 1, tzinfo=UTC)


def test_labels_and_cases(write):
    folder = write(
        BASE + "  a.com: {}\nlabels:\n  cases/a.yaml: {least: review, most: known, must: [history.*], "
        "never: mail.no-mail-setup, campaign: fox, after: [cases/b.yaml], library: [b.com]}\n  cases/b.yaml: {}\n",
        **{"cases/b.yaml": "case: b", "cases/a.yaml": "case: a", "cases/notes.txt": "no case"},
    )
    world = load(folder)
    label = world.labels["cases/a.yaml"]
    assert (label.least, label.most, label.campaign) == (Level.REVIEW, Level.KNOWN, "fox")
    assert (label.must, label.never) == (("history.*",), ("mail.no-mail-setup",))
    assert (label.after, label.library) == (("cases/b.yaml",), ("b.com",))
    assert (world.labels["cases/b.yaml"].least, world.labels["cases/b.yaml"].most) == (
        Level.NOTHING_FOUND,
        Level.KNOWN,
    )
    assert [path.name for path in world.cases] == ["a.yaml", "b.yaml"]


def test_names_are_folded_to_a_labels(write):
    world = load(write(BASE + "  Bücher.Example.: {hosts: {WWW.bücher.example: sites/a}}\n"))
    assert list(world.domains) == ["xn--bcher-kva.example"]
    assert list(world.domains["xn--bcher-kva.example"].hosts) == ["www"]


def test_without_libyaml_the_same_world_comes_out(write, monkeypatch):
    # given a platform whose YAML has no C parser
    folder = write(CHANGING + "labels: {cases/a.yaml: {campaign: 'null'}}\n")
    fast = load(folder, "2024-10")
    monkeypatch.setattr(raw, "_Loader", yaml.BaseLoader)
    # then nothing differs
    assert load(folder, "2024-10") == fast
    assert fast.labels["cases/a.yaml"].campaign == "null"
