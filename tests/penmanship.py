"""Writing on the pad in a browser: polylines in shares of the paper, by mouse and by finger."""

from itertools import pairwise

E = [[(0, 0), (0, 1)], [(0, 0), (1, 0)], [(0, 0.5), (0.8, 0.5)], [(0, 1), (1, 1)]]
M = [[(0, 1), (0, 0)], [(0, 0), (0.5, 0.6), (1, 0)], [(1, 0), (1, 1)]]
A = [[(0, 1), (0.5, 0)], [(0.5, 0), (1, 1)], [(0.2, 0.65), (0.8, 0.65)]]
LETTER, ADVANCE = 0.11, 0.17  # shares of the paper's width
EMMA = [
    [(0.18 + ADVANCE * place + LETTER * x, 0.3 + 0.4 * y) for x, y in stroke]
    for place, letter in enumerate((E, M, M, A))
    for stroke in letter
]

N = [[(0.18, 0.7), (0.18, 0.3), (0.3, 0.7), (0.3, 0.3)]]  # one stroke: read once, when it ends


def on(box, strokes):
    """The strokes in pixels of the window, from shares of a box, once that stands still."""
    box.scroll_into_view_if_needed()
    edges = box.bounding_box()
    return [
        [(edges["x"] + u * edges["width"], edges["y"] + v * edges["height"]) for u, v in stroke]
        for stroke in strokes
    ]


def on_paper(page, strokes):
    """The strokes in pixels of the window, from shares of the paper."""
    return on(page.locator("#page .paper canvas"), strokes)


def write(page, strokes, steps=8):
    """Write with the mouse."""
    for stroke in on_paper(page, strokes):
        draw(page, stroke, steps)
        page.mouse.up()


def drag(page, box, start, end):
    """Drag the mouse from one place in a box to another, both in shares of it."""
    draw(page, *on(box, [[start, end]]))
    page.mouse.up()


def draw(page, stroke, steps=8):
    """Draw a stroke, in pixels of the window, and leave the mouse pressed at its end."""
    first, *others = stroke
    page.mouse.move(*first)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=steps)


def write_with_finger(page, strokes):
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        where = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    for stroke in on_paper(page, strokes):
        send("touchStart", stroke[0])
        for (x0, y0), (x1, y1) in pairwise(stroke):
            for step in range(1, 9):
                send("touchMove", (x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8))
        send("touchEnd")
