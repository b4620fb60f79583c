/* What is offered and how it is gone through: VeNCrypt, Plain, users. */
#include "base/initialiser.h"
#include "rfb/security.h"
#include "rfb/session_state.h"
#include "test/unit/session_fixture.h"

static const struct session_transport bare = { .can_start_tls = true };
static const struct session_transport inside_tls = { .encrypted = true };
static const struct session_transport websocket = { .is_websocket = true };
static const struct session_transport local_websocket = { .is_websocket = true,
	.is_local = true };
static const struct session_transport wss = { .is_websocket = true,
	.encrypted = true };

/* The numbers offered, in order, ended by 0. */
struct offer {
	const char *what;
	const struct session_transport *transport;
	const char *password;
	bool users, tls, rsa;
	uint32_t types[8], subtypes[8];
};

static const struct offer offers[] = {
	{ "nothing asked", &bare, NULL, false, true, false, { 19, 1, 16 },
		{ 257, 260 } },
	{ "nothing asked, no TLS", &bare, NULL, false, false, false, { 1, 16 },
		{ 0 } },
	{ "nothing asked, in TLS", &inside_tls, NULL, false, true, false,
		{ 1, 16 }, { 0 } },
	{ "nothing asked, in a WebSocket", &websocket, NULL, false, true, false,
		{ 1, 16 }, { 0 } },
	{ "a password", &bare, "secret", false, true, false, { 19, 2, 16 },
		{ 258, 259, 261, 262 } },
	{ "a password, in TLS", &inside_tls, "secret", false, true, false,
		{ 2, 19, 16 }, { 256 } },
	{ "a password, in a WebSocket", &websocket, "secret", false, true,
		false, { 2, 16 }, { 0 } },
	{ "users", &bare, NULL, true, true, false, { 19 }, { 259, 262 } },
	{ "users, no TLS", &bare, NULL, true, false, false, { 0 }, { 0 } },
	{ "users, in TLS", &inside_tls, NULL, true, true, false, { 19 },
		{ 256 } },
	{ "users, in a WebSocket", &websocket, NULL, true, true, false, { 0 },
		{ 0 } },
	{ "users and a key", &bare, NULL, true, true, true,
		{ 19, 129, 5, 130, 6 }, { 259, 262 } },
	{ "users and a key, in TLS", &inside_tls, NULL, true, true, true,
		{ 19, 130, 6 }, { 256 } },
	/* noVNC on a page without encryption could not finish it. */
	{ "users and a key, in a WebSocket", &websocket, NULL, true, true, true,
		{ 0 }, { 0 } },
	{ "users and a key, in a near WebSocket", &local_websocket, NULL, true,
		true, true, { 6 }, { 0 } },
	{ "users and a key, in wss", &wss, NULL, true, true, true, { 19, 6 },
		{ 256 } },
	{ "all, in a near WebSocket", &local_websocket, "secret", true, true,
		true, { 2, 16, 6 }, { 0 } },
};

static void assert_list(const char *what, const struct security_list *list,
	const uint32_t *numbers)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->types[i]->number != numbers[i])
			fail_msg("%s: number %d is %u, not %u", what, i,
				list->types[i]->number, numbers[i]);
	if (numbers[list->count] != 0)
		fail_msg("%s: %u is missing", what, numbers[list->count]);
}

static void test_offers(void **state)
{
	static const char key; /* that there is one is all that matters */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		const struct offer *offer = &offers[i];
		const struct session_config config = {
			.full_password = offer->password,
			.checks_users = offer->users,
			.tls_anonymous = offer->tls,
			.tls_x509 = offer->tls,
			.rsa_key = offer->rsa ? (const void *)&key : NULL,
		};
		struct security_list types, subtypes;

		security_offer(&config, offer->transport, &types, &subtypes);
		assert_list(offer->what, &types, offer->types);
		assert_list(offer->what, &subtypes, offer->subtypes);
	}
}

static void start(struct fixture *f, const struct session_transport *transport)
{
	session_set_transport(f->session, transport);
	session_start(f->session);
}

static void assert_refused(struct fixture *f, const char *end)
{
	start(f, &websocket);
	SAY(f->session, "RFB 003.008\n");
	assert_string_equal(
		f->recorder.reason + strlen(f->recorder.reason) - strlen(end),
		end);
}

