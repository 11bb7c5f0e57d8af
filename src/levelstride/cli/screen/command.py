"""Why it exists: ``levelstride screen`` - the options, and nothing that makes ``--help`` slow."""

from typing import Annotated

import typer

from levelstride.cli.session import JournalOption, JsonOption, LanguageOption, UnitsOption, open_session


def screen(
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    test: Annotated[
        list[str] | None, typer.Option("--test", help="Only this test of the library; may be given again.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Do the tests again, as on a second day.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Only say what was decided so far, and why.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer health questions, then do simple tests by hand. Pause and go on at any time.

    Red flags stop everything and say what to do. Nothing leaves this device.
    """
    from levelstride.cli.screen.sitting import Sitting
    from levelstride.cli.screen.why import explain, print_json

    with open_session(journal, create=not why) as session:
        if why:
            explain(session, language, units, as_json=as_json)
            return
        outcome = Sitting(session, language, units, test or [], again=again, aside=as_json).run()
        if as_json:
            print_json(session, outcome)
