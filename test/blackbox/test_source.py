"""What is shared: a part of the screen, a monitor, a window."""

import pytest
from Xlib import X

from lib import screen
from lib.compare import follow, wait_equal
from lib.decode import COPYRECT, TIGHT
from lib.rfb import CURSOR, EXTENDED_SIZE, Viewer
from lib.transport import connect
from lib.wait import wait_until
from lib.xserver import XServer

DISPLAY_FAILED, DISPLAY_LOST = 3, 6


@pytest.fixture(scope="module")
def scene():
    """(X server, display) with something to see everywhere."""
    with XServer(width=800, height=600) as x:
        display = x.connect()
        canvas = screen.Canvas(display, 800, 600)
        screen.mixed_scene(canvas)
        x.run("xrandr", "--setmonitor", "left", "500/100x600/100+0+0",
              "screen")
        x.run("xrandr", "--setmonitor", "right", "300/100x400/100+500+50",
              "none")
        yield x, display, canvas


def listening(port, *encodings):
    viewer = Viewer(connect("ws", port))
    viewer.set_encodings(TIGHT, COPYRECT, CURSOR, EXTENDED_SIZE, *encodings)
    viewer.refresh()
    return viewer


def part(display, x, y, width, height):
    return screen.picture(display)[y:y + height, x:x + width]


def wait_pointer(display, x, y):
    def is_there():
        place = display.screen().root.query_pointer()
        return (place.root_x, place.root_y) == (x, y)
    wait_until(is_there, f"the pointer is at {x},{y}")


# --- parts and monitors ---

@pytest.mark.parametrize("clip,shown", [
    ("300x200", (0, 0, 300, 200)),
    ("300x200+10+20", (10, 20, 300, 200)),
    ("300x200-0-0", (500, 400, 300, 200)),
    ("300x200+7-5", (7, 395, 300, 200)),
    ("300x200-600+0", (0, 0, 200, 200)),
    ("left", (0, 0, 500, 600)),
    ("right", (500, 50, 300, 400)),
    ("xinerama1", (500, 50, 300, 400))])
def test_clip(launch, scene, clip, shown):
    x, display, canvas = scene
    with launch(x, "-clip", clip) as server:
        with listening(server.port) as viewer:
            wait_equal(viewer, part(display, *shown))
            canvas.text(30)
            wait_equal(viewer, part(display, *shown))
            viewer.pointer(5, 6)
            wait_pointer(display, shown[0] + 5, shown[1] + 6)


@pytest.mark.parametrize("clip", [
    "nonsense", "xinerama7", "xinerama", "10x10+800+0", "-1x3"])
def test_clip_that_is_nowhere(launch, scene, clip):
    with launch(scene[0], "-clip=" + clip, expect_start=False) as server:
        assert server.wait() == DISPLAY_FAILED
        assert clip.partition("+")[0] in server.log()
        if clip == "nonsense":
            assert "left, right" in server.log()


def test_monitors_as_screens(launch, scene):
    with launch(scene[0]) as server:
        with listening(server.port) as viewer:
            assert [s[1:5] for s in viewer.screens[-1].screens] == [
                (0, 0, 500, 600), (500, 50, 300, 400)]


def test_a_monitor_is_followed(launch, scene):
    x, display, canvas = scene
    with launch(x, "-clip", "right") as server:
        with listening(server.port) as viewer:
            wait_equal(viewer, part(display, 500, 50, 300, 400))
            x.run("xrandr", "--delmonitor", "right")
            x.run("xrandr", "--setmonitor", "right",
                  "250/100x350/100+510+60", "none")
            follow(viewer, lambda: viewer.width == 250, lambda: "not told")
            wait_equal(viewer, part(display, 510, 60, 250, 350))
            # What is no monitor any more stays where it was.
            x.run("xrandr", "--delmonitor", "right")
            canvas.text(30)
            wait_equal(viewer, part(display, 510, 60, 250, 350))
            x.run("xrandr", "--setmonitor", "right",
                  "300/100x400/100+500+50", "none")
            follow(viewer, lambda: viewer.width == 300, lambda: "not told")


# --- windows ---