static void test_says_what_would_do(void **state)
{
	struct fixture *f = *state;

	f->config.checks_users = true;
	assert_refused(f, "an SSH tunnel, or with a viewer that knows RSA-AES");
	fixture_tear_down(state);
	fixture_set_up(state);
	f = *state;
	f->config.checks_users = f->config.tls_x509 = true;
	assert_refused(f, "use https, or a viewer that knows TLS");
}

static void test_vencrypt(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "secret";
	f->config.tls_anonymous = f->config.tls_x509 = true;
	start(f, &bare);
	SAY(f->session, "RFB 003.008\n\x13\0\2");
	TAKES(&f->recorder, "RFB 003.008\n\3\x13\2\x10");
	TAKES(&f->recorder, "\0\2\0\4\0\0\1\2\0\0\1\3\0\0\1\5\0\0\1\6");
	/* Two bytes of TLS come along with the choice. */
	SAY(f->session, "\0\0\1\5\x16\3");
	TAKES(&f->recorder, "\1");
	assert_int_equal(f->recorder.tls_starts, 1);
	assert_int_equal(f->recorder.tls, SESSION_TLS_X509);
	assert_int_equal(f->recorder.tls_bytes, 2);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	session_secured(f->session);
	assert_int_equal(buffer_length(&f->recorder.sent), 16);
	assert_string_equal(session_security_name(f->session), "X509Vnc");
	assert_int_equal(f->recorder.closes, 0);
}

static void test_vencrypt_without_login_before_tls(void **state)
{
	struct fixture *f = *state;

	f->config.tls_anonymous = true;
	start(f, &bare);
	SAY(f->session, "RFB 003.008\n\x13\0\2\0\0\1\1");
	buffer_clear(&f->recorder.sent);
	SAY(f->session, "\1\3\0\0\0\0\0\0\0\xff\xff"); /* ClientInit early */
	assert_int_equal(f->recorder.logins, 0);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	session_secured(f->session);
	TAKES(&f->recorder, "\0\0\0\0");
}

static void test_vencrypt_versions(void **state)
{
	struct fixture *f = *state;

	f->config.tls_anonymous = true;
	start(f, &bare);
	SAY(f->session, "RFB 003.008\n\x13\0\1");
	TAKES(&f->recorder, "RFB 003.008\n\3\x13\1\x10\0\2\1");
	assert_int_equal(f->recorder.closes, 1);
}

/* Each number but those offered, on a fresh session each time. */
static void test_only_offered_subtypes(void **state)
{
	struct fixture *f;
	uint32_t number;

	for (number = 0; number < 600; number++) {
		uint8_t choice[4] = { 0, 0, (uint8_t)(number >> 8),
			(uint8_t)number };

		if (number == 258 || number == 259)
			continue;
		fixture_tear_down(state);
		fixture_set_up(state);
		f = *state;
		f->config.full_password = "secret";
		f->config.tls_anonymous = true;
		start(f, &bare);
		SAY(f->session, "RFB 003.008\n\x13\0\2");
		buffer_clear(&f->recorder.sent);
		session_receive(f->session, choice, sizeof(choice));
		assert_int_equal(f->recorder.closes, 1);
		assert_int_equal(f->recorder.tls_starts, 0);
		assert_int_equal(buffer_length(&f->recorder.sent), 0);
	}
}

static void test_tight(void **state)
{
	struct fixture *f = *state;
	size_t length;

	start(f, &websocket);
	SAY(f->session, "RFB 003.008\n\x10");
	TAKES(&f->recorder, "RFB 003.008\n\2\1\x10");
	TAKES(&f->recorder, "\0\0\0\0\0\0\0\1\0\0\0\1STDVNOAUTH__");
	SAY(f->session, "\0\0\0\1");
	TAKES(&f->recorder, "\0\0\0\0");
	SAY(f->session, "\1");
	assert_int_equal(f->recorder.logins, 1);
	buffer_consume(&f->recorder.sent, 24 + 4);
	/* The lists are as long as they say. */
	TAKES(&f->recorder, "\0\1\0\1\0\x0d\0\0\0\0\0\x96TGHTCUS_EOCU");
	length = buffer_length(&f->recorder.sent);
	assert_int_equal(length, 14 * 16);
}

