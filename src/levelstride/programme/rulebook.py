"""Why it exists: the figures and cases of the library's rules, asked for by name; a wrong name fails at once."""

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.rules import Case
from levelstride.programme.model import Why


class Rulebook:
    """The rules as the programme uses them."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self._numbers: dict[tuple[str, str], float] = {}
        self._cases = {(name, case.id): case for name, rule in known.rules.items() for case in rule.cases}

    def number(self, rule: str, figure: str) -> float:
        """Return a figure that is one number."""
        found = self._numbers.get((rule, figure))
        if found is None:
            found = self._numbers[rule, figure] = self.known.rules[rule].figures[figure].number()
        return found

    def whole(self, rule: str, figure: str) -> int:
        """Return a figure that is one whole number."""
        return round(self.number(rule, figure))

    def pair(self, rule: str, figure: str) -> tuple[float, float]:
        """Return a figure that is a range.

        Raises
        ------
        TypeError
            If it is not two numbers.
        """
        value = self.known.rules[rule].figures[figure].value
        if isinstance(value, tuple) and len(value) == 2:
            return value[0], value[1]
        raise TypeError(f"expected two numbers, but {rule}.{figure} is {value!r}")

    def wholes(self, rule: str, figure: str) -> tuple[int, int]:
        """Return a range of whole numbers; a single number is a range of one."""
        value = self.known.rules[rule].figures[figure].value
        if isinstance(value, float):
            return round(value), round(value)
        low, high = self.pair(rule, figure)
        return round(low), round(high)

    def case(self, rule: str, case: str) -> Case:
        """Return one case of a rule."""
        return self._cases[rule, case]

    def why(self, rule: str, case: str, *entries: str, **values: str) -> Why:
        """Return a reason; the case must exist."""
        self.case(rule, case)
        return Why(rule=rule, case=case, entries=tuple(dict.fromkeys(entries)), values=values)