@pytest.fixture
def windowed(scene):
    """(X server, display, a window of 300x200 at 100,80 with a child)."""
    x, display, canvas = scene
    window = Window(display)
    yield x, display, window
    window.end()


class Window:
    def __init__(self, display, border=3, mapped=True):
        self.display = display
        self.canvas = None
        info = display.screen()
        self.window = info.root.create_window(
            100, 80, 300, 200, border, info.root_depth, X.InputOutput,
            X.CopyFromParent, background_pixel=0x123456, border_pixel=0xFF0000,
            override_redirect=True)
        self.child = self.window.create_window(
            50, 40, 100, 60, 2, info.root_depth, X.InputOutput,
            X.CopyFromParent, background_pixel=0xC0FFEE,
            border_pixel=0x00FF00)
        self.child.map()
        if mapped:
            self.map()
        display.sync()

    def map(self):
        self.window.map()
        self.display.sync()

    def draw(self, colour):
        for place, window in ((3, self.window), (5, self.child)):
            context = window.create_gc(foreground=colour)
            window.fill_rectangle(context, place, place * 2, 40, 30)
        self.display.sync()

    def pixels(self, width=300, height=200):
        """What it must look like: read while nothing is in its way."""
        self.window.configure(x=100, y=80, stack_mode=X.Above)
        self.display.sync()
        return part(self.display, 103, 83, width, height)

    def end(self):
        self.window.destroy()
        self.display.sync()


def cover(display, colour=0x00AA00):
    info = display.screen()
    window = info.root.create_window(
        90, 70, 200, 150, 0, info.root_depth, X.InputOutput,
        X.CopyFromParent, background_pixel=colour, override_redirect=True)
    window.map()
    window.configure(stack_mode=X.Above)
    display.sync()
    return window


def test_a_window_covered_moved_off_the_screen(launch, windowed):
    x, display, window = windowed
    with launch(x, "-id", hex(window.window.id)) as server:
        with listening(server.port) as viewer:
            assert (viewer.width, viewer.height) == (300, 200)
            wait_equal(viewer, window.pixels())
            other = cover(display)
            for step, (left, top) in enumerate(
                    [(100, 80), (-150, 50), (700, 550), (-290, -190)]):
                window.window.configure(x=left, y=top)
                window.draw(0x101010 * (step + 1) + 7)
                window.draw(0x0F2030 * (step + 1))
                shown = window.pixels()
                window.window.configure(
                    x=left, y=top, sibling=other, stack_mode=X.Below)
                display.sync()
                wait_equal(viewer, shown)
            other.destroy()


