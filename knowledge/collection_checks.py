"""What the collection of study texts promises, checked: `check_collection` lists everything to mend."""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from knowledge import text_checks
from knowledge.anticipated import ANTICIPATED_FOLDER, unknown_sentences
from knowledge.collection import (
    EXCEPTIONS_FILE,
    GLOSSARY_FILE,
    REFERENCES_FILE,
    Collection,
    StudyText,
    read_collection,
)
from knowledge.glossary import KINDS, Term
from knowledge.near_copies import near_copies
from knowledge.sentences import split_sentences
from knowledge.text_checks import Problem, is_web_address
from knowledge.timeline import TIMELINE_FILE, is_iso_date

FULL_COLLECTION = 49
"""From so many texts on the timeline and the definitions must be complete."""
FEWEST_EVENTS, FEWEST_DEFINITIONS = 150, 150


def check_collection(folder: Path) -> list[Problem]:
    """Return what is wrong with the study texts of a folder and the files beside them; empty when all is well.

    Nothing is fetched and nothing is raised for a faulty file: it is a problem too. Exceptions that no longer
    except anything are problems as well, so that their list stays short.
    """
    collection = read_collection(folder)
    found = list(chain.from_iterable(rule(collection) for rule in RULES))
    excepted = {
        (rule, words): [each for each in found if each.rule == rule and words in each.words]
        for rule, sentences in collection.exceptions.allowed.items()
        for words in sentences
    }
    let_pass = set(chain.from_iterable(excepted.values()))
    unused = [f"{rule}: {words}" for (rule, words), problems in excepted.items() if not problems]
    kept = [each for each in found if each not in let_pass]
    return kept + [Problem("unused_exception", EXCEPTIONS_FILE, words) for words in unused]


def unreadable(collection: Collection) -> Iterator[Problem]:
    """Every file can be read."""
    yield from (Problem("unreadable", name, reason) for name, reason in collection.faults)


def each_text(collection: Collection) -> Iterator[Problem]:
    """Every text keeps the rules for a single text."""
    for text in collection.texts:
        for rule in TEXT_RULES:
            yield from rule(text)
        yield from text_checks.uncited_figure(text, collection.exceptions)


def unknown_related(collection: Collection) -> Iterator[Problem]:
    """The neighbours that a text names exist and are other texts."""
    for text in collection.texts:
        for slug in text.front.related:
            if slug not in collection.slugs or slug == text.name:
                yield Problem("unknown_related", f"{text.name}:1", slug)


def unknown_key(collection: Collection) -> Iterator[Problem]:
    """Every citation key of a text has a record."""
    if collection.lacks_references:
        return
    for text in collection.texts:
        for sentence in text.sentences:
            missing = dict.fromkeys(key for key in sentence.keys if key not in collection.references)
            yield from (Problem("unknown_key", f"{text.name}:{sentence.line}", key) for key in missing)


def unused_record(collection: Collection) -> Iterator[Problem]:
    """Every record is cited by a text or an event."""
    used = {key for text in collection.texts for each in text.document.mentions for key in each.keys}
    used |= {key for event in collection.events for key in event.references}
    yield from (Problem("unused_record", REFERENCES_FILE, key) for key in collection.references if key not in used)


def bad_record(collection: Collection) -> Iterator[Problem]:
    """Every record has a title, and its address, if any, is a well-formed one of the web."""
    for key, reference in collection.references.items():
        if not reference.title:
            yield Problem("untitled_record", REFERENCES_FILE, key)
        if reference.url and not is_web_address(reference.url):
            yield Problem("bad_link", f"{REFERENCES_FILE}:{key}", reference.url)


