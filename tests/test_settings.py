"""Settings: where they come from, which of them wins, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings, SettingsError, load_settings

TOML = "port = 7001\n[embedding]\nmodel = 'from-file'\nbatch_size = 4\n[answering]\nmost_sentences = 3\n"


def load(home: Path, toml: str = "", arguments: dict[str, Any] | None = None, **variables: str) -> Settings:
    if toml:
        (home / "settings.toml").write_text(toml, encoding="utf-8")
    environment = {"TANYA_HOME": str(home), "PATH": "/bin"} | variables
    return load_settings(environment, **(arguments or {}))


def test_defaults_need_nothing_and_listen_to_this_computer_only() -> None:
    settings = load_settings({})
    assert settings.host == "127.0.0.1"
    assert settings.language == "id"
    assert not settings.embedding.allow_download
    assert settings.home.is_absolute()


def test_arguments_win_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    assert load(tmp_path).port == Settings().port
    assert load(tmp_path, TOML).port == 7001
    assert load(tmp_path, TOML, TANYA_PORT="7002").port == 7002
    assert load(tmp_path, TOML, {"port": 7003}, TANYA_PORT="7002").port == 7003
    assert load(tmp_path, TOML, {"port": None}, TANYA_PORT="").port == 7001, "empty and None mean: not given"


def test_sections_are_merged_key_by_key(tmp_path: Path) -> None:
    settings = load(tmp_path, TOML, TANYA_EMBEDDING__MODEL="from-environment")
    assert (settings.embedding.model, settings.embedding.batch_size) == ("from-environment", 4)
    assert settings.answering.most_sentences == 3
    assert settings.answering.most_words == Settings().answering.most_words


def test_all_that_is_kept_lies_under_home(tmp_path: Path) -> None:
    settings = load(tmp_path / "deep" / "home")
    assert settings.home == (tmp_path / "deep" / "home").resolve()
    assert settings.store_url == f"sqlite:///{settings.home / 'tanya.sqlite3'}"
    assert load(tmp_path, TANYA_DATABASE_URL="postgresql://db/tanya").store_url == "postgresql://db/tanya"


def test_home_is_expanded_and_an_argument_names_another_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 7009", encoding="utf-8")
    assert load_settings({"TANYA_HOME": "~/tanya"}).home == Path.home() / "tanya"
    settings = load_settings({"TANYA_HOME": str(tmp_path / "elsewhere")}, home=tmp_path)
    assert (settings.home, settings.port) == (tmp_path, 7009)


@pytest.mark.parametrize(
    ("toml", "variables", "arguments", "key"),
    [
        ("prot = 1", {}, {}, "prot"),
        ("[embedding]\nmodle = 'x'", {}, {}, "embedding.modle"),
        ("[embeding]\nmodel = 'x'", {}, {}, "embeding"),
        ("", {"TANYA_PROT": "1"}, {}, "prot"),
        ("", {"TANYA_EMBEDDING__MODLE": "x"}, {}, "embedding.modle"),
        ("", {"TANYA_EMBEDDING__MODEL__NAME": "x"}, {}, "embedding.model__name"),
        ("", {}, {"prot": 1}, "prot"),
        ("", {"TANYA_PORT": "many"}, {}, "port"),
        ("", {"TANYA_PORT": "65536"}, {}, "port"),
        ("", {"TANYA_PORT": "-1"}, {}, "port"),
        ("", {"TANYA_LANGUAGE": "fr"}, {}, "language"),
        ("", {"TANYA_ANSWERING__MOST_SENTENCES": "0"}, {}, "answering.most_sentences"),
        ("", {"TANYA_ANSWERING__MOST_WORDS": "29"}, {}, "answering.most_words"),
        ("", {"TANYA_ANSWERING__CONTEXT_PASSAGES": "51"}, {}, "answering.context_passages"),
        ("", {"TANYA_RETRIEVAL__KEYWORD_WEIGHT": "1.1"}, {}, "retrieval.keyword_weight"),
        ("", {"TANYA_EMBEDDING__BATCH_SIZE": "0"}, {}, "embedding.batch_size"),
        ("", {"TANYA_EMBEDDING": "x", "TANYA_EMBEDDING__MODEL": "x"}, {}, "embedding"),
        ("", {"TANYA_EMBEDDING__MODEL": "x", "TANYA_EMBEDDING": "x"}, {}, "embedding"),
        ("[chunking]\nmin_words = 90\ntarget_words = 80", {}, {}, "chunking"),
        ("", {"TANYA_HOME": "~nobody-of-this-name/x"}, {}, "home"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(
    toml: str, variables: dict[str, str], arguments: dict[str, Any], key: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=rf"settings\.toml: {key}: "):
        load(tmp_path, toml, arguments, **variables)


def test_an_unknown_key_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"known keys: answering, .*, port, retrieval"):
        load(tmp_path, TANYA_PROT="1")


@pytest.mark.parametrize("damaged", [b"port = ", b"\xff\xfe", b"port = 1\nport = 2"])
def test_a_damaged_file_is_refused_with_its_path_and_the_remedy(damaged: bytes, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(damaged)
    with pytest.raises(SettingsError, match=r"settings\.toml is not valid TOML: .* Correct it or remove the file\."):
        load(tmp_path)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_an_unknown_key_of_a_section_is_answered_with_the_keys_of_that_section(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, TANYA_RETRIEVAL__CANDIDATE="7")
    assert "candidates" in str(caught.value)
    assert "keyword_weight" in str(caught.value)
    assert "database_url" not in str(caught.value), "those are keys of the top level"


@pytest.mark.parametrize("name", ["TANYA_PORT", "TANYA_CHUNKING__MAX_WORDS", "TANYA_ANSWERING__MOST_WORDS"])
def test_every_number_is_bounded(tmp_path: Path, name: str) -> None:
    for value in ("0", "100000000"):
        with pytest.raises(SettingsError):
            load(tmp_path, **{name: value})
