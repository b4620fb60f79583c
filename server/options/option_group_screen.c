/* The picture: which display, which part of it, how it is captured. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	{ .kind = OPTION_LINES,
		.field = AT(displays, char **),
		.flag = OPTION_NO_FIELD,
		.scope = OPTION_OF_ONE,
		.renewed = true,
		.names = "display",
		.argument = ":N",
		.sentence =
			"X display; $DISPLAY if absent; with 'WAIT:' before it "
			"viewers may come earlier than it does; "
			"WAIT:cmd=COMMAND prints DISPLAY=:N; several are "
			"shared side by side, each at /d/N/" },
	TEXT(desktops_file, "FILE", "desktops",
		"several desktops, one a line: NAME: -display :1 and what else "
		"is otherwise there than for the others; each at /d/NAME/, by "
		"?token=NAME, or at its own -rfbport; read again with SIGHUP"),
	OWN_TEXT(authority, "FILE", "auth xauth",
		"X authority file; $XAUTHORITY or ~/.Xauthority if absent; "
		"'guess' looks where display managers put it"),
	OWN_FLAG(find, true, "find", NULL,
		"share the display of whoever sits at the screen, else the "
		"first one that opens; with -reopen follow from the login "
		"screen to the session and back"),
	OWN_FLAG(create, true, "create", NULL,
		"share a desktop of its own, begun and ended with the program: "
		"Xtigervnc or Xvfb, and what stands behind '--', "
		"$X11WSVNC_SESSION, ~/.xsession, x-session-manager, openbox "
		"or xterm"),
	{ .kind = OPTION_TEXT,
		.field = AT(create_server, char *),
		.scope = OPTION_OF_ONE,
		.flag = AT(create, bool),
		.names = "create_xsrv",
		.argument = "NAME",
		.sentence = "the X server of -create: Xvfb, Xtigervnc or the "
			    "path of one" },
	{ .kind = OPTION_WORD,
		.field = AT(create_server, char *),
		.scope = OPTION_OF_ONE,
		.flag = AT(create, bool),
		.names = "xdummy_xvfb xdummy",
		.word = "Xvfb",
		.sentence = "the same as -create_xsrv Xvfb" },
	{ .kind = OPTION_WORD,
		.field = AT(create_server, char *),
		.scope = OPTION_OF_ONE,
		.flag = AT(create, bool),
		.names = "xvnc",
		.word = "Xtigervnc",
		.sentence = "the same as -create_xsrv Xtigervnc" },
	OWN_TEXT(geometry, "WxH", "geometry",
		"size of the desktop of -create, 1280x800 if absent; without "
		"-create the same as -scale"),
	{ .kind = OPTION_NUMBER_OR_NONE,
		.field = AT(wait_display_s, int),
		.flag = AT(wait_display, bool),
		.names = "waitdisplay",
		.argument = "[S]",
		.least = 0,
		.most = 86400,
		.normal = 0,
		.sentence = "wait with the start until the display is there, S "
			    "seconds at most" },
	OWN_FLAG(reopen, true, "reopen", NULL,
		"when the display goes away, keep the viewers, show them a "
		"notice and open it again when it is back; default where "
		"systemd is the starter"),
	OWN_FLAG(no_reopen, true, "noreopen", NULL,
		"end when the display goes away, whoever started the program"),
	OWN_TEXT(clip, "WxH+X+Y|MONITOR", "clip Geometry",
		"share only this part of the screen, or one monitor by its "
		"name or as xinerama0, xinerama1, ..."),
	OWN_TEXT(window, "WINDOW", "id",
		"share one window by its number, or 'pick' to click on it; "
		"also what of it is covered or off the screen"),
	OWN_TEXT(window_place, "WINDOW", "sid",
		"share the part of the screen that a window covers: with its "
		"menus, and whatever else covers it"),
	OWN_FLAG(wait_mapped, true, "waitmapped", NULL,
		"wait for the window of -id or -sid to be mapped"),
	OWN_TEXT(scale, "SCALE", "scale",
		"show everything larger or smaller: 0.5, 3/4, 1024x768; "
		"with ':nb' behind it without blending"),
	OWN_TEXT(scale_cursor, "SCALE", "scale_cursor",
		"the pointer's own scale instead of that of the picture"),
	OWN_TEXT(rotate, "HOW", "rotate",
		"turn the picture: 90, 180, 270; mirror it: x, y; both: "
		"+90x"),
	OWN_TEXT(pad_geometry, "WxH", "padgeom padgeometry",
		"pad smaller pictures with black to this size"),
	OWN_TEXT(blackout, "WxH+X+Y,...", "blackout",
		"never show these parts of the screen; with 'noptr' among "
		"them the pointer may not go there"),
	OWN_FLAG(xinerama, true, "xinerama", "noxinerama",
		"show black where no monitor is"),
	OWN_NUMBER(fps, 1, 240, 60, "fps FrameRate max-fps",
		"about so many frames a second at most, and two more for a "
		"key"),
	OWN_NUMBER(least_quality, 0, 9, 2, "minquality DynamicQualityMin",
		"JPEG quality that a slow line may bring moving pictures down "
		"to; 9 never lowers what the viewer asks for"),
	OWN_NUMBER(most_quality, 0, 9, 9, "maxquality DynamicQualityMax",
		"JPEG quality that nobody gets more than, whatever the viewer "
		"asks for"),
	OWN_FLAG(shm, false, "noshm", "shm UseSHM",
		"do without shared memory (MIT-SHM)"),
	OWN_FLAG(damage, false, "noxdamage", "xdamage",
		"do without XDamage: compare the screen all the time"),
	OWN_FLAG(cursor, false, "nocursor noxfixes", "xfixes",
		"do not send the shape of the mouse pointer"),
	{ .kind = OPTION_CURSOR,
		.field = AT(cursor, bool),
		.flag = OPTION_NO_FIELD,
		.names = "cursor",
		.argument = "[STYLE]",
		.sentence = "send the shape of the mouse pointer, as is the "
			    "default; the style 'none' "
			    "does not, others make no difference" },
	{ .kind = OPTION_NUMBER_OR_NONE,
		.field = AT(threads, int),
		.flag = OPTION_NO_FIELD,
		.names = "threads RectThreads nthreads",
		.argument = "[N]",
		.least = 0,
		.most = 64,
		.normal = 0,
		.sentence = "encoder threads; 0 means as many as cores" },
	OWN_FLAG(cursor_shape, false, "nocursorshape render-cursor",
		"cursorshape",
		"paint the pointer into the picture of every viewer"),
	OWN_FLAG(resize, false, "noresize", "resize AcceptSetDesktopSize",
		"viewers may not change the size of the screen"),
	OWN_FLAG(indicator, true, "indicator", "noindicator",
		"a small window on the screen shows how many watch"),
	OWN_FLAG(keep_awake, true, "nodpms", "dpms",
		"the monitor stays on while somebody watches"),
	OWN_FLAG(keep_dark, true, "forcedpms", NULL,
		"the monitor stays off while somebody watches"),
	{ .kind = OPTION_TEXT_OR_NONE,
		.field = AT(solid, char *),
		.scope = OPTION_OF_ONE,
		.flag = AT(solid_given, bool),
		.names = "solid",
		.argument = "[COLOUR]",
		.sentence = "a plain root window while somebody watches; "
			    "cyan4 if no colour is given" },
	OWN_TEXT(desktop_name, "NAME", "desktop",
		"name of the desktop that viewers show"),
};

const struct option_group option_group_screen = OPTION_GROUP("Screen", entries);
