/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/grid.h"

#include "report/page.h"
#include "rightsize/text.h"

#include <assert.h>
#include <libsmartcols/libsmartcols.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void rs_grid_init(struct rs_grid *grid, const struct rs_page *page)
{
    *grid = (struct rs_grid){.page = page};
}

void rs_grid_release(struct rs_grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        free(grid->columns[i].title);
    }
    for (size_t i = 0; i < grid->count; i++) {
        free(grid->cells[i]);
    }
    free(grid->columns);
    free(grid->cells);
    free(grid->colors);
    *grid = (struct rs_grid){0};
}

/* realloc for one more of `size` bytes each, or NULL with the grid marked. */
static void *grown(struct rs_grid *grid, void *array, size_t count, size_t size)
{
    void *bigger = count < SIZE_MAX / size ? realloc(array, count * size) : NULL;
    grid->failed = grid->failed || bigger == NULL;
    return bigger;
}

static char *copied(struct rs_grid *grid, const char *text)
{
    struct rs_error ignored = {RS_OK, ""};
    char *copy = NULL;
    grid->failed = rs_text_copy(text, &copy, &ignored) != RS_OK || grid->failed;
    return copy;
}

void rs_grid_column(struct rs_grid *grid, const char *title, unsigned flags)
{
    assert(grid->count == 0);
    struct rs_grid_column *columns =
        grown(grid, grid->columns, grid->column_count + 1, sizeof(*columns));
    if (columns == NULL) {
        return;
    }
    grid->columns = columns;
    char *copy = copied(grid, title);
    if (copy != NULL) {
        columns[grid->column_count++] = (struct rs_grid_column){copy, flags, 0};
    }
}

static bool make_room(struct rs_grid *grid)
{
    if (grid->count < grid->capacity) {
        return true;
    }
    size_t wanted = grid->capacity == 0 ? 64 : 2 * grid->capacity;
    char **cells = grown(grid, grid->cells, wanted, sizeof(*cells));
    if (cells == NULL) {
        return false;
    }
    grid->cells = cells;
    const char **colors = grown(grid, grid->colors, wanted, sizeof(*colors));
    if (colors == NULL) {
        return false;
    }
    grid->colors = colors;
    grid->capacity = wanted;
    return true;
}

void rs_grid_cell(struct rs_grid *grid, const char *text, const char *color)
{
    if (grid->failed || !make_room(grid)) {
        return;
    }
    char *copy = copied(grid, text);
    if (copy != NULL) {
        grid->cells[grid->count] = copy;
        grid->colors[grid->count++] = color;
    }
}

static void natural_widths(struct rs_grid *grid)
{
    for (size_t c = 0; c < grid->column_count; c++) {
        grid->columns[c].width = rs_page_columns(grid->columns[c].title);
    }
    for (size_t i = 0; i < grid->count; i++) {
        struct rs_grid_column *column = &grid->columns[i % grid->column_count];
        size_t columns = rs_page_columns(grid->cells[i]);
        column->width = columns > column->width ? columns : column->width;
    }
}

/* Take up to `excess` from the columns with `flag`, not below `floor`; the last column first. */
static size_t shrink(struct rs_grid *grid, unsigned flag, size_t floor, size_t excess)
{
    for (size_t c = grid->column_count; c-- > 0 && excess > 0;) {
        struct rs_grid_column *column = &grid->columns[c];
        size_t spare = column->width > floor ? column->width - floor : 0;
        if ((column->flags & flag) != 0) {
            size_t taken = spare < excess ? spare : excess;
            column->width -= taken;
            excess -= taken;
        }
    }
    return excess;
}

static void fit_widths(struct rs_grid *grid, size_t indent)
{
    static const struct {
        unsigned flag;
        size_t floor;
    } steps[] = {{RS_GRID_NAME, 20}, {RS_GRID_WRAP, 30}, {RS_GRID_NAME, 14}, {RS_GRID_WRAP, 18},
                 {RS_GRID_NAME, 10}, {RS_GRID_WRAP, 12}, {RS_GRID_NAME, 6}};
    natural_widths(grid);
    size_t total = indent + (grid->column_count > 0 ? grid->column_count - 1 : 0);
    for (size_t c = 0; c < grid->column_count; c++) {
        total += grid->columns[c].width;
    }
    if (grid->page->width <= 0 || total <= (size_t)grid->page->width) {
        return;
    }
    size_t excess = total - (size_t)grid->page->width;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        excess = shrink(grid, steps[i].flag, steps[i].floor, excess);
    }
}

