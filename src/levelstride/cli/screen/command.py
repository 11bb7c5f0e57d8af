"""Why it exists: ``levelstride screen`` - the options, and nothing that makes ``--help`` slow."""

from typing import Annotated

import typer

from levelstride.cli.library import read_whole_library
from levelstride.cli.session import JournalOption, JsonOption, LanguageOption, UnitsOption, check_words, open_session
from levelstride.errors import InputError


def screen(
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    test: Annotated[
        list[str] | None, typer.Option("--test", help="Only this test of the library; may be given again.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Do the tests again, as on a second day.")] = False,
    change: Annotated[
        str | None, typer.Option("--change", help="Ask a part again: body_map, signs, goals, about_you, ...")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Only say what was decided so far, and why.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer health questions, then do simple tests by hand. Pause and go on at any time.

    Red flags stop everything and say what to do. Nothing leaves this device.
    """
    from levelstride.cli.screen.sitting import Sitting
    from levelstride.cli.screen.why import explain, print_json

    check_tests(test or [])
    check_section(change)
    check_words(language, units)
    with open_session(journal, create=not why) as session:
        if why:
            explain(session, language, units, as_json=as_json)
            return
        outcome = Sitting(session, language, units, test or [], again=again, change=change, aside=as_json).run()
        if as_json:
            print_json(session, outcome)


def check_tests(names: list[str]) -> None:
    """Refuse the name of a test that nobody can do by hand, before a journal is made for it.

    Raises
    ------
    InputError
        If there is no such test; the message names those there are.
    """
    known = read_whole_library() if names else None
    for name in names:
        if known is not None and (name not in known.tests or known.tests[name].entry is None):
            fitting = [test.id for test in known.tests.values() if test.entry is not None]
            raise InputError(f"No test {name!r} that is done by hand.", f"Use one of: {', '.join(fitting)}.")


def check_section(name: str | None) -> None:
    """Refuse a part of the questions that does not exist.

    Raises
    ------
    InputError
        If there is no such part; the message names those there are.
    """
    if name is not None:
        sections = [section.id for section in read_whole_library().intake.sections]
        if name not in sections:
            raise InputError(f"No part {name!r} of the questions.", f"Use one of: {', '.join(sections)}.")