def test_a_window_is_resized(launch, windowed):
    x, display, window = windowed
    with launch(x, "-id", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            for size in ((400, 100), (123, 345), (300, 200)):
                window.window.configure(width=size[0], height=size[1])
                window.draw(0x334455)
                follow(viewer, lambda: (viewer.width, viewer.height) == size,
                       lambda: f"still {viewer.width}x{viewer.height}")
                wait_equal(viewer, window.pixels(*size))


def test_a_window_larger_than_the_screen(launch, windowed):
    x, display, window = windowed
    window.window.configure(width=1000, height=900, x=-50, y=-60)
    display.sync()
    with launch(x, "-id", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            assert (viewer.width, viewer.height) == (1000, 900)
            window.draw(0x7788AA)
            places = {(899, 999): 0x123456, (7, 5): 0x7788AA,
                      (40 + 2 + 59, 50 + 2 + 99): 0xC0FFEE}
            follow(viewer, lambda: all(
                viewer.picture[at] == colour
                for at, colour in places.items()), lambda: "not drawn")


def test_clicks_in_a_window(launch, windowed):
    x, display, window = windowed
    with launch(x, "-id", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            for left, top in ((100, 80), (333, 222), (-20, -30)):
                window.window.configure(x=left, y=top)
                display.sync()
                viewer.pointer(50, 60)
                wait_pointer(display, left + 53, top + 63)


@pytest.mark.parametrize("option", ["-id", "-sid"])
def test_a_window_that_is_closed(launch, scene, option):
    x, display, canvas = scene
    window = Window(display)
    with launch(x, option, str(window.window.id)) as server:
        with listening(server.port):
            window.end()
            assert server.wait() == DISPLAY_LOST
            assert f"the shared window {window.window.id:#x} was closed" \
                in server.log()


def test_unmapped_for_a_while(launch, windowed):
    x, display, window = windowed
    with launch(x, "-id", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            before = window.pixels()
            wait_equal(viewer, before)
            window.window.unmap()
            display.sync()
            viewer.refresh()
            wait_equal(viewer, before)
            window.map()
            window.draw(0x998877)
            wait_equal(viewer, window.pixels())


def test_the_place_of_a_window(launch, windowed):
    """-sid shows what covers it, and moves with it."""
    x, display, window = windowed
    with launch(x, "-sid", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            other = cover(display)
            wait_equal(viewer, part(display, 103, 83, 300, 200))
            assert (viewer.picture == 0x00AA00).any()
            window.window.configure(x=200, y=300)
            display.sync()
            wait_equal(viewer, part(display, 203, 303, 300, 200))
            window.window.configure(x=600, y=300)  # partly outside
            display.sync()
            follow(viewer, lambda: viewer.width == 197, lambda: "not told")
            wait_equal(viewer, part(display, 603, 303, 197, 200))
            other.destroy()


def test_waitmapped(launch, scene):
    x, display, canvas = scene
    window = Window(display, mapped=False)
    with launch(x, "-id", str(window.window.id), "-waitmapped",
                expect_start=False) as server:
        assert not server.output
        window.map()
        server.wait_for_port()
        with listening(server.port) as viewer:
            wait_equal(viewer, window.pixels())
    window.end()


def test_waiting_ends_with_the_window(launch, scene):
    x, display, canvas = scene
    window = Window(display, mapped=False)
    with launch(x, "-id", str(window.window.id), "-waitmapped",
                expect_start=False) as server:
        wait_until(lambda: "waiting for" in server.log(), "the waiting")
        window.end()
        assert server.wait() == DISPLAY_FAILED
        assert "closed before it was mapped" in server.log()


def test_no_such_window(launch, scene):
    with launch(scene[0], "-id", "0x7654321", expect_start=False) as server:
        assert server.wait() == DISPLAY_FAILED
        assert "has no window 0x7654321" in server.log()


def test_an_unmapped_window(launch, scene):
    x, display, canvas = scene
    window = Window(display, mapped=False)
    with launch(x, "-sid", str(window.window.id),
                expect_start=False) as server:
        assert server.wait() == DISPLAY_FAILED
        assert "say -waitmapped" in server.log()
    window.end()


def test_pick(launch, scene):
    x, display, canvas = scene
    window = Window(display)
    with launch(x, "-id", "pick", expect_start=False) as server:
        wait_until(lambda: "click on" in server.log(), "the crosshair")
        grabbed = lambda: display.screen().root.grab_pointer(
            False, 0, X.GrabModeAsync, X.GrabModeAsync, 0, 0, X.CurrentTime
        ) == X.AlreadyGrabbed or display.ungrab_pointer(X.CurrentTime)
        wait_until(grabbed, "the pointer is grabbed")
        x.run("xdotool", "mousemove", "150", "200", "click", "1")
        server.wait_for_port()
        with listening(server.port) as viewer:
            wait_equal(viewer, window.pixels())
    window.end()


def test_names_are_not_trusted(launch, scene):
    """A name of a megabyte that is no UTF-8 (HOSTILE row 20)."""
    x, display, canvas = scene
    window = Window(display)
    name = display.intern_atom("WM_NAME")
    kind = display.intern_atom("STRING")
    window.window.change_property(name, kind, 8, b"\xff\xc0" * 100)
    for _ in range(8):
        window.window.change_property(
            name, kind, 8, b"\xff\x00\x1b[" * 32000, X.PropModeAppend)
    display.sync()
    with launch(x, "-id", str(window.window.id)) as server:
        with listening(server.port) as viewer:
            wait_equal(viewer, window.pixels())
            assert viewer.name.isprintable() and len(viewer.name) < 500
    window.end()
