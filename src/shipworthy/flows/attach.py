"""`init` in an existing dbt project: proposes specs and meta from manifest and data, for a person to correct.

Nothing of the team's is changed but one line in `.gitignore`; what was written before stays as it is.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from shipworthy.data.propose import OPEN, Proposal, propose
from shipworthy.errors import BadSpec, StepFailed
from shipworthy.flows.init import Started, dbt_project, read_manifest
from shipworthy.gateways import engine, transform
from shipworthy.gateways.dbt_profile import warehouse_file
from shipworthy.spec.project import SETTINGS
from shipworthy.spec.schema import FOLDER, KINDS, write_schemas
from shipworthy.spec.settings import Settings

STATE = Settings.model_fields["state"].default
PROPOSED = "proposed"
HEAD = "# yaml-language-server: $schema={up}schemas/{kind}.schema.json\n"


def attach(folder: Path, *, warehouse: Path | None = None) -> Started:
    """Write what the dbt project in `folder` needs to get its first model, and say what only a person can answer.

    Args:
        folder: the folder with `dbt_project.yml`.
        warehouse: the DuckDB file that dbt builds; read off the team's profile if None.

    Raises:
        BadSpec: no dbt project is there, or its DuckDB file cannot be told.
        StepFailed: dbt cannot parse the project, it was not built yet, or another process holds the file.
    """
    root = folder.resolve()
    if not dbt_project(root):
        raise BadSpec(
            where=str(root),
            what="no dbt_project.yml here",
            fix="run it in a dbt project's folder, or start from a template: shipworthy init --template flights",
        )
    file = warehouse.resolve() if warehouse else warehouse_file(root)
    if not file.is_file():
        raise StepFailed(
            where=str(file), what="no such file: nothing has been built", fix="run 'dbt build', or name it by --warehouse FILE"
        )
    manifest = _parsed(root, file)
    with engine.warehouse(file) as connection:
        proposal = propose(manifest, connection)
    return _written(root, _texts(root, file, proposal), proposal)


def _parsed(root: Path, file: Path) -> dict[str, object]:
    """Return dbt's manifest, parsed apart from the team's own target folder."""
    target, log = root / STATE / "dbt", root / STATE / "logs" / "dbt-parse.log"
    arguments = ["parse", "--target-path", str(target), "--log-path", str(log.parent)]
    if transform.invoke(root, arguments, warehouse=file, log=log) != 0:
        raise StepFailed(where=f"dbt parse in {root}", what="dbt cannot read the project", fix=f"read {log}; does 'dbt parse' run?")
    return read_manifest(target)


def _texts(root: Path, file: Path, proposal: Proposal) -> dict[Path, str]:
    models = {Path("ml") / name / "model.yml": HEAD.format(up="../../", kind="model") + text for name, text in proposal.models.items()}
    meta = {Path(PROPOSED) / f"{relation}.yml": text for relation, text in proposal.meta.items()}
    return {Path(SETTINGS): _settings(root, file), **models, **meta}


def _settings(root: Path, file: Path) -> str:
    place = Path(os.path.relpath(file, root)) if file.is_relative_to(root) else file
    lines = [
        HEAD.format(up="", kind="shipworthy").rstrip("\n"),
        "# Where things are kept, when they run, who is told. What is not written here has its default.",
        f"warehouse: {place.as_posix()!r}  # the DuckDB file that dbt builds, as the profile says",
        '# schedule: "0 6 * * *"  # when `up` ticks, in UTC',
        "# alerts: [{url_from: ALERT_URL}]  # the environment variable that holds an Apprise URL",
    ]
    return "\n".join(lines) + "\n"


def _written(root: Path, texts: Mapping[Path, str], proposal: Proposal) -> Started:
    kept = [root / path for path in texts if (root / path).exists()]
    new = {root / path: text for path, text in texts.items() if root / path not in kept}
    for path, text in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    schemas = [root / FOLDER / f"{kind}.schema.json" for kind in KINDS]
    written = [*new, *([] if any(schema.exists() for schema in schemas) else write_schemas(root)), *_ignored(root)]
    return Started(root, tuple(written), _next(proposal), tuple(kept), proposal.questions)


def _ignored(root: Path) -> list[Path]:
    """Have git leave the state folder alone; return the file if it was changed."""
    file, line = root / ".gitignore", f"{STATE}/"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if {line, STATE, f"/{line}", f"/{STATE}"} & set(text.splitlines()):
        return []
    file.write_text(f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n", encoding="utf-8")
    return [file]


def _next(proposal: Proposal) -> str:
    models = ", ".join(f"ml/{name}/model.yml" for name in proposal.models) or "an ml/<name>/model.yml of your own"
    return (
        f"answer every {OPEN} in {models} and {PROPOSED}/, paste {PROPOSED}/ into your dbt YAML, then: shipworthy build && shipworthy check"
    )
