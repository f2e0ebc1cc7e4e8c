/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_load.h - a catalog that must load, for the tests of the catalog room. */
#ifndef UNIT_CATALOG_LOAD_H
#define UNIT_CATALOG_LOAD_H

#include "rightsize/catalog.h"

#include "../support/check.h"

#define TINY "tests/fixtures/catalog-tiny"
#define MIB 1048576.0

static inline struct rs_catalog *load(const char *directory, const char *provider,
                                      const char *region)
{
    struct rs_catalog *catalog = NULL;
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_catalog_load(directory, provider, region, &catalog, &err));
    return catalog;
}

static inline bool close_to(double got, double want)
{
    return fabs(got - want) <= 1e-12 * fabs(want);
}

#endif
