/* session.h - one viewer's conversation: bytes in, bytes out.
 *
 * Knows RFB and nothing else: no socket, no X11, no loop. It asks its
 * surroundings through struct session_host, which server/ implements once.
 *
 * Owner:   session_create() gives, session_destroy() frees: never from inside
 *          a callback, and only after a running update came back.
 * Threads: the loop thread; only update_encode() runs on a worker.
 * Errors:  a peer's fault or a refused login ends in host->closed(), once; the
 *          reason is for the log, and was already sent to the viewer where
 *          the protocol has a place for it. From then on every call does
 *          nothing.
 * Source:  RFC 6143; rfbproto.
 */
#ifndef RFB_SESSION_H
#define RFB_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clipboard_format.h"
#include "base/cursor_image.h"
#include "base/frame.h"
#include "base/loan.h"
#include "base/move.h"
#include "base/region.h"

struct session_layout;

/* The answer to SetDesktopSize (rfbproto, "ExtendedDesktopSize"). */
enum session_resize_status {
	SESSION_RESIZED = 0,
	SESSION_RESIZE_PROHIBITED = 1,
	SESSION_RESIZE_NO_RESOURCES = 2,
	SESSION_RESIZE_BAD_LAYOUT = 3,
};

/* What a viewer may do beside watching. */
struct session_rights {
	bool control;   /* keys, pointer, the screen's size */
	bool clipboard; /* both ways */
};

extern const struct session_rights session_all_rights, session_watch_only;

enum session_tls { SESSION_TLS_ANONYMOUS, SESSION_TLS_X509 };

/* What the transport knows of the way to the viewer; 0: not known. */
struct session_line {
	uint64_t bytes_per_s;
	uint64_t trip_us;         /* the shortest round trip */
	uint64_t under_way_bytes; /* that the viewer's machine lacks yet */
};

struct session_host {
	/* Borrowed bytes for the viewer, in order. */
	void (*send)(void *context, const void *bytes, size_t length);
	/* As `send`, with pixels lent by frames in between; takes both. */
	void (*send_lent)(
		void *context, struct buffer *bytes, struct loan_list *loans);
	/* Whether it can lend pixels now. */
	bool (*lends)(void *context);
	/* Whether everything sent so far has left. What may wait (clipboard,
	 * bell) then waits for session_drained(). */
	bool (*output_is_idle)(void *context);
	/* Puts TLS below the session, whose server side we are: what is sent
	 * from now on goes through it, and the borrowed bytes, already
	 * received, belong to it. session_secured() follows when it has shaken
	 * hands. False: it cannot be. Only asked where the transport says so.
	 */
	bool (*start_tls)(void *context, enum session_tls kind,
		const uint8_t *bytes, size_t length);
	/* The next step of its login costs a millisecond of CPU, and strangers
	 * may cause it: session_take_turn() when others have had their turns.
	 * NULL: it is done at once. */
	void (*costs)(void *context);
	/* Who is that? session_login_checked() answers, at once or later, once.
	 * Borrowed strings, neither empty. `user` NULL: one whom user_names
	 * leaves out, who is to be refused in the time of any other. The whole
	 * may be NULL where no config->checks_users.
	 */
	void (*check_login)(
		void *context, const char *user, const char *password);
	/* The viewer is in. `exclusive`: it asked to be alone. */
	void (*logged_in)(void *context, bool exclusive);
	/* Something may have become sendable: see session_wants_update(). */
	void (*update_wanted)(void *context);
	/* A key by its symbol (0: not told) and by its place as XT's scan code
	 * set 1 counts them, E0 as the highest bit (0: not told). */
	void (*key)(
		void *context, uint32_t keysym, uint32_t scancode, bool down);
	/* Buttons: bit 0 left, middle, right, wheel up, down, left, right,
	 * back, bit 8 forward. */
	void (*pointer)(void *context, int x, int y, unsigned buttons);
	/* The same by so many pixels, for viewers told to send that. */
	void (*nudge)(void *context, int dx, int dy, unsigned buttons);
	/* Copy and paste (base/clipboard_format.h). The viewer copied what can
	 * be had in these forms: by session_clipboard_want(), or some follow
	 * at once. 0: it has nothing any more. */
	void (*clipboard_offered)(void *context, unsigned forms);
	/* One of them, wanted or not; NULL: it is not to be had. */
	void (*clipboard_given)(void *context, enum clipboard_format format,
		const void *bytes, size_t length);
	/* The viewer wants these forms of what session_clipboard_offer() told
	 * of: answer each with session_clipboard_give(), now or later. */
	void (*clipboard_wanted)(void *context, unsigned forms);
	/* The viewer wants a screen like this, which was checked. By the time
	 * it returns session_resize() told what came of it. */
	enum session_resize_status (*resize_asked)(
		void *context, const struct session_layout *wanted);
	/* The viewer wants to see everything at one n-th of its size, n from 1
	 * on. session_resize() tells it what came of it. */
	void (*scale_asked)(void *context, int divisor);
	/* Fills in what is known. */
	void (*line)(void *context, struct session_line *line);
	/* Optional: so long after an update was sent the viewer had it. */
	void (*carried)(void *context, uint64_t trip_us);
	/* Something for the log. */
	void (*remark)(void *context, const char *text);
	void (*closed)(void *context, const char *reason);
	/* The viewer has answered the security type's question, rightly or
	 * not. The host says session_let_in() or session_turn_away(), now or
	 * later; until then nothing of the viewer is looked at. NULL: who
	 * answers rightly is let in at once. */
	void (*answered)(void *context, bool rightly);
};

