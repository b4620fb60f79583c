"""A window that records the events X gives it."""

from Xlib import X

from .wait import wait_until


class Recorder:
    """Covers the screen; `events` are (kind, detail, x, y)."""

    KINDS = {X.ButtonPress: "press", X.ButtonRelease: "release",
             X.KeyPress: "key", X.KeyRelease: "keyup",
             X.MotionNotify: "move"}

    def __init__(self, display, width=640, height=480):
        self.display = display
        self.events = []
        screen = display.screen()
        self.window = screen.root.create_window(
            0, 0, width, height, 0, screen.root_depth, X.InputOutput,
            X.CopyFromParent, background_pixel=screen.white_pixel,
            override_redirect=True,
            event_mask=X.ButtonPressMask | X.ButtonReleaseMask
            | X.KeyPressMask | X.KeyReleaseMask | X.PointerMotionMask)
        self.window.map()
        display.sync()

    def take(self):
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type in self.KINDS:
                self.events.append((self.KINDS[event.type], event.detail,
                                    event.root_x, event.root_y))
        return self.events

    def wait_for(self, wanted):
        def is_there():
            return [e for e in self.take() if e[0] != "move"] == wanted
        try:
            wait_until(is_there, "events")
        except AssertionError:
            raise AssertionError(f"wanted {wanted}, got {self.events}"
                                 ) from None

    def destroy(self):
        self.window.destroy()
        self.display.sync()
