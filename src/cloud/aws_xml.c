/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

struct reading {
    XML_Parser parser;
    struct rs_aws_xml element;
    struct rs_buffer text;
    rs_aws_xml_fn *fn;
    void *payload;
    enum rs_status rc;
    struct rs_error *err;
};

static void refuse(struct reading *r, const char *why)
{
    if (r->rc == RS_OK) {
        r->rc = rs_fail(r->err, RS_EINPUT, "line %lu: %s",
                        (unsigned long)XML_GetCurrentLineNumber(r->parser), why);
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static void XMLCALL on_start(void *payload, const char *name, const char **attributes)
{
    struct reading *r = payload;
    (void)attributes;
    size_t length = strlen(name);
    if (r->element.depth == RS_AWS_XML_DEPTH || length >= RS_AWS_XML_NAME) {
        refuse(r, r->element.depth == RS_AWS_XML_DEPTH ? "elements lie too deep"
                                                       : "a name is too long");
        return;
    }
    memcpy(r->element.path[r->element.depth++], name, length + 1);
    rs_buffer_clear(&r->text);
}

static void XMLCALL on_text(void *payload, const char *text, int length)
{
    struct reading *r = payload;
    if (r->text.length + (size_t)length > RS_AWS_XML_TEXT) {
        refuse(r, "an element's text is too long");
        return;
    }
    rs_buffer_append(&r->text, text, (size_t)length);
}

static void XMLCALL on_end(void *payload, const char *name)
{
    struct reading *r = payload;
    (void)name;
    if (r->rc != RS_OK) { /* expat may call once more after it was stopped */
        return;
    }
    r->element.text = r->text.data;
    r->rc = rs_buffer_status(&r->text, r->err);
    if (r->rc == RS_OK) {
        r->rc = r->fn(r->payload, &r->element, r->err);
    }
    if (r->rc != RS_OK) {
        XML_StopParser(r->parser, XML_FALSE);
    }
    r->element.depth--;
    rs_buffer_clear(&r->text);
}

static void XMLCALL on_doctype(void *payload, const char *name, const char *system,
                               const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    refuse(payload, "a document type is not accepted");
}

enum rs_status rs_aws_xml_parse(const char *text, size_t length, rs_aws_xml_fn *fn, void *payload,
                                struct rs_error *err)
{
    struct reading r = {.fn = fn, .payload = payload, .err = err};
    if (length > INT_MAX) {
        return rs_fail(err, RS_EINPUT, "the answer is too long");
    }
    r.parser = XML_ParserCreate(NULL);
    if (r.parser == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for XML");
    }
    rs_buffer_init(&r.text);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    if (XML_Parse(r.parser, text, (int)length, 1) != XML_STATUS_OK && r.rc == RS_OK) {
        r.rc = rs_fail(err, RS_EINPUT, "line %lu: %s",
                       (unsigned long)XML_GetCurrentLineNumber(r.parser),
                       XML_ErrorString(XML_GetErrorCode(r.parser)));
    }
    XML_ParserFree(r.parser);
    rs_buffer_release(&r.text);
    return r.rc;
}

bool rs_aws_xml_at(const struct rs_aws_xml *element, const char *path)
{
    for (int i = 1; i < element->depth; i++) {
        size_t length = strlen(element->path[i]);
        if (strncmp(path, element->path[i], length) != 0 ||
            path[length] != (i + 1 < element->depth ? '/' : '\0')) {
            return false;
        }
        path += length + 1;
    }
    return element->depth > 1;
}