static void test_tight_takes_what_it_offered(void **state)
{
	static const char *const wrong_ways[] = { "\0\0\0\1", "\0\0\0\0",
		"\0\0\0\x13", "\xff\xff\xff\xff" };
	struct fixture *f;
	size_t i;

	for (i = 0; i < 4; i++) {
		fixture_tear_down(state);
		fixture_set_up(state);
		f = *state;
		f->config.full_password = "secret";
		start(f, &websocket);
		SAY(f->session, "RFB 003.008\n\x10");
		buffer_clear(&f->recorder.sent);
		session_receive(f->session, (const uint8_t *)wrong_ways[i], 4);
		SAY(f->session, "\1");
		assert_int_equal(f->recorder.closes, 1);
		assert_int_equal(f->recorder.logins, 0);
		assert_int_equal(buffer_length(&f->recorder.sent), 0);
	}
}

#define PLAIN "RFB 003.008\n\x13\0\2\0\0\1\0"

static void begin_plain(struct fixture *f)
{
	start(f, &inside_tls);
	SAY(f->session, PLAIN);
	buffer_clear(&f->recorder.sent);
}

static void test_plain_with_the_password(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "longer than eight";
	f->config.view_password = "look";
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\x11"
		"joelonger than eight\1");
	TAKES(&f->recorder, "\0\0\0\0");
	assert_int_equal(f->recorder.logins, 1);
	assert_string_equal(session_user(f->session), "joe");
	assert_false(session_is_view_only(f->session));
}

/* A dump of the program's memory shows it to nobody. */
static void test_no_password_is_kept(void **state)
{
	static const char password[] = "longer than eight";
	struct fixture *f = *state;
	const struct buffer *input = &f->session->input;

	f->config.full_password = password;
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\x11"
		"joelonger than eight\1");
	assert_int_equal(f->recorder.logins, 1);
	assert_true(input->capacity > sizeof(password));
	assert_null(memmem(input->start, input->capacity, password + 1, 8));
}

static void test_plain_to_watch(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "longer than eight";
	f->config.view_password = "look";
	begin_plain(f);
	SAY(f->session, "\0\0\0\0\0\0\0\4look\1");
	assert_int_equal(f->recorder.logins, 1);
	assert_true(session_is_view_only(f->session));
}

static const struct {
	const char *bytes;
	size_t length;
} wrong[] = {
#define WRONG(literal) INITIALISER(literal, sizeof(literal) - 1)
	WRONG("\0\0\0\3\0\0\0\6"
	      "joesecre1"),
	WRONG("\0\0\0\3\0\0\0\5"
	      "joesecre"),
	WRONG("\0\0\0\3\0\0\0\7"
	      "joesecret\0"),
	WRONG("\0\0\0\3\0\0\0\0"
	      "joe"),
	WRONG("\0\0\0\0\0\0\0\0"),
	WRONG("\0\0\0\3\0\0\0\6"
	      "eoesecret"), /* not on the list */
	WRONG("\0\0\0\2\0\0\0\6"
	      "j\0secret"),
	WRONG("\xff\xff\xff\xff\0\0\0\6"),
	WRONG("\0\0\0\1\0\0\4\1"),
};

static void test_wrong_answers_to_plain(void **state)
{
	static const char *const names[] = { "joe", "j", NULL };
	struct fixture *f;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fixture_tear_down(state);
		fixture_set_up(state);
		f = *state;
		f->config.full_password = "secret";
		f->config.user_names = names;
		begin_plain(f);
		session_receive(f->session, (const uint8_t *)wrong[i].bytes,
			wrong[i].length);
		SAY(f->session, "\1");
		assert_int_equal(f->recorder.closes, 1);
		assert_int_equal(f->recorder.logins, 0);
		TAKES(&f->recorder, "\0\0\0\1");
	}
}

/* The host is asked for nobody, which takes as long. */
static void test_an_unlisted_user_takes_as_long(void **state)
{
	static const char *const names[] = { "ann", NULL };
	struct fixture *f = *state;

	f->config.checks_users = true;
	f->config.user_names = names;
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\6"
		"joesecret\1");
	assert_int_equal(f->recorder.login_checks, 1);
	assert_string_equal(f->recorder.user, "(unlisted)");
	session_login_checked(f->session, NULL);
	TAKES(&f->recorder, "\0\0\0\1");
	assert_int_equal(f->recorder.logins, 0);
}

