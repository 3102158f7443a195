#include "dashboard.h"

// An array literal of Swift's own takes the compiler half a minute.
static const unsigned char page[] = {
#embed "../ShoalService/Dashboard/index.html"
};
static const unsigned char style[] = {
#embed "../ShoalService/Dashboard/dashboard.css"
};
static const unsigned char script[] = {
#embed "../ShoalService/Dashboard/dashboard.js"
};

const unsigned char *shoal_dashboard_page(size_t *count) {
    *count = sizeof page;
    return page;
}

const unsigned char *shoal_dashboard_style(size_t *count) {
    *count = sizeof style;
    return style;
}

const unsigned char *shoal_dashboard_script(size_t *count) {
    *count = sizeof script;
    return script;
}
