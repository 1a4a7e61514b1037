/* SPDX-License-Identifier: MIT */
int small(int value) {
    return value;
}

int large(int value)
{
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    value++;
    return value;
}
static const char text[] = "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
int space; 
/* TODO: more */
static const char note[] = "FIXME";
