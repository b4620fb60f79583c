/* broker_wire.h - what the server and its broker say to each other, over a
 * socket that keeps messages apart (SOCK_SEQPACKET).
 *
 * The server names one of the jobs that the command line gave the broker; it
 * cannot name a command. So who takes the server over can only have asked what
 * the user wanted asked.
 *
 * Threads: any; pure.
 * Errors:  a message that does not parse is dropped, by either side.
 */
#ifndef SERVER_BROKER_BROKER_WIRE_H
#define SERVER_BROKER_BROKER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum broker_job {
	BROKER_ACCEPT,       /* -accept COMMAND: may this viewer come in? */
	BROKER_AFTER_ACCEPT, /* -afteraccept COMMAND */
	BROKER_GONE,         /* -gone COMMAND */
	BROKER_QUERY,        /* a window on the display that asks */
	BROKER_PAM,          /* user and password */
	BROKER_DISPLAY,      /* is there a display, and which? */
	BROKER_SEAT,         /* until another sits at the screen */
	BROKER_WRAP,         /* the command behind "--" */
	BROKER_JOBS,
	BROKER_CANCEL = BROKER_JOBS, /* the job of this number */
	BROKER_LOG, /* open the log again, or be silent without one */
};

enum broker_verdict {
	BROKER_DONE,      /* it ended with the status told */
	BROKER_TIMED_OUT, /* and was killed */
	BROKER_FAILED,    /* it could not be begun, crashed, or the broker did
			   */
};

enum {
	BROKER_MOST_TEXT = 4096,
	BROKER_MOST_STRINGS = 32,
};

struct broker_request {
	uint32_t number;
	uint32_t job;     /* enum broker_job */
	uint32_t desktop; /* whose display is meant, from 0 on */
	uint32_t length;  /* of text */
	/* Strings, each with its NUL: "NAME=value" for the environment; user
	 * and password for BROKER_PAM. */
	char text[BROKER_MOST_TEXT];
};

struct broker_reply {
	uint32_t number;
	uint32_t verdict; /* enum broker_verdict */
	uint32_t status;  /* 0..255 */
};

/* Adds a string. False: it is full, and unchanged. */
bool broker_wire_add(struct broker_request *request, const char *text);
/* The bytes to be sent. */
size_t broker_wire_size(const struct broker_request *request);

/* Whether so many received bytes are a request. */
bool broker_wire_is_request(const struct broker_request *request, size_t size);
bool broker_wire_is_reply(const struct broker_reply *reply, size_t size);

/* The strings of a request, ended by NULL; borrowed from it. */
int broker_wire_strings(const struct broker_request *request,
	const char *strings[BROKER_MOST_STRINGS + 1]);

/* Whether the server may put this into a command's environment: RFB_* and the
 * display, in printable characters. */
bool broker_wire_is_variable(const char *text);

#endif