/* One line of one cell; *rest is what the following lines have to show. */
static void cut_cell(struct rs_buffer *piece, const struct rs_grid *grid,
                     const struct rs_grid_column *column, const char **rest)
{
    const char *text = *rest;
    rs_buffer_clear(piece);
    *rest = text + strlen(text);
    if (rs_page_columns(text) <= column->width) {
        rs_buffer_text(piece, text);
    } else if ((column->flags & RS_GRID_WRAP) != 0) {
        size_t n = rs_page_break(text, column->width);
        rs_buffer_append(piece, text, n);
        *rest = text + n + strspn(text + n, " ");
    } else {
        rs_buffer_append(piece, text, rs_page_fit(text, column->width - 1));
        rs_buffer_text(piece, rs_page_unicode(grid->page) ? "…" : "~");
    }
}

static bool add_line(const struct rs_grid *grid, struct libscols_table *table, size_t first,
                     const char **rest, struct rs_buffer *piece)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);
    if (line == NULL) {
        return false;
    }
    for (size_t c = 0; c < grid->column_count; c++) {
        cut_cell(piece, grid, &grid->columns[c], &rest[c]);
        const char *color = grid->colors[first + c];
        if (piece->failed || scols_line_set_data(line, c, piece->data) != 0 ||
            (color != NULL && piece->length > 0 &&
             scols_cell_set_color(scols_line_get_cell(line, c), color) != 0)) {
            return false;
        }
    }
    return true;
}

static bool add_row(const struct rs_grid *grid, struct libscols_table *table, size_t first,
                    const char **rest, struct rs_buffer *piece)
{
    bool more = true;
    for (size_t c = 0; c < grid->column_count; c++) {
        rest[c] = grid->cells[first + c];
    }
    while (more) {
        if (!add_line(grid, table, first, rest, piece)) {
            return false;
        }
        more = false;
        for (size_t c = 0; c < grid->column_count; c++) {
            more = more || *rest[c] != '\0';
        }
    }
    return true;
}

static bool fill_table(const struct rs_grid *grid, struct libscols_table *table)
{
    struct rs_buffer piece;
    rs_buffer_init(&piece);
    const char **rest = calloc(grid->column_count + 1, sizeof(*rest));
    bool good = rest != NULL;
    for (size_t c = 0; good && c < grid->column_count; c++) {
        int flags = (grid->columns[c].flags & RS_GRID_RIGHT) != 0 ? SCOLS_FL_RIGHT : 0;
        good = scols_table_new_column(table, grid->columns[c].title, 0, flags) != NULL;
    }
    for (size_t i = 0; good && i + grid->column_count <= grid->count; i += grid->column_count) {
        good = add_row(grid, table, i, rest, &piece);
    }
    free(rest);
    rs_buffer_release(&piece);
    return good;
}

/* Line by line, without the blanks that pad the last column. */
static void append_indented(struct rs_buffer *out, size_t indent, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n"), shown = n;
        while (shown > 0 && text[shown - 1] == ' ') {
            shown--;
        }
        if (shown > 0) {
            rs_buffer_printf(out, "%*s", (int)indent, "");
        }
        rs_buffer_append(out, text, shown);
        rs_buffer_char(out, '\n');
        text += n + (text[n] == '\n');
    }
}

enum rs_status rs_grid_print(struct rs_grid *grid, size_t indent, struct rs_buffer *out,
                             struct rs_error *err)
{
    if (grid->failed) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a table");
    }
    enum rs_status rc = RS_OK;
    char *text = NULL;
    struct libscols_table *table = scols_new_table();
    fit_widths(grid, indent);
    /* The cells are escaped and cut here already: its own escaping would double every '\x'. */
    if (table == NULL || scols_table_enable_noencoding(table, 1) != 0 ||
        scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER) != 0 ||
        scols_table_enable_colors(table, grid->page->color) != 0 || !fill_table(grid, table) ||
        scols_print_table_to_string(table, &text) != 0) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a table");
        goto out;
    }
    if (text != NULL) {
        append_indented(out, indent, text);
    }
out:
    free(text);
    scols_unref_table(table);
    return rc;
}
