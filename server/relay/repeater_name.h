/* repeater_name.h - what a viewer says to an UltraVNC repeater, and to which
 * tokens that may lead.
 *
 * The repeater's greeting is "RFB 000.000\n"; the viewer answers with 250
 * bytes, text and zeros behind it: "ID:1234", or where it believes to go,
 * "name:0", "name::5900". Then it waits for the greeting of a server.
 *
 * Threads: any; pure.
 * Source:  libvncclient, which joins a host and a port by a colon whatever they
 *          are; UltraVNC's viewer and SSVNC send what the user typed.
 */
#ifndef SERVER_RELAY_REPEATER_NAME_H
#define SERVER_RELAY_REPEATER_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	REPEATER_NAME_BYTES = 250,
	REPEATER_NAME_MOST_TOKENS = 2,
};

#define REPEATER_NAME_GREETING "RFB 000.000\n"

struct repeater_name {
	int count;
	char tokens[REPEATER_NAME_MOST_TOKENS][REPEATER_NAME_BYTES + 1];
};

/* Whether these first bytes, up to all of them, may become such an answer. */
bool repeater_name_may_be(const uint8_t *bytes, size_t length);

/* All REPEATER_NAME_BYTES of them. False: they name nothing. */
bool repeater_name_read(struct repeater_name *name, const uint8_t *bytes);

/* The name by which a viewer called us in TLS: all of it, then what stands
 * before its first dot. */
bool repeater_name_from_host(struct repeater_name *name, const char *host);

#endif
