"""The manual page tunneldesk(1), written from the command line's own parsers and a few texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from build_scripts.packaging.targets import SUMMARY

if TYPE_CHECKING:
    from build_scripts.packaging.command_line import Command, CommandLine, Operand, Option

ENVIRONMENT = (
    ("TUNNELDESK_SERVER", "API base address. Plain http:// is for servers on this computer only."),
    ("TUNNELDESK_ACCESS_TOKEN", "Access token, in place of the one in the keyring."),
    ("TUNNELDESK_CLOUDFLARED", "The cloudflared to run, in place of the one found."),
    ("TUNNELDESK_CLOUDFLARED_MIRROR", "Origin to download cloudflared from, in place of https://github.com."),
    ("TUNNELDESK_HOME", "One folder for settings, state, cache and logs."),
)
EXIT_STATUS = (
    ("0", "Ended as asked."),
    ("1", "Something unexpected happened."),
    ("2", "Bad usage, or an input that was refused."),
    ("3", "Not signed in, or not allowed."),
    ("4", "The server refused."),
    ("5", "The connector is missing or fails."),
    ("6", "The server can't be reached."),
)
FILES = (
    ("~/.config/dev.tunneldesk.TunnelDesk", "Settings."),
    ("~/.local/state/dev.tunneldesk.TunnelDesk", "What is wanted, and logs."),
    ("~/.cache/dev.tunneldesk.TunnelDesk", "What may be deleted at any time."),
)


def page(line: CommandLine, *, version: str, date: str) -> str:
    """Return the page in roff.

    Args:
        line: The command line.
        version: The program's.
        date: When that version was made, ``2026-11-23``.
    """
    parts = [
        f'.TH TUNNELDESK 1 "{date}" "TunnelDesk {version}" "User Commands"',
        ".SH NAME",
        f"tunneldesk \\- {_text(SUMMARY[:1].lower() + SUMMARY[1:])}",
        ".SH SYNOPSIS",
        ".B tunneldesk",
        _usage(line.program.options),
    ]
    for command in line.commands:
        operands = " ".join(map(_operand, command.operands))
        parts += [".br", f".B tunneldesk {_text(command.name)}", f"{operands} {_usage(command.options)}".strip()]
    parts += [".SH DESCRIPTION", _text(line.program.summary), ".SH OPTIONS", *map(_option, line.program.options)]
    parts.append(".SH COMMANDS")
    for command in line.commands:
        parts += _command(command)
    for title, entries in (("ENVIRONMENT", ENVIRONMENT), ("EXIT STATUS", EXIT_STATUS), ("FILES", FILES)):
        parts.append(f".SH {title}")
        parts += [f".TP\n.B {_text(name)}\n{_text(meaning)}" for name, meaning in entries]
    parts += [".SH SEE ALSO", ".BR cloudflared (1)"]
    return "\n".join(parts) + "\n"


def _command(command: Command) -> list[str]:
    operands = " ".join(map(_operand, command.operands))
    parts = [f".SS {_text(command.name)} {operands}".rstrip(), f"{_text(_sentence(command.summary))}"]
    parts += [f".TP\n{_operand(each)}\n{_text(_sentence(each.help))}" for each in command.operands if each.help]
    return [*parts, *map(_option, command.options)]


def _option(option: Option) -> str:
    flags = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in option.flags)
    values = "|".join(option.choices) or option.value
    value = f" \\fI{_text(values)}\\fR" if option.value else ""
    return f".TP\n{flags}{value}\n{_text(_sentence(option.help))}"


def _operand(operand: Operand) -> str:
    name = f"\\fI{_text(operand.name)}\\fR{' ...' if operand.repeated else ''}"
    return name if operand.required else f"[{name}]"


def _usage(options: tuple[Option, ...]) -> str:
    words = []
    for option in options:
        value = f" \\fI{_text(option.value)}\\fR" if option.value else ""
        words.append(f"[\\fB{_text(option.flags[-1])}\\fR{value}]")
    return " ".join(words)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _text(text: str) -> str:
    """Return the text with what roff would take for orders made harmless; a minus stays a minus when copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
