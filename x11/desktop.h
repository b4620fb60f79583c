/* desktop.h - the X11 desktop we share: picture, pointer, keyboard, clipboard.
 *
 * This is all that server/ sees of x11/. No function blocks longer than a
 * round trip to the X server.
 *
 * Owner:   desktop_open() and desktop_absent() give; desktop_close() frees.
 * Threads: the loop thread alone (frames may be read on workers).
 * Units:   pixels of the shared area (0,0 is its top left corner, which is
 *          not the root window's where -clip is given).
 * Errors:  every X error is handled where the request was made; a lost display
 *          is told once through `lost` and from then on every call does
 *          nothing.
 */
#ifndef X11_DESKTOP_H
#define X11_DESKTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clipboard_format.h"
#include "base/cursor_image.h"
#include "base/frame.h"
#include "base/move.h"
#include "base/region.h"

struct desktop;

/* Told from inside desktop_dispatch() and desktop_turn() only, `lost` excepted.
 * NULL members are not told. */
struct desktop_host {
	/* Something was drawn since the last desktop_capture(). Told once,
	 * then not again until the next capture: costs nothing while nobody
	 * wants a picture. Never told where the X server has no DAMAGE. */
	void (*damaged)(void *context);
	/* desktop_cursor() is another image now. */
	void (*cursor_changed)(void *context);
	/* The shared area changed its size or its monitors; the next capture
	 * returns a frame of the new size. */
	void (*resized)(void *context);
	/* Copy and paste (base/clipboard_format.h). Another X client copied
	 * something, or what one had copied is gone. Told once a dispatch at
	 * most. */
	void (*clipboard_changed)(void *context);
	/* desktop_clipboard_look(): the forms it can be had in, 0 for nothing.
	 * May come from inside that call. */
	void (*clipboard_offered)(void *context, unsigned forms);
	/* desktop_clipboard_fetch(): borrowed bytes; NULL: not to be had. May
	 * come from inside that call. */
	void (*clipboard_given)(void *context, enum clipboard_format format,
		const void *bytes, size_t length);
	/* An X client pastes what desktop_clipboard_own() offered, and waits
	 * until desktop_clipboard_give(): now or later. */
	void (*clipboard_wanted)(void *context, enum clipboard_format format);
	void (*bell)(void *context);
	/* desktop_lights() is another answer now. */
	void (*lights_changed)(void *context);
	/* Somebody moved the pointer: ask desktop_pointer() where it is. Told
	 * once a dispatch at most, and only while it is watched. */
	void (*pointer_moved)(void *context);
	/* The X server is gone, or the shared window. May come from any call;
	 * only mark, and close later. `reason` is borrowed. */
	void (*lost)(void *context, const char *reason);
};

/* How viewers' keys and buttons are taken; NULL and false: as they come. */
struct desktop_input_options {
	const char *remap;         /* -remap: key_remap.h */
	const char *button_map;    /* -buttonmap: button_map.h */
	const char *skip_keycodes; /* a list of numbers, with commas */
	bool by_place;             /* a key's place decides, not its symbol */
	bool skip_lock_keys;
	bool no_spare_keys;
	bool warp; /* the pointer jumps instead of being moved */
	/* At the start and at the end what is held is let go: modifiers, all
	 * keys, all keys and locks. */
	bool clear_modifiers, clear_keys, clear_all;
};

/* What becomes of the monitor while somebody watches. */
enum desktop_power { DESKTOP_POWER_AS_IS, DESKTOP_POWER_ON, DESKTOP_POWER_OFF };

struct desktop_options {
	const char *display;   /* NULL: $DISPLAY */
	const char *authority; /* NULL: $XAUTHORITY or ~/.Xauthority */
	const char *clip;      /* a geometry or a monitor; NULL: the screen */
	const char *window;    /* its number, or "pick"; NULL: the screen */
	bool window_place;     /* the part of the screen that it covers */
	bool wait_mapped;      /* wait for the window to be mapped */
	/* An X server that hangs counts as lost (patience.h). */
	bool impatient;
	bool use_shm;
	bool use_damage;
	bool use_cursor; /* false: no XFixes cursor; desktop_cursor() is NULL */
	bool view_only;  /* do not ask for XTEST */
	struct desktop_input_options input;
	bool watch_sign; /* a window that shows how many watch */
	enum desktop_power power;
	const char *backdrop; /* the root window's colour while somebody
				 watches; NULL: as it is */
	/* Which selections are told of, and which are owned. */
	bool no_primary, no_clipboard, no_set_primary, no_set_clipboard;
	size_t most_clipboard_bytes; /* that are fetched of one form; 0 means
					CLIPBOARD_USUAL_BYTES */
};

/* A monitor for ExtendedDesktopSize. */
struct desktop_monitor {
	uint32_t id;
	struct rect rect; /* inside the shared area */
	uint32_t flags;
};
enum { DESKTOP_MOST_MONITORS = 16 };

enum desktop_resize_status {
	DESKTOP_RESIZED, /* to this size, or to one nearer to it than before */
	DESKTOP_RESIZE_PROHIBITED, /* not the whole screen is shared */
	DESKTOP_RESIZE_IMPOSSIBLE,
};

/* Whether the texts in the options can be understood, as far as can be known
 * without a display. False: *error gets a sentence that names the option. */
bool desktop_check(const struct desktop_options *options, char **error);

/* NULL: *error gets a sentence that names the display or file, and the reason;
 * the caller frees it. Logs in one line each what the X server lacks (MIT-SHM,
 * DAMAGE, XFIXES, XTEST, RANDR) and what that means. `host` and `context` are
 * kept. */
struct desktop *desktop_open(const struct desktop_options *options,
	const struct desktop_host *host, void *context, char **error);
