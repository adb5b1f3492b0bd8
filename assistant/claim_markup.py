"""Verdicts as markup: a statement, what the sources say to it, and on demand the pair that was compared.

The verdict is said by a sign and in words, not by colour alone.
"""

from assistant.answers import CheckedClaim
from assistant.markup import Markup, tag
from assistant.wording import say

_SIGNS = {"supported": "✓", "partly": "◐", "unsupported": "?", "contradicted": "✕"}


def render_claim(claim: CheckedClaim, address: Markup | None, language: str) -> Markup:
    """Return a checked claim: what it is, its verdict, and behind "see" the statement beside the sentence.

    ``address`` opens the sentence that was compared; None where there was none.
    """
    kind = "contradicted" if claim.contradicted else claim.verdict
    opening = say("screen.claim_assumed" if claim.assumed else "screen.claim_asked", language)
    return tag(
        "div",
        tag("p", tag("span", f"{opening}: ", class_="claim-opening"), tag("span", claim.text, class_="claim-text")),
        tag("p", render_verdict(kind, language)),
        _pair(claim, address, language),
        class_="claim",
    )


def render_verdict(kind: str, language: str) -> Markup:
    """Return a sign and its word; ``kind`` is a verdict, or "contradicted"."""
    sign = tag("span", _SIGNS[kind], class_="verdict-sign")
    return tag("span", sign, " ", say(f"screen.verdict.{kind}", language), class_=f"verdict verdict-{kind}")


def _pair(claim: CheckedClaim, address: Markup | None, language: str) -> Markup:
    if claim.citation is None:
        return tag("p", say("screen.compared_with_nothing", language), class_="compared")
    source = tag("a", f"“{claim.citation.quote}”", class_="compared-quote", href=address)
    return tag(
        "details",
        tag("summary", say("screen.compared", language)),
        tag("p", tag("span", f"{say('screen.compared_claim', language)}: ", class_="claim-opening"), claim.text),
        tag(
            "p",
            tag("span", f"{say('screen.compared_with', language)}: ", class_="claim-opening"),
            source,
            f" ({claim.citation.title})",
        ),
        class_="compared",
    )
