"""Where a team's own dbt profile keeps its DuckDB file: read from `profiles.yml`, of which nothing else is looked at or kept."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from shipworthy.errors import BadSpec

FIX = "name the file that dbt builds: shipworthy init --warehouse FILE"
_VARIABLE = re.compile(r"\{\{\s*env_var\(\s*['\"](\w+)['\"]\s*(?:,\s*['\"]([^'\"]*)['\"]\s*)?\)\s*\}\}")


def warehouse_file(root: Path) -> Path:
    """Return the DuckDB file of the dbt project `root`: the `path` of its profile's chosen target.

    The profile lies where dbt looks for it: `DBT_PROFILES_DIR`, the project's folder, `~/.dbt`. Of templates only
    `env_var` is understood.

    Raises:
        BadSpec: it cannot be told, or is no DuckDB file.
    """
    file, name, target, output = _chosen(root)
    if output.get("type") != "duckdb":
        raise BadSpec(where=f"{file}: {name}.{target}", what=f"its type is {output.get('type')!r}; only DuckDB is read so far", fix=FIX)
    return _place(root, output.get("path"), f"{file}: {name}.{target}.path", file)


def stand_in(root: Path, folder: Path, file: Path) -> None:
    """Write into `folder` a profile for the dbt project `root` that has no warehouse but the new DuckDB `file`.

    Profile, target and schema are called as in the team's own, so that templates which ask for them say the same.

    Raises:
        BadSpec: there is no profile, or it is of another warehouse than DuckDB, whose SQL DuckDB's adapter would not write.
    """
    said, name, target, output = _chosen(root)
    if output.get("type") != "duckdb":
        what = f"its type is {output.get('type')!r}: its SQL is compiled by its own adapter alone"
        raise BadSpec(
            where=f"{said}: {name}.{target}", what=what, fix="compile both sides there, and give both manifests: --before FILE --after FILE"
        )
    kept = {part: output[part] for part in ("schema", "plugins") if part in output}
    profile = {name: {"target": target, "outputs": {target: {"type": "duckdb", "path": str(file), "threads": 1, **kept}}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")


def _chosen(root: Path) -> tuple[Path, str, str, Mapping[str, Any]]:
    """Return the file of the profile, its name, its target, and what is said of that."""
    name = str(_yaml(root / "dbt_project.yml").get("profile", ""))
    file = _profiles(root)
    profile = _yaml(file).get(name)
    if not isinstance(profile, dict):
        raise BadSpec(where=str(file), what=f"no profile '{name}', which dbt_project.yml asks for", fix=FIX)
    target = _rendered(str(profile.get("target", "default")), file)
    output = (profile.get("outputs") or {}).get(target)
    if not isinstance(output, dict):
        raise BadSpec(where=f"{file}: {name}", what=f"no output '{target}'", fix=FIX)
    return file, name, target, output


def _place(root: Path, path: object, where: str, file: Path) -> Path:
    said = _rendered(str(path), file) if path else ":memory:"
    if said.startswith((":memory:", "md:", "motherduck:")) or "://" in said:
        raise BadSpec(where=where, what=f"{said.partition('?')[0]!r} is no file on this machine", fix=FIX)
    return root / Path(said).expanduser()


def _profiles(root: Path) -> Path:
    named = os.environ.get("DBT_PROFILES_DIR")
    folders = [Path(named)] if named else [root, Path.home() / ".dbt"]
    found = next((folder / "profiles.yml" for folder in folders if (folder / "profiles.yml").is_file()), None)
    if found is None:
        raise BadSpec(where=str(folders[0] / "profiles.yml"), what="no such file", fix=FIX)
    return found


def _yaml(file: Path) -> Mapping[str, Any]:
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise BadSpec(where=str(file), what="is no YAML", fix="mend it: dbt cannot read it either") from None  # it may hold passwords
    return said if isinstance(said, dict) else {}


def _rendered(text: str, file: Path) -> str:
    """Return `text` with its environment variables in place.

    >>> _rendered("{{ env_var('NO_SUCH_VARIABLE', 'dev') }}/team.duckdb", Path("profiles.yml"))
    'dev/team.duckdb'
    """

    def value(found: re.Match[str]) -> str:
        known = os.environ.get(found[1], found[2])
        if known is None:
            raise BadSpec(where=str(file), what=f"the environment variable {found[1]} is not set", fix=f"set it, or {FIX}")
        return known

    said = _VARIABLE.sub(value, text)
    if "{{" in said or "{%" in said:
        raise BadSpec(where=str(file), what=f"{text!r} is more of a template than is understood", fix=FIX)
    return said
