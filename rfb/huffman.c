#include "rfb/huffman.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum {
	SYMBOL_BITS = 9, /* of a key, below the frequency */
	SYMBOL_MASK = (1 << SYMBOL_BITS) - 1,
	MOST_NODES = 2 * HUFFMAN_MOST_SYMBOLS,
};

/* Leaves in order of their frequency, then the nodes above them, which come
 * into being in order, too; so two walks always see the lightest next. */
struct tree {
	int leaves;
	uint32_t keys[HUFFMAN_MOST_SYMBOLS];
	uint32_t weights[MOST_NODES];
	uint16_t parents[MOST_NODES];
};

static void sort(uint32_t *keys, int count)
{
	static const int gaps[] = { 109, 41, 19, 9, 4, 1 };

	for (unsigned g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++)
		for (int i = gaps[g]; i < count; i++) {
			uint32_t key = keys[i];
			int at = i;

			for (; at >= gaps[g] && keys[at - gaps[g]] > key;
				at -= gaps[g])
				keys[at] = keys[at - gaps[g]];
			keys[at] = key;
		}
}

static void tree_plant(
	struct tree *tree, const uint32_t *frequencies, int count)
{
	tree->leaves = 0;
	for (int i = 0; i < count; i++)
		if (frequencies[i] != 0)
			tree->keys[tree->leaves++] =
				frequencies[i] << SYMBOL_BITS | (uint32_t)i;
	for (int i = 0; tree->leaves < 2; i++)
		if (frequencies[i] == 0)
			tree->keys[tree->leaves++] =
				1u << SYMBOL_BITS | (uint32_t)i;
	sort(tree->keys, tree->leaves);
	for (int i = 0; i < tree->leaves; i++)
		tree->weights[i] = tree->keys[i] >> SYMBOL_BITS;
}

/* The lightest without a parent among the leaves and the nodes up to `made`.
 */
static int tree_take(struct tree *tree, int *leaf, int *node, int made)
{
	bool is_leaf =
		*leaf < tree->leaves &&
		(*node == made || tree->weights[*leaf] <= tree->weights[*node]);

	return is_leaf ? (*leaf)++ : (*node)++;
}

/* Joins the two lightest until one is left. */
static void tree_grow(struct tree *tree)
{
	int leaf = 0, node = tree->leaves;

	for (int made = tree->leaves; made < 2 * tree->leaves - 1; made++) {
		int a = tree_take(tree, &leaf, &node, made);
		int b = tree_take(tree, &leaf, &node, made);

		tree->parents[a] = tree->parents[b] = (uint16_t)made;
		tree->weights[made] = tree->weights[a] + tree->weights[b];
	}
}

/* How many leaves there are of each depth, none deeper than `most`. */
static void tree_count_depths(
	struct tree *tree, int most, int counts[HUFFMAN_MOST_LENGTH + 1])
{
	int root = 2 * tree->leaves - 2;
	uint32_t space = 0; /* taken, of 1 << most */

	memset(counts, 0, (HUFFMAN_MOST_LENGTH + 1) * sizeof(*counts));
	/* The weights are used up: now they are depths. */
	tree->weights[root] = 0;
	for (int i = root - 1; i >= 0; i--) {
		tree->weights[i] = tree->weights[tree->parents[i]] + 1;
		if (i < tree->leaves)
			counts[tree->weights[i] < (uint32_t)most
					? tree->weights[i]
					: (uint32_t)most]++;
	}
	for (int depth = 1; depth <= most; depth++)
		space += (uint32_t)counts[depth] << (most - depth);
	/* Cutting off at `most` took too much: a leaf that goes one deeper
	 * makes room for one of the deepest beside it. */
	for (; space > 1u << most; space--) {
		int depth = most - 1;

		while (counts[depth] == 0)
			depth--;
		counts[depth]--;
		counts[depth + 1] += 2;
		counts[most]--;
	}
}

static unsigned reverse(unsigned bits, int length)
{
	unsigned reversed = 0;

	for (int i = 0; i < length; i++)
		reversed |= (bits >> i & 1) << (length - 1 - i);
	return reversed;
}

void huffman_assign(struct huffman_code *codes, int count)
{
	unsigned next[HUFFMAN_MOST_LENGTH + 2] = { 0 };

	for (int i = 0; i < count; i++)
		if (codes[i].length != 0)
			next[codes[i].length + 1]++;
	for (int length = 2; length <= HUFFMAN_MOST_LENGTH + 1; length++)
		next[length] = (next[length] + next[length - 1]) << 1;
	for (int i = 0; i < count; i++)
		if (codes[i].length != 0)
			codes[i].bits = (uint16_t)reverse(
				next[codes[i].length]++, codes[i].length);
}

void huffman_build(struct huffman_code *codes, const uint32_t *frequencies,
	int count, int most_length)
{
	int counts[HUFFMAN_MOST_LENGTH + 1];
	struct tree tree;
	int leaf = 0;

	assert(count >= 2 && count <= HUFFMAN_MOST_SYMBOLS);
	memset(codes, 0, (size_t)count * sizeof(*codes));
	tree_plant(&tree, frequencies, count);
	tree_grow(&tree);
	tree_count_depths(&tree, most_length, counts);
	/* The rarest get the longest. */
	for (int length = most_length; length > 0; length--)
		for (int i = 0; i < counts[length]; i++)
			codes[tree.keys[leaf++] & SYMBOL_MASK].length =
				(uint16_t)length;
	huffman_assign(codes, count);
}
