/* quick_deflater_absent.c - where ISA-L is not there. */
#include "rfb/quick_deflater.h"

#include <stdlib.h>

bool quick_deflater_is_there(void)
{
	return false;
}

void quick_deflater_finish(struct quick_deflater *deflater)
{
	(void)deflater;
}

void quick_deflater_write(struct quick_deflater *deflater, const uint8_t *bytes,
	size_t count, bool goes_on, struct buffer *to)
{
	(void)deflater;
	(void)bytes;
	(void)count;
	(void)goes_on;
	(void)to;
	abort();
}

void quick_deflater_forget(struct quick_deflater *deflater)
{
	(void)deflater;
}

void quick_deflater_write_whole(struct quick_deflater *deflater,
	const uint8_t *bytes, size_t count, struct buffer *to)
{
	quick_deflater_write(deflater, bytes, count, false, to);
}
