"""Why it exists: the timeline below an overlay: when each foot stood, and where in the walk the picture is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.measure.results import Event, GaitResult
from levelstride.report import overlay_canvas as canvas
from levelstride.report.overlay_canvas import COLOURS, Colour, Image, Layout

_PAGE_S = 12.0


def stances(events: Sequence[Event], side: Side) -> list[tuple[float, float]]:
    """Return contact to toe-off of one foot, s, where both were found and the other foot landed between them."""
    spans = []
    for toe_off in events:
        if toe_off.kind != "toe_off" or toe_off.side != side:
            continue
        before = [e for e in events if e.kind == "contact" and e.walk == toe_off.walk and e.time_s < toe_off.time_s]
        own = [e.time_s for e in before if e.side == side]
        if len(before) > 1 and own and before[-1].side != side and before[-2].side == side:
            spans.append((own[-1], toe_off.time_s))
    return spans


@dataclass
class Strip:
    """The timeline below the picture: a lane for each foot, a page of some seconds at a time."""

    gait: GaitResult
    spans: list[tuple[float, float, Side]]
    layout: Layout
    page_s: float
    lane_px: tuple[int, int]
    _page: int = -1
    _drawn: Image = field(default_factory=lambda: np.zeros((0, 0, 3), dtype=np.uint8))

    @classmethod
    def of(cls, gait: GaitResult, spans: list[tuple[float, float, Side]], layout: Layout, end_s: float) -> "Strip":
        """Prepare the strip of a recording that ends at ``end_s``, s."""
        pages = max(1, math.ceil(end_s / _PAGE_S))
        small, pad = layout.small_px, layout.letters_px // 2
        left = 2 * pad + max(canvas.text_size(canvas.WORDS[side], small)[0] for side in SIDES)
        right = 2 * pad + canvas.text_size(canvas.WORDS["time"].format(max(end_s, 9.99)), layout.letters_px)[0]
        wide = layout.size_px[0]
        return cls(gait, spans, layout, max(end_s, 1e-3) / pages, (left, max(left + 2, wide - right)))

    def at(self, time_s: float) -> Image:
        """Return the strip, RGB."""
        page = max(0, math.floor(time_s / self.page_s - 1e-9))
        if page != self._page:
            self._page, self._drawn = page, self._draw(page)
        image = self._drawn.copy()
        high, pad = image.shape[0], self.layout.letters_px // 2
        x = self._x(time_s, page)
        width = max(2, self.layout.letters_px // 6)
        canvas.line(image, (x, pad / 2), (x, high - pad / 2), canvas.CASING, width + 2)
        canvas.line(image, (x, pad / 2), (x, high - pad / 2), canvas.TRUNK, width)
        text = canvas.WORDS["time"].format(time_s)
        right = image.shape[1] - pad - canvas.text_size(text, self.layout.letters_px)[0]
        canvas.write(image, text, right, high / 2, self.layout.letters_px, canvas.TRUNK)
        return image

    def _x(self, time_s: float, page: int) -> float:
        left, right = self.lane_px
        return left + (right - left) * (time_s / self.page_s - page)

    def _draw(self, page: int) -> Image:
        wide, high = self.layout.size_px[0], self.layout.size_px[1] - self.layout.picture_px[1]
        image = np.full((high, wide, 3), canvas.STRIP, dtype=np.uint8)
        for row, side in enumerate(SIDES):
            middle = high * (0.29 if row == 0 else 0.71)
            top, bottom = round(middle - 0.15 * high), round(middle + 0.15 * high)
            canvas.write(
                image, canvas.WORDS[side], self.layout.letters_px // 2, middle, self.layout.small_px, COLOURS[side]
            )
            self._bar(image, page, -math.inf, math.inf, top, bottom, canvas.LANE)
            for start, stop, _ in self.spans:
                self._bar(image, page, start, stop, top, bottom, canvas.LANE_MEASURED)
            for start, stop in stances(self.gait.events, side):
                self._bar(image, page, start, stop, top, bottom, COLOURS[side], striped=side == "right")
            for event in self.gait.events:
                if event.side == side:
                    self._tick(image, page, event, top, bottom)
        return image

    def _bar(
        self,
        image: Image,
        page: int,
        start: float,
        stop: float,
        top: int,
        bottom: int,
        colour: Colour,
        *,
        striped: bool = False,
    ) -> None:
        low, high = (float(np.clip(self._x(t, page), *self.lane_px)) for t in (start, stop))
        left, right = round(low), round(high)
        if right <= left:
            return
        image[top:bottom, left:right] = colour
        if striped:
            period = max(4, self.layout.letters_px // 2)
            rows, columns = np.mgrid[top:bottom, left:right]
            gaps = (rows + columns) % period < max(1, period // 4)
            image[top:bottom, left:right][gaps] = canvas.CASING

    def _tick(self, image: Image, page: int, event: Event, top: int, bottom: int) -> None:
        x, (left, right) = self._x(event.time_s, page), self.lane_px
        if left <= x < right:
            colour = COLOURS[event.side]
            reach = (bottom - top) // 3 if event.kind == "contact" else 0
            cv2.rectangle(image, (round(x) - 1, top - reach), (round(x), bottom - 1), colour, cv2.FILLED)
