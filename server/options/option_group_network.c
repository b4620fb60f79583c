/* Who can connect, and for how long. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	{ .kind = OPTION_NUMBER,
		.field = AT(port, int),
		.scope = OPTION_OF_ONE,
		.flag = OPTION_NO_FIELD,
		.names = "rfbport websocketPort",
		.argument = "N",
		.word = "PROMPT",
		.word_number = OPTIONS_PORT_ASKED,
		.least = -1,
		.most = 65535,
		.normal = 5900,
		.sentence = "the port for everything; 0 means any free one, -1 "
			    "none, PROMPT asks at the terminal" },
	{ .kind = OPTION_NUMBER_OR_NONE,
		.field = AT(port, int),
		.scope = OPTION_OF_ONE,
		.flag = AT(auto_port, bool),
		.names = "autoport",
		.argument = "[N]",
		.least = 1,
		.most = 65535,
		.normal = 5900,
		.sentence = "take the first free port from N up" },
	NUMBER(port_v6, 0, 65535, 0, "rfbportv6",
		"another port for IPv6; 0 means the same"),
	FLAG(port_of_display, true, "N", NULL,
		"port 5900 plus the number of the X display"),
	{ .kind = OPTION_LIST,
		.field = AT(listen, char **),
		.flag = OPTION_NO_FIELD,
		.names = "listen interface listen6 listenv6",
		.argument = "ADDR[,ADDR]",
		.sentence = "listen only on these addresses; everywhere if "
			    "absent" },
	TEXT(local_socket, "PATH", "unixsock unix-listen rfbunixpath",
		"listen on a socket in the file system, too"),
	TEXT(local_socket_mode_text, "MODE",
		"unixsockmode unix-listen-mode rfbunixmode",
		"who may connect to it, in octal; 0600 if absent"),
	FLAG(avahi, true, "avahi mdns zeroconf", NULL,
		"tell the local network by mDNS that there is a VNC server "
		"here, where Avahi runs"),
	FLAG(inetd, true, "inetd", NULL,
		"standard input is the connection, and the only one; sockets "
		"that systemd opened need no option"),
	{ .kind = OPTION_LIST,
		.field = AT(connect, char **),
		.flag = OPTION_NO_FIELD,
		.names = "connect",
		.argument = "HOST[:PORT]",
		.sentence = "connect to a listening viewer (5500); also "
			    "repeater=ID:n+HOST:PORT and pre=TEXT+HOST:PORT; "
			    "several, parted by commas" },
	{ .kind = OPTION_LIST,
		.field = AT(connect, char **),
		.flag = AT(connect_or_exit, bool),
		.names = "connect_or_exit coe",
		.argument = "HOST[:PORT]",
		.sentence = "the same, and end if one is not reached" },
	{ .kind = OPTION_LIST,
		.field = AT(proxies, char **),
		.flag = OPTION_NO_FIELD,
		.names = "proxy",
		.argument = "URL[,URL]",
		.secret = true,
		.sentence = "go to them through a proxy: socks5://HOST:PORT, "
			    "socks4://HOST:PORT, http://HOST:PORT (CONNECT), "
			    "with USER:PASSWORD@ before the host; several are "
			    "passed one after the other" },
	FLAG(localhost, true, "localhost", "nolocalhost",
		"only this machine may connect"),
	FLAG(ipv6, false, "noipv6 no6 ipv4", "6 prefer-ipv6 UseIPv6",
		"listen on IPv4 only"),
	FLAG(ipv4, false, "noipv4 ipv6", "UseIPv4", "listen on IPv6 only"),
	NUMBER(sniff_wait_ms, 0, 10000, 250, "sniffwait",
		"milliseconds a silent connection has before it is taken for "
		"a VNC viewer; less on this machine, and from an address "
		"that spoke RFB last"),
	{ .kind = OPTION_CHOICE,
		.field = AT(port_kind, char *),
		.flag = OPTION_NO_FIELD,
		.names = "only",
		.argument = "rfb|http|tls",
		.sentence = "take every connection for this kind instead of "
			    "finding out; others are closed" },
	NUMBER(login_timeout_s, 1, 3600, 30, "logintimeout",
		"seconds from connecting to having logged in"),
	NUMBER(read_timeout_s, 0, 86400, 60, "readtimeout",
		"seconds a viewer may take nothing of what waits for it; 0 "
		"means for ever"),
	NUMBER(rfb_wait_ms, 0, 86400000, 0, "rfbwait",
		"the same in milliseconds"),
	NUMBER(ping_s, 0, 86400, 0, "ping",
		"send every viewer a pixel each so many seconds, for the sake "
		"of what is between; 0 means never"),
	/* Proxies drop what is silent for a minute. */
	NUMBER(heartbeat_s, 0, 3600, 25, "heartbeat",
		"seconds between WebSocket pings; a browser that answers none "
		"of three is gone; 0 means never"),
	{ .kind = OPTION_CHOICE,
		.field = AT(rfb_version, char *),
		.flag = OPTION_NO_FIELD,
		.names = "rfbversion",
		.argument = "3.3|3.6|3.7|3.8",
		.sentence = "the protocol's version that is offered; 3.8 if "
			    "absent; 3.6 is offered as 3.3" },
	{ .kind = OPTION_WORD,
		.field = AT(rfb_version, char *),
		.flag = OPTION_NO_FIELD,
		.names = "Protocol3.3",
		.word = "3.3",
		.sentence = "-rfbversion 3.3" },
	NUMBER(rate_kb, 0, 10000000, 0, "maxrate",
		"at most so many kilobytes (1000 bytes) a second to each "
		"viewer; 0 means no limit"),
	NUMBER(total_rate_kb, 0, 10000000, 0, "maxtotalrate",
		"the same for all viewers together"),
	NUMBER(most_waiting, 1, 10000, 200, "maxwaiting",
		"connections at once that have not logged in"),
	NUMBER(most_waiting_an_address, 1, 10000, 40, "maxwaitingperhost",
		"connections from one address that have not logged in"),
	LIST(trusted_proxies, "HOST[,HOST]", "trustproxy",
		"proxies that are believed what their PROXY header or "
		"X-Forwarded-For says: addresses, 10.0.0.0/8, or unix for "
		"whoever comes through a unix socket"),
	NUMBER(most_clients, 1, 1000, 100, "maxclients maxconnections",
		"viewers at once"),
};

const struct option_group option_group_network =
	OPTION_GROUP("Ports and network", entries);
