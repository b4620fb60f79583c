/* options.h - what the command line said, and the table that declares it.
 *
 * One table (option_table.c) declares every option: name, aliases, argument,
 * default, range, one sentence. The parser, -help, the man page and the
 * README table are all made from it. Adding an option is one line there and
 * one field here.
 *
 * Owner:   options_finish() frees what the parser copied. Strings are NULL
 *          where the option was not given, unless the table has a default.
 * Threads: the loop thread; read-only after start.
 */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>

struct option_desktops;
struct option_words;

struct options {
	/* display and area */
	char *display;                    /* -display; of several the first */
	char **displays;                  /* each of them, NULL-ended */
	char *desktops_file;              /* -desktops */
	bool one_of_several;              /* what one of them is to be like */
	struct option_desktops *desktops; /* of either; NULL: there is one */
	char *authority;       /* -auth; NULL where the next is set */
	bool guess_authority;  /* -auth guess */
	bool find;             /* -find */
	bool create;           /* -create: a desktop of our own */
	char *create_server;   /* -create_xsrv; NULL: what there is */
	char *geometry;        /* -geometry; without -create it is -scale's */
	char **session;        /* the words behind "--", NULL-ended */
	char *display_command; /* -display WAIT:cmd=... */
	bool display_waits;    /* -display WAIT:...: not there at the start */
	bool wait_display;     /* -waitdisplay [S]: start when it is there */
	int wait_display_s;    /* 0: however long that takes */
	bool reopen;    /* -reopen; after the check also what systemd starts */
	bool no_reopen; /* -noreopen */
	char *clip;     /* -clip WxH+X+Y or a monitor */
	char *window;   /* -id: one window */
	char *window_place; /* -sid: the part of the screen it covers */
	bool wait_mapped;   /* -waitmapped */
	char *scale;        /* -scale */
	char *scale_cursor; /* -scale_cursor, NULL: like the picture */
	char *rotate;       /* -rotate */
	char *pad_geometry; /* -padgeom */
	char *blackout;     /* -blackout */
	bool indicator;     /* -indicator */
	bool keep_awake;    /* -nodpms */
	bool keep_dark;     /* -forcedpms */
	char *solid;        /* -solid [COLOUR] */
	bool solid_given;
	bool xinerama;     /* -xinerama: black where no monitor is */
	int fps;           /* -fps, 1..240, 60 */
	bool shm;          /* -noshm clears */
	bool damage;       /* -noxdamage clears */
	bool cursor;       /* -nocursor clears */
	bool cursor_shape; /* -nocursorshape clears */
	bool resize;       /* -noresize clears */
	int least_quality; /* -minquality, 0..9, 2 */
	int most_quality;  /* -maxquality, 0..9, 9 */
	int threads; /* -threads [N]: encoder threads, 0 = as many as cores */
	char *desktop_name; /* -desktop */

	/* keyboard and mouse */
	char *input;           /* -input, NULL = everything */
	bool key_events;       /* -nokeyevents clears */
	bool pointer_events;   /* -nopointerevents clears */
	bool raw_keyboard;     /* -rawkeyboard */
	char *remap;           /* -remap */
	bool skip_lock_keys;   /* -skip_lockkeys */
	bool add_keysyms;      /* -noadd_keysyms clears */
	char *skip_keycodes;   /* -skip_keycodes */
	bool clear_modifiers;  /* -clear_mods */
	bool clear_keys;       /* -clear_keys */
	bool clear_all;        /* -clear_all */
	char *button_map;      /* -buttonmap */
	bool warp_pointer;     /* -xwarppointer */
	bool relative_pointer; /* -relative */
	bool pointer_place;    /* -nocursorpos clears */

	/* ports and network */
	int port;             /* -rfbport, 5900; 0 = any free one; of one of
				 several desktops only with port_given */
	bool auto_port;       /* -autoport [N]: the next free one from port */
	bool port_of_display; /* -N; the parser already put it into port */
	bool port_given;      /* -rfbport or -autoport; -1: no port at all */
	char **listen;        /* -listen ADDR, NULL = everywhere */
	char *local_socket;   /* -unixsock PATH */
	char *local_socket_mode_text; /* -unixsockmode, octal */
	int local_socket_mode;        /* the same, 0600 */
	bool avahi;                   /* -avahi */
	char **connect;               /* -connect, NULL-ended */
	char **proxies;               /* -proxy, on the way there */
	bool connect_or_exit;         /* -connect_or_exit */
	bool inetd;                   /* -inetd */
	bool localhost;               /* -localhost */
	bool ipv4, ipv6;     /* both true; -noipv4 -noipv6 clear; -ipv4 / -ipv6
				leave only that one */
	int sniff_wait_ms;   /* -sniffwait, 0..10000, 250 */
	char *port_kind;     /* -only rfb|http|tls: NULL = sniff */
	int login_timeout_s; /* -logintimeout, 30 */
	int read_timeout_s;  /* -readtimeout, 60; 0 = never */
	int rfb_wait_ms;     /* -rfbwait: the same in ms; 0 = not given */
	int ping_s;          /* -ping; 0 = never */
	int heartbeat_s;     /* -heartbeat, 25; 0 = never */
	int port_v6;         /* -rfbportv6; 0 = that of -rfbport */
	char *rfb_version;   /* -rfbversion; NULL = 3.8 */
	int rate_kb;         /* -maxrate, a viewer; 0 = no limit */
	int total_rate_kb;   /* -maxtotalrate; 0 = no limit */
	int most_waiting;    /* -maxwaiting: connections not logged in, 200 */
	int most_waiting_an_address; /* -maxwaitingperhost, 40 */
	int most_clients;            /* -maxclients, 100 */

