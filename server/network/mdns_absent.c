/* mdns.h where libsystemd was not there when the program was built. */
#include <stddef.h>

#include "base/log.h"
#include "server/network/mdns.h"
#include "server/server.h"

struct mdns *mdns_open(struct server *server)
{
	if (server->options->avahi)
		log_warning(
			"-avahi: not announced, because this program was "
			"built without libsystemd");
	return NULL;
}

void mdns_close(struct mdns *mdns)
{
	(void)mdns;
}
