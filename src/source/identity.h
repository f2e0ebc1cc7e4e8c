/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.h - which series an answer is about: by its five-word Label, its dimensions, or the
 * name of its file (private to source).
 */
#ifndef RIGHTSIZE_SOURCE_IDENTITY_H
#define RIGHTSIZE_SOURCE_IDENTITY_H

#include "rightsize/cloudwatch.h"

#define RS_LABEL_MAX 1024

struct rs_label { /* owns its words */
    char text[RS_LABEL_MAX];
    char *resource, *name_space, *metric, *statistic;
    int64_t period;
};

/*
 * "INSTANCE NAMESPACE METRIC STAT PERIOD": the first two and the last two words stand alone, the
 * metric is what is between and may hold blanks. False: not such a label.
 */
bool rs_label_parse(const char *text, struct rs_label *out);

struct rs_dimension { /* borrowed */
    const char *name, *value;
};

#define RS_CARD_TEXT 256

/*
 * The resource that the dimensions of a metric name, or NULL when they are not about one whole
 * instance or volume or about one GPU: AWS/EC2 exactly InstanceId, AWS/EBS exactly VolumeId, others
 * any set with InstanceId, but of a metric by part only the total, and of nvidia_smi_* InstanceId
 * and index, which make a name in `card`.
 */
const char *rs_dimensions_resource(const char *name_space, const char *metric,
                                   const struct rs_dimension *dimensions, size_t count,
                                   char card[static RS_CARD_TEXT], const char **dimension);

/*
 * Whether samples of the mapping can be filed under the id. Those of GPUs need the id of a card, or
 * several would lie on top of each other; that is noted with the remedy.
 */
bool rs_identity_fits(const struct rs_cw_mapping *mapping, const char *resource,
                      struct rs_tally *tally);

struct rs_file_identity { /* empty text: not in the template */
    char instance[256], metric[256];
    int64_t period; /* 0: not in the template */
};

/*
 * Match the file's base name (with or without ".gz") against a template of {instance}, {metric},
 * {period} and literal text. False: it does not match.
 */
bool rs_name_matches(const char *name_template, const char *path, struct rs_file_identity *out);

/*
 * What the command line says: --instance and --step, else the template. RS_EINPUT: the name does
 * not match the template.
 */
RS_CHECKED enum rs_status rs_file_identity_of(const struct rs_source_request *request,
                                              struct rs_file_identity *out, struct rs_error *err);

/*
 * "us-west-2a", "us-west-2-lax-1a" -> "us-west-2" in out. False: not a zone's name; out is empty.
 */
bool rs_region_of_zone(const char *zone, char out[static 64]);

#endif
