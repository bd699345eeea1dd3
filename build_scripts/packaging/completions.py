"""Completions for bash, zsh and fish, written from the command line's own parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build_scripts.packaging.command_line import Command, CommandLine, Option

_HEADER = "Made from the program's own argument parser; see build_scripts/packaging/completions.py."


def bash(line: CommandLine) -> str:
    """Return the completion for bash."""
    cases = [_bash_case(command.name, command) for command in line.commands]
    top = _flags(line.program)
    names = " ".join(command.name for command in line.commands)
    return f"""# bash completion for tunneldesk. {_HEADER}

_tunneldesk() {{
    local word before command i
    word=${{COMP_WORDS[COMP_CWORD]}}
    before=${{COMP_WORDS[COMP_CWORD-1]}}
    command=
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            {names.replace(" ", "|")}) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    COMPREPLY=()
    case $command in
{_indent("".join(cases), 8)}\
        '')
            {_bash_values(line.program)}
            mapfile -t COMPREPLY < <(compgen -W "{names} {top}" -- "$word")
            ;;
    esac
}}
complete -F _tunneldesk tunneldesk
complete -F _tunneldesk tunneldeskw
"""


def zsh(line: CommandLine) -> str:
    """Return the completion for zsh."""
    commands = "\n".join(f"        {_quoted(f'{each.name}:{each.summary}')}" for each in line.commands)
    cases = "\n".join(f"        {each.name}) _arguments {_zsh_specs(each)} ;;" for each in line.commands)
    return f"""#compdef tunneldesk tunneldeskw
# {_HEADER}

_tunneldesk() {{
    local context state state_descr line
    typeset -A opt_args
    local -a commands
    commands=(
{commands}
    )
    _arguments -C {_zsh_options(line.program)} '1: :->command' '*:: :->rest'
    case $state in
        command) _describe -t commands 'tunneldesk command' commands ;;
        rest)
            case $words[1] in
{_indent(cases, 8)}
            esac
            ;;
    esac
}}

_tunneldesk "$@"
"""


def fish(line: CommandLine) -> str:
    """Return the completion for fish."""
    names = " ".join(command.name for command in line.commands)
    lines = [f"# {_HEADER}", "complete -c tunneldesk -f", "complete -c tunneldeskw -w tunneldesk"]
    top = f"not __fish_seen_subcommand_from {names}"
    lines += [_fish_option(top, option) for option in line.program.options]
    for command in line.commands:
        lines.append(f"complete -c tunneldesk -n {_quoted(top)} -a {command.name} -d {_quoted(command.summary)}")
        inside = f"__fish_seen_subcommand_from {command.name}"
        lines += [_fish_option(inside, option) for option in command.options]
    return "\n".join(lines) + "\n"


def _bash_case(name: str, command: Command) -> str:
    return f"""{name})
    {_bash_values(command)}
    mapfile -t COMPREPLY < <(compgen -W "{_flags(command)}" -- "$word")
    ;;
"""


def _bash_values(command: Command) -> str:
    """Return what completes the value of the switch before the cursor: files, choices, or nothing at all."""
    flags_by_values: dict[str, list[str]] = {}
    for option in command.options:
        if option.value:
            values = "-f" if option.takes_file else f'-W "{" ".join(option.choices)}"'
            flags_by_values.setdefault(values, []).extend(option.flags)
    cases = [
        f'{"|".join(flags)}) mapfile -t COMPREPLY < <(compgen {values} -- "$word"); return ;;'
        for values, flags in flags_by_values.items()
    ]
    return f"case $before in {' '.join(cases)} esac" if cases else ":"


def _zsh_specs(command: Command) -> str:
    operands = [f"{'*' if each.repeated else ''}:{each.name.lower()}:" for each in command.operands]
    return " ".join([_zsh_options(command), *map(_quoted, operands)])


def _zsh_options(command: Command) -> str:
    return " ".join(_quoted(spec) for option in command.options for spec in _zsh_option(option))


def _zsh_option(option: Option) -> list[str]:
    text = option.help.replace("[", "(").replace("]", ")").replace(":", "\\:")
    value = ""
    if option.value:
        values = "_files" if option.takes_file else f"({' '.join(option.choices)})" if option.choices else ""
        value = f":{option.value.lower()}:{values}"
    others = f"({' '.join(option.flags)})" if len(option.flags) > 1 else ""
    return [f"{others}{flag}[{text}]{value}" for flag in option.flags]


def _fish_option(condition: str, option: Option) -> str:
    words = ["complete -c tunneldesk", f"-n {_quoted(condition)}"]
    words += [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags]
    if option.value:
        words.append("-r" if option.takes_file else "-x")
    if option.takes_file:
        words.append("-F")
    if option.choices:
        words.append(f"-a {_quoted(' '.join(option.choices))}")
    return " ".join([*words, f"-d {_quoted(option.help)}"])


def _flags(command: Command) -> str:
    return " ".join(flag for option in command.options for flag in option.flags)


def _quoted(text: str) -> str:
    """Return the text as one word of a shell; fish reads this way of quoting a quote, too."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _indent(text: str, spaces: int) -> str:
    return "".join(f"{' ' * spaces}{line}" for line in text.splitlines(keepends=True))
