"""What changed in the specs of a project's models."""

from collections.abc import Iterator

from shipworthy.lineage.change import Change, Side
from shipworthy.lineage.graph import Place
from shipworthy.lineage.said_changes import differences, shown

BESIDE_THE_MODEL = frozenset({"brief", "waivers", "deployment", "monitoring", "retraining"})


def spec_changes(before: Side, after: Side) -> Iterator[Change]:
    """Yield what differs in the models of two sides: which there are, their features, and what their specs say."""
    for name in sorted(before.specs.keys() | after.specs.keys()):
        file, place = f"ml/{name}/model.yml", (Place(f"ml.{name}"),)
        if name not in after.specs:
            yield Change("removed", name, None, "the model is gone", file, before=place)
        elif name not in before.specs:
            yield Change("added", name, None, "a new model", file, after=place)
        else:
            yield from _features(before, after, name)
            yield from _fields(before, after, name)
    for file in sorted(before.code.keys() | after.code.keys()):
        name = file.split("/")[1]
        if before.code.get(file) != after.code.get(file) and name in before.specs and name in after.specs:
            place = (Place(f"ml.{name}"),)
            yield Change("spec", name, None, f"{file.rpartition('/')[2]} is another", file, place, place)


def _features(before: Side, after: Side, name: str) -> Iterator[Change]:
    own, file = f"ml.{name}", f"ml/{name}/model.yml"
    was, now = before.graph.nodes[own].columns, after.graph.nodes[own].columns
    for feature in (one for one in was if one not in now):
        yield Change("dropped", name, feature, "is no feature any more", file, before=(Place(own, feature),), after=(Place(own),))
    for feature in (one for one in now if one not in was):
        yield Change("added", name, feature, "a new feature", file, after=(Place(own, feature), Place(own)))


def _fields(before: Side, after: Side, name: str) -> Iterator[Change]:
    old, new = (side.specs[name].model_dump(mode="json") for side in (before, after))
    for key, was, now in differences(old, new):
        place = () if key.partition(".")[0] in BESIDE_THE_MODEL else (Place(f"ml.{name}"),)
        yield Change("spec", name, None, f"{key}: {shown(was)}, now {shown(now)}", f"ml/{name}/model.yml", place, place)
