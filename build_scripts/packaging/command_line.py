"""The command line as its own parsers tell it, for the manual page and the shells' completions."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES = frozenset({"FILE", "DIR"})


@dataclass(frozen=True, slots=True)
class Option:
    """A switch.

    Attributes:
        flags: How it is written, ``("-h", "--help")``.
        value: What its value is called; empty when it takes none.
        choices: The values there are, where they are few.
        help: What it does.
    """

    flags: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str

    @property
    def takes_file(self) -> bool:
        """Whether its value is the path of a file or folder."""
        return self.value in _FILES


@dataclass(frozen=True, slots=True)
class Operand:
    """A word without a switch.

    Attributes:
        name: As the help writes it.
        help: What it is.
        required: Whether it can be left out.
        repeated: Whether there may be several.
    """

    name: str
    help: str
    required: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Command:
    """One command, or the program itself (with an empty name)."""

    name: str
    summary: str
    options: tuple[Option, ...]
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The program and its commands."""

    program: Command
    commands: tuple[Command, ...]


def read() -> CommandLine:
    """Return the command line of `tunneldesk`."""
    from tunneldesk.backend import __main__ as backend
    from tunneldesk.terminal import arguments

    parser = arguments._parser()
    own_lines = {"backend": backend._parser()}
    return of_parser(parser, own_lines)


def of_parser(parser: argparse.ArgumentParser, own_lines: dict[str, argparse.ArgumentParser]) -> CommandLine:
    """Return the command line that a parser reads.

    Args:
        parser: The program's.
        own_lines: Parsers of the commands that the program hands over to.
    """
    program = Command("", parser.description or "", *_arguments(parser))
    commands = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, each in action.choices.items():
                if name in summaries:
                    own_line: argparse.ArgumentParser = own_lines.get(name) or each
                    command = Command(name, summaries[name], *_arguments(own_line))
                    commands.append(replace(command, summary=summaries[name].partition(" (see:")[0]))
    return CommandLine(program, tuple(commands))


def _arguments(parser: argparse.ArgumentParser) -> tuple[tuple[Option, ...], tuple[Operand, ...]]:
    options, operands = [], []
    for action in _shown(parser):
        text = (action.help or "") % {"default": action.default, "prog": parser.prog}
        if action.option_strings:
            value = "" if action.nargs == 0 else _metavar(action)
            choices = tuple(map(str, action.choices or ()))
            options.append(Option(tuple(action.option_strings), value, choices, text))
        elif not isinstance(action, argparse._SubParsersAction):
            repeated = action.nargs in {"*", "+"}
            operands.append(Operand(_metavar(action), text, action.nargs not in {"*", "?"}, repeated))
    return tuple(options), tuple(operands)


def _shown(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            yield action


def _metavar(action: argparse.Action) -> str:
    return str(action.metavar or action.dest.upper())