	char **trusted_proxies; /* -trustproxy */

	/* relays to other servers */
	const char *source;  /* [ADDR:]PORT without a name; the check deals
				it out; borrowed from the words */
	char *target;        /* HOST:PORT behind it, or -target */
	char *unix_target;   /* -unix-target */
	bool ssl_target;     /* -ssl-target: TLS to it */
	bool wraps;          /* set by the check: the session is a VNC server */
	char *wrap_mode;     /* -wrap-mode; NULL = exit */
	char *token_plugin;  /* -token-plugin */
	char *token_source;  /* -token-source */
	char *token_config;  /* -target-config; the check deals it out */
	bool host_token;     /* -host-token */
	bool repeater;       /* -repeater */
	char *record;        /* -record */
	bool traffic;        /* -traffic */
	bool serves_display; /* set by the check: not only a relay */

	/* the page */
	char *http_directory; /* -httpdir */
	char **origins;      /* -origin, repeatable or comma list; NULL-ended */
	bool web_auth;       /* --web-auth: for the page too */
	char *auth_plugin;   /* --auth-plugin; the check deals it out */
	char *auth_source;   /* --auth-source */
	bool status;         /* -nostatus clears */
	char *status_auth;   /* -statusauth USER:PASSWORD|FILE */
	char *status_for;    /* -statusfor local|probes|all; NULL = local */
	char **http_headers; /* -http-header; after the check "Name: value" */

	/* TLS */
	bool tls;           /* -nossl clears */
	bool tls_only;      /* -sslonly; -ssl and -sslverify set it too */
	char *certificate;  /* -cert PEM; NULL = a self-signed one */
	char *key;          /* -key PEM; NULL = in the certificate's file */
	char *key_password; /* --key-password */
	char *certificate_folder;  /* -certdir, for the self-signed one */
	bool certificate_for_once; /* -ssl TMP: it is not kept */
	bool ssl_given;
	char *ssl;         /* -ssl [PEM]; the check deals it out */
	char *tls_version; /* -ssl-version: the least */
	char *tls_ciphers; /* -ssl-ciphers, in GnuTLS's words after the check */
	char *tls_priority;     /* -GnuTLSPriority */
	char *client_authority; /* -sslverify FILE|DIR */
	bool verify_client;     /* --verify-client: the system's authorities */
	char *client_revoked;   /* -sslCRL FILE */
	char **client_names;    /* -sslcn */

	/* passwords and access */
	bool no_password;           /* -nopw */
	char *password;             /* -passwd */
	char *password_file;        /* -passwdfile */
	char *vnc_password_file;    /* -rfbauth */
	bool use_home_password;     /* -usepw; the parser already named the file
				       in one of the two fields above */
	bool home_password_missing; /* -usepw, and that file is not there */
	bool stores_password;       /* -storepasswd [[PASSWORD] FILE] */
	char **store_password;      /* its words, NULL-ended, at most 2 */
	char *show_password;        /* -showrfbauth */
	char *view_password;        /* -viewpasswd */
	char *users_file;           /* -usersfile */
	char *unix_users;           /* -unixpw's list; the check deals it out */
	bool unix_given;
	char **user_names;     /* -plainusers; NULL-ended */
	char **security_types; /* -sectypes, NULL-ended; NULL = what suits */
	char *rsa_key;         /* -rsakey FILE; NULL = beside the certificate */
	char *vencrypt;        /* -vencrypt never|support|only|force */
	bool view_only;        /* -viewonly */
	bool shared;           /* -shared (default) / -noshared */
	bool once;             /* -once; -forever clears */
	bool disconnect_clients; /* -dontdisconnect clears */
	int first_timeout_s;     /* -timeout; 0 = never, as below */
	int idle_timeout_s;      /* -IdleTimeout: of a viewer */
	int most_untouched_s;    /* -MaxIdleTime: of the program */
	int most_connected_s;    /* -MaxConnectionTime: the same */
	int most_alone_s;        /* -MaxDisconnectionTime: the same */
	char **allowed;          /* -allow: addresses, names, or one file */
	char *hosts_file;        /* -HostsFile */
	bool deny_all;           /* -deny_all */
	bool query_connect;      /* -QueryConnect */
	int query_timeout_s;     /* -QueryConnectTimeout, 10 */
	char *accept;            /* -accept */
	char *after_accept;      /* -afteraccept */
	char *gone;              /* -gone */
	char *pam_service;       /* -pam SERVICE; NULL = no PAM */
	bool use_blacklist;      /* -UseBlacklist=0 clears */
	int blacklist_threshold; /* -BlacklistThreshold, 5; 0 = never */
	int blacklist_timeout_s; /* -BlacklistTimeout, 10; then doubling */

