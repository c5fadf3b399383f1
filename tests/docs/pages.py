"""The documents as tests read them: files, links, code."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = {"demo", "build", "dist", "site", "node_modules"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """Return every Markdown file of the repository."""
    found = (file.relative_to(ROOT) for file in ROOT.rglob("*.md"))
    return sorted(file for file in found if not any(part.startswith(".") or part in NOT_OURS for part in file.parts[:-1]))


def text(file: Path) -> str:
    """Return what `file` (a path from the root) says."""
    return (ROOT / file).read_text(encoding="utf-8")


def blocks(words: str, language: str) -> list[str]:
    """Return the code blocks in `language`, "" for those without one."""
    return [code for said, code in FENCE.findall(words) if said == language]


def prose(words: str) -> str:
    """Return `words` without code blocks."""
    return FENCE.sub("", words)


def headings(words: str) -> set[str]:
    """Return the headings, without their marks."""
    return {line.lstrip("#").strip() for line in prose(words).splitlines() if line.startswith("#")}


def links(words: str) -> Iterator[str]:
    """Yield where links and pictures point to."""
    yield from re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose(words)))


def anchors(words: str) -> set[str]:
    """Return the anchors that a page's headings have."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(words)}
