/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * policy_file.h - the user's own named policies, from one JSON file (level 5, private):
 *
 *   {"default": "web",
 *    "policies": {"web": {"base": "balanced", "summary": "what serves customers",
 *                         "cpu.headroom": 0.3, "include": ["m7*", "c7*"], "down_only": true}}}
 *
 * A policy starts from `base` (a preset, or another of the file's; the default preset unless given)
 * and changes keys of rs_policy_describe: numbers, texts, true and false, and lists of texts.
 */
#ifndef RIGHTSIZE_CLI_POLICY_FILE_H
#define RIGHTSIZE_CLI_POLICY_FILE_H

#include "rightsize/policy.h"

struct rs_policy_file;

/*
 * The file `path`, else RIGHTSIZE_POLICY_FILE, else policy.json in $XDG_CONFIG_HOME/rightsize or
 * ~/.config/rightsize. *out is NULL when none is named and that last one does not exist; a named
 * one, or RIGHTSIZE_POLICY_FILE set to something, must exist. Every policy of the file is tried.
 * RS_EUSAGE: unreadable, no JSON, an unknown member or key, or a value out of range, with file,
 * member and remedy; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_policy_file_open(const char *path, struct rs_policy_file **out,
                                              struct rs_error *err);
void rs_policy_file_close(struct rs_policy_file *file); /* NULL is fine */

const char *rs_policy_file_path(const struct rs_policy_file *file);
const char *rs_policy_file_default(const struct rs_policy_file *file); /* NULL: none is named */
/* The i-th policy's name in the file's order, or NULL; *summary is its own text, or NULL. */
const char *rs_policy_file_name(const struct rs_policy_file *file, size_t i, const char **summary);

/*
 * The policy `name`, or where NULL the file's default: the file's own, else the preset. file NULL:
 * presets only. RS_EUSAGE: there is none.
 */
RS_CHECKED enum rs_status rs_policy_file_take(const struct rs_policy_file *file, const char *name,
                                              struct rs_policy *out, struct rs_error *err);

#endif
