"""The sheet that a name is written on: what lies around it, desk or nothing, becomes its paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Grey = NDArray[np.float32]

FILLED = 0.3  # share of its box that a sheet of a name fills even when turned; ink fills less
TONES = 38  # grey values of 255 between the ink of a sheet and its paper, or paper and desk

EDGE = 0.95  # share of a side of the picture that is dark where a sheet ends before it
LOWEST = 12  # pixels a picture is high and wide at least, to show more than a sheet
LEAST = 0.15  # share of the picture that the sheet has
SOLID = 0.6  # share of its outline that is light; strokes of chalk fill less
WHOLE = 0.85  # share of the outline's rim that is light; between letters of chalk it is not
STEEP = 0.5  # of what sheet and desk differ in tone, at the very edge; shade falls slowly
NEAR = 32  # pixels at that size, within which paper is of one tone
SMALL = 512  # pixels of the longer side, at which the sheet is looked for


def on_paper(image: Image.Image) -> Image.Image:
    """Lay an RGBA picture on paper: its own, or white under dark ink and black under light ink."""
    grey, alpha = (np.asarray(image.convert("LA"))[..., band].astype(np.float32) for band in (0, 1))
    bare = alpha.min() == 0  # else it brings its own paper; the colour beneath it does not show
    light_ink = float((grey * alpha).sum()) > 127.5 * max(float(alpha.sum()), 1.0)
    tone = 0 if light_ink and bare else 255
    if bare and _is_sheet(grey, alpha):
        tone = int(np.median(grey[alpha > 127]))
    paper = Image.new("RGBA", image.size, (tone, tone, tone, 255))
    paper.alpha_composite(image)
    return paper


def _is_sheet(grey: Grey, alpha: Grey) -> bool:
    """Whether what is opaque is paper with ink on it, cut out or turned, and not ink alone.

    Paper fills most of its box, and with its ink it is of two tones.
    """
    opaque = alpha > 127
    if not opaque.any():
        return False
    rows, columns = (np.flatnonzero(opaque.any(axis)) for axis in (1, 0))
    box = opaque[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    darkest, lightest = np.percentile(grey[opaque], (1, 99))
    return bool(box.mean() > FILLED and lightest - darkest > TONES)


def alone(grey: Grey) -> Grey:
    """A picture (h, w), 0 black to 1 white, with the desk around a light sheet painted as paper.

    The desk may be a scanner's black or a frame, too, and on one side only. A picture that is no
    light sheet on something dark comes back as it is.
    """
    sides = grey[0], grey[-1], grey[:, 0], grey[:, -1]
    middle = (float(grey.min()) + float(grey.max())) / 2
    dark = max(float(np.mean(side < middle)) for side in sides)
    if dark < EDGE or min(grey.shape) < LOWEST:
        return grey
    factor = -(-max(grey.shape) // SMALL)
    small = Image.fromarray(grey).reduce(factor)
    light = np.asarray(small) > middle
    corners = _outline(np.asarray(_bytes(light).filter(ImageFilter.MinFilter(3))) > 0)
    sheet = _filled(corners, small.size)
    if not _is_on_desk(np.asarray(small), light, sheet):
        return grey
    paper = _continued(np.asarray(small), light & sheet)
    h, w = grey.shape
    whole = _filled((corners + 0.5) * factor, (w, h))
    painted = Image.fromarray(paper).resize((w, h), Image.Resampling.BILINEAR)
    return np.where(whole, grey, np.asarray(painted))


def _outline(light: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The convex outline of what is light: its corners (N, 2) as x and y, in order.

    Andrew's monotone chain (1979) over the ends of each row.
    """
    rows = np.flatnonzero(light.any(axis=1))
    first, last = light[rows].argmax(axis=1), light.shape[1] - 1 - light[rows, ::-1].argmax(axis=1)
    left, right = (
        _bend(list(zip(xs.tolist(), rows.tolist(), strict=True))) for xs in (-first, last)
    )
    corners = [(-x, y) for x, y in left] + right[::-1]
    return np.array(corners, np.float64).reshape(-1, 2)


def _bend(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of points, from top to bottom, that the outline to their right goes through."""
    kept: list[tuple[int, int]] = []
    for x, y in points:
        while len(kept) > 1:
            (a, b), (c, d) = kept[-2:]
            if (c - a) * (y - b) > (x - a) * (d - b):  # the last one lies right of the line
                break
            kept.pop()
        kept.append((x, y))
    return kept


def _filled(corners: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels (h, w) of a picture within an outline."""
    mask = Image.new("L", size)
    if len(corners) > 2:
        ImageDraw.Draw(mask).polygon(corners.ravel().tolist(), fill=255)
    return np.asarray(mask) > 0


def _is_on_desk(grey: Grey, light: NDArray[np.bool_], sheet: NDArray[np.bool_]) -> bool:
    """Whether what is light fills its outline as paper does, and ends there at once."""
    if sheet.mean() < LEAST or sheet.all() or light[sheet].mean() < SOLID:
        return False
    around = np.asarray(_bytes(sheet).filter(ImageFilter.MaxFilter(5))) > 0
    within = np.asarray(_bytes(sheet).filter(ImageFilter.MinFilter(5))) > 0
    rim = sheet & ~within
    if light[rim].mean() < WHOLE:
        return False
    paper, desk = _tone(grey, sheet & light), _tone(grey, ~sheet)
    inner, outer = _tone(grey, rim & light), _tone(grey, around & ~sheet & ~light)
    return inner - outer > max(STEEP * (paper - desk), TONES / 255)


def _tone(grey: Grey, where: NDArray[np.bool_]) -> float:
    """The median there; 0 where there is nothing."""
    return float(np.median(grey[where])) if where.any() else 0.0


def _continued(grey: Grey, paper: NDArray[np.bool_]) -> Grey:
    """The tone of the paper at every pixel (h, w), going on as it is beyond the sheet's edge."""
    sums, counts = (_spread(np.where(paper, values, 0)) for values in (grey, 1))
    usual = float(np.median(grey[paper]))
    return ((sums + usual * 1e-3) / (counts + 1e-3)).astype(np.float32)


def _spread(values: NDArray[np.floating]) -> Grey:
    """Values (h, w) in their means over squares of `NEAR`; Pillow's blurs know no float."""
    image = Image.fromarray(values.astype(np.float32))
    spread: Grey = np.asarray(image.reduce(NEAR).resize(image.size, Image.Resampling.BILINEAR))
    return spread


def _bytes(mask: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(mask.astype(np.uint8) * 255)
