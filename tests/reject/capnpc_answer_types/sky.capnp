# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e103;

interface Sky { look @0 () -> (all :All); }