/* One without a display, lost from the beginning: all that may be asked of it
 * is how large it is. */
struct desktop *desktop_absent(int width, int height);
/* Frames that are lent out live on. */
void desktop_close(struct desktop *desktop);
/* Its X server is gone (not so where only its window is). */
bool desktop_is_lost(const struct desktop *desktop);

/* Before the loop sleeps: no desktop keeps it from anything now. */
void desktop_rest(void);

/* To be polled for reading. */
int desktop_fd(const struct desktop *desktop);
/* Handles what has arrived: to be called when desktop_fd() is readable. */
void desktop_dispatch(struct desktop *desktop);
/* To be called once before every sleep: sends what was asked of the X server
 * since, and handles events that its answers have brought along. */
void desktop_turn(struct desktop *desktop);

int desktop_width(const struct desktop *desktop);
int desktop_height(const struct desktop *desktop);
bool desktop_has_damage(const struct desktop *desktop);
/* Whether a capture of little takes little. If not, one of everything, at a
 * moment when nobody waits for it, makes it so. */
bool desktop_is_warm(const struct desktop *desktop);
/* "hostname:0" style; borrowed. */
const char *desktop_name(const struct desktop *desktop);
int desktop_monitors(const struct desktop *desktop,
	struct desktop_monitor monitors[DESKTOP_MOST_MONITORS]);
/* The monitor of that name, in the shared area, where it is one of the above.
 * False: there is none. */
bool desktop_find_monitor(
	const struct desktop *desktop, const char *name, struct rect *rect);
/* Where the shared area is on the root window; a window's own pixels are
 * nowhere on it: 0,0. */
struct rect desktop_place(const struct desktop *desktop);

/* Gives the screen another size, with these monitors in it, which is told
 * through `resized` by the next desktop_dispatch(). Takes the X server a
 * moment. desktop_close() puts back what was before. */
enum desktop_resize_status desktop_resize(struct desktop *desktop, int width,
	int height, const struct desktop_monitor *monitors, int count);

enum desktop_capture_what {
	CAPTURE_DAMAGED,       /* what XDamage told since the last capture */
	CAPTURE_STRIP,         /* a part of the screen, every time the next */
	CAPTURE_DAMAGED_STRIP, /* both */
	CAPTURE_EVERYTHING,    /* first picture, no DAMAGE */
};

/* The screen as it is now. Adds to `changed` every area whose pixels really
 * differ from the frame returned last time (everything after a resize), and
 * fills `moves` with what of that only moved; NULL: nobody wants to know. The
 * caller shares the frame (one reference, its own to unref). NULL when all
 * frames of the ring are still lent (try again when one comes back), or on
 * loss. When nothing changed it may return the same frame again. */
struct frame *desktop_capture(struct desktop *desktop,
	enum desktop_capture_what what, struct region *changed,
	struct move_list *moves);

/* The latest desktop_capture() gave nothing although a frame was free: the
 * screen is just becoming another, or the X server or our memory refuses. */
bool desktop_refused_capture(const struct desktop *desktop);

/* Borrowed until the next dispatch; NULL where unknown. */
struct cursor_image *desktop_cursor(const struct desktop *desktop);
/* The pointer's place now (a round trip); false where it is on no shared
 * pixel. */
bool desktop_pointer(struct desktop *desktop, int *x, int *y);

/* How many watch: told to those at the screen. While nobody does
 * desktop_cursor() does not follow. */
void desktop_set_viewers(struct desktop *desktop, int count);
/* To be called every few seconds while somebody watches. */
void desktop_tend(struct desktop *desktop);

/* Watches the pointer for host->pointer_moved. False where the X server cannot
 * tell (no XInput2): then it has to be asked again and again. */
bool desktop_watch_pointer(struct desktop *desktop, bool on);
/* The keyboard's lights: bit 0 Scroll, 1 Num, 2 Caps Lock; -1: unknown. */
int desktop_lights(const struct desktop *desktop);

/* When desktop_dispatch() is to be called though nothing came (clock_us()); 0:
 * no such time. */
uint64_t desktop_due_us(const struct desktop *desktop);

/* A key as a viewer tells it, by symbol, by place (XT's scan code set 1, E0 as
 * the highest bit), or both; 0: not told. */
struct desktop_key {
	unsigned long who; /* tells viewers apart; not 0 */
	uint32_t keysym, scancode;
};

/* Input. The caller releases what a viewer held; a key that two viewers hold
 * goes up with the last. `buttons` is RFB's mask: bit 0 left ... 3..6 wheel, 7
 * back, 8 forward; only the bits that differ from the last call are pressed or
 * released. */
void desktop_key(
	struct desktop *desktop, const struct desktop_key *key, bool down);
void desktop_point(struct desktop *desktop, int x, int y, unsigned buttons);
/* By so many pixels from where the pointer is. */
void desktop_nudge(struct desktop *desktop, int dx, int dy, unsigned buttons);

/* Asks the X client that copied last for the forms it has; and for one of
 * them. Answers come through the host, unless the client never gives one, or
 * the clipboard changes first. */
void desktop_clipboard_look(struct desktop *desktop);
void desktop_clipboard_fetch(
	struct desktop *desktop, enum clipboard_format format);
/* Waits no longer for what it was asked for. */
void desktop_clipboard_forget(struct desktop *desktop);
/* Becomes the owner of CLIPBOARD and PRIMARY, to be had in these forms; 0:
 * gives them up. */
void desktop_clipboard_own(struct desktop *desktop, unsigned forms);
/* To all X clients that wait for it; NULL: it is not to be had. */
void desktop_clipboard_give(struct desktop *desktop,
	enum clipboard_format format, const void *bytes, size_t length);

#endif