struct rsa_key;
struct security_type;

/* What -input can take from viewers. */
enum session_input {
	SESSION_KEYS = 1,
	SESSION_MOTION = 2,
	SESSION_BUTTONS = 4,
};

struct session_config {
	/* NULL both, and no users: nothing is asked (security type None). There
	 * may be several of each, parted by newlines. They are looked at when a
	 * viewer answers, and may change before. */
	const char *full_password;
	const char *view_password;
	bool checks_users; /* host->check_login knows users */
	/* The user names that may log in where a name is asked, ended by NULL;
	 * NULL: any. */
	const char *const *user_names;
	/* The order and the limits of what is offered, ended by NULL; NULL:
	 * security_table. */
	const struct security_type *const *security;
	/* To viewers on this machine what does not encrypt is offered first:
	 * there is nothing to encrypt for but proxies such as websockify, and
	 * noVNC behind one takes the first that it knows and fails inside
	 * VeNCrypt (CLIENTS rule 16). */
	bool local_plain_first;
	bool tls_anonymous, tls_x509;  /* what host->start_tls can begin */
	const struct rsa_key *rsa_key; /* NULL: no RSA-AES */
	bool tls_only;                 /* nobody logs in without TLS */
	bool view_only;                /* for everybody */
	bool no_resize;                /* viewers do not resize the screen */
	bool no_shapes; /* the pointer is painted into every picture */
	/* What viewers copy is not taken; what others copied is not told. */
	bool no_clipboard_in, no_clipboard_out;
	/* Of one form from a viewer; 0 means CLIPBOARD_USUAL_BYTES. */
	size_t most_clipboard_bytes;
	const char *name; /* of the desktop, UTF-8 */
	/* The newest version that is offered: 3, 7 or 8 behind the dot; 0 means
	 * 8. */
	int version;
	/* Of JPEG, in steps 0..9: as far as a slow line may bring it down, and
	 * the most that anybody gets. */
	int least_quality, most_quality;
	/* enum session_input: what those with the right to control may not do,
	 * and what the others may. */
	unsigned denied_input, watchers_input;
	bool relative_pointer;   /* ask for motion instead of places */
	bool hide_pointer_place; /* do not tell where the pointer is */
	int workers; /* among which an update may be split; 0 means 1 */
};