	/* copy and paste, and the bell */
	bool selections;                  /* -nosel clears */
	char *selection_way;              /* -seldir send|recv: NULL = both */
	bool clipboard_out, clipboard_in; /* -noclipboardsend, -recv clear */
	bool primary, clipboard;          /* told of; -noprimary ... clear */
	bool set_primary, set_clipboard;  /* owned; -nosetprimary ... clear */
	int most_clipboard_bytes;         /* -maxcuttext, 1 MiB */
	int most_clipboard_out_bytes;     /* -clipsendmax, 0 = the same */
	int most_clipboard_in_bytes;      /* -clipacceptmax, 0 = the same */
	bool bell;                        /* -nobell clears */

	/* process */
	bool sandbox;     /* -nosandbox clears */
	char *run_as;     /* -runas USER */
	char **users;     /* -users; the check picks one of them */
	char *log_file;   /* -o: emptied first */
	char *log_append; /* -oa */
	char *syslog;     /* -syslog [WHERE]; NULL = /dev/log */
	bool syslog_given;
	char **log_rules; /* -Log name:dest:level; the check deals them out */
	bool background;  /* -bg */
	char *loop;       /* -loop[MS[,N]]: what follows; NULL = no loop */
	char *flag_file;  /* -flag: gets PORT=N when ready */
	char *remove_at_end; /* -rmflag */
	char *sleep_in;      /* -sleepin N[-M]: seconds */
	char **environment;  /* -env NAME=VALUE; the parser sets them */
	char *rc_file;       /* -rc, or what was found; NULL = none was read */
	bool no_rc;          /* -norc */
	struct option_words *words; /* what was said, to be said again */
	char *audit_file;           /* -audit */
	char *audit_format; /* -auditformat logfmt|json; NULL = logfmt */
	bool quiet;         /* -q */
	bool verbose;       /* -v */

	char *control;       /* -control PATH; NULL = by the display */
	bool control_wanted; /* -nocontrol clears */
	char *remote;        /* -R: what to do there */
	char *query;         /* -Q: what to ask it */
	bool json;           /* --json: the answer as it came */
	bool self_check;     /* -selfcheck */
	bool sync;           /* -sync, which is always so */

	/* What only was asked to be printed. */
	bool find_display;   /* -finddpy */
	bool list_displays;  /* -listdpy */
	bool find_authority; /* -findauth [DISPLAY] */
	char *authority_of;
	bool help, version, license;
	bool print_man; /* --print-man: the options section of the man page */
	bool print_readme; /* --print-readme: the README table (Markdown) */
	char *print_completion; /* -print-completion bash|zsh */
};

enum { OPTIONS_MOST_PROXIES = 3 };

/* Of options->port: to be asked for at the terminal. */
enum { OPTIONS_PORT_ASKED = -2 };

/* Fills `options` from defaults, the rc file, $X11WSVNC_OPTIONS and the command
 * line, the last counting most. False: a sentence was
 * already written to stderr (it names the option and, for an unknown one, the
 * nearest known name); the program ends with EXIT_USAGE. Names of
 * shared/OPTIONS.md that are not built yet are accepted and logged in one
 * line. Also blanks passwords in argv so that ps does not show them. */
bool options_parse(struct options *options, int argc, char **argv);
/* The same once more, with the rc file as it is now. False: it was said why,
 * and `fresh` is nothing. */
bool options_parse_again(struct options *fresh, const struct options *options);
/* What `options` say for one of several desktops, of which `own` says more;
 * takes those words. False: it was said why, and `desktop` is nothing. */
bool options_parse_desktop(struct options *desktop,
	const struct options *options, struct option_words *own);
void options_finish(struct options *options);

/* Each writes to stdout. */
void options_print_help(void);
void options_print_man(void);
void options_print_readme(void);
void options_print_completion(const char *shell);

/* Exit codes, documented in the man page. */
enum exit_code {
	EXIT_OK = 0,           /* ended by a signal, -once, or after printing */
	EXIT_FAULT = 1,        /* anything below does not say */
	EXIT_USAGE = 2,        /* the command line */
	EXIT_DISPLAY = 3,      /* the X display cannot be opened */
	EXIT_LISTEN = 4,       /* the port cannot be listened on */
	EXIT_FILE = 5,         /* a file named by an option cannot be used */
	EXIT_DISPLAY_LOST = 6, /* the X server went away */
};

#endif
