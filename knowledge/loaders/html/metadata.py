"""What a web page says about itself in so many words: title, authors, date, publisher, language, address.

Only statements count (meta elements, JSON-LD, the canonical link); nothing is guessed from text or address.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from knowledge.loaders.plausible import date_of, language_code, plausible_authors, plausible_title
from knowledge.loaders.xml_parts import attribute, local_name
from knowledge.repair import repair

# In the order of trust; the names are those of Google Scholar ("citation_"), Open Graph, Dublin Core and parse.ly.
_TITLE = ("citation_title", "og:title", "dc.title", "dcterms.title", "twitter:title", "parsely-title", "headline")
_AUTHOR = ("citation_author", "dc.creator", "dcterms.creator", "author", "article:author", "parsely-author")
_DATE = (
    "citation_publication_date citation_date citation_online_date article:published_time dc.date.issued dcterms.issued"
    " dc.date dcterms.date datepublished og:article:published_time parsely-pub-date publishdate pubdate date"
    " content_publisheddate"
).split()
_PUBLISHER = ("citation_publisher", "og:site_name", "dc.publisher", "dcterms.publisher")
_JOIN = re.compile(r"\s+[|\-–—:·»/]+\s+|\s*[|»·]\s*|:\s+")
_MOST_JSON = 2_000_000
_MOST_VALUE = 300


@dataclass(frozen=True)
class PageRecord:
    """The statements of a page about itself; empty where it says nothing. ``name`` is the title as stated."""

    name: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    publisher: str = ""
    language: str = ""
    url: str = ""


def page_record(root: etree._Element, headings: list[str], origin: str) -> PageRecord:
    """Return what the page states; ``headings`` are the texts of its h1, which tell the title from the site's name."""
    stated = _metas(root)
    for key, value in _linked_data(root):
        stated.setdefault(f"ld:{key}", []).append(value)
    publisher = _first(stated, (*_PUBLISHER, "ld:publisher"))
    titles = [*_all(stated, _TITLE), _title_element(root), *stated.get("ld:headline", [])]
    name = next((title for each in titles if (title := plausible_title(each, origin))), "")
    authors = next((found for key in (*_AUTHOR, "ld:author") if (found := plausible_authors(stated.get(key, [])))), ())
    dates = (date_of(value) for value in _all(stated, (*_DATE, "ld:datepublished")))
    body = next((each for each in root if local_name(each) == "body"), None)
    tags = [attribute(element, "lang") for element in (root, body) if element is not None]
    return PageRecord(
        name=name,
        title=_without_site(name, headings, publisher),
        authors=tuple(author for author in authors if author.casefold() != publisher.casefold()),
        date=next(filter(None, dates), ""),
        publisher=publisher,
        language=next(filter(None, map(language_code, tags)), ""),
        url=_address(root, stated),
    )


def _metas(root: etree._Element) -> dict[str, list[str]]:
    stated: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = (element.get("content") or "").strip()
        keys = {(element.get(key) or "").strip().lower() for key in ("name", "property", "itemprop")}
        for key in keys - {""} if content else ():
            stated.setdefault(key, []).append(content)
    return stated


def _linked_data(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield headline, date, author and publisher of the article that JSON-LD describes; broken JSON says nothing."""
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > _MOST_JSON:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            if isinstance(item, dict) and re.search("Article|Posting|Report|Thesis|Book", str(item.get("@type", ""))):
                for key in ("headline", "datePublished", "author", "publisher"):
                    yield from ((key.lower(), name) for name in _names(item.get(key)))


def _items(data: Any) -> list[Any]:  # noqa: ANN401 - whatever stands in the JSON of a stranger
    found = data if isinstance(data, list) else [data]
    graphs = [each["@graph"] for each in found if isinstance(each, dict) and isinstance(each.get("@graph"), list)]
    return [*found, *(item for graph in graphs for item in graph)]


def _names(value: Any) -> list[str]:  # noqa: ANN401
    values = value if isinstance(value, list) else [value]
    named = [each.get("name") if isinstance(each, dict) else each for each in values]
    return [each.strip() for each in named if isinstance(each, str) and each.strip()]


def _all(stated: dict[str, list[str]], keys: tuple[str, ...] | list[str]) -> list[str]:
    return [value for key in keys for value in stated.get(key, [])]


def _first(stated: dict[str, list[str]], keys: tuple[str, ...]) -> str:
    values = (" ".join(repair(value[:_MOST_VALUE]).split()) for value in _all(stated, keys))
    return next((value for value in values if value and "://" not in value), "")


def _title_element(root: etree._Element) -> str:
    return next(("".join(element.itertext()) for element in root.iter("title")), "")


def _without_site(name: str, headings: list[str], publisher: str) -> str:
    """Return the title without the name of the site, which many pages add on one side of it."""
    for heading in headings:
        if heading and name != heading and (name.startswith(heading) or name.endswith(heading)):
            rest = name.removeprefix(heading) if name.startswith(heading) else name.removesuffix(heading)
            if _JOIN.match(rest) or _JOIN.search(rest):
                return heading
    if publisher and name != publisher:
        for start, end in ((match.start(), match.end()) for match in _JOIN.finditer(name)):
            if name[end:].casefold() == publisher.casefold():
                return name[:start]
            if name[:start].casefold() == publisher.casefold():
                return name[end:]
    return name


def _address(root: etree._Element, stated: dict[str, list[str]]) -> str:
    links = [element.get("href") or "" for element in root.iter("link") if (element.get("rel") or "") == "canonical"]
    addresses = (address.strip() for address in [*links, *stated.get("og:url", [])])
    return next((address for address in addresses if re.match(r"https?://\S{1,2000}$", address)), "")