enum { SESSION_MOST_SCREENS = 16 };

struct session_screen {
	uint32_t id;
	struct rect rect;
	uint32_t flags;
};

/* The picture's size and its monitors, as ExtendedDesktopSize tells them. */
struct session_layout {
	int width, height;
	int count;
	struct session_screen screens[SESSION_MOST_SCREENS];
};

/* What is below a session when it starts. */
struct session_transport {
	bool encrypted;
	bool can_start_tls;
	/* A browser lends its cryptography only to pages that came encrypted
	 * or from its own machine. */
	bool is_websocket, is_local;
};

struct session;
struct update;

/* Keeps `config`, `host` and `context`; copies `layout`. */
struct session *session_create(const struct session_config *config,
	const struct session_layout *layout, const struct session_host *host,
	void *context);
void session_destroy(struct session *session);
/* The way to the viewer is gone, and its host knows; also from inside of a
 * callback. What the viewer still said, and what is still to be sent, goes
 * nowhere. */
void session_abandon(struct session *session);

/* Before it is started; without it nothing is encrypted nor can be. */
void session_set_transport(
	struct session *session, const struct session_transport *transport);
/* Sends the greeting. Until then the session is silent. */
void session_start(struct session *session);
/* As session_start(), but the viewer will be told `reason` and go. */
void session_start_refusing(struct session *session, const char *reason);

/* What becomes of a viewer that has answered: see session_host.answered. Only
 * one that did so rightly can be let in. `view_only` adds to what is already
 * known. The reason is told to the viewer, where its version has room, and to
 * the log; NULL is the security type's own, after a wrong answer. */
void session_let_in(struct session *session, bool view_only);
void session_turn_away(struct session *session, const char *reason);
/* TLS that host->start_tls began has shaken hands. */
void session_secured(struct session *session);
/* The answer to host->costs. */
void session_take_turn(struct session *session);
/* The answer to host->check_login; NULL: no. */
void session_login_checked(
	struct session *session, const struct session_rights *rights);
/* The same where it could not be found out: refused, which is no wrong answer.
 * The reason is a literal. */
void session_login_unknown(struct session *session, const char *reason);

/* Handles at most SESSION_MESSAGES_A_TURN messages, so that one viewer's flood
 * does not delay the others; session_has_input() then says that there may be
 * more, which session_continue() handles in turns to come. Until then nothing
 * need be received: what waits is kept. */
void session_receive(
	struct session *session, const uint8_t *bytes, size_t length);
bool session_has_input(const struct session *session);
void session_continue(struct session *session);
enum { SESSION_MESSAGES_A_TURN = 32 };
/* The output is empty again: what waited for that is sent. */
void session_drained(struct session *session);

bool session_is_view_only(const struct session *session);
/* The rights of one that has logged in; borrowed. */
const struct session_rights *session_rights(const struct session *session);
/* Whether we turned it away. */
bool session_was_refused(const struct session *session);
/* Who logged in; NULL where no name was asked, or none is in yet. Borrowed, as
 * the viewer sent it. */
const char *session_user(const struct session *session);
/* The name of the security type that let it in, or lets it in. NULL: none yet.
 */
const char *session_security_name(const struct session *session);
/* The name of the encoding that it gets; a literal. */
const char *session_encoding_name(const struct session *session);
/* Takes keys, pointer and clipboard from one that has logged in, or gives them
 * whatever it was given before. */
void session_set_view_only(struct session *session, bool view_only);
/* Releases the keys and buttons that the viewer still holds, through the
 * host; to be called when it goes. */
void session_release_input(struct session *session);
/* The config's name is another now. */
void session_rename(struct session *session);

/* What happens on the screen. */
/* These pixels changed; `moves` (may be empty) explains part of them. */
void session_damage(struct session *session, const struct region *changed,
	const struct move_list *moves);
