/* SPDX-License-Identifier: MIT */
#include "output.h"
void output_interface_header(FILE *out, struct schema_node_reader node){(void)out;(void)node;}
void output_interface_code(FILE *out, struct schema_node_reader node){(void)out;(void)node;}
