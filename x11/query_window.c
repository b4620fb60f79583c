#include "x11/query_window.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
	MARGIN_PX = 16,
	MOST_LINES = 7,
	MOST_CHARACTERS = 128,
	/* What somebody was typing or clicking when the window came up is no
	 * answer to it. */
	DEAF_MS = 500,
};

struct asking {
	const struct query_window *window;
	Display *display;
	Window id;
	GC gc;
	XFontStruct *font;
	Atom delete_window;
	uint64_t opened_ms;
	char lines[MOST_LINES][MOST_CHARACTERS];
	int count, width, height;
};

static void say(struct asking *asking, const char *text, const char *what)
{
	snprintf(asking->lines[asking->count++], MOST_CHARACTERS, "%s%s", text,
		what);
}

static void say_choice(struct asking *asking, const char *meaning,
	const char *key, const char *button)
{
	char how[64];

	snprintf(how, sizeof(how), "%s%s%s: ", asking->window->keys ? key : "",
		asking->window->keys && asking->window->mouse ? " or " : "",
		asking->window->mouse ? button : "");
	say(asking, how, meaning);
}

static void compose(struct asking *asking)
{
	const struct query_window *window = asking->window;

	say(asking, "A viewer wants to come in from ", window->address);
	if (window->user[0] != '\0')
		say(asking, "as the user ", window->user);
	say(asking, "", "");
	say_choice(asking, "let it in", "y", "left button");
	if (window->view)
		say_choice(asking, "let it only watch", "v", "middle button");
	say_choice(asking, "turn it away", "n", "right button");
}

static XFontStruct *load_font(Display *display)
{
	static const char *const names[] = { "9x15", "fixed", "*" };
	XFontStruct *font = NULL;
	size_t i;

	for (i = 0; font == NULL && i < sizeof(names) / sizeof(names[0]); i++)
		font = XLoadQueryFont(display, names[i]);
	return font;
}

static int line_height(const struct asking *asking)
{
	return asking->font->ascent + asking->font->descent + 2;
}

static void measure(struct asking *asking)
{
	int i, width;

	for (i = 0; i < asking->count; i++) {
		width = XTextWidth(asking->font, asking->lines[i],
			(int)strlen(asking->lines[i]));
		if (width > asking->width)
			asking->width = width;
	}
	asking->width += 2 * MARGIN_PX;
	asking->height = asking->count * line_height(asking) + 2 * MARGIN_PX;
}

/* An ordinary window: the window manager gives it the keyboard when the person
 * wants it to, and not in the middle of a word. */
static void open_window(struct asking *asking)
{
	const struct query_window *window = asking->window;
	Display *display = asking->display;
	int screen = DefaultScreen(display);
	int x = (DisplayWidth(display, screen) - asking->width) / 2;
	int y = (DisplayHeight(display, screen) - asking->height) / 2;
	XSizeHints hints = { .flags = PPosition | PSize };

	if (window->placed) {
		x = window->x;
		y = window->y;
		hints.flags = USPosition | PSize;
	}
	asking->id = XCreateSimpleWindow(display, DefaultRootWindow(display), x,
		y, (unsigned)asking->width, (unsigned)asking->height, 2,
		BlackPixel(display, screen), WhitePixel(display, screen));
	XSetWMNormalHints(display, asking->id, &hints);
	XStoreName(display, asking->id, "x11wsvnc: a viewer");
	asking->delete_window = XInternAtom(display, "WM_DELETE_WINDOW", False);
	XSetWMProtocols(display, asking->id, &asking->delete_window, 1);
	XSelectInput(display, asking->id,
		ExposureMask | KeyPressMask | ButtonPressMask);
	asking->gc = XCreateGC(display, asking->id, 0, NULL);
	XSetForeground(display, asking->gc, BlackPixel(display, screen));
	XSetFont(display, asking->gc, asking->font->fid);
	XMapRaised(display, asking->id);
	asking->opened_ms = clock_ms();
}

static void draw(const struct asking *asking)
{
	int i, y = MARGIN_PX + asking->font->ascent;

	for (i = 0; i < asking->count; i++, y += line_height(asking))
		XDrawString(asking->display, asking->id, asking->gc, MARGIN_PX,
			y, asking->lines[i], (int)strlen(asking->lines[i]));
}

static bool allowed(
	const struct asking *asking, int answer, enum query_answer *gets)
{
	if (answer < 0 || (answer == QUERY_VIEW && !asking->window->view))
		return false;
	*gets = (enum query_answer)answer;
	return true;
}

static int key_answer(XKeyEvent *event)
{
	static const struct {
		KeySym symbol;
		enum query_answer answer;
	} table[] = {
		{ XK_y, QUERY_YES },
		{ XK_Y, QUERY_YES },
		{ XK_n, QUERY_NO },
		{ XK_N, QUERY_NO },
		{ XK_Escape, QUERY_NO },
		{ XK_v, QUERY_VIEW },
		{ XK_V, QUERY_VIEW },
	};
	KeySym symbol = XLookupKeysym(event, 0);
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].symbol == symbol)
			return table[i].answer;
	return -1;
}

static int button_answer(const XButtonEvent *event)
{
	if (event->button == Button1)
		return QUERY_YES;
	if (event->button == Button2)
		return QUERY_VIEW;
	return event->button == Button3 ? QUERY_NO : -1;
}

static bool is_deaf(const struct asking *asking)
{
	return clock_ms() - asking->opened_ms < DEAF_MS;
}

/* True: *gets is the answer. */
static bool take_event(
	struct asking *asking, XEvent *event, enum query_answer *gets)
{
	switch (event->type) {
	case Expose:
		draw(asking);
		return false;
	case KeyPress:
		return asking->window->keys && !is_deaf(asking) &&
		       allowed(asking, key_answer(&event->xkey), gets);
	case ButtonPress:
		return asking->window->mouse && !is_deaf(asking) &&
		       allowed(asking, button_answer(&event->xbutton), gets);
	case ClientMessage:
		return (Atom)event->xclient.data.l[0] ==
			       asking->delete_window &&
		       allowed(asking, QUERY_NO, gets);
	default:
		return false;
	}
}

enum query_answer query_window_ask(const struct query_window *window)
{
	struct asking asking = { .window = window };
	enum query_answer answer = QUERY_NO;
	XEvent event;

	asking.display = XOpenDisplay(NULL);
	if (asking.display == NULL)
		return QUERY_NO;
	asking.font = load_font(asking.display);
	if (asking.font != NULL) {
		compose(&asking);
		measure(&asking);
		open_window(&asking);
		do
			XNextEvent(asking.display, &event);
		while (!take_event(&asking, &event, &answer));
	}
	XCloseDisplay(asking.display);
	return answer;
}