/* Whether `moves` makes a difference to it. */
bool session_wants_moves(const struct session *session);
/* `by_viewer`: because another viewer asked for it. */
void session_resize(struct session *session,
	const struct session_layout *layout, bool by_viewer);
/* Shares the image; NULL: not known. */
void session_set_cursor(struct session *session, struct cursor_image *image);
/* Where the pointer is. It matters to viewers whose pictures have it painted
 * in, and to those that are told its place: session_wants_pointer(). */
void session_set_pointer(struct session *session, int x, int y);
bool session_wants_pointer(const struct session *session);
bool session_paints_cursor(const struct session *session);
/* The keyboard's lights: bit 0 Scroll, 1 Num, 2 Caps Lock; -1: unknown. */
void session_set_leds(struct session *session, int leds);
/* Somebody else copied what can be had in these forms (0: it is gone). The
 * newest offer counts; what was wanted of an older one is forgotten. */
void session_clipboard_offer(struct session *session, unsigned forms);
/* One form that host->clipboard_wanted() asked for; NULL: not to be had. Others
 * are ignored. */
void session_clipboard_give(struct session *session,
	enum clipboard_format format, const void *bytes, size_t length);
/* Asks the viewer for forms of what it announced. Each is answered through
 * host->clipboard_given(), if the viewer answers at all. */
void session_clipboard_want(struct session *session, unsigned forms);
void session_bell(struct session *session);

/* The viewer has asked for a picture, and no update is under way. */
bool session_wants_update(const struct session *session);
/* It would, but a fence has to be answered first: how long that may take
 * (clock_us()); 0: that is not what it waits for. When that time has come,
 * session_lose_patience() is to be called, and either it need not be answered
 * any more, or there is more time. */
uint64_t session_patience_us(const struct session *session);
void session_lose_patience(struct session *session);
/* Where no fences tell how much is under way, TCP does: whether that is little
 * enough for another update; if not, how long until it may be. */
bool session_line_is_clear(const struct session *session, uint64_t *wait_us);
/* ... and there is something to send. */
bool session_has_update(const struct session *session);
/* ... and it has asked for pixels now, changed or not. */
bool session_is_forced(const struct session *session);

/* It has asked for a picture, and has part of the one it has only nearly; and
 * part of that has been quiet. */
bool session_is_lossy(const struct session *session);
bool session_has_refresh(const struct session *session);
/* Once a quarter of a second or so while that is true: what was not sent anew
 * between two such calls has become quiet. */
void session_age_lossy(struct session *session);

/* Begins the viewer's next update from `frame` (shared as long as needed).
 * Pseudo-rectangles alone are sent at once. NULL: nothing to encode. The
 * caller runs update_encode() for each of its parts, on any thread, and then
 * session_end_update(). */
struct update *session_begin_update(
	struct session *session, struct frame *frame);
/* The same for a part of what it has only nearly (JPEG) and that has been
 * quiet for a while, now losslessly: when nothing else is to be sent. */
struct update *session_begin_refresh(
	struct session *session, struct frame *frame);
/* An update comes in parts, each for a worker; all must be done. */
int update_parts(const struct update *update);
/* Whether it is done sooner than a worker would be awake. */
bool update_is_slight(const struct update *update);
void update_encode(struct update *update, int part);
/* Whether the same bytes can serve both, apart from what each has before its
 * pixels. update_follow() then gives `update` up in favour of `lead`, before
 * any part is encoded; and update_copy_parts() gives it the bytes, after all
 * are. */
bool update_is_like(const struct update *update, const struct update *lead);
void update_follow(struct update *update, struct update *lead);
void update_copy_parts(struct update *update, const struct update *lead);
/* Sends it (or drops it where the session has closed) and frees it. */
void session_end_update(struct session *session, struct update *update);

#endif
