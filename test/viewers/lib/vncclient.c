/* A viewer of a few lines over libvncclient: logs in, waits for the first
 * picture, says its size.
 *
 *	vncclient HOST PORT USER PASSWORD CA TYPE[,TYPE...] [HOST PORT]
 *
 * With the second pair the first is a repeater, which is asked for that.
 */
#include <rfb/rfbclient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct login {
	const char *user, *password, *ca;
	rfbBool pictured;
};

static char tag;

static struct login *login_of(rfbClient *client)
{
	return rfbClientGetClientData(client, &tag);
}

static char *get_password(rfbClient *client)
{
	return strdup(login_of(client)->password);
}

static rfbCredential *get_credential(rfbClient *client, int type)
{
	rfbCredential *credential = calloc(1, sizeof(*credential));
	struct login *login = login_of(client);

	if (type == rfbCredentialTypeX509) {
		credential->x509Credential.x509CACertFile = strdup(login->ca);
		return credential;
	}
	credential->userCredential.username = strdup(login->user);
	credential->userCredential.password = strdup(login->password);
	return credential;
}

static void finished(rfbClient *client)
{
	login_of(client)->pictured = TRUE;
}

static int read_types(char *text, uint32_t *types)
{
	char *rest = NULL, *word = strtok_r(text, ",", &rest);
	int count = 0;

	for (; word != NULL && count < 8; word = strtok_r(NULL, ",", &rest))
		types[count++] = (uint32_t)atoi(word);
	return count;
}

int main(int argc, char **argv)
{
	struct login login;
	rfbClient *client = rfbGetClient(8, 3, 4);
	uint32_t types[8];
	int none = 0, rounds;

	if ((argc != 7 && argc != 9) || client == NULL)
		return 2;
	login = (struct login){ argv[3], argv[4], argv[5], FALSE };
	rfbClientSetClientData(client, &tag, &login);
	client->GetPassword = get_password;
	client->GetCredential = get_credential;
	client->FinishedFrameBufferUpdate = finished;
	client->serverHost = strdup(argv[1]);
	client->serverPort = atoi(argv[2]);
	if (argc == 9) {
		client->destHost = strdup(argv[7]);
		client->destPort = atoi(argv[8]);
	}
	if (argv[6][0] != '\0')
		SetClientAuthSchemes(client, types, read_types(argv[6], types));
	if (!rfbInitClient(client, &none, NULL))
		return 1; /* it has freed the client */
	for (rounds = 0; rounds < 200 && !login.pictured; rounds++)
		if (WaitForMessage(client, 100000) > 0 &&
			!HandleRFBServerMessage(client))
			return 1;
	printf("%dx%d\n", client->width, client->height);
	rfbClientCleanup(client);
	return login.pictured ? 0 : 1;
}