/* Nobody was wrong: the host, which may blame an address, is not told so. */
static void test_who_it_is_may_stay_unknown(void **state)
{
	struct fixture *f = *state;

	session_destroy(f->session);
	f->session = session_create(
		&f->config, &f->layout, &recorder_judge, &f->recorder);
	f->config.checks_users = true;
	begin_plain(f);
	session_login_unknown(f->session, "not asked for");
	assert_int_equal(f->recorder.closes, 0);
	SAY(f->session,
		"\0\0\0\3\0\0\0\6"
		"joesecret\1");
	session_login_unknown(f->session, "busy");
	session_login_checked(f->session, &session_all_rights);
	TAKES(&f->recorder, "\0\0\0\1\0\0\0\4busy");
	assert_int_equal(f->recorder.wrong, 0);
	assert_int_equal(f->recorder.logins, 0);
	assert_int_equal(f->recorder.closes, 1);
	assert_true(session_was_refused(f->session));
}

static void test_an_absent_password_opens_nothing(void **state)
{
	struct fixture *f = *state;

	f->config.full_password = "";
	begin_plain(f);
	SAY(f->session, "\0\0\0\3\0\0\0\0joe\1");
	assert_int_equal(f->recorder.logins, 0);
	assert_int_equal(f->recorder.closes, 1);
}

static void test_users_are_asked_for(void **state)
{
	static const struct session_rights keys_only = { true, false };
	struct fixture *f = *state;

	f->config.checks_users = true;
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\6"
		"joesecret\1");
	assert_int_equal(f->recorder.login_checks, 1);
	assert_string_equal(f->recorder.user, "joe");
	assert_string_equal(f->recorder.password, "secret");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.logins, 0);
	session_login_checked(f->session, &keys_only);
	TAKES(&f->recorder, "\0\0\0\0");
	assert_int_equal(f->recorder.logins, 1);
	/* A second answer changes nothing. */
	session_login_checked(f->session, NULL);
	assert_int_equal(f->recorder.closes, 0);
	SAY(f->session, "\4\1\0\0\0\0\0a\6\0\0\0\0\0\0\1x");
	assert_int_equal(f->recorder.keys, 1);
	assert_string_equal(f->recorder.text, "");
	buffer_clear(&f->recorder.sent);
	session_clipboard_offer(f->session, CLIPBOARD_BIT(CLIPBOARD_TEXT));
	assert_int_equal(f->recorder.wants, 0);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_users_are_refused(void **state)
{
	struct fixture *f = *state;

	f->config.checks_users = true;
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\6"
		"joesecret\1");
	session_login_checked(f->session, NULL);
	TAKES(&f->recorder, "\0\0\0\1");
	assert_int_equal(f->recorder.logins, 0);
	assert_int_equal(f->recorder.closes, 1);
}

/* What nobody can be asked for with 3.3 is said to be so. */
static void test_33_and_users(void **state)
{
	struct fixture *f = *state;

	f->config.checks_users = true;
	start(f, &inside_tls);
	SAY(f->session, "RFB 003.003\n");
	TAKES(&f->recorder, "RFB 003.008\n\0\0\0\0\0\0\0");
	assert_int_equal(f->recorder.closes, 1);
}

static void test_much_before_login(void **state)
{
	static const uint8_t many[70000];
	struct fixture *f = *state;

	f->config.checks_users = true;
	begin_plain(f);
	SAY(f->session,
		"\0\0\0\3\0\0\0\6"
		"joesecret");
	session_receive(f->session, many, sizeof(many));
	assert_int_equal(f->recorder.closes, 1);
	session_login_checked(f->session, &session_all_rights);
	assert_int_equal(f->recorder.logins, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offers),
		SESSION_TEST(test_says_what_would_do),
		SESSION_TEST(test_vencrypt),
		SESSION_TEST(test_vencrypt_without_login_before_tls),
		SESSION_TEST(test_vencrypt_versions),
		SESSION_TEST(test_only_offered_subtypes),
		SESSION_TEST(test_tight),
		SESSION_TEST(test_tight_takes_what_it_offered),
		SESSION_TEST(test_plain_with_the_password),
		SESSION_TEST(test_no_password_is_kept),
		SESSION_TEST(test_plain_to_watch),
		SESSION_TEST(test_wrong_answers_to_plain),
		SESSION_TEST(test_an_absent_password_opens_nothing),
		SESSION_TEST(test_an_unlisted_user_takes_as_long),
		SESSION_TEST(test_who_it_is_may_stay_unknown),
		SESSION_TEST(test_users_are_asked_for),
		SESSION_TEST(test_users_are_refused),
		SESSION_TEST(test_33_and_users),
		SESSION_TEST(test_much_before_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
