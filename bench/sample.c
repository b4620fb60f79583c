#include "bench/sample.h"

#include <stdlib.h>

#include "base/xmalloc.h"

void sample_finish(struct sample *sample)
{
	free(sample->values);
	*sample = (struct sample){ 0 };
}

void sample_add(struct sample *sample, double value)
{
	if (sample->count == sample->capacity) {
		size_t capacity = sample->capacity ? sample->capacity * 2 : 64;
		double *values = xcalloc(capacity, sizeof(*values));
		for (size_t i = 0; i < sample->count; i++)
			values[i] = sample->values[i];
		free(sample->values);
		sample->values = values;
		sample->capacity = capacity;
	}
	sample->values[sample->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

double sample_quantile(struct sample *sample, double share)
{
	if (sample->count == 0)
		return 0;
	qsort(sample->values, sample->count, sizeof(double), compare);
	size_t index = (size_t)(share * (double)(sample->count - 1) + 0.5);
	return sample->values[index];
}
