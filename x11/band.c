#include "x11/band.h"

bool band_next(const struct region *region, int *index, struct band *band)
{
	int count = region_count(region), end;
	struct rect rect;

	if (*index >= count)
		return false;
	rect = region_rect(region, (*index)++);
	band->y = rect.y;
	end = rect.y + rect.height;
	while (*index < count) {
		rect = region_rect(region, *index);
		if (rect.y >= end + BAND_LEAST_GAP)
			break;
		if (rect.y + rect.height > end)
			end = rect.y + rect.height;
		(*index)++;
	}
	band->height = end - band->y;
	return true;
}
