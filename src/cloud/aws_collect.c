/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/aws_collect.h"

#include "cloud/cloudwatch_region.h"

#include <string.h>

/* Whether a fault ends the whole: the keeper's own, or no memory. */
static bool is_fatal(enum rs_status rc)
{
    return rc != RS_OK && rc != RS_ECREDENTIALS && rc != RS_EIO && rc != RS_EINPUT &&
           rc != RS_EPARTIAL;
}

static bool is_doubtful(const struct rs_tally *tally)
{
    return tally->rejected * 100 > tally->samples + tally->rejected;
}

/* A region's own status: RS_EPARTIAL when it brought something in spite of its faults. */
static void judge(struct rs_aws_told *told)
{
    if (told->rc == RS_OK && told->err.code != RS_OK) {
        told->rc = RS_EPARTIAL;
    }
    if (told->rc == RS_OK && is_doubtful(&told->tally)) {
        told->rc = rs_fail(&told->err, RS_EPARTIAL, "more than 1 %% of the samples were rejected");
    }
}

struct round { /* over all accounts and regions */
    struct rs_aws *aws;
    const struct rs_aws_collect *what;
    const struct rs_aws_keeper *keeper;
    size_t asked, failed, partial;
    struct rs_error first;
    const char *first_region;
};

static enum rs_status one_region(struct round *round, const char *role, const char *region,
                                 struct rs_error *err)
{
    struct rs_aws_told told = {.role = role, .region = region};
    struct rs_error fatal = {RS_OK, ""};
    enum rs_status rc = rs_cw_region(round->aws, round->what, round->keeper, &told, &fatal);
    if (rc != RS_OK) {
        *err = fatal;
        return rc;
    }
    if (is_fatal(told.rc)) {
        *err = told.err;
        return told.rc;
    }
    judge(&told);
    round->asked++;
    round->failed += told.rc != RS_OK && told.rc != RS_EPARTIAL ? 1 : 0;
    round->partial += told.rc == RS_EPARTIAL ? 1 : 0;
    if (told.rc != RS_OK && round->first.code == RS_OK) {
        round->first = told.err;
        round->first.code = told.rc;
        round->first_region = region;
    }
    if (round->what->told != NULL) {
        round->what->told(round->what->payload, &told);
    }
    return RS_OK;
}

static enum rs_status conclude(const struct round *round, struct rs_error *err)
{
    if (round->failed == 0 && round->partial == 0) {
        return RS_OK;
    }
    if (round->failed == round->asked) {
        *err = round->first;
        return err->code;
    }
    if (round->asked == 1) {
        return rs_fail(err, RS_EPARTIAL, "not all could be had: %s", round->first.text);
    }
    return rs_fail(err, RS_EPARTIAL, "%zu of %zu regions could not be had whole, the first: %s",
                   round->failed + round->partial, round->asked, round->first.text);
}

enum rs_status rs_aws_collect(struct rs_aws *aws, const struct rs_aws_collect *what,
                              const struct rs_aws_keeper *keeper, struct rs_error *err)
{
    struct round round = {.aws = aws, .what = what, .keeper = keeper};
    const struct rs_aws_credentials *own = NULL;
    /* Without any credentials there is nothing to try, in whatever region. */
    enum rs_status rc = rs_aws_credentials_now(aws, false, &own, err);
    size_t accounts = what->role_count > 0 ? what->role_count : 1;
    for (size_t a = 0; rc == RS_OK && a < accounts; a++) {
        const char *role = what->role_count > 0 ? what->roles[a] : NULL;
        rs_aws_act_as(aws, role);
        for (size_t r = 0; rc == RS_OK && r < what->region_count; r++) {
            rc = one_region(&round, role, what->regions[r], err);
        }
    }
    rs_aws_act_as(aws, NULL);
    return rc == RS_OK ? conclude(&round, err) : rc;
}
