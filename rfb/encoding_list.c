#include "rfb/encoding_list.h"

void encoding_list_clear(struct encoding_list *list)
{
	list->count = list->told = 0;
}

void encoding_list_add(struct encoding_list *list, int32_t number)
{
	if (list->told == ENCODING_LIST_MOST)
		return;
	list->told++;
	if (!encoding_list_has(list, number))
		list->numbers[list->count++] = number;
}

bool encoding_list_has(const struct encoding_list *list, int32_t number)
{
	for (int i = 0; i < list->count; i++)
		if (list->numbers[i] == number)
			return true;
	return false;
}

bool encoding_list_first_in(const struct encoding_list *list, int32_t lowest,
	int32_t highest, int32_t *number)
{
	for (int i = 0; i < list->count; i++) {
		int32_t listed = list->numbers[i];

		if (listed >= lowest && listed <= highest) {
			*number = listed;
			return true;
		}
	}
	return false;
}
