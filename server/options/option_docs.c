/* option_docs - prints what the documents say about options.
 *
 * Built and run before the program itself, so that the man page does not wait
 * for all of it. Takes --print-man, --print-readme, --print-completion or
 * --help. */
#include <stdio.h>

#include "server/options/options.h"

int main(int argc, char **argv)
{
	struct options options;

	if (!options_parse(&options, argc, argv))
		return EXIT_USAGE;
	if (options.print_man)
		options_print_man();
	else if (options.print_readme)
		options_print_readme();
	else if (options.print_completion != NULL)
		options_print_completion(options.print_completion);
	else
		options_print_help();
	options_finish(&options);
	return fflush(stdout) ? EXIT_FAULT : EXIT_OK;
}
