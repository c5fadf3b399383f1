"""What a reader of a page finds in it."""

from html.parser import HTMLParser

SOURCES = {"a": ("href",), "link": ("href",), "img": ("src",), "source": ("srcset",), "script": ("src",), "iframe": ("src",)}


class Reading(HTMLParser):
    """The tags, links and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.ids: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in SOURCES.get(tag, ())]

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @property
    def words(self) -> str:
        """All text, each run of white space one space."""
        return " ".join(" ".join(self._words).split())
