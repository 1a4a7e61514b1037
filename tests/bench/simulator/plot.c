/* SPDX-License-Identifier: MIT */
/* Plots, as SVG: steps, since everything happens in slots. */
#include "simulator.h"

enum { WIDTH = 900, HEIGHT = 420, LEFT = 50, RIGHT = 130, ABOVE = 40, BELOW = 40, TICKS = 5 };

static const char *const colours[] = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e",
                                      "#17becf", "#8c564b", "#e377c2", "#7f7f7f"};
enum { COLOURS = sizeof colours / sizeof *colours };

static double x_of(double at, unsigned count)
{
    return LEFT + at / count * (WIDTH - LEFT - RIGHT);
}

static double y_of(double value, double bottom, double top)
{
    value = value > top ? top : value < bottom ? bottom : value;
    return HEIGHT - BELOW - (value - bottom) / (top - bottom) * (HEIGHT - ABOVE - BELOW);
}

static void axes(FILE *file, const char *title, unsigned count, double bottom, double top)
{
    fprintf(file, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
                  "font-family='sans-serif' font-size='12'>\n"
                  "<rect width='100%%' height='100%%' fill='white'/>\n"
                  "<text x='%d' y='24' font-size='15'>%s</text>\n",
            WIDTH, HEIGHT, LEFT, title);
    for (unsigned i = 0; i <= TICKS; i++) {
        double value = bottom + (top - bottom) * i / TICKS, y = y_of(value, bottom, top);
        double x = x_of((double)count * i / TICKS, count);
        fprintf(file, "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>\n"
                      "<text x='%d' y='%.1f' text-anchor='end'>%.2f</text>\n"
                      "<text x='%.1f' y='%d' text-anchor='middle'>%u</text>\n",
                LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, value, x, HEIGHT - BELOW + 18,
                count * i / TICKS);
    }
}

bool plot(const char *path, const char *title, const struct plot_line *lines, unsigned line_count,
          unsigned count, double top)
{
    FILE *file = fopen(path, "w");
    double bottom = 0;
    if (!file)
        return false;
    for (unsigned line = 0; line < line_count; line++)
        for (unsigned i = 0; i < count; i++)
            if (lines[line].values[i] < 0)
                bottom = -top;
    axes(file, title, count, bottom, top);
    for (unsigned line = 0; line < line_count; line++) {
        const char *colour = colours[line % COLOURS];
        fprintf(file, "<polyline fill='none' stroke='%s' stroke-width='1.3' points='", colour);
        for (unsigned i = 0; i < count; i++)
            fprintf(file, "%.1f,%.1f %.1f,%.1f ", x_of(i, count),
                    y_of(lines[line].values[i], bottom, top), x_of(i + 1, count),
                    y_of(lines[line].values[i], bottom, top));
        fprintf(file, "'/>\n<text x='%d' y='%u' fill='%s'>%s</text>\n", WIDTH - RIGHT + 10,
                ABOVE + 10 + 18 * line, colour, lines[line].name);
    }
    fprintf(file, "</svg>\n");
    return fclose(file) == 0;
}
