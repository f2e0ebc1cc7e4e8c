/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lean.h - give back the memory that starting up took (level 5, private). */
#ifndef RIGHTSIZE_CLI_LEAN_H
#define RIGHTSIZE_CLI_LEAN_H

/*
 * Return freed memory to the system and drop the resident pages of program and library code and
 * constants; those still needed come back from the page cache by themselves. What it cannot read or
 * drop it leaves as it is.
 */
void rs_lean_give_back(void);

#endif
