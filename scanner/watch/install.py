"""What makes `watch run` happen by itself: a crontab line, systemd units shut in as far as a scan allows, or a task of
Windows."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path, PurePath

MINUTES = 15


def of_machine(
    system: str, program: Path, database: Path, network: Path | None, user: str
) -> tuple[str, str, dict[str, str]]:
    """For `sys.platform`: what calls it (`task` on Windows, else `crontab`), its line, and systemd units where there is
    systemd."""
    if system == "win32":
        return "task", task(program, database, network), {}
    files = units(program, database, network, user) if system == "linux" else {}
    return "crontab", crontab(program, database, network), files


def crontab(program: Path, database: Path, network: Path | None) -> str:
    """One line for `crontab -e`; cron sends what a run says on stderr to the user's mailbox."""
    # In a crontab % ends the command, whatever quotes stand round it.
    command = shlex.join(_command(program, database, network)).replace("%", r"\%")
    return f"*/{MINUTES} * * * * {command}"


def task(program: PurePath, database: PurePath, network: PurePath | None) -> str:
    """The command that makes Windows run it, in the user's account. What a run says goes nowhere there: `watch list`
    and `doctor` show what went wrong.

    >>> from pathlib import PureWindowsPath as P
    >>> print(task(P("C:/bin/falsefront.exe"), P("C:/our cases/f.db"), None).partition("/TR ")[2])
    "C:\\bin\\falsefront.exe watch run --quiet --db \\\"C:\\our cases\\f.db\\\""
    """
    command = subprocess.list2cmdline(_command(program, database, network))
    create = ["schtasks", "/Create", "/TN", "falsefront-watch", "/SC", "MINUTE", "/MO", str(MINUTES), "/TR"]
    return subprocess.list2cmdline([*create, command])


def units(program: Path, database: Path, network: Path | None, user: str) -> dict[str, str]:
    """File name -> text of systemd units. The service runs as this user, may write the database's folder and nothing
    else; it may reach the network, since that is its work, but has no privileges and gets none. (Units of the system:
    in a user's own manager much of the shutting in needs namespaces that many machines forbid.)"""
    folder = database.parent
    # A /tmp of its own would have no such folder.
    own_tmp = "no" if {Path("/tmp"), Path("/var/tmp")} & {folder, *folder.parents} else "yes"  # noqa: S108
    command = " ".join(_quoted(part) for part in _command(program, database, network))
    service = f"""[Unit]
Description=falsefront: scan the watched cases that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={_escaped(user)}
ExecStart={command}
# Secrets of the rules file (password_env, url_env, secret_env), NAME=value a line; may be missing.
EnvironmentFile=-/etc/falsefront/watch.env
WorkingDirectory={_escaped(str(folder))}
ReadWritePaths={_quoted(str(folder))}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp={own_tmp}
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallFilter=@system-service
LockPersonality=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
UMask=0077
MemoryMax=2G
TimeoutStartSec=6h
"""
    timer = f"""[Unit]
Description=falsefront: look every {MINUTES} minutes whether a watched case is due

[Timer]
OnCalendar=*:0/{MINUTES}
RandomizedDelaySec=300
Persistent=yes

[Install]
WantedBy=timers.target
"""
    return {"falsefront-watch.service": service, "falsefront-watch.timer": timer}


def _command(program: PurePath, database: PurePath, network: PurePath | None) -> list[str]:
    more = ["--network", str(network)] if network else []
    return [str(program), "watch", "run", "--quiet", "--db", str(database), *more]


def _quoted(text: str) -> str:
    """As systemd reads it: % begins a specifier, and $ a variable."""
    plain = _escaped(text).replace("$", "$$")
    return (
        plain
        if not set(plain) & set(" \t\"'\\;")
        else '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
