#include "bench/stamp.h"

enum { NUMBER_BITS = 18, CHECK_LIMIT = 61 };

uint32_t stamp_encode(unsigned number)
{
	number %= STAMP_LIMIT;
	/* All black (nothing drawn yet) must not be right. */
	uint32_t check = 1 + number % CHECK_LIMIT;
	return check << NUMBER_BITS | number;
}

bool stamp_decode(uint32_t bits, unsigned *number)
{
	*number = bits & (STAMP_LIMIT - 1);
	return stamp_encode(*number) == bits;
}
