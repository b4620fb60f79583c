/* session_state.h - the inside of a session, for the files that implement it:
 * session*, handshake, security_*, message_*, notice_*, update.
 *
 * Owner:   session.c creates and frees it.
 * Threads: the loop thread.
 */
#ifndef RFB_SESSION_STATE_H
#define RFB_SESSION_STATE_H

#include "base/buffer.h"
#include "rfb/asked_line.h"
#include "rfb/congestion.h"
#include "rfb/copies.h"
#include "rfb/cursor.h"
#include "rfb/encoder.h"
#include "rfb/encoding_list.h"
#include "rfb/held_input.h"
#include "rfb/lossy.h"
#include "rfb/pixel_format.h"
#include "rfb/quality.h"
#include "rfb/session.h"
#include "rfb/session_clipboard.h"

struct message;
struct scale_form;

enum session_stage {
	STAGE_SILENT, /* before session_start() */
	STAGE_VERSION,
	STAGE_SECURITY_TYPE,
	STAGE_SECURITY, /* the chosen type's own bytes */
	STAGE_QUEUEING, /* until session_take_turn() */
	STAGE_SECURING, /* until session_secured() */
	STAGE_CHECKING, /* until session_login_checked() */
	STAGE_ANSWERED, /* the host decides */
	STAGE_CLIENT_INIT,
	STAGE_RUNNING,
	STAGE_CLOSED,
};

/* The chosen security type, and what it waits for: see security_expect(). */
struct security_progress {
	const struct security_type *type;
	size_t bytes; /* 0: nothing */
	void (*take)(struct session *session, const uint8_t *bytes);
	bool costly;       /* to take them: that waits for its turn */
	size_t lengths[2]; /* announced by the viewer, checked */
	void *state;       /* the type's own, or NULL */
	void (*destroy)(void *state);
};

/* How an ExtendedDesktopSize came about (rfbproto, "ExtendedDesktopSize
 * Pseudo-encoding"): the reasons that we give. */
enum {
	LAYOUT_BY_SERVER = 0,
	LAYOUT_BY_THIS_VIEWER = 1,
	LAYOUT_BY_ANOTHER_VIEWER = 2,
};

/* What the viewer does not have yet of things that are not pixels. */
struct session_notices {
	bool size;   /* the picture's size changed */
	bool layout; /* an ExtendedDesktopSize is owed */
	bool cursor;
	/* The form of the shape that it has, and is to show no longer. */
	const struct cursor_form *no_cursor;
	bool name;
	/* Of the ExtendedDesktopSize that is owed. */
	uint16_t layout_reason, layout_status;
};

struct session {
	const struct session_config *config;
	const struct session_host *host;
	void *context;

	enum session_stage stage;
	struct buffer input;
	size_t discard;  /* bytes of a too long message still to be skipped */
	bool more_input; /* whole messages may wait in it */
	const struct message *last; /* that was taken; NULL: none yet */

	/* login */
	int version;         /* minor: 3, 7 or 8 */
	const char *refusal; /* NULL, or why nobody may enter; borrowed */
	struct session_transport transport;
	struct security_progress security;
	uint8_t challenge[16];
	bool answered_rightly, refused;
	const char *failure; /* why not; borrowed */
	char *user;          /* NULL: was not asked */
	struct session_rights rights;
	struct seal *seal;       /* NULL: bytes go as they are */
	bool wants_capabilities; /* see tight_capabilities.h */

	/* what the viewer wants */
	struct pixel_format format;
	struct encoding_list encodings;
	const struct encoder *encoder;
	struct encode_settings settings;
	const struct cursor_form *cursor_form;
	void *encoder_states[ENCODER_COUNT]; /* made when first used */

	/* what the viewer has */
	struct session_layout layout; /* of the screen now */
	int width, height; /* of the picture as the viewer was told */
	struct session_notices notices;
	const struct scale_form *scale_form; /* NULL: it never asked */
	struct region dirty;                 /* pixels it lacks, */
	struct copies copies;                /* after these were done */
	struct region unknown;               /* pixels it never had */
	struct lossy lossy;                  /* pixels it has nearly */
	struct region requested;             /* where it wants them */
	bool waiting;                        /* a request is open */
	bool forced;   /* ... and must be answered even without change */
	bool encoding; /* an update is under way */

	bool told_fence, told_continuous; /* that we know these */
	bool told_keys, told_mouse, told_relative;
	uint64_t fence_told_us; /* 0: that fence was answered */
	bool continuous;        /* it need not ask */
	struct rect continuous_area;
	struct congestion congestion;
	/* Where there are no fences. */
	struct line_rate tcp_rate;
	struct asked_line asked_line;
	struct quality quality;
	struct buffer held_back; /* replies, behind the update under way */
	size_t unread; /* bytes of replies since the output was idle */

	struct cursor_image *cursor;
	int pointer_x, pointer_y; /* -1: unknown */
	int told_x, told_y;       /* where the viewer has it */
	int leds, told_leds;      /* -1: unknown */
	struct session_clipboard clipboard;
	bool bell;

	struct held_input held;
};

void session_send(struct session *session, const void *bytes, size_t length);
/* Takes the bytes; where memory ran out for them, the session ends. */
void session_send_buffer(struct session *session, struct buffer *bytes);

/* Answers what the viewer sent: behind an update that is under way, and no
 * more than it reads. Takes the bytes. */
void session_reply(struct session *session, struct buffer *bytes);

/* The next stage of the login; false where it has ended meanwhile. */
bool session_enter(struct session *session, enum session_stage stage);

/* Ends the conversation; the reason (printf style) is for the log. */
void session_close(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the viewer may do this, by its password and -input. */
bool session_may(const struct session *session, enum session_input what);

struct rect session_picture(const struct session *session);

/* After the viewer said what it knows, or in which format. */
void session_choose_settings(struct session *session);

/* After the viewer said what it knows, or got other rights: how it sees the
 * pointer. */
void session_choose_cursor(struct session *session);

/* After login and after a new size: the viewer has no pixel of it. */
void session_forget_picture(struct session *session);

/* Tells the host when session_wants_update(). */
void session_announce(struct session *session);

#endif
