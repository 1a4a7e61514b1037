/* SPDX-License-Identifier: MIT */
/* market: what the command of that name shows. */
#ifndef MONITOR_MARKET_H
#define MONITOR_MARKET_H

#include <stdbool.h>

/* Print what the market of the composition sells, to whom and at what price, and a plot of the
 * prices, or of the demand; or that there is none. */
void market_show(bool plots_demand);

#endif
