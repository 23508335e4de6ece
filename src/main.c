/* SPDX-License-Identifier: Apache-2.0 */
/* The real streams, clock and environment, handed to gw_main(). */
#include <signal.h>

#include "base/os.h"
#include "cli/command.h"

int main(int argc, char **argv)
{
	struct gw_arena arena = {0};
	struct gw_ctx ctx;
	int status;

	gw_os_harden();
	gw_os_ctx(&ctx, &arena);
	status = gw_main(&ctx, argc, (const char *const *)argv);
	gw_arena_release(&arena);
	/* A run that a signal cut short ends by that signal, so that a shell's loop ends too. */
	if (status != 0 && gw_os_signal() != 0) {
		signal(gw_os_signal(), SIG_DFL);
		raise(gw_os_signal());
	}
	return status;
}