def near_copy(collection: Collection) -> Iterator[Problem]:
    """No two sentences of the whole collection say the same in the same words."""
    sentences = [(text, each) for text in collection.texts for each in text.sentences if not each.is_row]
    for first, second in near_copies([sentence.text for _, sentence in sentences]):
        (text, sentence), (other, copy) = sentences[first], sentences[second]
        words = f"{sentence.text} ↔ {copy.text}"
        yield Problem("near_copy", f"{text.name}:{sentence.line}, {other.name}:{copy.line}", words)


def anticipated(collection: Collection) -> Iterator[Problem]:
    """Anticipated questions belong to sentences that their text has; a full collection has them for all texts."""
    documents = {text.name: text.document for text in collection.texts}
    for name, anticipations in collection.anticipations.items():
        place = f"{ANTICIPATED_FOLDER}/{name}.jsonl"
        if name not in documents:
            yield Problem("asked_text", place, name)
            continue
        unknown = unknown_sentences(documents[name], anticipations)
        yield from (Problem("asked_sentence", place, words) for words in unknown)
    if len(collection.texts) >= FULL_COLLECTION:
        yield from (
            Problem("asked_missing", f"{name}:1", name) for name in documents.keys() - collection.anticipations.keys()
        )


def timeline(collection: Collection) -> Iterator[Problem]:
    """Every event has a date, one sentence, a text and references that exist; a full collection has enough."""
    for event in collection.events:
        place = f"{TIMELINE_FILE}:{event.date}"
        if not is_iso_date(event.date):
            yield Problem("event_date", place, event.event)
        if not _is_one_sentence(event.event):
            yield Problem("event_sentence", place, event.event)
        if event.slug not in collection.slugs:
            yield Problem("event_slug", place, event.slug or event.event)
        if not event.references:
            yield Problem("event_uncited", place, event.event)
        if not collection.lacks_references:
            missing = (key for key in event.references if key not in collection.references)
            yield from (Problem("event_key", place, key) for key in missing)
    if len(collection.texts) >= FULL_COLLECTION and len(collection.events) < FEWEST_EVENTS:
        yield Problem("event_count", TIMELINE_FILE, str(len(collection.events)))


def glossary(collection: Collection) -> Iterator[Problem]:
    """Every term is named once, of a known kind, and defined in one sentence from a text that exists, or not at all."""
    owners: dict[str, Term] = {}
    for term in collection.terms:
        place = f"{GLOSSARY_FILE}:{term.indonesian}"
        if not term.indonesian or term.kind not in KINDS:
            yield Problem("term_kind", place, term.kind)
        for form in term.forms:
            if owners.setdefault(form.casefold(), term) is not term:
                yield Problem("term_twice", place, form)
        if bool(term.definition) != bool(term.source) or (term.source and term.source not in collection.slugs):
            yield Problem("term_source", place, term.source or "–")
        if term.definition and not _is_one_sentence(term.definition):
            yield Problem("term_definition", place, term.definition)
    defined = sum(bool(term.definition) for term in collection.terms)
    if len(collection.texts) >= FULL_COLLECTION and defined < FEWEST_DEFINITIONS:
        yield Problem("definition_count", GLOSSARY_FILE, str(defined))


def _is_one_sentence(text: str) -> bool:
    return len(split_sentences(text)) == 1 and text.rstrip('”")').endswith((".", "!", "?"))


TEXT_RULES: tuple[Callable[[StudyText], Iterator[Problem]], ...] = (
    text_checks.missing_field,
    text_checks.unknown_field,
    text_checks.bad_field,
    text_checks.slug,
    text_checks.licence,
    text_checks.abstract,
    text_checks.length,
    text_checks.heading_level,
    text_checks.heading_count,
    text_checks.empty_section,
    text_checks.pronoun_start,
    text_checks.long_sentence,
    text_checks.bad_link,
)
RULES: tuple[Callable[[Collection], Iterator[Problem]], ...] = (
    unreadable,
    each_text,
    unknown_related,
    unknown_key,
    unused_record,
    bad_record,
    near_copy,
    anticipated,
    timeline,
    glossary,
)
