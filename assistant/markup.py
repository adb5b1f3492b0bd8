"""Markup that cannot be broken by its content: every plain string that enters it is escaped.

The result is one line without blank lines and without any character that Markdown gives a meaning,
because a chat message passes through a Markdown parser before it reaches the page.
"""

import string
from collections.abc import Iterable

_SAFE_PUNCTUATION = set(",.?;:-/()%")  # none of them means anything to Markdown inside one line of an HTML block
_REFERENCED = set(string.punctuation) - _SAFE_PUNCTUATION | set("\t\n\r\u2028\u2029")
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})


class Markup(str):
    """Text that is already markup; only ``tag``, ``text`` and ``join`` make it."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Return ``value`` as markup that shows exactly its characters.

    Punctuation becomes numeric character references. A control character or a lone surrogate has no
    place in HTML and is shown as the replacement character.
    """
    return Markup("".join(_shown(character) for character in value))


def tag(name: str, *children: str, **attributes: str | bool | None) -> Markup:
    """Return an element; plain children are escaped, ``Markup`` children are taken as they are.

    ``class_`` stands for class, ``data_done`` for data-done. None and False leave an attribute out, True gives
    it without a value.
    """
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{join(children)}</{name}>")


def join(children: Iterable[str]) -> Markup:
    """Return the children one after another, plain ones escaped."""
    return Markup("".join(child if isinstance(child, Markup) else text(child) for child in children))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not isinstance(value, str):
        return f" {name}"
    return f' {name}="{value if isinstance(value, Markup) else text(value)}"'


def _shown(character: str) -> str:
    if character in _REFERENCED:
        return f"&#{ord(character)};"
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return character
