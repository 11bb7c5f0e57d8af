"""Why it exists: ``levelstride log`` - what was done and felt goes into the journal without a round of questions."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.errors import in_one_line
from levelstride.cli.programme.told import keep, writing
from levelstride.cli.programme.wishes import coach, wish
from levelstride.cli.session import JournalOption, LanguageOption, Session, UnitsOption, check_words, open_session
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.journal.entry import Entry

log_app = typer.Typer(help="Write down what you did, what you felt and what you wish.", no_args_is_help=True)

SideOption = Annotated[str | None, typer.Option("--side", help="left, right or both.")]
AtOption = Annotated[
    datetime | None,
    typer.Option("--at", formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help="When, as 2026-05-31T18:30; else now."),
]
PainOption = Annotated[float | None, typer.Option("--pain", help="Pain during it, 0 to 10.")]
RpeOption = Annotated[float | None, typer.Option("--rpe", help="Effort, 0 to 10.")]
NoteOption = Annotated[str | None, typer.Option("--note", help="In your own words.")]


@log_app.command("set")
@in_one_line
def set_(
    exercise: Annotated[str, typer.Argument(help="Id or name of the exercise.")],
    side: SideOption = None,
    reps: Annotated[int | None, typer.Option("--reps", help="How many; steps, breaths or landings too.")] = None,
    clean: Annotated[int | None, typer.Option("--clean", help="How many of them were clean.")] = None,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="A fault that was seen and in how many, as TRUNK_LEAN_LAT=3.")
    ] = None,
    hold: Annotated[float | None, typer.Option("--hold", help="Seconds held.")] = None,
    load: Annotated[str | None, typer.Option("--load", help="5kg or 11lb.")] = None,
    band: Annotated[int | None, typer.Option("--band", min=1, max=5, help="Level of the band, 1 the lightest.")] = None,
    distance: Annotated[str | None, typer.Option("--distance", help="20m or 60ft.")] = None,
    rpe: RpeOption = None,
    rir: Annotated[float | None, typer.Option("--rir", help="Repetitions you could still have done.")] = None,
    pain: PainOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Kind of pain: sharp, catching, dull, ...")] = None,
    feel: Annotated[float | None, typer.Option("--feel", help="How well you felt the muscle, 0 to 10.")] = None,
    session: Annotated[str | None, typer.Option("--session", help="Id of the session it belongs to.")] = None,
    note: NoteOption = None,
    at: AtOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down one set of an exercise."""
    from levelstride.cli.programme.typed import (
        body_of,
        exercise_of,
        faults_of,
        kg_of,
        metres_of,
        moment_of,
        pain_kind_of,
        sides_of,
    )
    from levelstride.journal.bodies import SetDone

    with writing(journal, language, units) as (opened, talk):
        name = exercise_of(exercise, talk.phrases)
        spoken = talk.phrases.known.exercises[name]
        if reps is None and hold is None and distance is None:
            raise InputError("How much was it?", "Add --reps, --hold or --distance.")
        if clean is not None and clean > (reps or 0):
            raise InputError(f"{clean} clean of {reps or 0} cannot be.", "Give --reps, and no more clean ones.")
        when = moment_of(at, opened.now())
        bodies = [
            body_of(
                SetDone,
                exercise=name,
                side=one,
                session=session or _planned(opened, name, when),
                reps=reps,
                clean_reps=clean,
                faults=faults_of(fault or [], reps, talk.phrases.known),
                hold_s=hold,
                distance_m=metres_of(distance),
                load_kg=kg_of(load, talk.phrases),
                band=None if band is None else str(band),
                rpe=rpe,
                rir=rir,
                pain=pain,
                pain_kind=None if kind is None else pain_kind_of(kind, opened.known),
                feel=feel,
                note=note,
            )
            for one in sides_of(side, sided=spoken.laterality == "unilateral", name=talk.phrases.say(spoken.name))
        ]
        keep(opened, talk, bodies, when if at is not None else None)


def _planned(session: Session, exercise: str, at: datetime) -> str | None:
    """Return the session of the open week that holds an exercise on this day, where it is only one."""
    from levelstride.programme.plan import open_week

    week = open_week(session.state, at.date())
    found = [
        one.id
        for one in (week.sessions if week is not None else ())
        if one.day == at.date() and any(move.exercise == exercise for move in one.moves)
    ]
    return found[0] if len(found) == 1 else None


