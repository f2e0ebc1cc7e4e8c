/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sub-commands. To add one: write src/cli/cmd_NAME.c with its `const struct rs_command`,
 * declare it in command.h, list it here, describe it in src/man/rightsize.1 (tests/e2e/90-docs.sh
 * compares the two), and add an end-to-end case.
 */
#include "cli/command.h"

#include <string.h>

const struct rs_command *const rs_commands[] = {
    &rs_cmd_collect,  &rs_cmd_queries,    &rs_cmd_report,  &rs_cmd_export, &rs_cmd_explain,
    &rs_cmd_simulate, &rs_cmd_backtest,   &rs_cmd_catalog, &rs_cmd_policy, &rs_cmd_store,
    &rs_cmd_sql,      &rs_cmd_iam_policy, &rs_cmd_help,    NULL,
};

const struct rs_option rs_global_options[] = {
    {"db", 0, RS_OPTION_TEXT, offsetof(struct rs_globals, db), "FILE",
     "the store (RIGHTSIZE_DB; else below $XDG_STATE_HOME)"},
    {"catalog", 0, RS_OPTION_TEXT, offsetof(struct rs_globals, catalog), "NAME|FILE|DIR,...",
     "clouds to compare, an own catalog, a folder (RIGHTSIZE_CATALOG)"},
    {"prices", 0, RS_OPTION_TEXT, offsetof(struct rs_globals, prices), "FILE",
     "own prices: a CSV of types and prices per hour"},
    {"match-region", 0, RS_OPTION_LIST, offsetof(struct rs_globals, match_region),
     "PROVIDER=REGION", "the region in which to compare a cloud (else its default)"},
    {"now", 0, RS_OPTION_INSTANT, offsetof(struct rs_globals, now), "TIME",
     "answer as if it were TIME (ISO 8601 with zone, or Unix seconds)"},
    {"threads", 0, RS_OPTION_COUNT, offsetof(struct rs_globals, threads), "N",
     "use N threads (else one a processor, at most 8); answers do not depend on it"},
    {"quiet", 'q', RS_OPTION_FLAG, offsetof(struct rs_globals, quiet), NULL,
     "say nothing but errors and warnings"},
    {"verbose", 'v', RS_OPTION_FLAG, offsetof(struct rs_globals, verbose), NULL,
     "say more on stderr"},
    {"color", 0, RS_OPTION_TEXT, offsetof(struct rs_globals, color), "WHEN",
     "auto, always or never (NO_COLOR is honoured)"},
    {"log-format", 0, RS_OPTION_TEXT, offsetof(struct rs_globals, log_format), "FORMAT",
     "text or json: how stderr is written"},
    {"help", 'h', RS_OPTION_FLAG, offsetof(struct rs_globals, help), NULL,
     "what the command does and takes"},
    {"version", 0, RS_OPTION_FLAG, offsetof(struct rs_globals, version), NULL,
     "the version of the program and its libraries"},
    {.name = NULL},
};

const struct rs_command *rs_command_by_name(const char *name)
{
    for (size_t i = 0; rs_commands[i] != NULL; i++) {
        if (strcmp(rs_commands[i]->name, name) == 0) {
            return rs_commands[i];
        }
    }
    return NULL;
}
