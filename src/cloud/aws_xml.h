/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_xml.h - the answers of EC2 and STS, element by element (private to cloud, expat). A document
 * type is refused, and with it every entity; so is depth beyond RS_AWS_XML_DEPTH, an element's text
 * beyond RS_AWS_XML_TEXT bytes and a name beyond 63.
 */
#ifndef RIGHTSIZE_CLOUD_AWS_XML_H
#define RIGHTSIZE_CLOUD_AWS_XML_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_AWS_XML_DEPTH 32
#define RS_AWS_XML_NAME 64
#define RS_AWS_XML_TEXT ((size_t)64 << 10)

struct rs_aws_xml {                               /* the element that ends, valid during the call */
    char path[RS_AWS_XML_DEPTH][RS_AWS_XML_NAME]; /* from the root; [depth - 1] is the element */
    int depth;
    const char *text; /* directly in it; "" for none */
};

/* Called at the end of each element, children before their parent. A status ends the reading. */
typedef enum rs_status rs_aws_xml_fn(void *payload, const struct rs_aws_xml *element,
                                     struct rs_error *err);

/* RS_EINPUT: not such XML, cut off, or beyond the limits; the text names the line. */
RS_CHECKED enum rs_status rs_aws_xml_parse(const char *text, size_t length, rs_aws_xml_fn *fn,
                                           void *payload, struct rs_error *err);

/* Whether the element lies at this path, "a/b/c" from the root's children on: the root's own name
 * is not compared. */
bool rs_aws_xml_at(const struct rs_aws_xml *element, const char *path);

#endif
