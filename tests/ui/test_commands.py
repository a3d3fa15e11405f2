"""Every command on a real data folder: what it shows, its JSON, its exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.config.settings import Settings
from monitor.ui.commands.status import show_fence
from monitor.ui.context import Session
from tests.flow.world import PEOPLE, World, page, recipients
from tests.services.web import Answer, Site
from tests.ui.conftest import LOST, TOWN, WAR, Command, Ended


def document(ended: Ended) -> Any:
    """Standard output, which must be one JSON document and nothing else."""
    return json.loads(ended.out)


@pytest.mark.slow
def test_one_full_pass(catalog: World, command: Command) -> None:
    ended = command("run", "--once")
    assert ended.code == 0, ended.err
    assert "1 of 1 feed well" in ended.out
    assert "zeitung" in ended.out
    assert recipients(catalog.mails()) == sorted(PEOPLE)


@pytest.mark.slow
def test_one_full_pass_for_machines(
    catalog: World, site: Site, command: Command
) -> None:
    site.fail("/rss", status=500)
    ended = command("run", "--once", "--json")
    assert ended.code == 1
    summary = document(ended)
    assert summary["feeds_failed"] == ["zeitung"]
    assert summary["well"] is False
    command("retry", "--feed", "zeitung")
    ended = command("run", "--once", "--json")
    assert (ended.code, document(ended)["well"]) == (0, True)
    assert document(ended)["pipeline"]["articles"] == 3


@pytest.mark.slow
def test_a_pass_whose_mail_nobody_takes_failed(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_MAIL_MODE", "smtp")
    monkeypatch.setenv("MONITOR_MAIL_FROM", "monitor@zeitung.de")
    monkeypatch.setenv("MONITOR_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("MONITOR_SMTP_PORT", "9")
    monkeypatch.setenv("MONITOR_SMTP_SECURITY", "off")
    ended = command("run", "--once")
    assert ended.code == 1
    assert "2 mails were not taken" in ended.out


def test_status(filled: World, command: Command) -> None:
    ended = command("status")
    assert ended.code == 1, (
        "nobody has worked since the pass, which was long ago"
    )
    assert "last sign of life" in ended.out
    assert "zeitung" in ended.out
    assert "3 articles" in ended.out
    shown = document(command("status", "--json"))
    assert [feed["feed_id"] for feed in shown["feeds"]] == ["zeitung"]
    assert shown["feeds"][0]["articles"] == 3
    assert shown["pipeline"]["set_aside"] == 1
    assert {check["name"] for check in shown["wrong"]} >= {"daemon", "polls"}


@pytest.mark.slow
def test_status_says_who_is_reduced_and_why(
    catalog: World, site: Site, command: Command
) -> None:
    site.put(
        "/robots.txt",
        Answer(b"User-agent: *\nDisallow: /a\nContent-Signal: search=no\n"),
    )
    command("run", "--once")
    shown = document(command("status", "--json"))
    (reduced,) = shown["reduced"]
    assert (reduced["feed_id"], reduced["reduced"], reduced["articles"]) == (
        "zeitung",
        3,
        3,
    )
    assert reduced["reason"].endswith("search=no")
    assert "3 of 3" in command("status").out


@pytest.mark.slow
def test_check_names_what_is_wrong_with_mail_templates(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = catalog.folder / "vorlagen"
    folder.mkdir()
    monkeypatch.setenv("MONITOR_TEMPLATES_DIR", str(folder))
    (folder / "digest.html").write_text("{{ page.heading }}\n")
    assert command("check").code == 0
    (folder / "digest.html").write_text("a\n{{ page.heding }}\n")
    ended = command("check")
    assert ended.code == 1
    assert "vorlagen/digest.html:2: " in ended.err
    assert "compare it with the shipped file" in ended.err
    (problem,) = document(command("check", "--json"))["templates"]
    assert (problem["name"], problem["line"]) == ("digest.html", 2)
    command("run", "--once")
    assert "digest.html:2" in command("status").out


@pytest.mark.slow
def test_after_a_clean_end_nothing_is_wrong_and_no_daemon_works(
    catalog: World, command: Command
) -> None:
    command("run", "--once")
    ended = command("status")
    assert ended.code == 0
    assert "not running: stopped" in ended.out
    assert document(command("status", "--json"))["wrong"] == []
    asked = command("health", "--live")
    assert asked.code == 1
    assert "it was stopped" in asked.out


def test_status_of_a_folder_in_which_nothing_ran(command: Command) -> None:
    assert command("status").code == 0


def test_search(filled: World, command: Command) -> None:
    ended = command("search", "Gespräch")
    assert ended.code == 0
    assert "Zeitung" in ended.out
    assert WAR.title.replace("Gespräche", "*Gespräche*") in ended.out
    shown = document(command("search", "loehne", "--json"))
    assert [hit["title"]["text"] for hit in shown["hits"]] == [TOWN.title]
    assert shown["total"] == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--topic", "ukraine"], {WAR.title}),
        (["--outlet", "Zeitung"], {WAR.title, TOWN.title, LOST.title}),
        # each page ends with the town council
        (
            ["--feed", "zeitung", "Rat"],
            {WAR.title, TOWN.title},
        ),
        (["--exact", "Gespräch"], set()),
        (["--exact", "Gespräche"], {WAR.title}),
        (["--since", "2025-01-01", "Löhne"], {TOWN.title}),
        (["--since", "1d", "Löhne"], set()),
        (["--until", "01.01.2025", "Löhne"], set()),
        (["--until", "heute", "Löhne"], {TOWN.title}),
        (["--topic", "UKRAINE"], {WAR.title}),
        (["--outlet", "zeitung", "Ukraine"], {WAR.title}),
        (["Gespräch", "ODER", "Löhne"], {WAR.title, TOWN.title}),
        (["Gespräch OR loehne"], {WAR.title, TOWN.title}),
        (["Gespräch", "Ukraine"], {WAR.title}),
        (["(Gespräch OR Löhne) NOT Ukraine"], {TOWN.title}),
        (["title:Löhne"], {TOWN.title}),
        (["--limit", "1", "--page", "3", "--sort", "oldest"], {LOST.title}),
        (["--lang", "en"], set()),
    ],
)
def test_search_filters(
    filled: World, command: Command, words: list[str], found: set[str]
) -> None:
    ended = command("search", "--json", *words)
    assert {hit["title"]["text"] for hit in document(ended)["hits"]} == found
    assert ended.code == (0 if found else 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--topic", "ukrane"],
            ['there is no topic "ukrane"', "did you mean ukraine?"],
        ),
        (
            ["--feed", "zeitnug"],
            ['there is no feed "zeitnug"', "did you mean zeitung?"],
        ),
        (
            ["--outlet", "Xyz"],
            ['there is no outlet "Xyz"', "monitor feeds list"],
        ),
        (
            ["--cites", "Zeitun"],
            ['there is no outlet or agency "Zeitun"', "did you mean Zeitung?"],
        ),
        (
            ["--since", "irgendwann"],
            ['"irgendwann" is no time', "gestern, 01.11.2026"],
        ),
        (["--until", "31.02.2026"], ['"31.02.2026" is no time']),
        (
            ["Krieg", "OR"],
            [
                "Krieg OR\n      ^^ nothing stands after OR",
                "hint: write a word",
            ],
        ),
        (["titel:Löhne"], ["titel:Löhne\n^^^^^", "hint: write title:"]),
        (["Löhne AND (Rat"], ["Löhne AND (Rat\n          ^"]),
    ],
)
def test_search_says_what_it_cannot_do(
    filled: World, command: Command, words: list[str], said: list[str]
) -> None:
    ended = command("search", *words)
    assert ended.code == 2
    assert [part for part in said if part not in ended.err] == []


def test_search_says_how_it_read_the_query(
    filled: World, command: Command
) -> None:
    assert (
        "read as: Rat OR (Krieg AND Ukraine)"
        in command("search", "Rat ODER Krieg UND Ukraine").out
    )
    assert (
        "words exactly as written: cs(Rat)" in command("search", "cs(Rat)").out
    )
    assert (
        "oder is searched as a word; write ODER"
        in command("search", "Rat oder Krieg").out
    )
    assert "read as" not in command("search", "Rat OR Krieg").out


def test_search_as_csv_for_spreadsheets(
    filled: World, command: Command
) -> None:
    lines = command("search", "--csv", "Gespräch").out.splitlines()
    assert lines[0] == "article,published,outlet,title,url,topics,story,copies"
    assert lines[1].startswith("1,20")
    assert WAR.title in lines[1]


def test_a_hit_beyond_the_list_is_not_opened(
    filled: World, command: Command
) -> None:
    ended = command("search", "Gespräch", "--open", "2")
    assert (ended.code, ended.err) == (1, "there is no hit 2 on this page\n")


def test_show(filled: World, command: Command) -> None:
    ended = command("show", "1")
    assert ended.code == 0
    assert WAR.title in ended.out
    assert "mit großer Mehrheit" in " ".join(ended.out.split())
    shown = document(command("show", "1", "--json"))
    assert shown["article"]["title"] == WAR.title
    assert [version["version"] for version in shown["versions"]] == [1]
    assert command("show", "99").code == 1


@pytest.mark.slow
def test_quarantine_and_retry(
    filled: World, site: Site, command: Command
) -> None:
    ended = command("quarantine")
    assert ended.code == 0
    assert "not found" in ended.out
    assert "not_found" not in ended.out
    (item,) = document(command("quarantine", "--json"))
    assert (item["step"], item["reason"]) == ("read", "not_found")
    site.put("/weg", Answer(b"<p>kurz</p>"))
    assert command("retry", str(item["id"])).code == 0
    assert "nothing is set aside" in command("quarantine").out
    assert command("run", "--once").code == 0
    assert (
        len([asked for asked in site.log("/weg") if asked.status == 200]) == 1
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["retry"], 2),
        (["retry", "99"], 1),
        (["retry", "--feed", "nix"], 2),
        (["retry", "--all"], 0),
        (["retry", "--feed", "zeitung"], 0),
    ],
)
def test_retry_says_what_it_could_not_do(
    filled: World, command: Command, words: list[str], code: int
) -> None:
    assert command(*words).code == code


def test_check(catalog: World, command: Command) -> None:
    ended = command("check")
    assert ended.code == 0
    assert "1 feed, 1 topic, 2 recipients: usable" in ended.out
    shown = document(command("check", "--json"))
    assert [feed["id"] for feed in shown["feeds"]] == ["zeitung"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "de",
            "nicht abgeschirmt von: Dateien (kein Landlock in diesem Kernel)",
        ),
        ("en", "not fenced off from: files (no Landlock in this kernel)"),
    ],
)
def test_a_machine_without_fence_is_said(
    language: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(Settings(language=language))
    show_fence(session, ())
    assert capsys.readouterr() == ("", "")
    show_fence(session, ("files (no Landlock in this kernel)",))
    assert told in " ".join("".join(capsys.readouterr()).split())


@pytest.mark.slow
def test_proxies_of_the_environment_are_hinted_at(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://anna:geheim@127.0.0.1:9/")
    told = (
        "hint: HTTPS_PROXY is set in the environment but not used",
        "MONITOR_PROXY",
    )
    for line in (["status"], ["status", "--json"], ["check", "--online"]):
        err = command(*line).err
        assert all(words in err for words in told), err
        assert "geheim" not in err
    assert "PROXY" not in command("check").err
    logged = command("run", "--once").err
    assert logged.count("proxy_unused") == 1
    monkeypatch.setenv("MONITOR_PROXY", "http://127.0.0.1:9/")
    assert "hint" not in command("status").err


@pytest.mark.slow
def test_a_list_without_proxy_that_means_nothing_is_named(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("10.0.0.0/40", "https://x.de", "10.0.0.0/8:0"):
        monkeypatch.setenv("MONITOR_NO_PROXY", f"intern.de, {word}")
        said = []
        for line in (
            ["check"],
            ["check", "--json"],
            ["check", "--online"],
            ["run", "--once"],
        ):
            ended = command(*line)
            assert ended.code not in (0, None)
            assert "usable" not in ended.out
            said.append(ended.err)
        assert f'"{word}"' in said[0]
        assert len(set(said)) == 1, "one answer everywhere"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONITOR_PROXY", "https://proxy.de:3128"),
        ("MONITOR_PROXY", "socks5://proxy.de"),
        ("MONITOR_PROXY", "proxy"),
        ("MONITOR_FETCH_CA_FILE", "/nowhere/ca.pem"),
    ],
)
def test_check_refuses_the_way_out_that_run_refuses(
    catalog: World,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    checked, ran = command("check"), command("run", "--once")
    assert checked.code == ran.code != 0
    assert checked.err == ran.err


def test_check_takes_a_list_without_proxy_with_ports(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "MONITOR_NO_PROXY", "10.0.0.0/8:8080, [fd00::]/8:81, x.de:80"
    )
    assert command("check").code == 0


def test_check_online(catalog: World, site: Site, command: Command) -> None:
    ended = command("check", "--online")
    assert ended.code == 0
    assert "1 of 1 feed answers" in ended.out
    site.put("/rss", Answer(status=404))
    ended = command("check", "--online", "--json")
    assert ended.code == 1
    (feed,) = document(ended)["feeds"]
    assert (feed["ok"], feed["outcome"]) == (False, "not_found")


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("/robots.txt", Answer(b"User-agent: CCBot\nDisallow: /"), ""),
        (
            "/robots.txt",
            Answer(b"User-agent: *\nContent-Signal: search=no"),
            "reserved: robots.txt of",
        ),
        ("/robots.txt", Answer(b"User-agent: *\nDisallow: /"), "disallows"),
        (
            "/robots.txt",
            Answer(b"User-agent: monitor\nDisallow: /"),
            "for Monitor",
        ),
        (
            "/.well-known/tdmrep.json",
            Answer(b'[{"location": "/*", "tdm-reservation": 1}]'),
            "tdmrep.json of",
        ),
        (
            "/.well-known/tdmrep.json",
            Answer(b'[{"location": "/*", "tdm-reservation": 0}]'),
            "",
        ),
        (
            "PAGE",
            Answer(b"<html><p>a", headers=(("tdm-reservation", "1"),)),
            "header tdm-reservation: 1",
        ),
        (
            "PAGE",
            Answer(b"<html><p>a", headers=(("x-robots-tag", "noai"),)),
            "x-robots-tag: noai",
        ),
        (
            "PAGE",
            Answer(b"<html><p>a", headers=(("x-robots-tag", "GPTBot: noai"),)),
            "",
        ),
        (
            "PAGE",
            Answer(b"<html><head><meta name='robots' content='noai'><p>a"),
            "meta robots: noai",
        ),
        ("PAGE", Answer(status=404), ""),
    ],
)
@pytest.mark.parametrize("rights", ["obey", "licensed"])
def test_check_online_says_who_is_reduced_and_why(
    catalog: World,
    site: Site,
    command: Command,
    path: str,
    answer: Answer,
    reason: str,
    rights: str,
) -> None:
    for item in (TOWN, WAR, LOST):
        site.put(
            f"/{item.key}", answer if path == "PAGE" else page(item.title)
        )
    if path != "PAGE":
        site.put(path, answer)
    text = (catalog.folder / "feeds.yaml").read_text()
    catalog.write(
        text.replace("{id: zeitung,", f"{{id: zeitung, rights: {rights},")
    )
    ended = command("check", "--online", "--json")
    assert ended.code == 0, "a reduced feed is no failure"
    (feed,) = document(ended)["feeds"]
    closed = (
        "Disallow: /" in answer.body.decode()
        and "CCBot" not in answer.body.decode()
    )
    expected = reason if rights == "obey" or closed else ""
    assert expected in feed["reduced"]
    assert bool(feed["reduced"]) == bool(expected)


def test_check_online_finds_the_feed_of_a_site(
    catalog: World, site: Site, command: Command
) -> None:
    site.put(
        "/",
        "<link rel='alternate' type='application/rss+xml' href='/rss'><h1>Zeitung</h1>",
    )
    text = (catalog.folder / "feeds.yaml").read_text()
    catalog.write(
        text.replace(f"url: '{site.url('/rss')}'", f"site: '{site.url('/')}'")
    )
    ended = command("check", "--online", "--json")
    assert ended.code == 0, ended.out
    (feed,) = document(ended)["feeds"]
    assert (feed["items"], feed["final_url"]) == (3, site.url("/rss"))


@pytest.mark.slow
def test_a_broken_file_is_named_with_line_and_fix(
    catalog: World, command: Command
) -> None:
    text = (catalog.folder / "feeds.yaml").read_text()
    catalog.write(text.replace("title: Zeitung", "titel: Zeitung"))
    for words in (["check"], ["run", "--once"], ["run"]):
        ended = command(*words)
        assert ended.code == 2
        assert "feeds.yaml:8:" in ended.err
        assert "title" in ended.err
        assert "Traceback" not in ended.err


def test_a_missing_file_is_said(command: Command) -> None:
    ended = command("check")
    assert ended.code == 2
    assert "feeds.yaml" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["unsinn"], "unsinn"),
        (["show"], "article"),
        (["show", "eins"], "integer"),
        (["search", "--limit", "0", "x"], "--limit"),
        (["search", "--since", "neulich", "x"], "neulich"),
        (["search", "--exact", "(a UND"], "never closed"),
        (
            ["search", "--region", "Atlantis", "x"],
            'there is no region "Atlantis"',
        ),
        (["search", "--lang", "fr", "x"], 'there is no language "fr"'),
        (["search", "--lang", "klingonisch", "x"], "klingonisch"),
        (
            ["search", "--since", "heute", "--until", "gestern", "x"],
            "--since is not before",
        ),
        (
            ["search", "--since", "1h", "--until", "2h", "x"],
            "--since is not before",
        ),
        (["run", "--speed", "0"], "--speed"),
        (["run", "--once", "--speed", "5"], "--speed"),
        (["run", "--json"], "--once"),
        (["--log-level", "laut", "status"], "LOG_LEVEL"),
    ],
)
def test_wrong_use_ends_with_2_and_names_the_fault(
    filled: World, command: Command, words: list[str], named: str
) -> None:
    ended = command(*words)
    assert ended.code == 2, (ended.out, ended.err)
    assert named in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.slow
def test_settings_come_from_options_before_the_command(
    catalog: World, command: Command
) -> None:
    elsewhere = catalog.folder / "woanders"
    assert (
        command(
            "--data", str(elsewhere), "--log-format", "json", "run", "--once"
        ).code
        == 0
    )
    assert (elsewhere / "outbox").is_dir()
    assert not (catalog.folder / "data").exists()


@pytest.mark.slow
def test_log_lines_as_json(catalog: World, command: Command) -> None:
    ended = command("--log-format", "json", "run", "--once", "--json")
    lines = [
        json.loads(line)
        for line in ended.err.splitlines()
        if line.startswith("{")
    ]
    by_event = {line["event"] for line in lines}
    assert {"poll", "read", "match", "alert", "deliver", "publish"} <= by_event
    assert all(
        "outcome" in line
        for line in lines
        if line["event"] in ("poll", "read", "deliver")
    )
    assert document(ended)["well"] is True


@pytest.mark.parametrize(
    "number", ["-1", "0", "999", str(2**63 - 1), str(2**63), "9" * 40]
)
@pytest.mark.parametrize("name", ["show", "versions"])
def test_no_number_is_too_large_to_be_unknown(
    filled: World, command: Command, name: str, number: str
) -> None:
    ended = command(name, "--", number)
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert number in ended.err


@pytest.mark.parametrize("page", ["2", "7", "1000"])
def test_a_page_beyond_the_end_is_named(
    filled: World, command: Command, page: str
) -> None:
    ended = command("search", "Rat", "--page", page)
    assert ended.code == 1
    assert f"there is no page {page}, the last one is 1" in ended.out


@pytest.mark.parametrize("language", ["de", "deutsch", "DE", "german"])
def test_languages_by_name(
    filled: World, command: Command, language: str
) -> None:
    assert TOWN.title in command(
        "search", "Rat", "--lang", language
    ).out.replace("*", "")


@pytest.mark.parametrize(
    "query", ["Rat and Krieg", "Landrat!", "ALLCAPS(RAT)", "Rat~1"]
)
def test_search_answers_what_other_tools_write(
    filled: World, command: Command, query: str
) -> None:
    out = command("search", query).out
    assert "; " in out.splitlines()[0]


def test_a_broken_file_is_json_where_json_is_wanted(
    catalog: World, command: Command
) -> None:
    text = (catalog.folder / "feeds.yaml").read_text()
    catalog.write(text.replace("title: Zeitung", "titel: Zeitung"))
    ended = command("check", "--json")
    assert (ended.code, ended.err) == (2, "")
    (problem,) = json.loads(ended.out)["problems"]
    assert problem["place"]["line"] == 8
    assert "title" in problem["hint"]


def test_a_group_is_paused_by_its_name(
    catalog: World, command: Command
) -> None:
    people = (
        "  - {name: alle-da, members: [anna@example.org, bert@example.org]}"
    )
    text = (catalog.folder / "feeds.yaml").read_text()
    assert "recipients:\n" in text
    head, _, tail = text.rpartition("recipients:\n")
    catalog.write(f"{head}recipients:\n{people}\n{tail}")
    paused = command("recipients", "pause", "Alle-Da", "--until", "2w")
    assert paused.code == 0, paused.err
    assert [line.partition(":")[0] for line in paused.out.splitlines()] == [
        "anna@example.org",
        "bert@example.org",
    ]
    listed = json.loads(command("recipients", "list", "--json").out)
    assert sum("paused" in str(one["wishes"]) for one in listed) == 2


def test_feeds_go_to_standard_output_by_a_hyphen(
    catalog: World, command: Command
) -> None:
    assert (
        command("feeds", "export", "-").out
        == command("feeds", "export").out
        != ""
    )
    assert not (catalog.folder / "-").exists()
