"""Reads markup in tests, and texts that would break it if they were not escaped."""

from html.parser import HTMLParser

HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    "</div></article><img src=x onerror=alert(1)>",
    "**tebal** _miring_ `kode` ~~coret~~ # judul",
    "[klik](javascript:alert(1)) ![gambar](https://example.org/x.png)",
    "$$E = mc^2$$ dan \\(x\\)",
    "kutip \"ganda\" dan 'tunggal' &amp; &lt;",
    "{kurung} {0} {} %s",
    "baris\n\n    kode menjorok\n\n- butir\n1. angka\n> kutipan\n---\n| a | b |",
    "https://example.org www.example.org a@example.org :smile:",
)


class Reader(HTMLParser):
    """Reads markup as a browser would: its text, its tags, its links, and what stands in <mark>."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marked = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(name)
        self.attributes += attributes
        if name not in ("br", "hr", "input"):
            self._open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self._open.pop() == name

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def close(self) -> None:
        super().close()
        assert not self._open

    def values(self, name: str) -> list[str]:
        """The values of an attribute, in order."""
        return [value or "" for key, value in self.attributes if key == name]
