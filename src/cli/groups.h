/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * groups.h - the groups of a fleet, each with the one answer for its members (level 5, private).
 *
 * A group is an Auto Scaling group of an account and region, or the machines there of one type that
 * share a value of the policy's group.tag. All its members are read, whatever is asked for, so the
 * answer for one of them does not depend on a filter.
 */
#ifndef RIGHTSIZE_CLI_GROUPS_H
#define RIGHTSIZE_CLI_GROUPS_H

#include "cli/catalogs.h"
#include "cli/command.h"
#include "rightsize/group.h"
#include "rightsize/policy.h"
#include "rightsize/when.h"

struct rs_groups;

/*
 * Read the store for groups and decide on each; where `instance` is not NULL, only on its own.
 * *out is NULL where there are none. The catalogs must outlive the groups; statuses as for
 * rs_store_list, rs_store_scan and rs_catalogs_get.
 */
RS_CHECKED enum rs_status rs_groups_decide(struct rs_context *context, struct rs_window window,
                                           const struct rs_policy *policy,
                                           struct rs_catalogs *catalogs, const char *instance,
                                           struct rs_groups **out, struct rs_error *err);
void rs_groups_free(struct rs_groups *groups); /* NULL is fine */

/*
 * The answer of the group of the resource with this number in the store, or NULL. Any thread.
 */
const struct rs_group_answer *rs_groups_find(const struct rs_groups *groups, int64_t number);

#endif
