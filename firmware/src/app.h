/* The application: capture and recognise, switched at run time. */
#ifndef APP_H
#define APP_H

namespace app {

void begin();

/* One turn; never waits. */
void poll();

} // namespace app

#endif
