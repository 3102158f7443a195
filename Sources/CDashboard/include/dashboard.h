#ifndef SHOAL_DASHBOARD_H
#define SHOAL_DASHBOARD_H

#include <stddef.h>

// The dashboard's files, so that the program is one file. They live as long as it does.
const unsigned char *shoal_dashboard_page(size_t *count);
const unsigned char *shoal_dashboard_style(size_t *count);
const unsigned char *shoal_dashboard_script(size_t *count);

#endif
