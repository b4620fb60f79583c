#include "server/share/share_config.h"

#include <string.h>

#include "server/input/input_rights.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/tls/tls_context.h"

/* gtk-vnc chooses X509* wherever it is offered, and leaves where it does not
 * know the certificate. So our own is shown to viewers that ask for nothing
 * better, or where the command line says so. */
static bool offers_x509(const struct share *share)
{
	return tls_context_offers(share->server->tls, TLS_X509) &&
	       (!tls_context_is_self_signed(share->server->tls) ||
		       tls_context_asks_clients(share->server->tls) ||
		       share->options->security_types != NULL ||
		       share->options->vencrypt != NULL);
}

static void configure_clipboard(struct share *share)
{
	struct session_config *config = &share->session_config;
	const struct options *options = share->options;
	const char *way = options->selection_way;
	int most = options->most_clipboard_in_bytes;

	config->no_clipboard_in = !options->selections ||
				  !options->clipboard_in ||
				  (way != NULL && strcmp(way, "send") == 0);
	config->no_clipboard_out = !options->selections ||
				   !options->clipboard_out ||
				   (way != NULL && strcmp(way, "recv") == 0);
	config->most_clipboard_bytes =
		(size_t)(most != 0 ? most : options->most_clipboard_bytes);
}

/* After the clipboard: -input may take it away too. */
static void configure_input(struct share *share)
{
	struct session_config *config = &share->session_config;
	const struct options *options = share->options;
	struct input_rights rights = { .all = ~0U, .clipboard = true };

	if (options->input != NULL)
		input_rights_parse(options->input, &rights);
	if (!options->key_events)
		rights.all &= ~(unsigned)SESSION_KEYS;
	if (!options->pointer_events)
		rights.all &= ~(unsigned)(SESSION_MOTION | SESSION_BUTTONS);
	config->denied_input = ~rights.all;
	config->watchers_input = rights.watchers;
	config->no_clipboard_in |= !rights.clipboard;
	config->relative_pointer = options->relative_pointer;
	config->hide_pointer_place = !options->pointer_place;
}

/* What stands behind "3."; UltraVNC's 6 is the oldest with extras. */
static int offered_version(const struct options *options)
{
	int version = options->rfb_version != NULL
			      ? options->rfb_version[2] - '0'
			      : 8;

	return version < 7 ? 3 : version;
}

void share_config_fill(struct share *share)
{
	struct session_config *config = &share->session_config;

	if (share->passwords.has_full)
		config->full_password = share->passwords.full;
	if (share->passwords.has_full)
		config->view_password = share->passwords.view; /* may be "" */
	config->checks_users = login_check_knows_users(&share->login_check);
	config->user_names = (const char *const *)share->options->user_names;
	if (share->server->tls != NULL) {
		config->tls_anonymous =
			tls_context_offers(share->server->tls, TLS_ANONYMOUS);
		config->tls_x509 = offers_x509(share);
	}
	config->tls_only = share->options->tls_only;
	config->security = share->security_order.list.types;
	config->local_plain_first = share->options->security_types == NULL;
	config->view_only = share->options->view_only;
	config->no_shapes = !share->options->cursor_shape;
	config->no_resize = !share->options->resize;
	configure_clipboard(share);
	configure_input(share);
	config->name = share->desktop_name;
	config->version = offered_version(share->options);
	config->least_quality = share->options->least_quality;
	config->most_quality = share->options->most_quality;
	config->workers = share->server->worker_threads;
}