@log_app.command()
@in_one_line
def done(
    session: Annotated[
        str | None, typer.Argument(help="Id of the session; without it the one you wrote sets of today.")
    ] = None,
    rpe: Annotated[float | None, typer.Option("--rpe", help="How hard it was as a whole, 0 to 10.")] = None,
    minutes: Annotated[str | None, typer.Option("--minutes", help="How long it took, as 20.")] = None,
    feel: Annotated[float | None, typer.Option("--feel", help="How you felt afterwards, 0 to 10.")] = None,
    note: NoteOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down that a session is done, after its sets."""
    from levelstride.cli.programme.typed import body_of, minutes_of
    from levelstride.journal.bodies import Session as SessionEvent
    from levelstride.programme.plan import open_week

    with writing(journal, language, units) as (opened, talk):
        week = open_week(opened.state, opened.now().date())
        body = body_of(
            SessionEvent,
            session=_worked_on(opened, session),
            event="ended",
            programme=None if week is None else week.id,
            minutes=minutes_of(minutes),
            rpe=rpe,
            feel_after=feel,
            note=note,
        )
        keep(opened, talk, [body])


def _worked_on(session: Session, named: str | None) -> str:
    """Return the session of which sets were written today: the one named, or the only one.

    Raises
    ------
    InputError
        If there is none, or more than one and none was named.
    """
    from levelstride.cli.programme.typed import one_of

    today = session.now().date()
    ids = dict.fromkeys(one.body.session or today.isoformat() for one in session.state.sets if one.at.date() == today)
    if not ids:
        raise InputError("No set was written down today.", "First type: levelstride log set")
    if named is None and len(ids) > 1:
        raise InputError("You wrote sets of more than one session today.", f"Name one of: {', '.join(ids)}.")
    return next(iter(ids)) if named is None else one_of(named, dict.fromkeys(ids, ()), "session of today")


@log_app.command()
@in_one_line
def walk(
    minutes: Annotated[str, typer.Argument(help="Minutes, as 25.")],
    distance: Annotated[str | None, typer.Option("--distance", help="2km, 1.5mi or 800m.")] = None,
    pain: PainOption = None,
    rpe: RpeOption = None,
    feel: Annotated[float | None, typer.Option("--feel", help="How walking felt, 0 to 10.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", help="Steps counted.")] = None,
    note: NoteOption = None,
    at: AtOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down a walk."""
    from levelstride.cli.programme.typed import body_of, metres_of, minutes_of, moment_of
    from levelstride.journal.bodies import Walk

    lasted = minutes_of(minutes)
    with writing(journal, language, units) as (opened, talk):
        body = body_of(
            Walk,
            duration_s=None if lasted is None else 60 * lasted,
            distance_m=metres_of(distance),
            steps=steps,
            rpe=rpe,
            worst_pain=pain,
            feel_after=feel,
            note=note,
        )
        when = moment_of(at, opened.now())
        keep(opened, talk, [body], when if at is not None else None)


@log_app.command()
@in_one_line
def pain(
    place: Annotated[str, typer.Argument(help="Where, as knee or low_back.")],
    score: Annotated[float, typer.Argument(help="0 = none, 10 = the worst you can imagine.")],
    side: SideOption = None,
    when: Annotated[
        str, typer.Option("--when", help="now, at_rest, during, after, next_morning or worst_week.")
    ] = "now",
    usual: Annotated[
        bool | None, typer.Option("--usual/--not-usual", help="On the next morning: back to what is usual for you.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="sharp, catching, dull, ...")] = None,
    gives_way: Annotated[bool | None, typer.Option("--gives-way", help="The joint gave way.")] = None,
    exercise: Annotated[str | None, typer.Option("--exercise", help="The exercise that brought it on.")] = None,
    session: Annotated[str | None, typer.Option("--session", help="Id of the session.")] = None,
    note: NoteOption = None,
    at: AtOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down pain at one place."""
    from levelstride.cli.programme.typed import (
        body_of,
        exercise_of,
        moment_of,
        one_of,
        pain_kind_of,
        place_of,
        sides_of,
    )
    from levelstride.journal.bodies import Pain

    moments = dict.fromkeys(("now", "at_rest", "during", "after", "next_morning", "worst_week"), ())
    asked = one_of(when, moments, "time")
    if usual is not None and asked != "next_morning":
        raise InputError("--usual is about the morning after.", "Add --when next_morning.")
    with writing(journal, language, units) as (opened, talk):
        name = place_of(place, talk.phrases)
        found = talk.phrases.known.intake.places[name]
        bodies = [
            body_of(
                Pain,
                place=name,
                side=one,
                score=score,
                when=asked,
                quality=None if kind is None else pain_kind_of(kind, opened.known),
                gives_way=gives_way,
                exercise=None if exercise is None else exercise_of(exercise, talk.phrases),
                session=session,
                back_to_usual=usual,
                note=note,
            )
            for one in sides_of(side, sided=found.sided, name=talk.phrases.say(found.label))
        ]
        moment = moment_of(at, opened.now())
        keep(opened, talk, bodies, moment if at is not None else None)


@log_app.command()
@in_one_line
def sore(
    place: Annotated[str, typer.Argument(help="Where, as buttock or thigh_front.")],
    score: Annotated[float, typer.Argument(help="0 = none, 10 = very sore.")],
    side: SideOption = None,
    hours: Annotated[float | None, typer.Option("--hours", help="Hours since the session that made it sore.")] = None,
    eases: Annotated[
        bool | None, typer.Option("--eases/--stays", help="It goes away (or stays) when you warm up.")
    ] = None,
    note: NoteOption = None,
    at: AtOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down sore muscles at one place."""
    from levelstride.cli.programme.typed import body_of, moment_of, place_of, sides_of
    from levelstride.journal.bodies import Soreness

    with writing(journal, language, units) as (opened, talk):
        name = place_of(place, talk.phrases)
        found = talk.phrases.known.intake.places[name]
        bodies = [
            body_of(Soreness, place=name, side=one, score=score, hours_since=hours, eases_in_warm_up=eases, note=note)
            for one in sides_of(side, sided=found.sided, name=talk.phrases.say(found.label))
        ]
        moment = moment_of(at, opened.now())
        keep(opened, talk, bodies, moment if at is not None else None)


@log_app.command()
@in_one_line
def checkin(
    sleep: Annotated[float | None, typer.Option("--sleep", help="Hours of sleep.")] = None,
    sleep_quality: Annotated[float | None, typer.Option("--sleep-quality", help="0 to 10.")] = None,
    stress: Annotated[float | None, typer.Option("--stress", help="0 to 10.")] = None,
    soreness: Annotated[float | None, typer.Option("--soreness", help="0 to 10.")] = None,
    hydration: Annotated[float | None, typer.Option("--hydration", help="0 to 10.")] = None,
    energy: Annotated[float | None, typer.Option("--energy", help="0 to 10.")] = None,
    unwell: Annotated[bool | None, typer.Option("--unwell/--well", help="Fever, or you feel unwell.")] = None,
    note: NoteOption = None,
    at: AtOption = None,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Write down how you are today, before a session."""
    from levelstride.cli.programme.typed import body_of, moment_of
    from levelstride.journal.bodies import CheckIn

    body = body_of(
        CheckIn,
        sleep_hours=sleep,
        sleep_quality=sleep_quality,
        stress=stress,
        soreness=soreness,
        hydration=hydration,
        energy=energy,
        unwell=unwell,
        note=note,
    )
    if not body.model_fields_set:
        raise InputError("Nothing was told.", "Add --sleep, --stress, --unwell or another one.")
    with writing(journal, language, units) as (opened, talk):
        moment = moment_of(at, opened.now())
        keep(opened, talk, [body], moment if at is not None else None)


log_app.command("wish")(in_one_line(wish))
log_app.command("coach")(in_one_line(coach))


@log_app.command()
@in_one_line
def undo(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
) -> None:
    """Take back what was written down last: a set, a session, a walk, pain, soreness, a check-in or a wish."""
    from levelstride.cli.programme.told import entry_text
    from levelstride.cli.talk import Talk
    from levelstride.journal.bodies import Retraction

    check_words(language, units)
    with open_session(journal, create=False) as opened:
        talk = Talk(opened.phrases(language, units))
        last = _last(opened)
        if not last:
            talk.heading("nothing_to_take_back")
            return
        told = "; ".join(entry_text(entry.body, entry.at, talk.phrases) for entry in last if entry.body is not None)
        if not yes:
            talk.say(told)
            if not typer.confirm(talk.phrases.heading("plan_undo_ask")):
                talk.heading("plan_not_undone")
                return
        opened.write(*(Retraction(target=entry.id, reason="taken back") for entry in last))
        talk.heading("plan_undone", name=told)


def _last(session: Session) -> "list[Entry]":
    """Return the last step that this command can write, every entry of its moment."""
    from levelstride.journal.bodies import CheckIn, Override, Pain, SetDone, Soreness, Walk
    from levelstride.journal.bodies import Session as SessionEvent

    own = (SetDone, SessionEvent, Walk, Pain, Soreness, CheckIn, Override)
    steps = [one for one in session.entries if isinstance(one.body, own) and one.id not in session.state.retracted]
    return [one for one in steps if one.at == steps[-1].at and one.kind == steps[-1].kind] if steps else []
