/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a C program can do: what `make bench` measures start-up against. */
#include <stdio.h>

int main(void)
{
	return puts("hello, world") < 0;
}
