"""The command line: finds commands by file, turns errors into exit codes.

0 sound, 1 a step or gate failed or is unknown, 2 could not run, 130 interrupted.
"""

import ast
import os
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before LightGBM: spinning threads are twenty times slower on busy cores

import click

from shipworthy import __version__
from shipworthy.errors import ShipworthyError, UnknownName

COMMANDS = Path(__file__).parent / "commands"


class Commands(click.Group):
    """The commands, by file; a command's module is imported when it is called, its help line is read without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(file.stem.rstrip("_").replace("_", "-") for file in COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, None if there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"shipworthy.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with their help lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _help_line(name)) for name in self.list_commands(ctx)])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer an unknown command with the nearest name."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            raise UnknownName.of("command", args[0], known=self.list_commands(ctx), where="shipworthy")
        return super().resolve_command(ctx, args)


def _help_line(name: str) -> str:
    source = (COMMANDS / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").splitlines()[0]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def cli() -> None:
    """From a team's own dbt tables to a production model that keeps the promise it made offline."""


def main() -> None:
    """Run the command line; the only place where an error becomes an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except ShipworthyError as error:
        click.echo(str(error), err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: nothing is lost, the same command goes on", err=True)
        code = 130
    sys.exit(code or 0)
