#include "rfb/tight_capabilities.h"

/* What of the registered ones there is here. */
static const struct tight_capability server_messages[] = {
	{ 150, "TGHT", "CUS_EOCU" }, /* EndOfContinuousUpdates */
};

static const struct tight_capability client_messages[] = {
	{ 150, "TGHT", "CUC_ENCU" }, /* EnableContinuousUpdates */
};

static const struct tight_capability encodings[] = {
	{ 0, "STDV", "RAW_____" },
	{ 1, "STDV", "COPYRECT" },
	{ 2, "STDV", "RRE_____" },
	{ 4, "STDV", "CORRE___" },
	{ 5, "STDV", "HEXTILE_" },
	{ 6, "TRDV", "ZLIB____" },
	{ 7, "TGHT", "TIGHT___" },
	{ -32, "TGHT", "JPEGQLVL" },
	{ -223, "TGHT", "NEWFBSIZ" },
	{ -224, "TGHT", "LASTRECT" },
	{ -239, "TGHT", "RCHCURSR" },
	{ -240, "TGHT", "X11CURSR" },
	{ -256, "TGHT", "COMPRLVL" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

void tight_capability_write(
	const struct tight_capability *capability, struct buffer *to)
{
	buffer_s32(to, capability->code);
	buffer_append(to, capability->vendor, 4);
	buffer_append(to, capability->signature, 8);
}

static void write_all(
	const struct tight_capability *table, size_t count, struct buffer *to)
{
	size_t i;

	for (i = 0; i < count; i++)
		tight_capability_write(&table[i], to);
}

void tight_capabilities_write(struct buffer *to)
{
	buffer_u16(to, COUNT(server_messages));
	buffer_u16(to, COUNT(client_messages));
	buffer_u16(to, COUNT(encodings));
	buffer_u16(to, 0);
	write_all(server_messages, COUNT(server_messages), to);
	write_all(client_messages, COUNT(client_messages), to);
	write_all(encodings, COUNT(encodings), to);
}
